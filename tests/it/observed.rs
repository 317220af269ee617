//! Small systems that were shown to Portage 3.0.83, with what it then took for an atom.
//!
//! A row names ebuilds and binary packages of `a/b` as `version; KEY=value; …`; the profile accepts `x86`. The
//! outcome is the version that is taken (after the host it comes from, if that is not PKGDIR), or every
//! reason against the instances that serve the atom, or `nothing` where none does.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use md5::{Digest, Md5};
use serde_json::Value;

use crate::support::{answer, bincheck, outcome, scratch};

const REPO: &str = "var/db/repos/gentoo";
const MAKE_CONF: &str = "etc/portage/make.conf";

struct Row<'a> {
    id: &'a str,
    ebuilds: &'a [&'a str],
    binaries: &'a [&'a str],
    files: &'a [(&'a str, &'a str)],
    /// `options and atom => outcome`, any number.
    asked: &'a [&'a str],
}

const NONE: Row<'_> = Row {
    id: "",
    ebuilds: &[],
    binaries: &[],
    files: &[],
    asked: &[],
};

impl Row<'_> {
    fn check(&self) {
        let made = scratch();
        let root = made.path();
        write_base(root);
        for ebuild in self.ebuilds {
            write_ebuild(root, &Spec::parse(ebuild));
        }
        write_indexes(root, self.binaries);
        for (name, text) in self.files {
            append(root, name, text);
        }
        for line in self.asked {
            let (words, expected) = line.split_once(" => ").expect("an arrow");
            let words: Vec<&str> = words.split(' ').collect();
            assert_eq!(taken(root, &words), expected, "{}: {words:?}", self.id);
        }
    }
}

/// `version; KEY=value; …`: a package `a/b` unless `CPN` says otherwise.
struct Spec<'a> {
    version: &'a str,
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Spec<'a> {
    fn parse(text: &'a str) -> Spec<'a> {
        let mut parts = text.split("; ");
        let version = parts.next().unwrap_or_default();
        let pair = |part: &'a str| part.split_once('=').expect("KEY=value");
        let mut pairs: Vec<(&str, &str)> = parts.map(pair).collect();
        for (key, value) in [("EAPI", "8"), ("SLOT", "0"), ("KEYWORDS", "x86")] {
            if pairs.iter().all(|(name, _)| *name != key) {
                pairs.push((key, value));
            }
        }
        Spec { version, pairs }
    }

    fn get(&self, key: &str) -> Option<&'a str> {
        let pair = self.pairs.iter().find(|(name, _)| *name == key);
        pair.map(|(_, value)| *value)
    }

    fn cpn(&self) -> &'a str {
        self.get("CPN").unwrap_or("a/b")
    }

    /// The metadata proper.
    fn metadata(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let own = ["CPN", "HOST", "IN"];
        self.pairs
            .iter()
            .copied()
            .filter(move |(key, _)| !own.contains(key))
    }
}

fn append(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let before = fs::read_to_string(&path).unwrap_or_default();
    fs::write(path, format!("{before}{text}\n")).unwrap();
}

fn write_base(root: &Path) {
    for (name, text) in [
        (
            "usr/share/portage/config/make.globals",
            "FEATURES=pkgdir-index-trusted PKGDIR=/var/cache/binpkgs",
        ),
        (
            "usr/share/portage/config/repos.conf",
            "[DEFAULT]\nmain-repo = gentoo\n[gentoo]\nlocation = /var/db/repos/gentoo",
        ),
        ("etc/portage/make.conf", ""),
    ] {
        append(root, name, text);
    }
    write_repository(root, "gentoo", "masters =");
    append(
        root,
        &format!("{REPO}/profiles/base/make.defaults"),
        "ARCH=x86 ACCEPT_KEYWORDS=x86 CHOST=i686-pc-linux-gnu\n\
         USE_EXPAND=\"ELIBC KERNEL\" USE_EXPAND_IMPLICIT=\"ARCH ELIBC KERNEL\" USE_EXPAND_UNPREFIXED=ARCH\n\
         USE_EXPAND_VALUES_ARCH=x86 USE_EXPAND_VALUES_ELIBC=glibc USE_EXPAND_VALUES_KERNEL=linux\n\
         ELIBC=glibc KERNEL=linux",
    );
    append(root, &format!("{REPO}/profiles/base/eapi"), "8");
    symlink(
        format!("../../{REPO}/profiles/base"),
        root.join("etc/portage/make.profile"),
    )
    .unwrap();
}

fn write_repository(root: &Path, name: &str, layout: &str) {
    let below = |file: &str| format!("var/db/repos/{name}/{file}");
    append(root, &below("metadata/layout.conf"), layout);
    append(root, &below("profiles/repo_name"), name);
    append(
        root,
        &below("profiles/categories"),
        "a\nd\nsys-libs\nvirtual",
    );
}

fn write_ebuild(root: &Path, spec: &Spec<'_>) {
    let repository = spec.get("IN").unwrap_or("gentoo");
    let directory = format!("var/db/repos/{repository}");
    let (category, name) = spec.cpn().split_once('/').unwrap();
    let version = spec.version;
    append(
        root,
        &format!("{directory}/{category}/{name}/{name}-{version}.ebuild"),
        version,
    );
    let mut cache = String::new();
    for (key, value) in spec.metadata() {
        let _ = writeln!(cache, "{key}={value}");
    }
    let digest = Md5::digest(format!("{version}\n"));
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let _ = write!(cache, "_md5_={digest}");
    append(
        root,
        &format!("{directory}/metadata/md5-cache/{category}/{name}-{version}"),
        &cache,
    );
}

fn write_indexes(root: &Path, binaries: &[&str]) {
    for (number, binary) in binaries.iter().enumerate() {
        let spec = Spec::parse(binary);
        let index = match spec.get("HOST") {
            None => "var/cache/binpkgs/Packages".to_owned(),
            Some(host) => format!("srv/{host}/Packages"),
        };
        if !root.join(&index).exists() {
            append(root, &index, "TIMESTAMP: 1\nVERSION: 0\n");
        }
        let mut entry = format!(
            "CPV: {}-{}\nPATH: {number}.gpkg.tar\n",
            spec.cpn(),
            spec.version
        );
        for (key, value) in spec.metadata() {
            let _ = writeln!(entry, "{key}: {value}");
        }
        for (key, value) in [("REPO", "gentoo"), ("SIZE", "1"), ("MTIME", "1")] {
            if spec.get(key).is_none() {
                let _ = writeln!(entry, "{key}: {value}");
            }
        }
        append(root, &index, &entry);
    }
}

/// What is taken, or what stands against it.
fn taken(root: &Path, words: &[&str]) -> String {
    let cache = scratch();
    let text = answer(bincheck(root, cache.path()).arg("--json").args(words));
    let document: Value = serde_json::from_str(&text).unwrap();
    let target = &document["targets"][0];
    let instances = &document["instances"];
    if let Some(chosen) = target["chosen"].as_u64() {
        let chosen = &instances[usize::try_from(chosen).unwrap()];
        let (_, version) = chosen["cpv"].as_str().unwrap().rsplit_once('-').unwrap();
        let id = chosen["build_id"]
            .as_u64()
            .map_or(String::new(), |id| format!("-{id}"));
        return match chosen["host"].as_str() {
            Some("local") | None => format!("{version}{id}"),
            Some(host) => format!("{host} {version}{id}"),
        };
    }
    let mut reasons: Vec<String> = Vec::new();
    for position in target["instances"].as_array().unwrap() {
        let position = usize::try_from(position.as_u64().unwrap()).unwrap();
        reasons.push(outcome(&instances[position]));
    }
    reasons.dedup();
    match reasons.is_empty() {
        true => "nothing".to_owned(),
        false => reasons.join(", "),
    }
}

fn check(rows: &[Row<'_>]) {
    rows.iter().for_each(Row::check);
}

#[test]
fn visibility() {
    check(&[
        Row {
            id: "another version without an ebuild",
            ebuilds: &["1"],
            binaries: &["1", "2"],
            asked: &[
                "-k a/b => 1",
                "-K a/b => 2",
                "-k =a/b-2 => 2",
                "-k --use-ebuild-visibility =a/b-2 => ebuild",
            ],
            ..NONE
        },
        Row {
            id: "no ebuild at all",
            binaries: &["2"],
            asked: &["-k a/b => 2", "-k --use-ebuild-visibility a/b => ebuild"],
            ..NONE
        },
        Row {
            id: "a masked ebuild of the version",
            ebuilds: &["1", "2; KEYWORDS=~x86"],
            binaries: &["2"],
            asked: &["-k a/b => ebuild", "-k =a/b-2 => 2", "-K a/b => 2"],
            ..NONE
        },
        Row {
            id: "a masked package",
            ebuilds: &["2"],
            binaries: &["2; KEYWORDS=~x86"],
            asked: &["-k a/b => keywords", "-K a/b => keywords"],
            ..NONE
        },
        Row {
            id: "package.mask",
            ebuilds: &["1", "2"],
            binaries: &["1", "2"],
            files: &[("etc/portage/package.mask", "=a/b-2")],
            asked: &["-k a/b => 1", "-K a/b => 1"],
        },
        Row {
            id: "LICENSE",
            ebuilds: &["1; LICENSE=Z"],
            binaries: &["1; LICENSE=Z"],
            files: &[(MAKE_CONF, "ACCEPT_LICENSE=\"* -Z\"")],
            asked: &["-k a/b => ebuild license", "-K a/b => license"],
        },
        Row {
            id: "ebuilds of another slot",
            ebuilds: &["1; SLOT=1", "2; SLOT=2; KEYWORDS=~x86"],
            binaries: &["2; SLOT=2"],
            asked: &["-k a/b => ebuild", "-k a/b:2 => 2"],
            ..NONE
        },
        Row {
            id: "an invalid slot is 0",
            binaries: &["1; SLOT=-bad"],
            files: &[("etc/portage/package.mask", "a/b:0/0")],
            asked: &["-K a/b => invalid mask", "-K a/b:0 => invalid mask"],
            ..NONE
        },
        Row {
            id: "a repository that is gone",
            ebuilds: &["1"],
            binaries: &["1; REPO=gone"],
            asked: &[
                "-k a/b => 1",
                "-k a/b::gone => 1",
                "-k a/b::gentoo => nothing",
            ],
            ..NONE
        },
    ]);
}

/// Packages without an ebuild, under `-K`.
#[test]
fn masks_of_packages() {
    for (binary, conf, expected) in [
        ("1; KEYWORDS=", "", "keywords"),
        ("1; KEYWORDS=amd64", "", "keywords"),
        ("1; KEYWORDS=-x86", "", "keywords"),
        ("1; KEYWORDS=~x86", "", "keywords"),
        ("1; KEYWORDS=-* x86", "", "1"),
        (
            "1; RESTRICT=bindist",
            "ACCEPT_RESTRICT=\"* -bindist\"",
            "restrict",
        ),
        ("1; RESTRICT=bindist", "ACCEPT_RESTRICT=\"*\"", "1"),
        (
            "1; PROPERTIES=interactive",
            "ACCEPT_PROPERTIES=\"* -interactive\"",
            "properties",
        ),
        ("1; CHOST=foo-bar", "", "chost"),
        ("1; EAPI=99", "", "eapi"),
        ("1; EAPI=9", "", "1"),
        ("1; EAPI=9-pre1", "", "1"),
        ("1; EAPI=8-foo", "", "eapi"),
        ("1; EAPI=", "", "eapi"),
        ("1; RDEPEND=nope? ( d/x ); IUSE=foo", "", "invalid"),
        ("1; RDEPEND=d/x-1", "", "invalid"),
        ("1; RDEPEND=d/x::repo", "", "invalid"),
        ("1; LICENSE=( x", "", "invalid"),
        ("1; EAPI=4; RDEPEND=d/x:0/0=", "", "invalid"),
        ("1; SLOT=b@d", "", "invalid"),
        ("1; SLOT=", "", "invalid"),
        ("1; EAPI=0; IUSE=+foo", "", "invalid"),
        ("1; REQUIRES=libz.so.1", "", "invalid"),
        ("1; REQUIRES=x86_32: libz.so.1", "", "1"),
    ] {
        let made = scratch();
        write_base(made.path());
        write_indexes(made.path(), &[binary]);
        append(made.path(), MAKE_CONF, conf);
        let found = taken(made.path(), &["-K", "a/b"]);
        assert_eq!(found, expected, "{binary} {conf}");
    }
}

#[test]
fn flags() {
    let on = &[(MAKE_CONF, "USE=foo")][..];
    check(&[
        Row {
            id: "the state differs",
            ebuilds: &["1; IUSE=foo"],
            binaries: &["1; IUSE=foo"],
            files: on,
            asked: &[
                "-k a/b => use(-foo)",
                "-k --binpkg-respect-use=n a/b => 1",
                "-K a/b => 1",
                "-K --binpkg-respect-use=y a/b => use(-foo)",
                "-K --newuse a/b => use(-foo)",
                "-K --changed-use a/b => use(-foo)",
                "-k --binpkg-respect-use=n --newuse a/b => use(-foo)",
            ],
        },
        Row {
            id: "a new flag",
            ebuilds: &["1; IUSE=foo new"],
            binaries: &["1; IUSE=foo"],
            asked: &[
                "-k a/b => use(-new)",
                "-k --changed-use a/b => 1",
                "-k --binpkg-respect-use=n a/b => 1",
                "-K a/b => 1",
            ],
            ..NONE
        },
        Row {
            id: "a new flag that is on",
            ebuilds: &["1; IUSE=foo +new"],
            binaries: &["1; IUSE=foo"],
            asked: &["-k a/b => use(-new)", "-k --changed-use a/b => use(-new)"],
            ..NONE
        },
        Row {
            id: "another default",
            ebuilds: &["1; IUSE=+foo"],
            binaries: &["1; IUSE=foo; USE=foo"],
            asked: &["-k a/b => 1"],
            ..NONE
        },
        Row {
            id: "a new flag that is masked",
            ebuilds: &["1; IUSE=foo new"],
            binaries: &["1; IUSE=foo"],
            files: &[("etc/portage/profile/use.mask", "new")],
            asked: &["-k a/b => 1"],
        },
        Row {
            id: "on and now masked",
            ebuilds: &["1; IUSE=foo"],
            binaries: &["1; IUSE=foo; USE=foo"],
            files: &[("etc/portage/profile/use.mask", "foo")],
            asked: &["-k a/b => use(foo)", "-K a/b => 1"],
        },
        Row {
            id: "off and now forced",
            ebuilds: &["1; IUSE=foo"],
            binaries: &["1; IUSE=foo"],
            files: &[("etc/portage/profile/use.force", "foo")],
            asked: &["-k a/b => use(-foo)"],
        },
        Row {
            id: "implicit flags",
            ebuilds: &["1; IUSE=foo"],
            binaries: &["1; IUSE=foo; USE=x86 kernel_linux"],
            asked: &["-k a/b => 1"],
            ..NONE
        },
        Row {
            id: "a flag that is gone",
            ebuilds: &["1"],
            binaries: &["1; IUSE=old; USE=old"],
            asked: &["-k a/b => use(old)", "-K a/b => 1"],
            ..NONE
        },
        Row {
            id: "no ebuild to compare with",
            binaries: &["1; IUSE=foo; USE=foo"],
            asked: &[
                "-k a/b[foo] => ebuild use(foo)",
                "-k a/b[bar] => nothing",
                "-K a/b[foo] => 1",
            ],
            ..NONE
        },
        Row {
            id: "recorded USE beyond IUSE",
            binaries: &["1; IUSE=foo; USE=foo bar"],
            asked: &["-K a/b[bar] => 1"],
            ..NONE
        },
        Row {
            id: "recorded USE beyond IUSE, old EAPI",
            binaries: &["1; EAPI=4; IUSE=foo; USE=foo bar"],
            asked: &["-K a/b[bar] => nothing"],
            ..NONE
        },
    ]);
}

/// Ebuild, binary package, outcomes under `-k` and its like.
#[test]
fn dependencies() {
    for (ebuild, binary, asked) in [
        (
            "1; RDEPEND=d/x d/y",
            "1; RDEPEND=d/x",
            &[
                "-k a/b => deps",
                "-k --binpkg-changed-deps=n a/b => 1",
                "-K a/b => 1",
                "-K --binpkg-changed-deps=y a/b => deps",
            ][..],
        ),
        (
            "1; RDEPEND=d/x d/y",
            "1; RDEPEND=d/y d/x",
            &["-k a/b => deps"],
        ),
        (
            "1; DEPEND=d/x d/y",
            "1; DEPEND=d/x",
            &[
                "-k a/b => 1",
                "-k --with-bdeps=y a/b => deps",
                "-k --with-bdeps=n a/b => 1",
            ],
        ),
        (
            "1; BDEPEND=d/x",
            "1",
            &["-k a/b => 1", "-k --with-bdeps=y a/b => deps"],
        ),
        ("1; PDEPEND=d/x", "1", &["-k a/b => deps"]),
        ("1; IDEPEND=d/x", "1", &["-k a/b => deps"]),
        ("1; RDEPEND=d/z:=", "1; RDEPEND=d/z:0/1=", &["-k a/b => 1"]),
        ("1; RDEPEND=d/z:0=", "1; RDEPEND=d/z:0/1=", &["-k a/b => 1"]),
        ("1; RDEPEND=d/z:=", "1; RDEPEND=d/z", &["-k a/b => deps"]),
        ("1; RDEPEND=d/z:0", "1; RDEPEND=d/z:=", &["-k a/b => deps"]),
        ("1; RDEPEND=d/z:*", "1; RDEPEND=d/z", &["-k a/b => deps"]),
        (
            "1; IUSE=foo; RDEPEND=foo? ( d/x ) !foo? ( d/y )",
            "1; IUSE=foo; RDEPEND=d/y",
            &["-k a/b => 1"],
        ),
        ("1; RDEPEND=>=d/x-1", "1; RDEPEND=d/x", &["-k a/b => deps"]),
        ("1; RDEPEND=d/x !d/w", "1; RDEPEND=d/x", &["-k a/b => deps"]),
        (
            "1; RDEPEND=|| ( d/x d/y )",
            "1; RDEPEND=|| ( d/y d/x )",
            &["-k a/b => deps"],
        ),
        ("1; RDEPEND=|| ( d/x )", "1; RDEPEND=d/x", &["-k a/b => 1"]),
        (
            "1; RDEPEND=( d/x d/y )",
            "1; RDEPEND=d/x d/y",
            &["-k a/b => 1"],
        ),
        ("1; RDEPEND=d/x d/x", "1; RDEPEND=d/x", &["-k a/b => deps"]),
        ("1; PDEPEND=d/x", "1; RDEPEND=d/x", &["-k a/b => deps"]),
        (
            "1; IUSE=foo; RDEPEND=d/x[foo(+)?]",
            "1; IUSE=foo; RDEPEND=d/x",
            &["-k a/b => 1"],
        ),
        // The index holds what is left of an empty group, the ebuild's is dropped.
        (
            "1; EAPI=6; IUSE=foo; RDEPEND=|| ( foo? ( d/x ) )",
            "1; EAPI=6; IUSE=foo; RDEPEND=__const__/empty-any-of",
            &["-k a/b => deps"],
        ),
        (
            "1; EAPI=7; RDEPEND=d/x",
            "1; EAPI=8; RDEPEND=d/x",
            &["-k a/b => 1"],
        ),
        (
            "1; IN=ovl; RDEPEND=d/y",
            "1; RDEPEND=d/x",
            &["-k a/b => deps"],
        ),
        // Reduced twice, this has one group less.
        (
            "1; RDEPEND=|| ( d/a ( || ( ( d/b d/c ) ) d/d ) )",
            "1; RDEPEND=|| ( d/a ( ( d/b d/c ) d/d ) )",
            &["-k a/b => deps"],
        ),
    ] {
        check(&[Row {
            id: ebuild,
            ebuilds: &[ebuild],
            binaries: &[binary],
            files: OVERLAY,
            asked,
        }]);
    }
}

/// A repository of higher priority.
const OVERLAY: &[(&str, &str)] = &[
    (
        "etc/portage/repos.conf",
        "[ovl]\nlocation = /var/db/repos/ovl\npriority = 9",
    ),
    ("var/db/repos/ovl/metadata/layout.conf", "masters = gentoo"),
    ("var/db/repos/ovl/profiles/repo_name", "ovl"),
];

#[test]
fn the_c_library() {
    const INSTALLED: &[(&str, &str)] = &[
        ("var/db/pkg/virtual/libc-1/RDEPEND", "sys-libs/glibc:2.2"),
        ("var/db/pkg/virtual/libc-1/SLOT", "0"),
        ("var/db/pkg/virtual/libc-1/EAPI", "8"),
        ("var/db/pkg/sys-libs/glibc-2.41/SLOT", "2.2"),
        ("var/db/pkg/sys-libs/glibc-2.41/EAPI", "8"),
    ];
    for (files, binary, asked) in [
        (
            INSTALLED,
            "1; RDEPEND=>=sys-libs/glibc-2.40",
            &["-k a/b => 1"],
        ),
        (
            INSTALLED,
            "1; RDEPEND=|| ( sys-libs/glibc a/c )",
            &["-k a/b => deps"],
        ),
        (&[], "1; RDEPEND=>=sys-libs/glibc-2.40", &["-k a/b => deps"]),
    ] {
        check(&[Row {
            id: binary,
            ebuilds: &["1"],
            binaries: &[binary],
            files,
            asked,
        }]);
    }
}

#[test]
fn order() {
    const HOSTS: &[(&str, &str)] = &[(
        "etc/portage/binrepos.conf",
        "[hi]\nsync-uri = file:///srv/hi\npriority = 9\n[lo]\nsync-uri = file:///srv/lo\npriority = 1",
    )];
    for (binaries, asked) in [
        (
            &["1; HOST=hi; BUILD_TIME=100", "1; HOST=lo; BUILD_TIME=200"][..],
            &["-g a/b => lo 1"][..],
        ),
        (
            &[
                "1; HOST=hi; BUILD_TIME=100; SIZE=261",
                "1; HOST=lo; BUILD_TIME=100; SIZE=233",
            ],
            &["-g a/b => lo 1"],
        ),
        (&["1; HOST=hi", "1; HOST=lo"], &["-g a/b => hi 1"]),
        (
            &["1; HOST=hi; BUILD_TIME=500", "2; HOST=lo; BUILD_TIME=100"],
            &["-g a/b => hi 1", "-G a/b => lo 2"],
        ),
        (
            &[
                "1; HOST=hi; BUILD_ID=1; BUILD_TIME=100",
                "1; BUILD_ID=2; BUILD_TIME=100",
            ],
            &["-g a/b => hi 1-1"],
        ),
        (
            &[
                "1; HOST=hi; BUILD_ID=1; BUILD_TIME=300",
                "1; BUILD_ID=2; BUILD_TIME=100",
            ],
            &["-g a/b => hi 1-1"],
        ),
        (
            &[
                "1; BUILD_ID=1; BUILD_TIME=200",
                "1; BUILD_ID=2; BUILD_TIME=100",
            ],
            &["-k a/b => 1-1", "-k =a/b-1-2 => 1-2"],
        ),
        (
            &[
                "1; BUILD_ID=1; BUILD_TIME=100",
                "1; BUILD_ID=2; BUILD_TIME=200; IUSE=x; USE=x",
            ],
            &["-k a/b => 1-1"],
        ),
        (
            &[
                "1; BUILD_ID=1; BUILD_TIME=100",
                "1; BUILD_ID=2; BUILD_TIME=100",
            ],
            &["-k a/b => 1-2"],
        ),
    ] {
        check(&[Row {
            id: binaries[0],
            ebuilds: &["1"],
            binaries,
            files: HOSTS,
            asked,
        }]);
    }
}

#[test]
fn exclusions() {
    check(&[
        Row {
            id: "slots",
            binaries: &["1; SLOT=1", "2; SLOT=2"],
            asked: &[
                "-K --usepkg-exclude=a/b:2 a/b => excluded, accepted",
                "-K --usepkg-exclude=a/b:2 a/b:1 => 1",
                "-K --usepkg-include=a/b:1 a/b => excluded, accepted",
            ],
            ..NONE
        },
        Row {
            id: "include",
            ebuilds: &["1"],
            binaries: &["1"],
            asked: &[
                "-k --usepkg-include=x/y a/b => excluded",
                "-k --usepkg-include=a/b a/b => 1",
            ],
            ..NONE
        },
        Row {
            id: "live",
            ebuilds: &["1; PROPERTIES=live"],
            binaries: &["1; PROPERTIES=live"],
            asked: &["-k --usepkg-exclude-live a/b => excluded", "-k a/b => 1"],
            ..NONE
        },
        Row {
            id: "targets only",
            binaries: &["1", "1; CPN=d/x"],
            asked: &["-k --nobindeps a/b => 1"],
            ..NONE
        },
        Row {
            id: "usepkg-include of a repository",
            binaries: &["1", "1; CPN=a/c", "1; CPN=a/d; REPO=ovl"],
            files: &[(
                "usr/share/portage/config/repos.conf",
                "usepkg-include = a/b",
            )],
            asked: &["-K a/b => 1", "-K a/c => excluded", "-K a/d => excluded"],
            ..NONE
        },
        Row {
            id: "usepkg-exclude of a repository",
            binaries: &["1", "1; CPN=a/c"],
            files: &[("usr/share/portage/config/repos.conf", "usepkg-exclude = b")],
            asked: &["-K a/b => excluded", "-K a/c => 1"],
            ..NONE
        },
    ]);
}

#[test]
fn user_patches() {
    const X: &str =
        "1; USER_PATCHES=73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac";
    let patch = &[("etc/portage/patches/a/b/1.patch", "x")][..];
    for (binary, files, asked) in [
        ("1", NONE.files, &["-k a/b => 1"][..]),
        (
            "1",
            patch,
            &[
                "-k a/b => patches",
                "-K a/b => patches",
                "-k --binpkg-respect-user-patches=n a/b => 1",
                "-k --binpkg-respect-user-patches=y a/b => patches",
            ],
        ),
        (X, NONE.files, &["-k a/b => patches", "-K a/b => patches"]),
    ] {
        check(&[Row {
            id: binary,
            ebuilds: &["1"],
            binaries: &[binary],
            files,
            asked,
        }]);
    }
}
