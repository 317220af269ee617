//! A captured root is a stranger's: whatever it refers to, nothing of the judging machine reaches its
//! hosts, the output or the cache. Each case plants one kind of reference to secrets outside of the root
//! and runs the program in several ways. So that no case can pass by doing nothing, the same root is run
//! once more with the secrets inside, where most of them have to come out.

mod cases;
mod stage;

use std::fs;
use std::os::unix::fs::symlink;
use std::thread;
use std::time::{Duration, Instant};

use cases::Case;
use stage::Stage;

/// What is common to all secrets, in any letter case.
const CANARY: &str = "canary";

#[test]
fn nothing_of_the_judging_machine_reaches_a_judged_root() {
    let cases: Vec<&Case> = cases::ALL.iter().collect();
    let wrong: Vec<String> = thread::scope(|scope| {
        let chunks = cases.chunks(cases.len().div_ceil(3));
        let workers: Vec<_> = chunks
            .map(|chunk| {
                scope.spawn(|| chunk.iter().flat_map(|case| tell(case)).collect::<Vec<_>>())
            })
            .collect();
        let ended = workers.into_iter().map(|worker| worker.join().unwrap());
        ended.flatten().collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with one case.
fn tell(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    for control in [false, true] {
        let stage = Stage::set(control);
        (case.plant)(&stage);
        match (control, stage.run(case.options)) {
            (false, Some(place)) => wrong.push(format!("{}: leaks to {place}", case.name)),
            (true, None) if case.shows => {
                wrong.push(format!("{}: shows nothing even from inside", case.name));
            }
            _ => {}
        }
        assert!(!stage.mark().exists(), "{}: a command was run", case.name);
    }
    wrong
}

#[test]
fn pipes_devices_and_huge_files_neither_hang_nor_fill_the_memory() {
    let stage = Stage::set(false);
    for place in [
        "etc/portage/package.use/pipe",
        "etc/portage/sets/pipe",
        "var/db/pkg/app-misc/x-1/SLOT",
        "var/db/repos/gentoo/profiles/license_groups",
        "var/cache/binpkgs/app-misc/x/x-1.gpkg.tar",
    ] {
        stage.pipe(place);
    }
    for place in [
        "etc/portage/package.use/zero",
        "etc/portage/package.license/zero",
    ] {
        let _ = fs::remove_file(stage.root().join("etc/portage/package.license"));
        stage.device(place);
    }
    let huge = stage.root().join("etc/portage/package.use/huge");
    let file = fs::File::create(&huge).unwrap();
    file.set_len(1 << 40).unwrap();
    for number in 0..50 {
        let link = format!("etc/portage/package.use/link-{number}");
        symlink("huge", stage.root().join(link)).unwrap();
    }
    let start = Instant::now();
    let messages = stage.messages(&["-v", "@world"]);
    assert!(messages.contains("is larger than 64 MiB"), "{messages}");
    assert!(start.elapsed() < Duration::from_secs(60));

    for place in ["etc/portage/make.conf", "etc/portage/binrepos.conf"] {
        let stage = Stage::set(false);
        stage.pipe(place);
        stage.messages(&["@world"]);
    }
}

#[test]
fn a_fetch_command_is_named_and_not_run() {
    let stage = Stage::set(false);
    let mark = stage.mark();
    let settings = format!(
        "[x]\nsync-uri = {}\nfetchcommand = touch {mark}\n[y]\nsync-uri = ftp://some.invalid/\n",
        stage.uri("x"),
        mark = mark.display()
    );
    stage.write("etc/portage/binrepos.conf/x", &settings);
    stage.append(
        "etc/portage/make.conf",
        &format!("FETCHCOMMAND=\"touch {}\"\n", mark.display()),
    );
    let messages = stage.messages(&["@world"]);
    assert!(
        messages.contains("is contacted without its fetchcommand"),
        "{messages}"
    );
    assert!(
        messages.contains("y: cannot take the index of ftp://some.invalid"),
        "{messages}"
    );
    assert!(!mark.exists());
    assert_eq!(stage.server.take_paths().len(), 2);
}
