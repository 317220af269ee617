//! Lines of package.use and its like, and the tables that are made of them.

use std::path::Path;

use bincheck::local::{fuzzing, lines};
use bincheck::pms::Syntax;
use bincheck::source::Notices;

use crate::guard;
use crate::input::Input;

pub(super) fn run(bytes: &[u8]) {
    let text = Input::new(bytes).text();
    let path = Path::new("/etc/portage/package.use");
    let lines = lines::parse(&text, path);
    let naive = naive(&text);
    assert_eq!(lines.len(), naive.len());
    for (line, (number, words)) in lines.iter().zip(&naive) {
        assert_eq!(line.source.line(), Some(*number));
        assert!(
            line.words
                .iter()
                .map(|word| &**word)
                .eq(words.iter().map(String::as_str))
        );
    }
    let notices = Notices::default();
    let entries = fuzzing::dictionary(lines, Syntax::USER, &notices);
    // Every line went somewhere: into the entry of its atom, or into a notice.
    let reported = notices.sorted().len();
    for (number, words) in naive {
        let entry = entries.iter().find(|(atom, _)| *atom == words[0]);
        match entry {
            Some((_, of_atom)) => assert!(words[1..].iter().all(|word| of_atom.contains(word))),
            None => assert!(reported > 0, "line {number} vanished"),
        }
    }
    guard::linear(bytes, b"\n", |bytes| {
        let lines = lines::parse(&String::from_utf8_lossy(bytes), path);
        fuzzing::dictionary(lines, Syntax::USER, &Notices::default());
    });
}

/// Numbers and words of the lines that have any, as `portage(5)` and Portage's reader have it.
fn naive(text: &str) -> Vec<(u32, Vec<String>)> {
    let is_space = |c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut all = Vec::new();
    for (number, line) in (1..).zip(text.split('\n')) {
        let mut words = Vec::new();
        for word in line.split(is_space) {
            if word.starts_with('#') {
                break;
            }
            if !word.is_empty() {
                words.push(word.to_owned());
            }
        }
        if !words.is_empty() {
            all.push((number, words));
        }
    }
    all
}
