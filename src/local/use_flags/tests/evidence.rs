//! Lines that decided, and lines that were skipped.

use super::*;

#[test]
fn decisions_name_their_lines() {
    let machine = Machine::new(
        &[
            (CONF, "USE=\"one\n two -three\"\nVIDEO_CARDS=\"x\"\n"),
            (PACKAGE_USE, "# why\na/b four\n"),
            ("repo/profiles/base/use.mask", "# x\nfive\n"),
        ],
        &[("USE", "six")],
    );
    let iuse = "one two +three four +five six +seven eight video_cards_x +video_cards_y";
    let package = package(Kind::Ebuild, iuse, Some("gentoo"), "");
    let view = machine.config.of(&package, true);
    for (flag, expected) in [
        ("one", "true /etc/portage/make.conf:1"),
        ("two", "true /etc/portage/make.conf:2"),
        ("three", "false /etc/portage/make.conf:2"),
        ("four", "true /etc/portage/package.use:2"),
        ("five", "false /repo/profiles/base/use.mask:2 forced"),
        ("six", "true environment variable USE"),
        ("seven", "true"),
        ("eight", "false"),
        ("video_cards_x", "true /etc/portage/make.conf:3"),
        ("video_cards_y", "false /etc/portage/make.conf:3"),
        ("amd64", "true /repo/profiles/base/make.defaults:1"),
    ] {
        let Decision {
            enabled,
            source,
            forced,
        } = view.decide(flag);
        let source = source
            .map(|source| format!(" {source}"))
            .unwrap_or_default();
        let forced = if forced { " forced" } else { "" };
        assert_eq!(format!("{enabled}{source}{forced}"), expected, "{flag}");
    }
    assert!(view.is_masked("five") && !view.is_forced("five") && !view.is_masked("one"));
}

#[test]
fn skipped_lines_are_notices() {
    let machine = Machine::new(
        &[
            (CONF, "USE=+foo\nVIDEO_CARDS=\"-x\"\n"),
            (PACKAGE_USE, "a/b[x] foo\nb foo\n"),
            ("repo/profiles/base/use.mask", "-*\n"),
            ("repo/profiles/base/package.use", "a/b x_*\n"),
            ("repo/profiles/use.stable", "foo\n"),
            ("etc/portage/package.env", "a/b gone one\n"),
            ("etc/portage/env/one", "SLOT=1\n"),
        ],
        &[],
    );
    let places: Vec<&str> = machine
        .notices
        .iter()
        .filter_map(|notice| notice.split(": ").next())
        .collect();
    assert_eq!(
        places,
        [
            "/etc/portage/env/one:1",
            "/etc/portage/make.conf:1",
            "/etc/portage/make.conf:2",
            "/etc/portage/package.env:1",
            "/etc/portage/package.use:1",
            "/etc/portage/package.use:2",
            "/repo/profiles/base/package.use:1",
            "/repo/profiles/base/use.mask:1",
            "/repo/profiles/use.stable:1",
        ],
        "{:#?}",
        machine.notices
    );
}
