//! Whether a list of keywords is accepted
//! (`portage: KeywordsManager.py:KeywordsManager._getMissingKeywords`, `.isStable`).

use std::collections::HashMap;

use crate::local::vars::Token;

/// Stack words: `-x` takes back `x` and vanishes, `-*` takes back all. What is left stands in order of
/// its first appearance.
pub(super) fn stack(words: Vec<&str>) -> Vec<&str> {
    let mut stacked: Vec<Option<&str>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for word in words {
        match word.strip_prefix('-') {
            Some("*") => {
                stacked.clear();
                places.clear();
            }
            Some(gone) => {
                let slot = places.remove(gone).and_then(|place| stacked.get_mut(place));
                slot.into_iter().for_each(|slot| *slot = None);
            }
            None => {
                places.entry(word).or_insert_with(|| {
                    stacked.push(Some(word));
                    stacked.len() - 1
                });
            }
        }
    }
    stacked.into_iter().flatten().collect()
}

/// Whether one of a package's keywords is accepted.
pub(super) fn accepts(keywords: &[&str], accepted: &[&Token]) -> bool {
    let (mut testing, mut stable) = (false, false);
    for &keyword in keywords {
        match keyword {
            "*" => return true,
            "~*" if any_testing(accepted) => return true,
            "~*" => testing = true,
            _ if has(accepted, keyword) => return true,
            _ if keyword.starts_with('~') => testing = true,
            _ => stable |= !keyword.starts_with('-'),
        }
    }
    testing && has(accepted, "~*") || stable && has(accepted, "*") || has(accepted, "**")
}

/// The same if every keyword were a testing one.
pub(super) fn accepts_as_testing(keywords: &[&str], accepted: &[&Token]) -> bool {
    let is_named = |keyword: &str| {
        let word = keyword.strip_prefix('~').unwrap_or(keyword);
        match word {
            "*" => any_testing(accepted),
            _ => accepted
                .iter()
                .any(|token| token.word.strip_prefix('~') == Some(word)),
        }
    };
    keywords.iter().any(|keyword| is_named(keyword))
        || !keywords.is_empty() && has(accepted, "~*")
        || has(accepted, "**")
}

fn has(accepted: &[&Token], word: &str) -> bool {
    accepted.iter().any(|token| token.word == word)
}

fn any_testing(accepted: &[&Token]) -> bool {
    accepted.iter().any(|token| token.word.starts_with('~'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn tokens(text: &str) -> Vec<Token> {
        let words = text.split_whitespace().map(|word| Token {
            word: word.to_owned(),
            source: Source::BuiltIn,
        });
        words.collect()
    }

    /// Observed with Portage: accepted, KEYWORDS, whether they match.
    #[test]
    fn observed() {
        for (accepted, keywords, expected) in [
            ("amd64", "amd64", true),
            ("amd64", "~amd64", false),
            ("amd64 ~amd64", "~amd64", true),
            ("~amd64", "amd64", false),
            ("amd64", "x86", false),
            ("amd64", "", false),
            ("**", "", true),
            ("*", "x86", true),
            ("*", "~x86", false),
            ("~*", "~x86", true),
            ("~*", "x86", false),
            ("~*", "x86 ~arm", true),
            ("*", "", false),
            ("~*", "", false),
            ("amd64", "-amd64", false),
            ("amd64", "*", true),
            ("amd64", "~*", false),
            ("~x86", "~*", true),
            ("amd64", "-x86 amd64", true),
            ("-amd64", "-amd64", true),
            ("*", "-x86", false),
        ] {
            let owned = tokens(accepted);
            let accepted: Vec<&Token> = owned.iter().collect();
            let keywords: Vec<&str> = keywords.split_whitespace().collect();
            assert_eq!(
                accepts(&keywords, &accepted),
                expected,
                "{owned:?} {keywords:?}"
            );
        }
    }

    #[test]
    fn as_testing_is_the_walk_over_testing_keywords() {
        let words = ["*", "~*", "**", "x86", "~x86", "arm", "~arm"];
        for accepted in 0_u32..1 << words.len() {
            let chosen = |mask: u32| (0..words.len()).filter(move |bit| mask & (1 << bit) != 0);
            let owned: Vec<Token> = chosen(accepted)
                .flat_map(|bit| tokens(words[bit]))
                .collect();
            let accepted: Vec<&Token> = owned.iter().collect();
            for keywords in 0_u32..1 << 5 {
                let keywords: Vec<&str> = chosen(keywords)
                    .map(|bit| ["*", "~*", "x86", "~x86", "arm"][bit])
                    .collect();
                let testing: Vec<String> = keywords
                    .iter()
                    .map(|word| format!("~{}", word.trim_start_matches('~')))
                    .collect();
                let testing: Vec<&str> = testing.iter().map(String::as_str).collect();
                assert_eq!(
                    accepts_as_testing(&keywords, &accepted),
                    accepts(&testing, &accepted),
                    "{owned:?} {keywords:?}"
                );
            }
        }
    }

    #[test]
    fn stacked() {
        for (words, expected) in [
            ("a b a", "a b"),
            ("a b -a a", "b a"),
            ("-a a", "a"),
            ("a b -* c", "c"),
            ("a -b", "a"),
        ] {
            assert_eq!(
                stack(words.split_whitespace().collect()).join(" "),
                expected,
                "{words}"
            );
        }
    }
}
