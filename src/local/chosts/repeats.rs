//! Repetitions that Python refuses and the `regex` crate takes: `^*`, `a**`.

/// What the next repetition would repeat.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing: the start, an alternative's start, an anchor.
    Nothing,
    /// Something.
    Item,
    /// A repetition, which may be made lazy or possessive.
    Repeat,
    /// A repetition that is so already.
    Finished,
}

/// What Python would reject in the repetitions of an expression.
pub(super) fn misplaced(expression: &str) -> Option<&'static str> {
    let mut before = Before::Nothing;
    let mut rest = expression;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        before = match c {
            '\\' => escape(&mut rest),
            '[' => class(&mut rest),
            '(' => group(&mut rest),
            '|' | '^' | '$' => Before::Nothing,
            '*' | '+' | '?' | '{' => {
                if c == '{' && !quantifier(&mut rest) {
                    Before::Item
                } else {
                    match before {
                        Before::Nothing => return Some("nothing to repeat"),
                        Before::Repeat if c == '?' || c == '+' => Before::Finished,
                        Before::Repeat | Before::Finished => return Some("multiple repeat"),
                        Before::Item => Before::Repeat,
                    }
                }
            }
            _ => Before::Item,
        };
    }
    None
}

/// Go behind an escaped character.
fn escape(rest: &mut &str) -> Before {
    let c = rest.chars().next();
    *rest = &rest[c.map_or(0, char::len_utf8)..];
    match c {
        Some('A' | 'Z' | 'b' | 'B') => Before::Nothing,
        _ => Before::Item,
    }
}

/// Go behind a character class; a leading `]` belongs to it.
fn class(rest: &mut &str) -> Before {
    let start = rest.strip_prefix('^').unwrap_or(rest);
    let mut chars = start.strip_prefix(']').unwrap_or(start).chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            ']' => break,
            _ => {}
        }
    }
    *rest = chars.as_str();
    Before::Item
}

/// Go behind what introduces a group; the kinds of `(?…` differ, and are checked by the compiler.
fn group(rest: &mut &str) -> Before {
    *rest = rest.strip_prefix('?').unwrap_or(rest);
    Before::Nothing
}

/// Go behind `m}`, `m,}`, `,n}` or `m,n}`; anything else is a plain `{`.
fn quantifier(rest: &mut &str) -> bool {
    let Some((inside, behind)) = rest.split_once('}') else {
        return false;
    };
    let numbers = inside.split(',').collect::<Vec<_>>();
    let is_number = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
    let valid = numbers.len() <= 2 && numbers.iter().all(is_number) && !inside.is_empty();
    if valid {
        *rest = behind;
    }
    valid
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Observed with Python 3.11.
    #[test]
    fn observed() {
        for good in [
            "^a*+$",
            "^a++$",
            "^a?+$",
            "^a{$",
            "^a{,3}$",
            "^a*?$",
            "^a{2}?$",
            "^(?:)*$",
            "^[[a]$",
            "^]$",
            "^a{b}$",
            "^()*$",
            "^[]a*]*$",
            "^[^]a]+$",
            "^x{1,2,3}$",
            "^a{}$",
            "^(|a)$",
            "^\\**$",
            "^[\\]*]$",
        ] {
            assert_eq!(misplaced(good), None, "{good}");
        }
        for bad in [
            "^*$",
            "^a**$",
            "^a{2}{3}$",
            "^(*|b)$",
            "^a|*$",
            "^$*$",
            "^\\b*$",
            "^a*??$",
            "^\\Z*$",
            "^+$",
            "^?a$",
        ] {
            assert!(misplaced(bad).is_some(), "{bad}");
        }
    }
}
