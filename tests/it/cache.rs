//! Whose cache counts, with the whole program and real users.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::binhost::machine::{gzip, index};
use crate::binhost::server::{Server, ok};
use crate::emerge::client::Client;
use crate::support::{project, scratch};

/// Nobody in particular.
const OTHER: u32 = 65534;

/// A home with a cache in it, and a host.
struct World {
    home: TempDir,
    server: Server,
}

impl World {
    fn new() -> World {
        World {
            home: scratch(),
            server: Server::start(|_| ok(gzip(index(1, "app-misc/jq-1")))),
        }
    }

    fn cache(&self) -> std::path::PathBuf {
        self.home.path().join("cache")
    }

    /// bincheck, started by a program such as `setpriv` or not.
    fn command(&self, before: &[&str]) -> Command {
        let bincheck = env!("CARGO_BIN_EXE_bincheck");
        let mut words = before.iter().copied().chain([bincheck]);
        let mut command = Command::new(words.next().unwrap());
        command
            .args(words)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("HOME", self.home.path())
            .env("XDG_CACHE_HOME", self.cache())
            .arg("--chroot")
            .arg(project("testdata/workstation"))
            .args(["--no-fetch-metadata", "--all", "-v", "--binhost"])
            .arg(self.server.uri("x"))
            .stdin(Stdio::null());
        command
    }

    fn run(&self, before: &[&str]) -> String {
        let Output { stdout, stderr, .. } = self.command(before).output().expect("it runs");
        let messages = String::from_utf8_lossy(&stderr).into_owned();
        assert!(
            String::from_utf8_lossy(&stdout).contains("jq"),
            "{messages}"
        );
        messages
    }

    /// Files below the cache, as paths.
    fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        collect(&self.cache(), &mut found);
        found
    }
}

fn collect(directory: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            collect(&path, found);
        } else {
            found.push(path.display().to_string());
        }
    }
}

fn is_root() -> bool {
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        eprintln!("skipped: only root can be another user");
    }
    is_root
}

/// As under `sudo` with HOME or XDG_CACHE_HOME kept.
#[test]
fn root_does_not_use_the_cache_of_another_user() {
    if !is_root() {
        return;
    }
    let world = World::new();
    fs::create_dir_all(world.cache().join("bincheck/indexes")).unwrap();
    for path in ["", "bincheck", "bincheck/indexes"] {
        chown(world.cache().join(path), Some(OTHER), Some(OTHER)).unwrap();
        let messages = world.run(&["unshare", "-m", "sh", "-c", PRIVATE, "sh"]);
        let is_below = path.ends_with("indexes");
        assert_eq!(
            !is_below,
            messages.contains("XDG_CACHE_HOME is not used"),
            "{messages}"
        );
        assert!(messages.contains("belongs to user 65534"), "{messages}");
        assert_eq!(world.files(), [""; 0]);
        chown(world.cache().join(path), Some(0), Some(0)).unwrap();
    }
    let messages = world.run(&[]);
    assert!(!messages.contains("not used"), "{messages}");
    assert_eq!(world.files().len(), 1);
}

/// Root's own cache is out of the way while a test runs.
const PRIVATE: &str = "mount -t tmpfs -o mode=0755 tmpfs /var/cache && \"$@\"; status=$?; \
    find /var/cache -printf '%P %m %U\\n' >&2; exit $status";

#[test]
fn root_has_a_cache_of_its_own() {
    if !is_root() || !crate::emerge::namespace::is_possible() {
        return;
    }
    let world = World::new();
    let run = |script: &str| {
        let mut command = world.command(&["unshare", "-m", "sh", "-c", script, "sh"]);
        let output = command.env_remove("XDG_CACHE_HOME").output().unwrap();
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let messages = run(PRIVATE);
    assert!(messages.contains("\nbincheck 700 0\n"), "{messages}");
    assert!(
        messages.contains("\nbincheck/indexes 700 0\n"),
        "{messages}"
    );
    assert!(!world.home.path().join(".cache").exists());
    let messages = run(&PRIVATE.replace(
        "&&",
        "&& mkdir /var/cache/bincheck && chown 65534 /var/cache/bincheck &&",
    ));
    assert!(
        messages.contains("no cache is used: /var/cache/bincheck belongs to user 65534"),
        "{messages}"
    );
    assert!(!messages.contains("bincheck/indexes"), "{messages}");
    let messages = run(&PRIVATE.replace("0755", "0777"));
    assert!(
        messages.contains("no cache is used: others can write to /var/cache"),
        "{messages}"
    );
}

/// The same for a user whose cache lies where others can write.
#[test]
fn a_user_does_not_use_what_others_can_change() {
    if !is_root() {
        return;
    }
    let world = World::new();
    let user = [
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
    ];
    let bincheck = Path::new(env!("CARGO_BIN_EXE_bincheck"));
    let mut can = Command::new(user[0]);
    let can = can.args(&user[1..]).arg("test").arg("-x").arg(bincheck);
    if !can.status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: another user cannot run bincheck where it lies");
        return;
    }
    fs::set_permissions(world.home.path(), Permissions::from_mode(0o755)).unwrap();
    fs::create_dir(world.cache()).unwrap();
    fs::set_permissions(world.cache(), Permissions::from_mode(0o777)).unwrap();
    let messages = world.run(&user);
    assert!(
        messages.contains("no cache is used: others can write to"),
        "{messages}"
    );
    assert_eq!(world.files(), [""; 0]);
    chown(world.cache(), Some(1), Some(1)).unwrap();
    let messages = world.run(&user);
    assert!(
        messages.contains("no cache is used") && messages.contains("belongs to user 1,"),
        "{messages}"
    );
    chown(world.cache(), Some(OTHER), Some(OTHER)).unwrap();
    fs::set_permissions(world.cache(), Permissions::from_mode(0o755)).unwrap();
    let messages = world.run(&user);
    assert!(!messages.contains("no cache"), "{messages}");
    assert_eq!(world.files().len(), 1);
}

/// Links that another user left in the place of the directory, of its parts, and of files.
#[test]
fn links_lead_nowhere() {
    let world = World::new();
    world.run(&[]);
    let copy = world.files().remove(0);
    let victim = world.home.path().join("victim");
    fs::create_dir(&victim).unwrap();
    fs::write(victim.join("Packages"), "precious").unwrap();
    let own = world.cache().join("bincheck");
    for place in [
        own.clone(),
        own.join("indexes"),
        Path::new(&copy).to_owned(),
    ] {
        let aside = world.home.path().join("aside");
        fs::rename(&place, &aside).unwrap();
        let target = if aside.is_dir() {
            victim.clone()
        } else {
            victim.join("Packages")
        };
        symlink(&target, &place).unwrap();
        let mut command = world.command(&[]);
        // With a link for the whole cache root has another, which is not to be used by tests.
        if place == own {
            command.arg("--offline");
        }
        let output = command.output().unwrap();
        let messages = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(messages.contains("a link"), "{messages}");
        let names: Vec<_> = fs::read_dir(&victim).unwrap().collect();
        assert_eq!(names.len(), 1);
        assert_eq!(
            fs::read_to_string(victim.join("Packages")).unwrap(),
            "precious"
        );
        fs::remove_file(&place).unwrap();
        fs::rename(&aside, &place).unwrap();
    }
}

/// Another user makes a directory or a link where root's is to be, all the time.
#[test]
fn a_race_for_a_name_is_lost_or_won_but_not_shared() {
    if !is_root() {
        return;
    }
    let world = World::new();
    let victim = world.home.path().join("victim");
    for directory in [&world.cache(), &victim] {
        fs::create_dir(directory).unwrap();
        fs::set_permissions(directory, Permissions::from_mode(0o1777)).unwrap();
    }
    fs::set_permissions(world.home.path(), Permissions::from_mode(0o755)).unwrap();
    const SWAP: &str =
        "while true; do mkdir -m 0777 $0 $0/indexes; rm -rf $0; ln -s $1 $0; rm -f $0; done";
    let name = world.cache().join("bincheck");
    let mut swap = Command::new("setpriv");
    swap.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    swap.args(["sh", "-c", SWAP]).arg(&name).arg(&victim);
    swap.stderr(Stdio::null());
    let mut swapping = swap.spawn().unwrap();
    for _ in 0..20 {
        world.run(&["unshare", "-m", "sh", "-c", PRIVATE, "sh"]);
        let is_ours =
            fs::symlink_metadata(&name).is_ok_and(|found| found.is_dir() && found.uid() == 0);
        if is_ours {
            fs::remove_dir_all(&name).unwrap();
        }
        assert_eq!(fs::read_dir(&victim).unwrap().count(), 0);
    }
    swapping.kill().unwrap();
    swapping.wait().unwrap();
}

/// A pipe in the place of a copy is not a reason to wait.
#[test]
fn a_pipe_does_not_hang() {
    let world = World::new();
    world.run(&[]);
    let copy = world.files().remove(0);
    let facts = world.cache().join("bincheck/packages.json");
    fs::remove_file(&copy).unwrap();
    for pipe in [Path::new(&copy), &facts] {
        assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
    }
    let mut command = world.command(&[]);
    let mut child = command
        .arg("--offline")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(20) {
            child.kill().unwrap();
            panic!("it hangs");
        }
        sleep(Duration::from_millis(20));
    }
    let messages = child.wait_with_output().unwrap().stderr;
    let messages = String::from_utf8_lossy(&messages);
    assert!(messages.contains("it is not a regular file"), "{messages}");
    // What can be fetched takes the place of the pipe.
    world.run(&[]);
    assert!(fs::metadata(&copy).unwrap().is_file());
}

/// A run that is killed while a command fetches for it leaves a directory, which the next run removes;
/// that of a running one stays.
#[test]
fn the_next_run_cleans_up() {
    let world = World::new();
    let slow = Client::with_stand_in("#!/bin/sh\n");
    slow.append(
        "etc/portage/make.conf",
        "FETCHCOMMAND=\"sh -c 'touch \\$0/begun; exec sleep 60' \\${DISTDIR}\"\nPORTAGE_BINHOST=\"x://h/\"\n",
    );
    let start = || {
        let mut command = slow.command(env!("CARGO_BIN_EXE_bincheck"));
        command
            .env("XDG_CACHE_HOME", world.cache())
            .arg("--all")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = command.spawn().unwrap();
        let begun = Instant::now();
        while world
            .files()
            .iter()
            .filter(|path| path.ends_with("begun"))
            .count()
            == 0
        {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "{:?}",
                world.files()
            );
            sleep(Duration::from_millis(20));
        }
        child
    };
    let runs = || {
        fs::read_dir(world.cache().join("bincheck/run"))
            .unwrap()
            .count()
    };
    let mut child = start();
    assert_eq!(runs(), 1);
    world.run(&[]);
    assert_eq!(runs(), 1, "it is still running");
    child.kill().unwrap();
    child.wait().unwrap();
    fs::write(world.cache().join("bincheck/indexes/.tmp-0"), "half").unwrap();
    assert_eq!(runs(), 1);
    world.run(&[]);
    assert_eq!(runs(), 0);
    assert!(!world.cache().join("bincheck/indexes/.tmp-0").exists());
}
