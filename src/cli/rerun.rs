//! The command line once more, for emerge.

use super::form::emerge_form;
use super::options::Effect;
use super::words::{self, CommandToken};
use super::{Cli, DefaultOpts, YesNo, table};

/// Options and targets that mean to emerge what ours mean here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rerun {
    /// The options, those of EMERGE_DEFAULT_OPTS among them.
    pub options: Vec<String>,
    /// Those of the options that were typed or implied, as short as they can be.
    pub typed: Vec<String>,
    /// The targets.
    pub targets: Vec<String>,
}

/// Letters of options that are typed often.
const LETTERS: [(&str, char); 8] = [
    ("--update", 'u'),
    ("--deep", 'D'),
    ("--newuse", 'N'),
    ("--changed-use", 'U'),
    ("--oneshot", '1'),
    ("--getbinpkgonly=y", 'G'),
    ("--usepkgonly=y", 'K'),
    ("--usepkg=y", 'k'),
];

impl Rerun {
    /// What to give emerge. What only changes its display is left out, so that its output can be read.
    pub(super) fn of(words: &[String], cli: &Cli, defaults: &DefaultOpts) -> Rerun {
        let mut options = vec!["--ignore-default-opts".to_owned()];
        options.extend(defaults.emerge.iter().cloned());
        let given = options.len();
        if cli.emerge.sources.getbinpkg == Some(YesNo::Yes) {
            options.push("--getbinpkg=y".to_owned());
        }
        if cli.implied.implies_update {
            options.extend(["--update", "--deep", "--newuse"].map(str::to_owned));
        }
        for token in words::split(words, &table()) {
            if let CommandToken::Option(known, value) = token
                && let Some(Effect::Verdict | Effect::Start | Effect::Unjudged) = known.effect
                && known.name != "ignore-default-opts"
            {
                options.push(emerge_form(&known.name, value.as_deref()));
            }
        }
        let targets = if cli.targets.is_empty() {
            vec!["@world".to_owned()]
        } else {
            cli.targets.clone()
        };
        Rerun {
            typed: shortened(&options[given..]),
            options,
            targets,
        }
    }
}

/// Options with a letter as one word in the order that people type, then the others. `-g` is what bincheck gives on its own.
fn shortened(options: &[String]) -> Vec<String> {
    let letter = |option: &str| LETTERS.iter().find(|(name, _)| *name == option);
    let is_given = |name: &str| options.iter().any(|option| option == name);
    let given = LETTERS.iter().filter(|(name, _)| is_given(name));
    let letters: String = given.map(|(_, letter)| letter).collect();
    let others = options.iter().filter(|option| letter(option).is_none());
    let others = others.filter(|option| *option != "--getbinpkg=y").cloned();
    let first = (!letters.is_empty()).then(|| format!("-{letters}"));
    first.into_iter().chain(others).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_typed_in_short() {
        for (line, wanted) in [
            ("", "-uDN"),
            ("-uDG --with-bdeps=y @world -v", "-uDG --with-bdeps=y"),
            ("a/b", ""),
        ] {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            let cli = Cli::parse(&words, &DefaultOpts::default()).unwrap();
            assert_eq!(cli.implied.rerun.typed.join(" "), wanted, "{line}");
        }
    }

    #[test]
    fn what_emerge_is_given() {
        for (line, defaults, wanted) in [
            ("", "", "--getbinpkg=y --update --deep --newuse -- @world"),
            (
                "-uD -v --json --chroot / --tree @system",
                "--quiet --columns --with-bdeps=y -j4",
                "--with-bdeps=y --getbinpkg=y --deep --update -- @system",
            ),
            (
                "-K -D2 --offline -X a/b a/c",
                "--rebuild-if-unbuilt --deep",
                "--rebuild-if-unbuilt=y --deep --usepkgonly=y --deep=2 --exclude=a/b -- a/c",
            ),
        ] {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            let defaults = DefaultOpts::read(defaults).unwrap();
            let cli = Cli::parse(&words, &defaults).unwrap();
            let Rerun {
                options, targets, ..
            } = cli.implied.rerun;
            let all = format!("{} -- {}", options[1..].join(" "), targets.join(" "));
            assert_eq!(all, wanted, "{line}");
        }
    }
}
