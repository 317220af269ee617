//! Command lines of emerge and of bincheck, EMERGE_DEFAULT_OPTS, and quoting.

use bincheck::cli::words::{CommandToken, emerge_table, split};
use bincheck::cli::{Cli, DefaultOpts};
use bincheck::emerge::{EmergeRequest, Options, quote};
use bincheck::shlex;

use crate::guard;
use crate::input::Input;

pub(super) fn run(bytes: &[u8]) {
    let text = Input::new(bytes).text();
    if let Ok(words) = shlex::split(&text) {
        check(&words);
        if let Ok(defaults) = DefaultOpts::read(&text) {
            let _ = Cli::parse(&[], &defaults);
        }
    }
    guard::linear(bytes, b" ", |bytes| {
        if let Ok(words) = shlex::split(&String::from_utf8_lossy(bytes)) {
            Options::parse(&words);
        }
    });
}

fn check(words: &[String]) {
    // What is shown can be pasted: words in plain quotes are read back by the same rules.
    let line = quote::line(words.iter().map(String::as_str));
    assert!(!line.contains(bincheck::sanitize::is_unsafe), "{line:?}");
    if !line.contains("$'") {
        assert_eq!(shlex::split(&line).as_deref(), Ok(words), "{line}");
    }
    let table = emerge_table();
    for token in split(words, &table) {
        if let CommandToken::Option(known, _) = token {
            assert!(table.contains(known));
        }
    }
    // What bincheck reads of emerge's words, written in full, is read the same.
    let request = EmergeRequest::new(words);
    assert!(request.words.len() <= words.len());
    let options = Options::parse(&request.words);
    if options.action.is_none() && options.unknown.is_empty() && !options.wrong {
        let again = Options::parse(&options.to_words());
        assert_eq!(again, options, "{words:?}");
    }
    if let Ok(cli) = Cli::parse(words, &DefaultOpts::default()) {
        let plain: Vec<&String> = cli
            .targets
            .iter()
            .filter(|target| !words.contains(target))
            .collect();
        assert!(plain.is_empty(), "targets that nobody typed: {plain:?}");
    }
}
