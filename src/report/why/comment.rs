//! The comment above a line of configuration, as mask files have it.

use crate::local::{Local, files};
use crate::source::Source;

/// Lines that are taken of one comment.
const MAX_LINES: usize = 20;

/// The comment that stands above the block of lines that a line is in; `None` where there is none.
pub(super) fn above(local: &Local, source: &Source) -> Option<String> {
    let Source::Line(path, number) = source else {
        return None;
    };
    let text = files::read_text_once(&local.base.chroot, path).ok()??;
    of(&text, *number)
}

fn of(text: &str, number: u32) -> Option<String> {
    let before = usize::try_from(number).ok()?.checked_sub(1)?;
    let lines: Vec<&str> = text.lines().take(before).map(str::trim).collect();
    let is_comment = |line: &&&str| line.starts_with('#');
    let is_entry = |line: &&&str| !line.is_empty() && !line.starts_with('#');
    let entries = lines.iter().rev().take_while(is_entry).count();
    let mut comment: Vec<&str> = lines[..lines.len() - entries]
        .iter()
        .rev()
        .take_while(is_comment)
        .take(MAX_LINES)
        .map(|line| line.trim_start_matches('#').trim())
        .collect();
    comment.reverse();
    let comment: Vec<&str> = comment
        .into_iter()
        .filter(|line| !line.is_empty())
        .collect();
    (!comment.is_empty()).then(|| comment.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comment_of_the_block_counts() {
        let text = "# of the file\n\n# Someone (2026-01-01)\n#\n# It breaks. Bug #1.\nc/one\n=c/two-1\n\nc/three\n";
        for (line, comment) in [
            (6, Some("Someone (2026-01-01) It breaks. Bug #1.")),
            (7, Some("Someone (2026-01-01) It breaks. Bug #1.")),
            (9, None),
            (1, None),
            (0, None),
            (99, None),
        ] {
            assert_eq!(of(text, line).as_deref(), comment, "{line}");
        }
    }
}
