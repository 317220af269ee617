//! Configuration that is there and may not be read: no answer, and an error that names it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::{bincheck, copy, project, scratch};

/// Another user than root, whom no permission keeps out.
const USER: [&str; 3] = ["--reuid=65534", "--regid=65534", "--clear-groups"];

/// Files and directories of the invented workstation, and what they hold if they are not there.
const PATHS: &[(&str, &str)] = &[
    ("var/lib/portage/world", ""),
    ("var/lib/portage", ""),
    ("var/lib/portage/world_sets", "@system\n"),
    ("etc/portage/make.conf", ""),
    ("etc/portage/package.use/media", ""),
    ("etc/portage/package.use", ""),
    ("etc/portage/package.mask", ""),
    ("etc/portage/package.unmask", ""),
    ("etc/portage/package.accept_keywords", ""),
    ("etc/portage/package.license", ""),
    ("etc/portage/package.env", "*/* x\n"),
    ("etc/portage/env/x", "USE=x\n"),
    ("etc/portage/package.properties", "*/* x\n"),
    ("etc/portage/package.accept_restrict", "*/* x\n"),
    ("etc/portage/categories", "x-x\n"),
    ("etc/portage/license_groups", "X y\n"),
    (
        "etc/portage/sets.conf",
        "[x]\nclass = portage.sets.base.DummyPackageSet\n",
    ),
    ("etc/portage/binrepos.conf/site.conf", ""),
    ("etc/portage/binrepos.conf", ""),
    ("etc/portage/repos.conf", ""),
    ("etc/portage/patches/app-shells/bash/site.patch", ""),
    ("etc/portage/patches", ""),
    ("etc/portage/profile/use.mask", "x\n"),
    ("etc/portage/profile/package.provided", "a/b-1\n"),
    ("etc/portage/profile/eapi", "6\n"),
    ("etc/portage/profile", ""),
    ("var/db/repos/gentoo/metadata/layout.conf", ""),
    ("var/db/repos/gentoo/profiles/repo_name", ""),
    ("var/db/repos/gentoo/profiles/package.mask", "x/y\n"),
    ("var/db/repos/gentoo/profiles/desktop/parent", ""),
    ("var/db/repos/gentoo/profiles/desktop/make.defaults", ""),
    ("var/db/repos/gentoo", ""),
    ("var/db/pkg/app-shells/bash-5.3_p3/USE", ""),
    ("var/db/pkg/app-shells", ""),
    ("etc", ""),
];

#[test]
fn what_may_not_be_read_is_named_and_nothing_is_answered() {
    let directory = scratch();
    let open = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode));
    open(directory.path(), 0o755).unwrap();
    let root = directory.path().join("root");
    copy(&project("testdata/workstation"), &root).unwrap();
    for (path, content) in PATHS {
        let path = root.join(path);
        if !path.exists() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }
    let Some(answered) = run(&root) else {
        eprintln!("skipped: another user cannot be had");
        return;
    };
    assert!(
        matches!(answered.status.code(), Some(0 | 1)),
        "{answered:?}"
    );
    let mut answered = Vec::new();
    for (path, _) in PATHS {
        let real = root.join(path);
        let before = fs::metadata(&real).unwrap().permissions();
        open(&real, 0).unwrap();
        let refused = run(&root).unwrap();
        fs::set_permissions(&real, before).unwrap();
        let error = String::from_utf8(refused.stderr).unwrap();
        let named = error.contains(&format!("cannot read /{path}"));
        if refused.status.code() != Some(2) || !refused.stdout.is_empty() || !named {
            answered.push(format!("{path}: {}, {error}", refused.status));
        }
    }
    assert!(answered.is_empty(), "{}", answered.join("\n"));
}

/// Tables take many times the room of their text, so there is a bound on all of it: without one 60 MiB of
/// package.use took 900 MiB.
#[test]
fn configuration_beyond_all_measure_is_refused() {
    let directory = scratch();
    let root = directory.path().join("root");
    copy(&project("testdata/workstation"), &root).unwrap();
    fs::write(
        root.join("etc/portage/package.use/zz"),
        "a/b x\n".repeat(5 << 20),
    )
    .unwrap();
    let inner = bincheck(&root, &directory.path().join("cache"));
    let mut limited = Command::new("bash");
    limited.args(["-c", "ulimit -v 1048576; exec \"$0\" \"$@\""]);
    limited.arg(inner.get_program()).args(inner.get_args());
    let output = limited.arg("@world").output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    let place = "/etc/portage/package.use/zz:13";
    assert!(error.contains(place), "{error}");
    assert!(error.contains("larger than 8 MiB in all"), "{error}");
}

/// The answer for `@world`, to a user who is not root; `None` where there can be none.
fn run(root: &Path) -> Option<Output> {
    let cache = root.join("cache");
    let inner = bincheck(root, &cache);
    let mut command = match rustix::process::getuid().is_root() {
        true => {
            let mut command = Command::new("setpriv");
            command.args(USER).arg(inner.get_program());
            command
        }
        false => Command::new(inner.get_program()),
    };
    command.args(inner.get_args()).arg("@world").arg("@x");
    for (name, value) in inner.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let output = command.output().ok()?;
    let denied = String::from_utf8_lossy(&output.stderr).contains("setpriv:");
    (!denied).then_some(output)
}
