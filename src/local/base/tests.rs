#![allow(clippy::unwrap_used, reason = "tests may fail")]

use super::*;
use std::fs;

/// Load a machine with profiles `base` (which sets ARCH) and `leaf`, and give variables as `A=[a]`.
fn outcome(files: &[(&str, &str)], env: &[(&str, &str)], names: &str) -> String {
    let (base, notices) = match load(files, env) {
        Ok(loaded) => loaded,
        Err(error) => return format!("error {error:#}"),
    };
    let mut out: Vec<String> = names
        .split_whitespace()
        .map(|name| match base.vars.get(name) {
            Some(value) => format!("{name}=[{value}]"),
            None => format!("{name}!"),
        })
        .collect();
    let notices = notices.sorted();
    out.extend(notices.iter().map(|notice| format!("({notice})")));
    out.join(" ")
}

fn load(files: &[(&str, &str)], env: &[(&str, &str)]) -> anyhow::Result<(Base, Notices)> {
    let temp = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = temp.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let config = "usr/share/portage/config";
    write(
        &format!("{config}/make.globals"),
        "ACCEPT_PROPERTIES=\"*\" FEATURES=\"g\"",
    );
    write(
        &format!("{config}/repos.conf"),
        "[DEFAULT]\nmain-repo=gentoo\n[gentoo]\nlocation=/repo",
    );
    write("repo/metadata/layout.conf", "masters=");
    write("repo/profiles/repo_name", "gentoo");
    write("repo/profiles/base/make.defaults", "ARCH=x86");
    write("repo/profiles/leaf/parent", "../base");
    write("etc/portage/x", "");
    let link = temp.path().join("etc/portage/make.profile");
    std::os::unix::fs::symlink("/repo/profiles/leaf", link).unwrap();
    for (path, text) in files {
        write(path, text);
    }
    let notices = Notices::default();
    let chroot = Chroot::new(Some(temp.path().to_path_buf())).unwrap();
    let base = Base::load(chroot, env.iter().copied().collect(), &notices)?;
    Ok((base, notices))
}

const BASE: &str = "repo/profiles/base/make.defaults";
const LEAF: &str = "repo/profiles/leaf/make.defaults";
const MAKE_CONF: &str = "etc/portage/make.conf";

#[test]
fn files_expand_what_was_read_before_them() {
    let profile = (LEAF, "PVX=p USE=pu");
    let globals = ("usr/share/portage/config/make.globals", "DISTDIR=/d");
    let conf = (
        MAKE_CONF,
        "VA=\"${PVX} ${DISTDIR} ${USE}\" USE=\"x ${USE}\" VB=\"${USE}\" VC=\"${MYENV}\"",
    );
    let found = outcome(&[profile, globals, conf], &[("MYENV", "e")], "VA VB VC USE");
    assert_eq!(found, "VA=[p /d pu] VB=[x pu] VC=[] USE=[x pu]");
    let roots = "V=$EPREFIX:$EROOT:$ROOT:$PORTDIR:$PORTAGE_CONFIGROOT:$SYSROOT:$ESYSROOT:$BROOT";
    assert_eq!(
        outcome(&[(MAKE_CONF, roots)], &[], "V"),
        "V=[:/:/:/repo:/:/:/:]"
    );
    let env_d = (
        "etc/profile.env",
        "export V='1'\nexport W='w'\nexport X='$W'",
    );
    let conf = (MAKE_CONF, "V=2 Z=$W:$X __A=a B=$__A");
    let found = outcome(&[env_d, conf], &[("V", "1"), ("W", "w2")], "V W X Z __A B");
    assert_eq!(found, "V=[2] W=[w2] X=[$W] Z=[w:$W] __A! B=[a]");
}

#[test]
fn both_places_of_make_conf_are_read() {
    let old = ("etc/make.conf", "V=a W=w USE=a");
    let found = outcome(&[old, (MAKE_CONF, "V=$V X=$W USE=b")], &[], "V W X USE");
    let notice = "(/etc/make.conf: is read besides /etc/portage/make.conf; merge the two)";
    assert_eq!(found, format!("V=[a] W=[w] X=[w] USE=[b] {notice}"));
    assert_eq!(outcome(&[old], &[], "V USE"), "V=[a] USE=[a]");
    let parts = [
        ("etc/portage/make.conf/10", "V=a USE=a"),
        ("etc/portage/make.conf/20", "V=${V}b USE=b source ../x"),
        ("etc/portage/make.conf/30~", "V=c"),
    ];
    assert_eq!(outcome(&parts, &[], "V USE"), "V=[ab] USE=[b]");
}

#[test]
fn some_names_cannot_be_set() {
    let conf = "ROOT=/usr/share IUSE=a KEYWORDS=b";
    let found = outcome(
        &[(MAKE_CONF, conf)],
        &[("SLOT", "1"), ("_", "x")],
        "ROOT IUSE KEYWORDS SLOT _",
    );
    assert_eq!(found, "ROOT! IUSE! KEYWORDS! SLOT! _!");
    let profile = (
        BASE,
        "ARCH=x86 PROFILE_ONLY_VARIABLES=\"CHOST V\" CHOST=prof V=p",
    );
    let conf = (MAKE_CONF, "CHOST=conf V=conf");
    assert_eq!(
        outcome(&[profile, conf], &[("CHOST", "env")], "CHOST V"),
        "CHOST=[prof] V=[p]"
    );
}

#[test]
fn global_package_env_is_part_of_make_conf() {
    let found = outcome(
        &[
            (
                MAKE_CONF,
                "ACCEPT_LICENSE=a USE=a FEATURES=fa VIDEO_CARDS=a V=1",
            ),
            ("etc/portage/package.env", "*/* e f\n*/* g\na/b g\n"),
            (
                "etc/portage/env/e",
                "ACCEPT_LICENSE=b USE=\"b $USE\" FEATURES=fb VIDEO_CARDS=\"b $VIDEO_CARDS\" V=2$V\nKEYWORDS=x __X=1",
            ),
            ("etc/portage/env/g", "V=3$V\nUSE=c"),
        ],
        &[],
        "ACCEPT_LICENSE USE FEATURES VIDEO_CARDS V KEYWORDS __X",
    );
    let notices = "(/etc/portage/env/e:2: KEYWORDS cannot be set here and is skipped) \
                   (/etc/portage/package.env:1: /etc/portage/env/f does not exist)";
    assert_eq!(
        found,
        format!(
            "ACCEPT_LICENSE=[b] USE=[a b a c] FEATURES=[fa fb] VIDEO_CARDS=[b a] V=[321] KEYWORDS! __X=[1] {notices}"
        )
    );
}

#[test]
fn words_come_with_the_lines_that_decided() {
    let files = [
        (BASE, "ARCH=x86\nFEATURES=\"a b\""),
        (LEAF, "FEATURES=\"-b\n c\""),
        (MAKE_CONF, "\n\nFEATURES=\"d \\\n e\""),
        ("etc/portage/package.env", "*/* x"),
        ("etc/portage/env/x", "\nFEATURES=f"),
    ];
    let (base, _) = load(&files, &[("FEATURES", "h -d")]).unwrap();
    let tokens = base.vars.incremental("FEATURES");
    let found: Vec<String> = tokens
        .iter()
        .map(|token| format!("{} {}", token.word, token.source))
        .collect();
    assert_eq!(
        found,
        [
            "a /repo/profiles/base/make.defaults:2",
            "c /repo/profiles/leaf/make.defaults:2",
            "e /etc/portage/make.conf:4",
            "f /etc/portage/env/x:2",
            "g /usr/share/portage/config/make.globals:1",
            "h environment variable FEATURES",
        ]
    );
}

#[test]
fn what_makes_emerge_abort_is_an_error() {
    for (file, text, expected) in [
        (
            MAKE_CONF,
            "A",
            "error /etc/portage/make.conf:1: '=' expected after \"A\"",
        ),
        (
            BASE,
            "A=",
            "error /repo/profiles/base/make.defaults:1: A has no value",
        ),
        (BASE, "", "error no profile sets ARCH"),
        (
            "repo/profiles/leaf/parent",
            "../none",
            "error the profile is invalid",
        ),
        (
            MAKE_CONF,
            "ROOT=/etc/portage/x",
            "error /etc/portage/x: ROOT is not a directory",
        ),
    ] {
        let found = outcome(&[(file, text)], &[], "");
        assert!(found.starts_with(expected), "{file}: {found}");
    }
    assert!(load(&[], &[("SYSROOT", "/usr")]).is_err());
    assert!(load(&[], &[("PORTAGE_CONFIGROOT", "/none")]).is_err());
    assert!(load(&[(BASE, "")], &[("ARCH", "x86")]).is_ok());
}

#[test]
fn a_machine_without_portages_files_gets_defaults() {
    let temp = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("var/db/repos/gentoo/metadata/layout.conf", "masters="),
        ("etc/portage/make.profile/make.defaults", "ARCH=x86"),
    ] {
        let path = temp.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let chroot = Chroot::new(Some(temp.path().to_path_buf())).unwrap();
    if chroot
        .kind(Path::new("/usr/share/portage/config"))
        .is_some()
    {
        return; // Those of the running system stand in.
    }
    let notices = Notices::default();
    let base = Base::load(chroot, Env::default(), &notices).unwrap();
    assert_eq!(base.vars.get("PKGDIR"), Some("/var/cache/binpkgs"));
    assert!(base.vars.has("FEATURES", "binpkg-multi-instance"));
    assert_eq!(base.repositories.main, Some(0));
    assert_eq!(notices.sorted().len(), 1);
}
