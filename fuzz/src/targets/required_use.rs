//! REQUIRED_USE: the answer agrees with an evaluation of the words as they stand.

use bincheck::pms::{Eapi, RequiredUse};

use crate::guard;
use crate::input::{Input, state_of};

pub(super) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let eapi = Eapi::parse(input.choose(&["8", "7", "6", "5", "4", "none"]));
    let text = input.text();
    let counted = Eapi::allows(eapi, Eapi::has_at_most_one_of);
    if let Ok(parsed) = RequiredUse::parse(&text, eapi) {
        let flags = parsed.flags();
        assert!(flags.iter().all(|flag| text.contains(flag)));
        // Before EAPI 5 `??` is not a group but a condition on a flag `?`, which the model does not know.
        let states = if counted || !text.contains("??") {
            4
        } else {
            0
        };
        for seed in 0..states {
            let enabled = |flag: &str| state_of(flag, seed);
            let drops = eapi.is_some_and(Eapi::drops_empty_any_of);
            let mut words = words(&text);
            assert_eq!(
                parsed.is_met(&enabled),
                sequence(&mut words, &enabled, drops),
                "{text}"
            );
        }
    }
    guard::linear(bytes, b" ", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(parsed) = RequiredUse::parse(&text, eapi) {
            parsed.is_met(&|flag| state_of(flag, 1));
        }
    });
}

/// Python's white space.
fn words(text: &str) -> std::vec::IntoIter<&str> {
    let is_space = |c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c);
    let words: Vec<&str> = text
        .split(is_space)
        .filter(|word| !word.is_empty())
        .collect();
    words.into_iter()
}

type Words<'a> = std::vec::IntoIter<&'a str>;

/// Whether all of a sequence hold, up to its end or its `)`.
fn sequence(words: &mut Words<'_>, enabled: &dyn Fn(&str) -> bool, drops: bool) -> bool {
    answers(words, enabled, drops)
        .into_iter()
        .flatten()
        .all(|holds| holds)
}

/// What each part of a sequence says; nothing where it is empty.
fn answers(
    words: &mut Words<'_>,
    enabled: &dyn Fn(&str) -> bool,
    drops: bool,
) -> Vec<Option<bool>> {
    let mut all = Vec::new();
    while let Some(word) = words.next() {
        let group = match word {
            ")" => break,
            "(" => {
                let results: Vec<bool> = answers(words, enabled, drops)
                    .into_iter()
                    .flatten()
                    .collect();
                all.push((!results.is_empty()).then(|| results.iter().all(|holds| *holds)));
                continue;
            }
            "||" | "^^" | "??" => word,
            _ if word.ends_with('?') => word,
            _ => {
                let (flag, state) = signed(word);
                all.push(Some(enabled(flag) == state));
                continue;
            }
        };
        // The group's own "(".
        words.next();
        let results: Vec<bool> = answers(words, enabled, drops)
            .into_iter()
            .flatten()
            .collect();
        let held = results.iter().filter(|holds| **holds).count();
        all.push(match group {
            "||" => Some(if results.is_empty() { drops } else { held > 0 }),
            "^^" => Some(if results.is_empty() { drops } else { held == 1 }),
            "??" => Some(held < 2),
            condition => {
                let (flag, state) = signed(&condition[..condition.len() - 1]);
                (enabled(flag) == state).then_some(held == results.len())
            }
        });
    }
    all
}

fn signed(word: &str) -> (&str, bool) {
    word.strip_prefix('!')
        .map_or((word, true), |flag| (flag, false))
}
