#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;

use super::*;
use crate::chroot::Chroot;
use crate::local::Base;
use crate::local::package_env::PackageEnv;
use crate::pms::{Cpv, Eapi, Key, Kind, Metadata, Slot};
use crate::source::Notices;

const CONF: &str = "etc/portage/make.conf";
const PACKAGE_USE: &str = "etc/portage/package.use";
const DEFAULTS: &str = "repo/profiles/base/make.defaults";
const PROFILE: &str = "ARCH=amd64 ELIBC=glibc KERNEL=linux \
    USE_EXPAND=\"VIDEO_CARDS PYTHON_TARGETS ELIBC KERNEL L10N\" \
    USE_EXPAND_HIDDEN=\"ELIBC KERNEL\" USE_EXPAND_IMPLICIT=\"ARCH ELIBC KERNEL\" \
    USE_EXPAND_UNPREFIXED=ARCH USE_EXPAND_VALUES_ARCH=\"amd64 x86\" \
    USE_EXPAND_VALUES_ELIBC=\"glibc musl\" USE_EXPAND_VALUES_KERNEL=linux\n";

/// A machine with one profile of EAPI 8 and repositories gentoo and ovl (masters = gentoo). A file that
/// is given twice is joined; the profile's make.defaults begins with [`PROFILE`].
struct Machine {
    config: UseConfig,
    notices: Vec<String>,
}

impl Machine {
    fn new(files: &[(&str, &str)], env: &[(&str, &str)]) -> Machine {
        let temp = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = temp.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let known = fs::read_to_string(&path).unwrap_or_default();
            fs::write(path, known + text).unwrap();
        };
        write(
            "usr/share/portage/config/make.globals",
            "ACCEPT_PROPERTIES=\"*\"",
        );
        let repos = "[DEFAULT]\nmain-repo=gentoo\n[gentoo]\nlocation=/repo\n[ovl]\nlocation=/ovl\n";
        write("usr/share/portage/config/repos.conf", repos);
        write("repo/metadata/layout.conf", "masters=");
        write("repo/profiles/repo_name", "gentoo");
        write("repo/profiles/base/eapi", "8\n");
        write(DEFAULTS, PROFILE);
        write("ovl/metadata/layout.conf", "masters=gentoo");
        write("ovl/profiles/repo_name", "ovl");
        write("etc/portage/x", "");
        let link = temp.path().join("etc/portage/make.profile");
        std::os::unix::fs::symlink("/repo/profiles/base", link).unwrap();
        for (path, text) in files {
            write(path, text);
        }
        let notices = Notices::default();
        let chroot = Chroot::new(Some(temp.path().to_path_buf())).unwrap();
        let base = Base::load(chroot, env.iter().copied().collect(), &notices).unwrap();
        let package_env = PackageEnv::load(&base, &notices).unwrap();
        let config = UseConfig::load(&base, &package_env, &notices).unwrap();
        let notices = notices
            .into_sorted()
            .iter()
            .map(ToString::to_string)
            .collect();
        Machine { config, notices }
    }
}

/// a/b-1 of a repository, with `KEY=value` pairs separated by `;` besides IUSE.
fn package(kind: Kind, iuse: &str, repository: Option<&str>, more: &str) -> Package {
    let mut pairs = vec![(Key::Iuse, iuse)];
    let more = more.split(';').filter_map(|pair| pair.split_once('='));
    pairs.extend(more.map(|(key, value)| (Key::parse(key).unwrap(), value)));
    let metadata = Metadata::from_pairs(pairs);
    Package {
        kind,
        cpv: Cpv::parse("a/b-1").unwrap(),
        slot: Slot::parse("0", None),
        eapi: Eapi::parse(metadata.get(Key::Eapi).unwrap_or("8")),
        repository: repository.map(Into::into),
        build_id: None,
        build_time: 0,
        metadata,
    }
}

/// The flags of IUSE and of the implicit ones that are on, but those of the profile itself.
fn enabled(machine: &Machine, package: &Package, stable: bool) -> String {
    let view = machine.config.of(package, stable);
    let mut flags: Vec<&str> = package.iuse().map(|iuse| iuse.flag).collect();
    flags.extend(["prefix", "build", "zzz"]);
    flags.sort_unstable();
    flags.dedup();
    flags.retain(|flag| view.enabled(flag));
    flags.join(" ")
}

/// The outcome for a stable a/b-1::gentoo.
fn row(files: &[(&str, &str)], env: &[(&str, &str)], iuse: &str) -> String {
    let machine = Machine::new(files, env);
    enabled(
        &machine,
        &package(Kind::Ebuild, iuse, Some("gentoo"), ""),
        true,
    )
}

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
    let starts: Vec<&str> = machine
        .notices
        .iter()
        .map(|notice| notice.rsplit_once(": ").map_or("", |(place, _)| place))
        .map(|place| place.split(": ").next().unwrap())
        .collect();
    assert_eq!(
        machine.notices.len(),
        9,
        "{:#?} {starts:?}",
        machine.notices
    );
}
