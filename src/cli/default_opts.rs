//! EMERGE_DEFAULT_OPTS: split as a shell would, and put in front of the command line
//! (`portage: main.py:emerge_main`).

use super::options::Effect;
use super::words::{self, Piece};
use crate::shlex::{self, SplitError};

/// What EMERGE_DEFAULT_OPTS comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DefaultOpts {
    /// Options with an effect here, as `--name` or `--name=value`.
    pub args: Vec<String>,
    /// Options that change what emerge would merge, in the form that emerge reads.
    pub emerge: Vec<String>,
    /// Words that emerge 3.0.83 does not know either, with the reason.
    pub skipped: Vec<String>,
    /// Options that change emerge's choice in a way that bincheck does not judge.
    pub unjudged: Vec<String>,
}

impl DefaultOpts {
    /// Read the value of the variable.
    ///
    /// # Errors
    /// An unfinished quotation or escape.
    pub fn read(text: &str) -> Result<DefaultOpts, SplitError> {
        let table = words::emerge_table();
        let mut read = DefaultOpts::default();
        for piece in words::split(&shlex::split(text)?, &table) {
            match piece {
                Piece::Option(known, value) => {
                    if let Some(Effect::Verdict | Effect::Unjudged) = known.effect {
                        let form = super::rerun::emerge_form(&known.name, value.as_deref());
                        read.emerge.push(form);
                    }
                    match known.effect {
                        Some(Effect::Verdict | Effect::Colour) => {
                            read.args
                                .push(super::normal_form(&known.name, value.as_deref()));
                        }
                        Some(Effect::Unjudged) => read.unjudged.push(known.name.clone()),
                        _ => {}
                    }
                }
                Piece::Target(word) => {
                    let reason = "bincheck takes targets from its command line only";
                    read.skipped.push(format!("{word}: {reason}"));
                }
                Piece::Bad { word, reason } => {
                    let reason = reason.unwrap_or_else(|| "no option of emerge 3.0.83".to_owned());
                    read.skipped.push(format!("{word}: {reason}"));
                }
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn options_with_and_without_effect() {
        for (text, args, skipped) in [
            (
                "--with-bdeps=y --quiet-build=y --jobs=4 --keep-going -j4",
                "--with-bdeps=y",
                0,
            ),
            (
                "--usepkg-exclude 'sys-kernel/* dev-vcs/git' --ask-enter-invalid",
                "--usepkg-exclude=sys-kernel/* dev-vcs/git",
                0,
            ),
            ("-avk --quiet --color n", "--usepkg=y --color=n", 0),
            ("--root /x --config-root=/y --depclean", "", 0),
            ("--all --json --from-the-future=3 a/b -y", "", 5),
        ] {
            let read = DefaultOpts::read(text).unwrap();
            assert_eq!(read.args.join(" "), args, "{text}");
            assert_eq!(read.skipped.len(), skipped, "{text}");
        }
    }
}
