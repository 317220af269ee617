#![allow(clippy::unwrap_used, reason = "tests may fail")]

use super::*;
use crate::env::Env;
use std::fs;

/// A machine with a repository `gentoo` that has profiles `base` and `leaf`.
struct Machine {
    temp: tempfile::TempDir,
    chroot: Chroot,
    notices: Notices,
}

impl Machine {
    fn new(layout: &str, files: &[(&str, &str)]) -> Machine {
        let temp = tempfile::tempdir().unwrap();
        let machine = Machine {
            chroot: Chroot::new(Some(temp.path().to_path_buf())).unwrap(),
            temp,
            notices: Notices::default(),
        };
        machine.write("repo/metadata/layout.conf", layout);
        machine.write("repo/profiles/repo_name", "gentoo");
        machine.write("repo/profiles/base/x", "");
        machine.write("repo/profiles/leaf/parent", "../base");
        machine.write("repo/profiles/leaf/eapi", "8");
        machine.write("etc/portage/x", "");
        for (path, text) in files {
            machine.write(path, text);
        }
        if !machine
            .temp
            .path()
            .join("etc/portage/make.profile")
            .exists()
        {
            let link = machine.temp.path().join("etc/portage/make.profile");
            std::os::unix::fs::symlink("../../repo/profiles/leaf", link).unwrap();
        }
        machine
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.temp.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn load(&self) -> anyhow::Result<Profile> {
        let roots = Roots::of(&Env::default(), &self.chroot)?;
        let places = super::super::repositories::Places {
            text: Some("[gentoo]\nlocation=/repo\n"),
            ..Default::default()
        };
        let (repositories, names) =
            Repositories::load(&self.chroot, &places, &self.notices).unwrap();
        Profile::load(&self.chroot, &roots, (&repositories, &names), &self.notices)
    }

    /// The directories without what is the same in all, or the error without its wrapping.
    fn chain(&self) -> String {
        match self.load() {
            Ok(profile) => {
                let dirs = profile.nodes.iter().map(|node| {
                    let dir = node.dir.to_str().unwrap();
                    dir.strip_prefix("/repo/profiles/")
                        .unwrap_or(dir)
                        .to_owned()
                });
                dirs.collect::<Vec<_>>().join(", ")
            }
            Err(error) => format!("error {}", error.root_cause()),
        }
    }
}

const PORTAGE_2: &str = "masters=\nprofile-formats = portage-2";

#[test]
fn chains_are_what_portage_walks() {
    let parent = "repo/profiles/leaf/parent";
    for (layout, files, expected) in [
        ("", &[][..], "base, leaf"),
        (
            "",
            &[
                (parent, "../mid\n../base"),
                ("repo/profiles/mid/parent", "../base"),
            ],
            "base, mid, base, leaf",
        ),
        (
            "",
            &[(parent, "gentoo:base")],
            "error /repo/profiles/leaf/parent:1: parent \"gentoo:base\" does not exist \
             (/repo/profiles/leaf/gentoo:base)",
        ),
        (PORTAGE_2, &[(parent, "gentoo:base")], "base, leaf"),
        (PORTAGE_2, &[(parent, ":base")], "base, leaf"),
        (
            "",
            &[("etc/portage/make.profile/parent", "gentoo:base")],
            "base, /etc/portage/make.profile",
        ),
        (
            "",
            &[("etc/portage/make.profile/parent", "nope:base")],
            "error /etc/portage/make.profile/parent:1: parent \"nope:base\" names no known repository",
        ),
        (
            "",
            &[("etc/portage/make.profile/parent", ":base")],
            "error /etc/portage/make.profile/parent:1: parent \":base\" names no known repository",
        ),
        (
            "",
            &[(parent, "\n../none")],
            "error /repo/profiles/leaf/parent:2: parent \"../none\" does not exist (/repo/profiles/none)",
        ),
        ("", &[(parent, "# c\n\n../base # x")], "base, leaf"),
        ("", &[(parent, "/repo/profiles/base")], "base, leaf"),
        (
            "",
            &[(parent, "../base x")],
            "error /repo/profiles/leaf/parent:1: parent \"../base x\" does not exist \
             (/repo/profiles/base x)",
        ),
        (
            "",
            &[(parent, "# c")],
            "error /repo/profiles/leaf/parent: names no parent; remove it or write one",
        ),
        (
            "",
            &[("repo/profiles/leaf/eapi", "99")],
            "error /repo/profiles/leaf/eapi:1: EAPI \"99\" is not supported",
        ),
        ("", &[("repo/profiles/leaf/eapi", " 7 \n99")], "base, leaf"),
        (
            "",
            &[("repo/profiles/base/parent", "../leaf")],
            "error /repo/profiles/leaf: this profile is its own parent",
        ),
        (
            "",
            &[(parent, "../base/x")],
            "error /repo/profiles/base/x: a parent must be a directory",
        ),
        (
            "",
            &[("etc/portage/profile/use.mask", "x")],
            "base, leaf, /etc/portage/profile",
        ),
        (
            "",
            &[("etc/portage/profile", "x")],
            "error /etc/portage/profile: must be a directory",
        ),
        ("", &[("etc/make.profile/x", "")], "base, leaf"),
    ] {
        assert_eq!(Machine::new(layout, files).chain(), expected, "{files:?}");
    }
}

#[test]
fn chains_that_grow_have_an_end() {
    let machine = Machine::new("", &[("repo/profiles/leaf/parent", "../0\n../0")]);
    for level in 0..40 {
        let next = format!("../{}\n../{}", level + 1, level + 1);
        machine.write(&format!("repo/profiles/{level}/parent"), &next);
    }
    machine.write("repo/profiles/40/x", "");
    assert!(
        machine.chain().contains("too many parents"),
        "{}",
        machine.chain()
    );
}

#[test]
fn profiles_know_what_they_may_hold() {
    let node = |layout: &str, files: &[(&str, &str)], at: usize| -> ProfileNode {
        Machine::new(layout, files).load().unwrap().nodes[at].clone()
    };
    let shape = |node: ProfileNode| {
        let syntax = node.syntax(true);
        (
            node.eapi.map(Eapi::number),
            node.allow_directories,
            syntax.repository,
            syntax.wildcard,
            syntax.build_id,
        )
    };
    assert_eq!(
        shape(node("", &[], 0)),
        (Some(0), true, false, false, false)
    );
    let strict = "profile-formats=";
    assert_eq!(
        shape(node(strict, &[], 0)),
        (Some(0), false, false, false, false)
    );
    assert_eq!(
        shape(node(strict, &[], 1)),
        (Some(8), true, false, false, false)
    );
    let rich = "profile-formats = build-id profile-repo-deps";
    assert_eq!(
        shape(node(rich, &[], 1)),
        (Some(8), true, true, false, true)
    );
    let own = [("etc/portage/make.profile/parent", "gentoo:base")];
    assert_eq!(
        shape(node("", &own, 1)),
        (Some(0), true, false, false, false)
    );
    let user = [("etc/portage/profile/x", "")];
    assert_eq!(shape(node("", &user, 2)), (None, true, true, true, true));
    assert!(!node("", &user, 2).syntax(false).wildcard);
    let user = [("etc/portage/profile/eapi", "7")];
    assert_eq!(
        shape(node("", &user, 2)),
        (Some(7), true, false, false, true)
    );
    let user = [("etc/portage/profile/eapi", "7\n\n")];
    assert_eq!(shape(node("", &user, 2)), (None, true, true, true, true));
}

#[test]
fn directories_are_read_where_they_are_allowed() {
    let files = [
        ("repo/profiles/base/use.mask/a", "x"),
        ("repo/profiles/leaf/use.mask/a", "y"),
        ("repo/profiles/leaf/packages/a", "*a/b"),
    ];
    let machine = Machine::new("profile-formats=", &files);
    let nodes = machine.load().unwrap().nodes;
    let lines = |at: usize, name: &str| nodes[at].lines(&machine.chroot, name, &machine.notices);
    assert!(lines(0, "use.mask").is_err());
    assert_eq!(lines(1, "use.mask").unwrap()[0].words, ["y"]);
    assert!(lines(1, "packages").is_err());
    assert!(lines(1, "package.mask").unwrap().is_empty());
}

#[test]
fn make_defaults_expand_along_the_chain() {
    let files = [
        ("repo/profiles/base/make.defaults", "A=1 USE=\"u\" B=\"$G\""),
        (
            "repo/profiles/leaf/make.defaults/a",
            "A=\"${A}2\" USE=\"${USE} v\"",
        ),
        (
            "repo/profiles/leaf/make.defaults/b",
            "C=\"${A} ${USE}\" A=3",
        ),
    ];
    let machine = Machine::new("", &files);
    let mut profile = machine.load().unwrap();
    let mut map = HashMap::from([("G".to_owned(), "g".to_owned())]);
    profile
        .read_make_defaults(&machine.chroot, &mut map, &machine.notices)
        .unwrap();
    let values: Vec<String> = profile
        .nodes
        .iter()
        .flat_map(|node| &node.make_defaults)
        .map(|one| format!("{}=[{}]", one.name, one.value))
        .collect();
    assert_eq!(
        values,
        [
            "A=[1]",
            "USE=[u]",
            "B=[g]",
            "A=[3]",
            "USE=[ v]",
            "C=[12  v]"
        ]
    );
    assert_eq!(map["USE"], " v");
}
