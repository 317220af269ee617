//! emerge is shown what was checked, whole, or nothing: with every amount of room on the disk.

use std::fmt::Write;

use super::builds::serve;
use super::client::{Client, Ended, end};
use super::namespace;
use crate::binhost::server::Server;

/// Shows what emerge would read: binrepos.conf, and of each index in it the size and the last line.
const SHOW: &str = "#!/bin/sh\n\
    conf=\"$PORTAGE_OVERRIDE_EPREFIX/etc/portage/binrepos.conf\"\n\
    cat \"$conf\"\n\
    sed -n 's,^sync-uri = file://\\(.*\\),\\1/Packages,p' \"$conf\" | while read -r index; do\n\
        grep -c '^CPV: ' \"$index\" || echo nothing\n\
        tail -n 2 \"$index\"\n\
    done\n";

const ENTRIES: usize = 200;

/// An index that needs several pages.
fn index() -> String {
    let mut text = "VERSION: 0\nTIMESTAMP: 1\n\n".to_owned();
    for number in 1..=ENTRIES {
        write!(
            text,
            "CPV: app-misc/tool-{number}\nPATH: x\nDESC: {}\n\n",
            "text ".repeat(20)
        )
        .unwrap();
    }
    text
}

struct Disk {
    client: Client,
    uri: String,
    _server: Server,
}

impl Disk {
    fn get() -> Option<Disk> {
        if !namespace::is_possible() {
            return None;
        }
        let client = Client::with_stand_in(SHOW);
        std::fs::create_dir_all(client.root().join("home/.cache")).unwrap();
        std::fs::create_dir_all(client.root().join("var/cache/edb/binhost")).unwrap();
        let server = serve(client.root().to_path_buf(), index());
        let uri = server.uri("").trim_end_matches('/').to_owned();
        client.hosts(&[("site", &format!("sync-uri = {uri}"))]);
        Some(Disk {
            client,
            uri,
            _server: server,
        })
    }

    /// Run with a cache on a file system with these options, and nothing to fall back on.
    fn run(&self, options: &str) -> Ended {
        self.run_after(options, "")
    }

    /// The same after a command of the shell.
    fn run_after(&self, options: &str, first: &str) -> Ended {
        let script = format!(
            "{first} mount -t tmpfs -o mode=0700,{options} tmpfs \"$XDG_CACHE_HOME\" && \
             mount -t tmpfs -o ro tmpfs /run && exec {} --no-fetch-metadata --emerge -G --force app-misc/tool",
            env!("CARGO_BIN_EXE_bincheck")
        );
        let mut command = self.client.command("unshare");
        end(command.args(["-m", "sh", "-c", &script])).well()
    }

    /// Whether emerge was shown something, which is whole then.
    #[track_caller]
    fn is_shown(&self, options: &str) -> bool {
        self.shows(options, self.run(options))
    }

    #[track_caller]
    fn shows(&self, options: &str, ended: Ended) -> bool {
        let Ended { stdout, stderr, .. } = ended;
        let is_shown = stdout.starts_with("# Made by bincheck");
        let messages = stderr.contains("emerge will read the indexes on its own: ");
        assert_ne!(is_shown, messages, "{options}\n{stdout}\n---\n{stderr}");
        assert!(stderr.contains("bincheck: emerge "), "{options}\n{stderr}");
        if is_shown {
            let whole = format!("\n{ENTRIES}\nDESC: {}\n\n", "text ".repeat(20));
            assert!(stdout.ends_with(&whole), "{options}\n{stdout}");
        } else {
            let own = format!("sync-uri = {}\n", self.uri);
            assert!(stdout.contains(&own), "{options}\n{stdout}\n---\n{stderr}");
        }
        is_shown
    }
}

/// A page more each time, so that each write fails once.
#[test]
fn with_every_size() {
    let Some(disk) = Disk::get() else { return };
    let pages = (1..=24).chain([40, 60, 80, 100, 120, 160, 250]);
    let shown: Vec<bool> = pages
        .map(|pages| disk.is_shown(&format!("size={}k", pages * 4)))
        .collect();
    assert!(!shown[0] && shown[shown.len() - 1], "{shown:?}");
}

/// A file or directory more each time.
#[test]
fn with_every_number_of_files() {
    let Some(disk) = Disk::get() else { return };
    let shown: Vec<bool> = (1..=30)
        .map(|files| disk.is_shown(&format!("size=8m,nr_inodes={files}")))
        .collect();
    assert!(!shown[0] && shown[shown.len() - 1], "{shown:?}");
}

#[test]
fn on_a_disk_that_cannot_be_written() {
    let Some(disk) = Disk::get() else { return };
    assert!(!disk.is_shown("ro"));
}

/// The system would end a run that writes more than it may (`ulimit -f`).
#[test]
fn with_a_limit_to_the_size_of_files() {
    let Some(disk) = Disk::get() else { return };
    let shown = [0, 1, 8, 16, 200].map(|blocks| {
        let limit = format!("ulimit -f {blocks};");
        disk.shows(&limit, disk.run_after("size=8m", &limit))
    });
    assert!(!shown[0] && shown[shown.len() - 1], "{shown:?}");
}
