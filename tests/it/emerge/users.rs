//! Ordinary users, who may pretend: in a user namespace of their own only they and their group have names.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use super::builds::Builds;
use super::client::{Client, Ended, end};
use super::namespace;

/// A user that every system has, and a group that Portage knows itself by.
const USER: &str = "65534";
const PORTAGE: &str = "61250";

/// Names users and groups as a Gentoo system would, then runs the rest of the words as an ordinary user.
/// A Python that lies in root's home is brought to where others may go.
const AS_USER: &str = r#"
set -e
if [ -n "$4" ]; then
    held=$(mktemp -d)
    mount --bind "$5" "$held"
    mount -t tmpfs -o mode=755 tmpfs "$4"
    mkdir -p "$5"
    mount --move "$held" "$5"
    rmdir "$held"
fi
mount --bind "$1" /etc/passwd
mount --bind "$2" /etc/group
who=$3
shift 5
exec setpriv $who "$@"
"#;

struct World {
    client: Client,
    builds: &'static Builds,
    has_portage: bool,
}

impl World {
    /// The directory on the way to Python that others may not enter, if there is one, and where Python lies.
    fn python(&self) -> (PathBuf, PathBuf) {
        let python = fs::canonicalize(self.builds.python).unwrap();
        let prefix = python.ancestors().nth(2).unwrap();
        let is_closed =
            |path: &&std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 1 == 0;
        let closed = prefix.ancestors().filter(is_closed).last();
        closed.map_or_else(Default::default, |closed| (closed.into(), prefix.into()))
    }

    /// `who` are words for setpriv.
    fn run(&self, who: &str, words: &[&str]) -> Ended {
        let names = |file: &str, line: &str| {
            let known = fs::read_to_string(format!("/etc/{file}")).unwrap();
            let line = if self.has_portage { line } else { "" };
            self.client.write(file, &format!("{known}\n{line}"));
            self.client.root().join(file)
        };
        let passwd = names(
            "passwd",
            &format!("portage:x:{PORTAGE}:{PORTAGE}:portage:/:/bin/false\n"),
        );
        let group = names("group", &format!("portage:x:{PORTAGE}:portage\n"));
        let mut command = self.client.command("unshare");
        command
            .args(["-m", "sh", "-c", AS_USER, "sh"])
            .args([passwd, group]);
        let (closed, prefix) = self.python();
        command.arg(who).args([closed, prefix]).args(words);
        for name in ["PORTAGE_USERNAME", "PORTAGE_GRPNAME"] {
            command.env_remove(name);
        }
        end(&mut command)
    }
}

/// Handing a file to the portage group is an error that emerge does not expect in such a namespace.
#[test]
fn a_member_of_the_portage_group_and_others_may_pretend() {
    let Some(builds) = Builds::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    for has_portage in [true, false] {
        let client = builds.client();
        let server = builds.serve("site");
        client.hosts(&[("site", &format!("sync-uri = {}", server.uri("")))]);
        let world = World {
            builds,
            client,
            has_portage,
        };
        let root = world.client.root().to_str().unwrap().to_owned();
        let shared = format!("{root}/var");
        for words in [
            ["chmod", "-R", "o+rX", &root],
            ["chgrp", "-R", PORTAGE, &shared],
            ["chmod", "-R", "g+rwsX", &shared],
        ] {
            let done = Command::new(words[0]).args(&words[1..]).status();
            assert!(done.unwrap().success(), "{words:?}");
        }
        let home = world.client.root().join("home");
        let owned = Command::new("chown").args(["-R", USER]).arg(&home).status();
        assert!(owned.unwrap().success());
        let member = format!("--reuid={USER} --regid={USER} --groups={PORTAGE}");
        let other = format!("--reuid={USER} --regid={USER} --clear-groups");
        // As in a container that was started for some number.
        let nameless = "--reuid=4711 --regid=4711 --clear-groups".to_owned();
        for who in [&member, &other, &nameless] {
            let alone = world.run(who, &["emerge", "-pg", "app-misc/tool"]);
            let may = world.run(who, &["unshare", "-Um", "true"]);
            if alone.code != Some(0) || may.code != Some(0) {
                eprintln!("skipped: another user cannot run emerge or have a namespace: {alone:?}");
                continue;
            }
            let bincheck = env!("CARGO_BIN_EXE_bincheck");
            let ended = world.run(who, &[bincheck, "--emerge", "-p", "app-misc/tool"]);
            assert_eq!(ended.code, Some(0), "{has_portage} {who}: {ended:?}");
            let is_alone = ended.stderr.contains("on its own");
            assert_eq!(is_alone, *who == nameless, "{ended:?}");
            assert!(!ended.stderr.contains("Traceback"), "{ended:?}");
            let merge = "app-misc/tool-2";
            assert!(ended.stdout.contains(merge), "{ended:?}");
            assert!(alone.stdout.contains(merge), "{alone:?}");
        }
    }
}
