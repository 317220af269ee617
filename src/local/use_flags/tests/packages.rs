//! What depends on the package: its environment, EAPI, repository and recorded USE.

use super::*;

#[test]
fn package_env() {
    let files = [
        ("etc/portage/package.env", "a/b one\n"),
        ("etc/portage/env/one", "USE=\"foo -bar\" VIDEO_CARDS=x"),
        (PACKAGE_USE, "a/b bar"),
    ];
    assert_eq!(
        row(&files, &[], "foo bar video_cards_x"),
        "bar foo video_cards_x",
        "U21"
    );
    let global = [
        ("etc/portage/package.env", "*/* one\n"),
        ("etc/portage/env/one", "USE=\"foo\""),
        (PACKAGE_USE, "*/* -foo bar"),
        (CONF, "USE=-foo"),
    ];
    // make.conf, then package.use, then package.env.
    assert_eq!(row(&global, &[], "foo bar"), "bar foo");
}

#[test]
fn tests_by_features() {
    let on = [(CONF, "FEATURES=test")];
    assert_eq!(row(&on, &[], "test foo"), "test", "U22");
    let off = [
        (CONF, "FEATURES=test"),
        ("etc/portage/package.env", "a/b one\n"),
        ("etc/portage/env/one", "FEATURES=-test"),
    ];
    assert_eq!(row(&off, &[], "test"), "");
    assert_eq!(row(&off, &[("FEATURES", "test")], "test"), "test");
    for (restrict, conf, expected) in [
        ("RESTRICT=test", "FEATURES=test", ""),
        ("RESTRICT=test", "FEATURES=test ALLOW_TEST=all", "test"),
        (
            "RESTRICT=test;PROPERTIES=test_network",
            "FEATURES=test ALLOW_TEST=network",
            "test",
        ),
        (
            "RESTRICT=test;PROPERTIES=test_network",
            "FEATURES=test ALLOW_TEST=privileged",
            "",
        ),
        ("RESTRICT=!foo? ( test )", "FEATURES=test", ""),
        (
            "RESTRICT=!foo? ( test )",
            "FEATURES=test USE=foo",
            "foo test",
        ),
        ("RESTRICT=( test", "FEATURES=test", "test"),
        ("RESTRICT=test", "FEATURES=test USE=test", "test"),
    ] {
        let machine = Machine::new(&[(CONF, conf)], &[]);
        let package = package(Kind::Ebuild, "+test foo", Some("gentoo"), restrict);
        assert_eq!(
            enabled(&machine, &package, true),
            expected,
            "{restrict} {conf}"
        );
    }
}

#[test]
fn implicit_flags() {
    let files = [(CONF, "USE=\"prefix build\" IUSE_IMPLICIT=prefix")];
    let machine = Machine::new(&files, &[]);
    let of = |eapi| package(Kind::Ebuild, "foo", Some("gentoo"), eapi);
    assert_eq!(enabled(&machine, &of("EAPI=8"), true), "prefix", "U16");
    assert_eq!(enabled(&machine, &of("EAPI=4"), true), "build", "U16");
    for (eapi, valid, invalid) in [
        (
            "EAPI=8",
            "foo amd64 x86 elibc_musl kernel_linux prefix",
            "bar elibc_uclibc build",
        ),
        (
            "EAPI=4",
            "foo amd64 elibc_musl elibc_uclibc kernel_x build bootstrap",
            "bar prefix x86",
        ),
        ("EAPI=99", "foo amd64 elibc_uclibc build", "bar prefix"),
    ] {
        let package = of(eapi);
        let view = machine.config.of(&package, true);
        for flag in valid.split_whitespace() {
            assert!(view.is_valid(flag), "{eapi} {flag}");
        }
        for flag in invalid.split_whitespace() {
            assert!(!view.is_valid(flag), "{eapi} {flag}");
        }
    }
}

/// The profiles' masked and forced flags are implicit before EAPI 5, as patterns.
#[test]
fn old_implicit_flags_are_patterns() {
    let machine = Machine::new(
        &[
            ("repo/profiles/base/use.mask", "gtk+\n"),
            ("repo/profiles/base/use.force", "ssl\n"),
        ],
        &[],
    );
    let package = package(Kind::Ebuild, "", Some("gentoo"), "EAPI=4");
    let view = machine.config.of(&package, true);
    for (flag, expected) in [
        ("gtk", true),
        ("gtkk", true),
        ("gtk+", false),
        ("ssl", true),
        ("ss", false),
    ] {
        assert_eq!(view.is_valid(flag), expected, "{flag}");
    }
}

#[test]
fn built_packages() {
    let machine = Machine::new(&[], &[]);
    for (eapi, flag, valid, built) in [
        ("EAPI=8", "foo", true, true),
        ("EAPI=8", "bar", true, true),
        ("EAPI=8", "off", true, false),
        ("EAPI=8", "none", false, false),
        ("EAPI=4", "foo", true, true),
        ("EAPI=4", "bar", false, false),
        ("EAPI=4", "elibc_x", true, true),
        ("EAPI=x", "bar", false, false),
    ] {
        let more = format!("USE=bar elibc_x foo;{eapi}");
        let package = package(Kind::Binary, "foo off", Some("gentoo"), &more);
        let view = machine.config.of(&package, true);
        assert_eq!(
            (view.is_valid(flag), view.built_with(flag)),
            (valid, built),
            "{eapi} {flag}"
        );
    }
}

/// A `name_*` for which IUSE has no flag is itself a flag, which turns implicit flags on.
#[test]
fn literal_wildcards() {
    let machine = Machine::new(&[(CONF, "USE=\"-elibc_glibc elibc_*\" ELIBC=\"\"")], &[]);
    let package = package(Kind::Ebuild, "foo", Some("gentoo"), "");
    let view = machine.config.of(&package, true);
    assert!(
        !view.enabled("elibc_glibc"),
        "the variable wipes its flags last"
    );
    let machine = Machine::new(&[(CONF, "USE=\"elibc_*\"")], &[]);
    let view = machine.config.of(&package, true);
    assert!(view.enabled("elibc_musl"));
    assert!(!view.enabled("kernel_x"));
}

#[test]
fn repository_layer() {
    let use_stable = [
        ("repo/profiles/eapi", "9\n"),
        ("repo/profiles/use.stable", "foo\n"),
    ];
    for (files, repository, stable, expected) in [
        (
            &[("repo/profiles/make.defaults", "USE=foo")][..],
            Some("gentoo"),
            false,
            "bar foo",
        ),
        (
            &[("repo/profiles/make.defaults", "USE=foo")],
            Some("ovl"),
            false,
            "bar foo",
        ),
        (
            &[("repo/profiles/make.defaults", "USE=foo")],
            None,
            false,
            "bar",
        ),
        // Defaults in IUSE are stronger.
        (
            &[("repo/profiles/package.use", "a/b foo -bar")],
            Some("gentoo"),
            false,
            "bar foo",
        ),
        (
            &[
                ("repo/profiles/package.use", "a/b foo"),
                ("ovl/profiles/package.use", "a/b -foo"),
            ],
            Some("ovl"),
            false,
            "bar",
        ),
        (&use_stable, Some("gentoo"), true, "bar foo"),
        (&use_stable, Some("gentoo"), false, "bar"),
        (
            &[("repo/profiles/make.defaults", "L10N=de")],
            Some("gentoo"),
            false,
            "bar l10n_de",
        ),
    ] {
        let machine = Machine::new(files, &[]);
        let package = package(Kind::Ebuild, "foo +bar l10n_de", repository, "");
        assert_eq!(
            enabled(&machine, &package, stable),
            expected,
            "{files:?} {repository:?}"
        );
    }
}
