#![allow(clippy::unwrap_used, reason = "tests may fail")]

use super::*;
use std::fs;
use std::path::Path;

/// Two repositories, `gentoo` and `ovl`, with files changed as given; then the outcome as
/// `main: name priority (masters) …` with the number of notices at the end.
fn outcome(files: &[(&str, &str)], portdir: Option<&str>, overlays: Option<&str>) -> String {
    let temp = tempfile::tempdir().unwrap();
    let base = fs::canonicalize(temp.path()).unwrap();
    let text = |text: &str| text.replace("@P", base.to_str().unwrap());
    let write = |path: &str, contents: &str| {
        let path = base.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text(contents)).unwrap();
    };
    write("repo/profiles/repo_name", "gentoo\n");
    write("repo/metadata/layout.conf", "masters =\n");
    write("ovl/profiles/repo_name", "ovl\n");
    write("ovl/metadata/layout.conf", "masters = gentoo\n");
    for (path, contents) in files {
        write(path, contents);
    }
    let (portdir, overlays) = (portdir.map(text), overlays.map(text));
    let place = |value: &Option<String>| -> Option<(String, Source)> {
        value.clone().map(|value| (value, Source::BuiltIn))
    };
    let (portdir, overlays) = (place(&portdir), place(&overlays));
    let places = Places {
        text: None,
        shipped: "",
        files: vec![base.join("repos.conf")],
        portdir: portdir.as_ref().map(|(v, s)| (v.as_str(), s.clone())),
        overlays: overlays.as_ref().map(|(v, s)| (v.as_str(), s.clone())),
        builtin: vec![("EPREFIX", base.to_str().unwrap())],
    };
    let notices = Notices::default();
    let (repositories, _) = Repositories::load(&Chroot::default(), &places, &notices).unwrap();
    let list = &repositories.list;
    let main = repositories.main.map_or("-", |main| &*list[main].name);
    let mut out = format!("{main}:");
    for one in list {
        let masters: Vec<&str> = one.masters.iter().map(|&m| &*list[m].name).collect();
        let at = one.location.strip_prefix(&base).unwrap().display();
        out += &format!(
            " {}@{at} {} ({})",
            one.name,
            one.priority,
            masters.join(" ")
        );
    }
    let count = notices.sorted().len();
    if count > 0 {
        format!("{out} !{count}")
    } else {
        out
    }
}

const BOTH: &str = "gentoo: gentoo@repo -1000 () ovl@ovl 0 (gentoo)";
const ONE: &str = "gentoo: gentoo@repo -1000 ()";

#[test]
fn repos_conf_is_read_as_portage_does() {
    for (section, expected) in [
        ("[ovl]\nlocation=@P/ovl", BOTH.to_owned()),
        ("[ovl]\nlocation=%(EPREFIX)s/ovl/../ovl", BOTH.to_owned()),
        (
            "[ovl]\nlocation=@P/ovl\nmasters =",
            BOTH.replace("(gentoo)", "()"),
        ),
        (
            "[ovl]\nlocation=@P/ovl\nmasters = gentoo nope",
            format!("{BOTH} !1"),
        ),
        (
            "[ovl]\nlocation=@P/ovl\nmasters = ovl gentoo",
            BOTH.replace("(g", "(ovl g"),
        ),
        ("[foo]\nlocation=@P/ovl", format!("{ONE} !1")),
        ("[foo]\nlocation=@P/ovl\naliases=foo", BOTH.to_owned()),
        ("[ovl]\nlocation=@P/none", format!("{ONE} !1")),
        ("[ovl]\nlocation=ovl", format!("{ONE} !1")),
        ("[ovl]\npriority=3", format!("{ONE} !1")),
        ("[ovl]\nlocation=@P/ovl\npriority= x", BOTH.to_owned()),
        (
            "[ovl]\nlocation=@P/ovl\npriority=-2000",
            "gentoo: ovl@ovl -2000 (gentoo) gentoo@repo -1000 ()".to_owned(),
        ),
        ("[ovl]\nlocation=@P/ovl\nsync-uri=a%b", "-: !1".to_owned()),
        ("junk", "-: !1".to_owned()),
        (
            "[ovl]\nlocation=@P/ovl\naliases=gentoo",
            format!("{BOTH} !1"),
        ),
    ] {
        let conf =
            format!("[DEFAULT]\nmain-repo = gentoo\n[gentoo]\nlocation=@P/repo\n{section}\n");
        assert_eq!(
            outcome(&[("repos.conf", &conf)], None, None),
            expected,
            "{section}"
        );
    }
}

#[test]
fn the_main_repository_may_be_unknown() {
    let conf = |text: &'static str| outcome(&[("repos.conf", text)], None, None);
    let alone = "-: gentoo@repo 0 ()";
    assert_eq!(conf("[gentoo]\nlocation=@P/repo"), alone);
    assert_eq!(
        conf("[DEFAULT]\nmain-repo=nope\n[gentoo]\nlocation=@P/repo"),
        alone
    );
    let alias = "[DEFAULT]\nmain-repo=x\n[gentoo]\nlocation=@P/repo\naliases=x";
    assert_eq!(conf(alias), ONE);
    let priority = "[DEFAULT]\nmain-repo=gentoo\npriority=5\n[gentoo]\nlocation=@P/repo";
    assert_eq!(conf(priority), "gentoo: gentoo@repo 5 ()");
}

#[test]
fn portdir_and_overlays_add_repositories() {
    let main = "[DEFAULT]\nmain-repo=gentoo\n[gentoo]\nlocation=@P/repo\n";
    let with_priority = format!("{main}[ovl]\nlocation=@P/ovl\npriority=7\n");
    let other = ("o2/profiles/repo_name", "ovl");
    let layout = ("o2/metadata/layout.conf", "masters = gentoo");
    for (conf, portdir, overlays, expected) in [
        ("", Some("@P/repo"), Some("@P/ovl"), BOTH.to_owned()),
        (
            "junk",
            Some("@P/repo"),
            Some("@P/ovl"),
            format!("{BOTH} !1"),
        ),
        (main, None, Some("'@P/none' @P/ovl"), format!("{BOTH} !1")),
        (main, Some("@P/ovl"), None, BOTH.to_owned()),
        (
            &with_priority,
            None,
            Some("@P/o2"),
            BOTH.replace("@ovl 0", "@o2 7"),
        ),
        (main, Some("@P/nix"), None, format!("{ONE} !1")),
        (
            main,
            None,
            Some("@P/ovl @P/o3"),
            format!("{BOTH} x-o3@o3 1 ()"),
        ),
    ] {
        let files = [
            ("repos.conf", conf),
            other,
            layout,
            ("o3/metadata/layout.conf", "masters="),
        ];
        assert_eq!(
            outcome(&files, portdir, overlays),
            expected,
            "{conf} {portdir:?} {overlays:?}"
        );
    }
}

#[test]
fn repositories_say_their_masters_and_names() {
    let conf = "[DEFAULT]\nmain-repo=gentoo\n[gentoo]\nlocation=@P/repo\n[ovl]\nlocation=@P/ovl\n";
    for (file, text, expected) in [
        ("ovl/metadata/layout.conf", "", format!("{BOTH} !1")),
        (
            "ovl/metadata/layout.conf",
            "masters = gentoo # x\nmasters =\n",
            BOTH.replace("(gentoo)", "()"),
        ),
        (
            "ovl/metadata/layout.conf",
            "junk\n# masters =\n =x\nmasters = gentoo # nix",
            format!("{BOTH} !2"),
        ),
        (
            "ovl/metadata/layout.conf",
            "masters == gentoo",
            format!("{BOTH} !1"),
        ),
        (
            "ovl/metadata/layout.conf",
            "masters=gentoo\nrepo-name=q",
            format!("{ONE} !1"),
        ),
        (
            "ovl/metadata/layout.conf",
            "masters=gentoo\nrepo-name=q\naliases=ovl",
            BOTH.replace("ovl@", "q@"),
        ),
        ("ovl/profiles/repo_name", "", BOTH.to_owned()),
        ("ovl/profiles/repo_name", "-o .v!l\nx", format!("{ONE} !1")),
        (
            "repo/metadata/layout.conf",
            "masters = ovl",
            BOTH.replace("()", "(ovl)"),
        ),
    ] {
        let found = outcome(&[("repos.conf", conf), (file, text)], None, None);
        assert_eq!(found, expected, "{file} {text:?}");
    }
}

#[test]
fn names_are_corrected() {
    for (text, expected) in [
        ("gentoo", Some("gentoo")),
        ("-a  .b!", Some("a-b")),
        ("é ü", Some("é-ü")),
        ("!", None),
    ] {
        assert_eq!(layout::valid_name(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn layout_conf_decides_what_profiles_may_hold() {
    for (eapi, layout, expected) in [
        ("5", "", "d 5 0"),
        ("8", "", "d 8 0"),
        ("9", "", "d 9 9"),
        ("8\n\n", "", "d 0 0"),
        ("77", "", "d 0 0"),
        ("0", "profile-formats =", " 0 0"),
        (
            "0",
            "profile-formats = portage-2 foo profile-set build-id",
            "dcsb 0 0",
        ),
        (
            "0",
            "profile-formats = profile-repo-deps profile-license",
            "rl 0 0",
        ),
        ("0", "profile_eapi_when_unspecified = 7", "d 0 0"),
        (
            "0",
            "profile-formats = profile-default-eapi\nprofile_eapi_when_unspecified = 7",
            " 0 7",
        ),
        (
            "0",
            "profile-formats = profile-default-eapi\nprofile_eapi_when_unspecified = 99",
            " 0 0",
        ),
        (
            "9",
            "profile-formats = profile-default-eapi\nprofile_eapi_when_unspecified = 7",
            " 9 9",
        ),
    ] {
        let temp = tempfile::tempdir().unwrap();
        for (path, text) in [("profiles/eapi", eapi), ("metadata/layout.conf", layout)] {
            let path = temp.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let read = layout::Layout::read(
            &Chroot::default(),
            Path::new(temp.path()),
            &Notices::default(),
        )
        .unwrap();
        let formats = read.formats;
        let letters = [
            (formats.directories, "d"),
            (formats.colon_parents, "c"),
            (formats.profile_set, "s"),
            (formats.build_id, "b"),
            (formats.repo_deps, "r"),
            (formats.license, "l"),
        ];
        let mut found: String = letters
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, letter)| *letter)
            .collect();
        found += &format!(" {} {}", read.profiles_eapi, read.default_profile_eapi);
        assert_eq!(found, expected, "{eapi:?} {layout:?}");
    }
}

#[test]
fn contradicting_lists_lose_what_they_share() {
    let conf = "[gentoo]\nlocation=@P/repo\nusepkg-exclude = a/b c */d\nusepkg-include = c d e\n";
    let temp = tempfile::tempdir().unwrap();
    fs::create_dir(temp.path().join("repo")).unwrap();
    let text = conf.replace("@P", temp.path().to_str().unwrap());
    let places = Places {
        text: Some(&text),
        ..Places::default()
    };
    let (repositories, names) =
        Repositories::load(&Chroot::default(), &places, &Notices::default()).unwrap();
    let words = |list: &[(String, Source)]| -> Vec<String> {
        list.iter().map(|(word, _)| word.clone()).collect()
    };
    assert_eq!(words(&repositories.list[0].usepkg_exclude), ["a/b"]);
    assert_eq!(words(&repositories.list[0].usepkg_include), ["e"]);
    assert_eq!(names.get("gentoo"), Some(&0));
}
