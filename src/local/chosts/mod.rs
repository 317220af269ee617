//! ACCEPT_CHOSTS, whose words are regular expressions (`portage: config.py:config._accept_chost`).

mod repeats;

use regex::Regex;

use super::Base;
use super::vars::Vars;
use crate::source::{Notices, Source};

/// Compiled ACCEPT_CHOSTS, or CHOST where there are none.
#[derive(Debug)]
pub struct AcceptChosts {
    expression: Expression,
    wanted: String,
    source: Option<Source>,
}

#[derive(Debug)]
enum Expression {
    /// Neither ACCEPT_CHOSTS nor CHOST is set.
    Any,
    /// The expression does not compile.
    Broken,
    Of(Regex),
}

impl AcceptChosts {
    /// Compile. An expression that does not compile is a notice; only packages without CHOST are
    /// accepted then.
    pub fn load(base: &Base, notices: &Notices) -> AcceptChosts {
        AcceptChosts::of(&base.vars, notices)
    }

    fn of(vars: &Vars, notices: &Notices) -> AcceptChosts {
        let accepted = vars.assignment("ACCEPT_CHOSTS");
        let own = vars.assignment("CHOST");
        let is_set = |value: &str| !value.trim_ascii().is_empty();
        let (words, source): (Vec<&str>, _) = match (accepted, own) {
            (Some(accepted), _) if is_set(&accepted.value) => (
                accepted.value.split_whitespace().collect(),
                &accepted.source,
            ),
            // CHOST is one expression, blanks and all.
            (_, Some(own)) if !own.value.is_empty() => (vec![&own.value], &own.source),
            _ => {
                return AcceptChosts {
                    expression: Expression::Any,
                    wanted: String::new(),
                    source: None,
                };
            }
        };
        AcceptChosts {
            expression: compile(&words, source, notices),
            wanted: words.join(" "),
            source: Some(source.clone()),
        }
    }

    /// Whether a package's CHOST is accepted; an empty one is.
    pub fn accepts(&self, chost: &str) -> bool {
        chost.is_empty()
            || match &self.expression {
                Expression::Any => true,
                Expression::Broken => false,
                Expression::Of(regex) => regex.is_match(chost),
            }
    }

    /// The words as configured, for evidence.
    pub fn wanted(&self) -> &str {
        &self.wanted
    }

    /// The line that set them.
    pub fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }
}

/// One word is anchored as it is, so that the anchors bind closer than a `|` in it; several become
/// alternatives. Either way the match begins where the CHOST does.
fn compile(words: &[&str], source: &Source, notices: &Notices) -> Expression {
    let expression = match words {
        [word] => format!("^{word}$"),
        words => format!("^({})$", words.join("|")),
    };
    let problem = match repeats::misplaced(&expression) {
        Some(problem) => problem.to_owned(),
        None => match Regex::new(&format!("\\A(?:{expression})")) {
            Ok(regex) => return Expression::Of(regex),
            Err(_) if needs_python(&expression) => {
                "bincheck knows no look-around and no back-references, which Python has; \
                 write it without them"
                    .to_owned()
            }
            Err(error) => last_line(&error.to_string()).to_owned(),
        },
    };
    notices.at(
        source,
        format!(
            "{:?} is not a regular expression, so only packages without CHOST are accepted: {problem}",
            words.join(" ")
        ),
    );
    Expression::Broken
}

/// Whether the expression uses what Python's engine has and ours has not.
fn needs_python(expression: &str) -> bool {
    let groups = ["(?=", "(?!", "(?<=", "(?<!", "(?P=", "(?(", "(?>"];
    groups.iter().any(|group| expression.contains(group))
        || (1..=9).any(|number| expression.contains(&format!("\\{number}")))
}

/// The line of a compiler's message that says what is wrong; the lines before it draw a picture.
fn last_line(message: &str) -> &str {
    let line = message.lines().last().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::local::getconfig::Assignment;
    use crate::local::vars::Layer;

    const CHOSTS: [(&str, char); 5] = [
        ("x86_64-pc-linux-gnu", 'A'),
        ("i686-pc-linux-gnu", 'B'),
        ("x86_64-pc-linux-gnux", 'C'),
        ("xx86_64-pc-linux-gnu", 'D'),
        ("", '-'),
    ];

    fn chosts(accept: Option<&str>, own: Option<&str>, notices: &Notices) -> AcceptChosts {
        let assignment = |name: &str, value: Option<&str>| {
            let source = Source::Line(std::path::Path::new("/make.conf").into(), 7);
            value.map(|value| (Layer::Conf, Assignment::new(name, value, source)))
        };
        let accept = assignment("ACCEPT_CHOSTS", accept);
        let own = assignment("CHOST", own);
        AcceptChosts::of(&Vars::new(accept.into_iter().chain(own).collect()), notices)
    }

    /// Observed with Portage, but for the last two rows.
    #[test]
    fn observed() {
        let own = Some("x86_64-pc-linux-gnu");
        for (accept, chost, expected) in [
            (None, own, "A-"),
            (Some(""), own, "A-"),
            (Some("x86_64-.* i686-.*"), own, "ABC-"),
            (Some("x86_64-.*|i686-.*"), None, "ABC-"),
            (Some("*"), own, "-"),
            (Some(".*"), None, "ABCD-"),
            (None, None, "ABCD-"),
            (
                Some("x86_64-pc-linux-gnu"),
                Some("aarch64-unknown-linux-gnu"),
                "A-",
            ),
            (Some("["), None, "-"),
            (Some("x86_64-pc-linux-gnu|i686"), None, "AC-"),
            (Some("(?!x)"), None, "-"),
        ] {
            let chosts = chosts(accept, chost, &Notices::default());
            let found: String = CHOSTS
                .iter()
                .filter(|(chost, _)| chosts.accepts(chost))
                .map(|(_, letter)| *letter)
                .collect();
            assert_eq!(found, expected, "{accept:?} {chost:?}");
        }
    }

    #[test]
    fn broken_expressions_are_notices() {
        for (accept, end) in [
            ("*", "accepted: nothing to repeat"),
            ("[", "accepted: unclosed character class"),
            ("(?!x).*", "write it without them"),
            ("(a)\\1", "write it without them"),
        ] {
            let notices = Notices::default();
            chosts(Some(accept), None, &notices);
            let notices = notices.sorted();
            let text = notices[0].to_string();
            assert!(text.starts_with("/make.conf:7: \""), "{text}");
            assert!(text.ends_with(end), "{text}");
        }
    }
}
