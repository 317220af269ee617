//! The Portage that is installed, against the one whose verdicts these are.

use semver::Version;

use crate::emerge::version::leading_numbers;
use crate::local::installed::Installed;

/// Portage's own version; its first three numbers are what semver reads.
const FOLLOWED: Version = Version::new(3, 0, 83);

/// What a Portage older than a version does otherwise (`portage: NEWS`, `RELEASE-NOTES`).
static CHANGES: [(Version, &str); 6] = [
    (Version::new(3, 0, 83), "user patches are not compared"),
    (
        Version::new(3, 0, 78),
        "--usepkg-include, --getbinpkg-exclude, --getbinpkg-include and --nobindeps are not known",
    ),
    (
        Version::new(3, 0, 74),
        "verify-signature in binrepos.conf is not known",
    ),
    (
        Version::new(3, 0, 57),
        "dependencies on the C library are compared too",
    ),
    (Version::new(3, 0, 31), "gpkg files are not known"),
    (Version::new(3, 0, 6), "binrepos.conf is not read"),
];

/// What to tell a user whose `sys-apps/portage` is another than the one that verdicts follow.
pub(super) fn difference(installed: &Installed) -> Option<String> {
    let newest = installed.versions("sys-apps/portage").last()?;
    notice(newest.version.as_str())
}

fn notice(text: &str) -> Option<String> {
    let version = leading_numbers(text)?;
    if version == FOLLOWED {
        return None;
    }
    let head = format!("this machine has portage {text}, and verdicts follow {FOLLOWED}");
    if version > FOLLOWED {
        return Some(format!("{head}; some may have changed since"));
    }
    let changed = CHANGES.iter().take_while(|(since, _)| version < *since);
    let changed: Vec<&str> = changed.map(|(_, change)| *change).collect();
    Some(format!("{head}: in {text} {}", changed.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        for (text, part) in [
            (
                "3.0.82-r1",
                "follow 3.0.83: in 3.0.82-r1 user patches are not compared",
            ),
            (
                "3.0.77",
                "user patches are not compared; --usepkg-include, --getbinpkg-exclude, \
                 --getbinpkg-include and --nobindeps are not known",
            ),
            (
                "2.3.99",
                "gpkg files are not known; binrepos.conf is not read",
            ),
            (
                "3.0.84",
                "has portage 3.0.84, and verdicts follow 3.0.83; some",
            ),
            ("9999", "9999, and verdicts"),
        ] {
            let text = notice(text).unwrap_or_default();
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(notice("3.0.83-r2"), None);
    }

    #[test]
    fn changes_are_in_order() {
        assert!(CHANGES.windows(2).all(|pair| pair[0].0 > pair[1].0));
        assert_eq!(CHANGES[0].0, FOLLOWED);
        assert_eq!(FOLLOWED.to_string(), crate::report::json::PORTAGE);
    }
}
