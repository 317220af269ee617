//! A run reads each file of the judged system once: the system calls show it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{bincheck, bincheck_on_machines, copy, project, scratch};

/// How often the links of one directory may be looked up: threads may resolve it at the same time.
const MOST_LOOKUPS: usize = 8;

#[test]
fn no_file_is_read_twice() {
    if !can_trace() {
        return;
    }
    let root = scratch();
    copy(&project("testdata/workstation"), root.path()).expect("the workstation can be copied");
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("etc/portage/sets/mine", "net-misc/curl\n@other\n");
    write("etc/portage/sets/other", "dev-build/ninja\n");
    write("var/lib/portage/world_sets", "@mine\n");
    // As JSON: what is tried for the hint of a report to people reads the configuration again, with the change in it.
    for args in [
        &["--json", "@world"][..],
        &["--all"],
        &["--json", "@mine", "@world", "media-video/ffmpeg", "ninja"],
        &["--json", "@selected", "curl"],
    ] {
        let cache = scratch();
        let run = bincheck(root.path(), cache.path());
        let calls = calls(&run, cache.path(), root.path(), args);
        let files = calls
            .iter()
            .filter(|((call, path), _)| call.starts_with("open") && Path::new(path).is_file());
        let (mut count, mut again) = (0, Vec::new());
        for ((_, path), times) in files {
            count += 1;
            if *times > 1 {
                again.push(format!("{times} {path}"));
            }
        }
        assert!(count > 20, "{args:?}: the trace has {count} files");
        assert!(again.is_empty(), "{args:?}:\n{}", again.join("\n"));
        let looked_up = calls
            .iter()
            .filter(|((call, _), _)| call.starts_with("readlink"));
        for ((_, path), times) in looked_up {
            assert!(*times <= MOST_LOOKUPS, "{args:?}: {times} {path}");
        }
    }
}

/// An index in a directory is read once for all machines, as one that comes over HTTP.
#[test]
fn no_index_is_read_for_each_machine() {
    if !can_trace() {
        return;
    }
    let top = scratch();
    let machines = ["web1", "web2", "db1"].map(|name| top.path().join(name));
    for root in &machines {
        copy(&project("testdata/workstation"), root).expect("the workstation can be copied");
    }
    let hosts = top.path().join("hosts");
    copy(&project("testdata/workstation/srv/binhost"), &hosts).expect("the hosts can be copied");
    let cache = scratch();
    let run = bincheck_on_machines(cache.path());
    let host = format!("--binhost=file://{}/site", hosts.display());
    let words = machines.map(|root| root.display().to_string());
    let mut args: Vec<&str> = words.iter().map(String::as_str).collect();
    args.extend([host.as_str(), "--hosts-of=none"]);
    let calls = calls(&run, cache.path(), &hosts, &args);
    let is_index = |path: &str| path.contains("/Packages");
    let indexes = calls.iter().filter(|((_, path), _)| is_index(path));
    let times: Vec<usize> = indexes.map(|(_, times)| *times).collect();
    assert_eq!(times, [1], "{calls:?}");
}

fn can_trace() -> bool {
    let mut strace = Command::new("strace");
    let found = strace.arg("-V").stdout(Stdio::null()).status().is_ok();
    if !found {
        eprintln!("skipped: there is no strace on this machine");
    }
    found
}

/// How often each system call of a command succeeded on each path below a directory.
fn calls(
    run: &Command,
    cache: &Path,
    root: &Path,
    args: &[&str],
) -> BTreeMap<(String, String), usize> {
    let trace = cache.join("trace");
    let status = Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-e",
            "trace=open,openat,openat2,readlink,readlinkat",
            "-o",
        ])
        .arg(&trace)
        .arg(run.get_program())
        .args(run.get_args())
        .args(args)
        .env_clear()
        .envs(
            run.get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let status = status.expect("strace runs");
    assert!(matches!(status.code(), Some(0 | 1)), "{args:?}: {status}");
    let text = fs::read_to_string(trace).expect("a trace");
    let mut calls = BTreeMap::new();
    for line in text.lines() {
        let Some((call, path)) = call(line) else {
            continue;
        };
        if Path::new(path).starts_with(root) {
            *calls.entry((call.to_owned(), path.to_owned())).or_default() += 1;
        }
    }
    calls
}

/// The call of a line of strace and its path: `12 openat(AT_FDCWD, "/a/b", O_RDONLY) = 3`. Not those that failed; a
/// call that another one interrupted stands in two lines, of which the first counts.
fn call(line: &str) -> Option<(&str, &str)> {
    if line.contains(" = -1 ") {
        return None;
    }
    let (_, rest) = line.split_once(' ')?;
    let (call, rest) = rest.trim_start().split_once('(')?;
    let path = rest.split('"').nth(1)?;
    call.chars()
        .all(|c| c.is_ascii_alphanumeric())
        .then_some((call, path))
}
