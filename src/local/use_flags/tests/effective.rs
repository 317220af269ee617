//! The mask and force families.

use super::*;

#[test]
fn masks_and_forces() {
    let base = "repo/profiles/base";
    let mask = format!("{base}/use.mask");
    let package_mask = format!("{base}/package.use.mask");
    let stable_mask = format!("{base}/use.stable.mask");
    let package_stable_force = format!("{base}/package.use.stable.force");
    for (id, files, repository, stable, expected) in [
        (
            "mask",
            vec![(&*mask, "foo\n")],
            Some("gentoo"),
            false,
            "baz",
        ),
        (
            "mask and force",
            vec![
                (&*mask, "baz\n"),
                ("repo/profiles/base/use.force", "baz\nqux\n"),
            ],
            None,
            false,
            "foo qux",
        ),
        ("stable", vec![(&*stable_mask, "foo\n")], None, true, "baz"),
        (
            "not stable",
            vec![(&*stable_mask, "foo\n")],
            None,
            false,
            "baz foo",
        ),
        (
            "by atom",
            vec![(&*package_mask, "a/b foo\na/c baz\n")],
            None,
            false,
            "baz",
        ),
        (
            "most specific",
            vec![(&*package_mask, "=a/b-1 -foo\na/b foo\n")],
            None,
            false,
            "baz foo",
        ),
        (
            "taken back by atom",
            vec![(&*mask, "foo\n"), (&*package_mask, "a/b -foo\n")],
            None,
            false,
            "baz foo",
        ),
        (
            "stable force",
            vec![(&*package_stable_force, "a/b qux\n")],
            None,
            true,
            "baz foo qux",
        ),
        (
            "no stable force",
            vec![(&*package_stable_force, "a/b qux\n")],
            None,
            false,
            "baz foo",
        ),
        (
            "repository",
            vec![("repo/profiles/use.mask", "foo\n")],
            Some("gentoo"),
            false,
            "baz",
        ),
        (
            "master",
            vec![("repo/profiles/use.mask", "foo\n")],
            Some("ovl"),
            false,
            "baz",
        ),
        (
            "unknown repository",
            vec![("repo/profiles/use.mask", "foo\n")],
            None,
            false,
            "baz foo",
        ),
        (
            "repository takes back",
            vec![
                ("repo/profiles/use.mask", "foo\n"),
                ("ovl/profiles/use.mask", "-foo\n"),
            ],
            Some("ovl"),
            false,
            "baz foo",
        ),
        (
            "profile takes back",
            vec![("repo/profiles/use.mask", "foo\n"), (&*mask, "-foo\n")],
            Some("gentoo"),
            false,
            "baz foo",
        ),
        (
            "user profile",
            vec![("etc/portage/profile/package.use.mask", "*/* foo\n")],
            None,
            false,
            "baz",
        ),
    ] {
        let mut files = files;
        files.push((CONF, "USE=\"foo baz\""));
        let machine = Machine::new(&files, &[]);
        let package = package(Kind::Ebuild, "foo bar baz qux", repository, "");
        assert_eq!(enabled(&machine, &package, stable), expected, "{id}");
        assert_eq!(machine.notices, [""; 0], "{id}");
    }
}
