//! Lines of emerge.log that tell when a package was merged.

use crate::pms::Cpv;

/// A step of a merge. `step` is emerge's `1 of 3`, which tells merges of one package for several roots apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event<'l> {
    /// When, in seconds since 1970.
    pub(super) at: i64,
    /// Which of the packages of a command line.
    pub(super) step: &'l str,
    /// The package.
    pub(super) cpv: Cpv,
    /// What happened to it.
    pub(super) kind: EventKind,
}

/// What happens to a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EventKind {
    /// emerge begins with it.
    Begun,
    /// It is merged from a binary package.
    Binary,
    /// It is merged.
    Completed,
}

/// Digits of a time: until the year 33658.
const MAX_DIGITS: usize = 12;

impl<'l> Event<'l> {
    /// Read a line without its line feed; `None` for all that says something else.
    pub(super) fn parse(line: &'l [u8]) -> Option<Event<'l>> {
        let colon = line.iter().take(MAX_DIGITS + 1).position(|b| *b == b':')?;
        // Three of four lines end here, so nothing is made of them before.
        let (kind, rest) = kind(line[colon + 1..].trim_ascii_start())?;
        let rest = std::str::from_utf8(rest).ok()?;
        let (step, rest) = rest.split_once(')')?;
        let rest = rest.trim_start();
        let cpv = match kind {
            EventKind::Begun | EventKind::Completed => rest.split_once(" to ")?.0,
            EventKind::Binary => {
                let package = rest.strip_prefix("Merging Binary (")?;
                package.split_once("::")?.0
            }
        };
        Some(Event {
            at: time(&line[..colon])?,
            step,
            cpv: Cpv::parse(cpv)?,
            kind,
        })
    }
}

/// What a line may be, and what stands behind its parenthesis.
fn kind(line: &[u8]) -> Option<(EventKind, &[u8])> {
    const HEADS: [(&[u8], EventKind); 3] = [
        (b">>> emerge (", EventKind::Begun),
        (b"=== (", EventKind::Binary),
        (b"::: completed emerge (", EventKind::Completed),
    ];
    let mut heads = HEADS.iter();
    heads.find_map(|(head, kind)| Some((*kind, line.strip_prefix(*head)?)))
}

fn time(digits: &[u8]) -> Option<i64> {
    let digits = std::str::from_utf8(digits).ok()?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_merges_are_read() {
        for (line, expected) in [
            (
                "1700000000:  >>> emerge (1 of 3) app-misc/foo-1.2-r1 to /",
                "1700000000 1 of 3 app-misc/foo-1.2-r1 Begun",
            ),
            (
                "1700000009:  === (1 of 3) Merging Binary (app-misc/foo-1::/p/foo-1.gpkg.tar)",
                "1700000009 1 of 3 app-misc/foo-1 Binary",
            ),
            (
                "1700000010:  ::: completed emerge (12 of 30) app-misc/foo-1 to /mnt/new/",
                "1700000010 12 of 30 app-misc/foo-1 Completed",
            ),
            (
                "1700000000:  === (1 of 3) Merging (app-misc/foo-1::/foo)",
                "",
            ),
            (
                "1700000000:  === (1 of 3) Cleaning (app-misc/foo-1::/foo)",
                "",
            ),
            ("1700000000:  >>> emerge (1 of 3) app-misc/foo to /", ""),
            ("1700000000:  >>> emerge (1 of 3", ""),
            ("1700000000: Started emerge on: Nov 14, 2023 22:13:20", ""),
            ("1700000000:  *** terminating.", ""),
            (
                "170000000000000:  >>> emerge (1 of 3) app-misc/foo-1 to /",
                "",
            ),
            ("-1:  >>> emerge (1 of 3) app-misc/foo-1 to /", ""),
            (" >>> emerge (1 of 3) app-misc/foo-1 to /", ""),
            ("", ""),
        ] {
            let text = Event::parse(line.as_bytes()).map_or(String::new(), |event| {
                let Event {
                    at,
                    step,
                    cpv,
                    kind,
                } = event;
                format!("{at} {step} {cpv} {kind:?}")
            });
            assert_eq!(text, expected, "{line}");
        }
    }
}
