//! What each layer adds and which one wins.

use super::*;

/// Observed with Portage.
#[test]
fn layers() {
    let foo = "foo +bar -baz";
    let cards = "video_cards_intel video_cards_nvidia";
    let none: &[(&str, &str)] = &[];
    for (id, files, env, iuse, expected) in [
        ("U1", none, none, foo, "bar"),
        (
            "U2",
            &[(CONF, "USE=\"foo -bar baz\"")],
            none,
            foo,
            "baz foo",
        ),
        (
            "U3",
            &[(CONF, "USE=\"foo -bar\"")],
            &[("USE", "-foo bar")],
            foo,
            "bar",
        ),
        (
            "U4",
            &[(PACKAGE_USE, "a/b foo -bar")],
            &[("USE", "-foo bar")],
            foo,
            "bar",
        ),
        ("U5", &[(CONF, "USE=\"-* foo\"")], none, foo, "foo"),
        ("U6", &[(CONF, "USE=foo")], &[("USE", "-* baz")], foo, "baz"),
        (
            "U7",
            &[(CONF, "USE=foo"), (PACKAGE_USE, "a/b -* baz")],
            none,
            foo,
            "baz",
        ),
        (
            "U8",
            &[
                ("repo/profiles/base/use.mask", "foo\n"),
                ("repo/profiles/base/use.force", "baz\n"),
            ],
            none,
            foo,
            "bar baz",
        ),
        (
            "U9",
            &[("repo/profiles/base/package.use", "a/b -bar baz")],
            none,
            foo,
            "baz",
        ),
        (
            "U10",
            &[(CONF, "VIDEO_CARDS=\"intel radeon\"")],
            none,
            cards,
            "video_cards_intel",
        ),
        (
            "U11",
            &[
                (CONF, "VIDEO_CARDS=intel"),
                (PACKAGE_USE, "a/b VIDEO_CARDS: nvidia"),
            ],
            none,
            cards,
            cards,
        ),
        (
            "U11b",
            &[
                (CONF, "USE=foo"),
                (PACKAGE_USE, "a/b VIDEO_CARDS: -* nvidia"),
            ],
            none,
            "foo video_cards_intel video_cards_nvidia",
            "foo video_cards_nvidia",
        ),
        (
            "U11c",
            &[
                (CONF, "VIDEO_CARDS=intel"),
                (PACKAGE_USE, "*/* VIDEO_CARDS: -* nvidia"),
            ],
            none,
            "foo video_cards_intel video_cards_nvidia",
            "video_cards_intel",
        ),
        ("U12", &[(CONF, "USE=video_cards_*")], none, cards, cards),
        (
            "U12b",
            &[
                (CONF, "VIDEO_CARDS=\"intel nvidia\""),
                (PACKAGE_USE, "a/b -video_cards_*"),
            ],
            none,
            cards,
            "",
        ),
        ("U12c", &[(CONF, "VIDEO_CARDS=*")], none, cards, cards),
        (
            "U12d",
            &[(CONF, "USE=\"video_cards_* -video_cards_intel\"")],
            none,
            cards,
            "video_cards_nvidia",
        ),
        (
            "U13",
            &[
                (DEFAULTS, "VIDEO_CARDS=intel"),
                (CONF, "VIDEO_CARDS=nvidia"),
            ],
            none,
            cards,
            "video_cards_nvidia",
        ),
        (
            "U13b",
            &[
                (DEFAULTS, "VIDEO_CARDS=intel"),
                (CONF, "VIDEO_CARDS=nvidia"),
            ],
            &[("VIDEO_CARDS", "amd")],
            "video_cards_amd video_cards_intel video_cards_nvidia",
            "video_cards_amd",
        ),
        (
            "U13c",
            &[(CONF, "VIDEO_CARDS=\"-intel nvidia\"")],
            none,
            cards,
            "video_cards_nvidia",
        ),
        (
            "U13d",
            &[(CONF, "USE=video_cards_intel VIDEO_CARDS=nvidia")],
            none,
            cards,
            "video_cards_nvidia",
        ),
        ("U14", &[(CONF, "USE=+foo")], none, foo, "bar foo"),
        ("U15", &[(CONF, "USE=\"zzz foo\"")], none, "foo", "foo"),
    ] {
        assert_eq!(row(files, env, iuse), expected, "{id}");
    }
}

/// Observed with Portage.
#[test]
fn ties_in_package_use() {
    for (id, text, expected) in [
        ("U20", "a/b::gentoo foo\na/b -foo\n", "foo"),
        ("U20b", "a/b -foo\na/b::gentoo foo\n", ""),
        ("U20c", "a/* foo\n*/b -foo\n", "foo"),
        ("U20d", "*/b -foo\na/* foo\n", ""),
        ("U20e", "a/b foo\na/b -foo\n", ""),
        ("U20g", "a/b -foo\n*/* foo\n", ""),
        ("U20h", "*/*::gentoo foo\n", "foo"),
    ] {
        assert_eq!(row(&[(PACKAGE_USE, text)], &[], "foo"), expected, "{id}");
    }
    let files = [
        ("etc/portage/package.use/10", "a/b foo"),
        ("etc/portage/package.use/20", "a/b -foo"),
    ];
    assert_eq!(row(&files, &[], "foo"), "", "U20f");
    let text = "a/b foo # bar\n# a/b baz\n  a/b qux\n";
    assert_eq!(
        row(&[(PACKAGE_USE, text)], &[], "bar baz foo qux"),
        "foo qux",
        "U23"
    );
    let global = [
        (CONF, "USE=foo"),
        (PACKAGE_USE, "*/* -foo\n*/*::gentoo bar\n"),
    ];
    assert_eq!(row(&global, &[], "foo bar"), "bar");
}

#[test]
fn order_of_layers() {
    let conf = "USE=-foo USE_ORDER=\"conf:env:defaults:pkginternal\"";
    assert_eq!(
        row(&[(CONF, conf)], &[("USE", "foo bar")], "foo bar"),
        "bar"
    );
    let files = [(CONF, conf), (PACKAGE_USE, "a/b bar")];
    assert_eq!(
        row(&files, &[], "foo bar"),
        "",
        "a layer that is not named does not count"
    );
}
