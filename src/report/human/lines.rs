//! Lines of a page of some width.

use crate::report::layout::{width, wrap_words};

/// A text at an indent, further lines deeper.
pub(super) fn hanging(text: &str, indent: usize, deeper: usize, columns: usize) -> Vec<String> {
    let room = columns.saturating_sub(deeper.max(indent));
    let lines = wrap_words(text, room).into_iter().enumerate();
    lines
        .map(|(number, line)| {
            let indent = if number == 0 { indent } else { deeper };
            format!("{:indent$}{line}", "")
        })
        .collect()
}

/// A name, and a text beside it that begins in a column; further lines of the text begin there too.
pub(super) fn beside(name: &str, text: &str, column: usize, columns: usize) -> Vec<String> {
    let mut lines = hanging(text, column, column, columns);
    if width(name) >= column && !lines.is_empty() {
        lines.insert(0, name.to_owned());
        return lines;
    }
    let gap = column.saturating_sub(width(name));
    match lines.first_mut() {
        Some(first) => *first = format!("{name}{:gap$}{}", "", first.trim_start()),
        None => lines.push(name.to_owned()),
    }
    lines
}

/// The first names of a list, and how many more there are, which `-v` names too.
pub(super) fn some(names: &[String], most: usize) -> String {
    let named: Vec<&str> = names.iter().take(most).map(String::as_str).collect();
    let named = named.join(", ");
    match names.len().saturating_sub(most) {
        0 => named,
        more => format!("{named} and {more} more (-v)"),
    }
}

/// A text at the left and one at the right edge, two lines where one is too narrow.
pub(super) fn edges(left: &str, right: &str, columns: usize) -> Vec<String> {
    let taken = width(left) + width(right);
    match columns.checked_sub(taken) {
        Some(_) if right.is_empty() => vec![left.to_owned()],
        _ if right.is_empty() => hanging(left, 0, 0, columns),
        Some(gap @ 2..) => vec![format!("{left}{:gap$}{right}", "")],
        _ => {
            let gap = columns.saturating_sub(width(right));
            let mut lines = hanging(left, 0, 0, columns);
            lines.push(format!("{:gap$}{right}", ""));
            lines
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_where_they_should() {
        assert_eq!(hanging("aa bb cc", 2, 4, 8), ["  aa", "    bb", "    cc"]);
        assert_eq!(beside("x", "aa bb", 4, 6), ["x   aa", "    bb"]);
        assert_eq!(beside("x", "", 4, 6), ["x"]);
        assert_eq!(beside("long", "aa", 4, 6), ["long", "    aa"]);
        assert_eq!(edges("a", "b", 6), ["a    b"]);
        assert_eq!(edges("aaaa", "bb", 7), ["aaaa", "     bb"]);
        assert_eq!(edges("aaa", "", 3), ["aaa"]);
    }
}
