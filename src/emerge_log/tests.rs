#![allow(clippy::unwrap_used)]

use std::fs::{self, OpenOptions};
use std::io::Write;

use tempfile::TempDir;

use super::*;
use crate::pms::{Cpv, Version};

const LOG: &str = "\
1700000000: Started emerge on: Nov 14, 2023 22:13:20
1700000000:  *** emerge --jobs=3 --getbinpkg @world
1700000001:  >>> emerge (1 of 6) dev-libs/one-1 to /
1700000002:  >>> emerge (2 of 6) dev-libs/two-1 to /
1700000003:  === (1 of 6) Cleaning (dev-libs/one-1::/var/db/repos/gentoo/dev-libs/one/one-1.ebuild)
1700000004:  >>> emerge (3 of 6) dev-libs/bin-1 to /
1700000005:  --- (3 of 6) Fetching Binary (dev-libs/bin-1::/var/cache/binpkgs/dev-libs/bin/bin-1.gpkg.tar)
1700000006:  === (3 of 6) Merging Binary (dev-libs/bin-1::/var/cache/binpkgs/dev-libs/bin/bin-1.gpkg.tar)
1700000007:  ::: completed emerge (3 of 6) dev-libs/bin-1 to /
1700000032:  ::: completed emerge (2 of 6) dev-libs/two-1 to /
1700000040:  >>> emerge (4 of 6) dev-libs/failed-1 to /
1700000061:  ::: completed emerge (1 of 6) dev-libs/one-1 to /
1700000070:  >>> emerge (5 of 6) dev-libs/stopped-1 to /
1700000071:  *** terminating.
1700009000:  >>> emerge (1 of 2) dev-libs/stopped-1 to /
1700009000:  >>> emerge (2 of 2) dev-libs/one-1 to /mnt/other/
1700009300:  ::: completed emerge (1 of 2) dev-libs/stopped-1 to /
1700009400:  ::: completed emerge (2 of 2) dev-libs/one-1 to /mnt/other/
";

fn estimate(history: History, name: &str) -> Option<u64> {
    let slots = [(Version::parse("1").unwrap(), "0".to_owned())];
    MergeTimes::new(history).estimate(name, "0", &slots)
}

/// What qlop and genlop count, by hand: from `>>> emerge` to `::: completed emerge` of the same package, whatever
/// else is merged in between.
#[test]
fn a_frozen_log_tells_the_same() {
    let history = of_text(LOG.as_bytes());
    let frozen = history.to_log();
    let again = of_text(frozen.as_bytes());
    assert!(!frozen.is_empty());
    assert_eq!(again.to_log(), frozen);
    for line in frozen.lines().filter(|line| line.contains("completed")) {
        let cpv = line.rsplit(' ').nth(2).and_then(Cpv::parse).unwrap();
        let name = cpv.cpn.as_str();
        assert_eq!(again.of(name), history.of(name), "{name}");
    }
    assert_eq!(of_text(b"").to_log(), "");
}

#[test]
fn parallel_binary_failed_and_interrupted_merges_are_told_apart() {
    for (name, expected) in [
        ("dev-libs/one", Some((60 + 400) / 2)),
        ("dev-libs/two", Some(30)),
        ("dev-libs/stopped", Some(300)),
        ("dev-libs/bin", None),
        ("dev-libs/failed", None),
    ] {
        assert_eq!(estimate(of_text(LOG.as_bytes()), name), expected, "{name}");
    }
}

#[test]
fn clocks_that_were_set_and_endless_merges_say_nothing() {
    let text = |begun: i64, ended: i64| {
        format!(
            "{begun}:  >>> emerge (1 of 1) c/p-1 to /\n{ended}:  ::: completed emerge (1 of 1) c/p-1 to /\n"
        )
    };
    assert_eq!(estimate(of_text(text(1000, 999).as_bytes()), "c/p"), None);
    let years = text(1, 99_999_999_999);
    assert_eq!(estimate(of_text(years.as_bytes()), "c/p"), None);
    assert_eq!(estimate(of_text(text(5, 5).as_bytes()), "c/p"), Some(0));
}

#[test]
fn memory_is_bounded_whatever_stands_in_a_log() {
    let mut text = String::new();
    for number in 0..300_000 {
        text += &format!("1:  >>> emerge (1 of 1) c/p{number}x-1 to /\n");
        if number % 2 == 0 {
            text += &format!("2:  ::: completed emerge (1 of 1) c/p{number}x-1 to /\n");
        }
    }
    let size = serde_json::to_vec(&of_text(text.as_bytes())).unwrap().len();
    assert!(size < 8 << 20, "{size}");
    let once = "1:  >>> emerge (1 of 1) c/p-1 to /\n2:  ::: completed emerge (1 of 1) c/p-1 to /\n";
    let history = of_text(once.repeat(1000).as_bytes());
    assert_eq!(history.of("c/p").len(), 32);
}

/// A log and a cache.
struct Stage {
    directory: TempDir,
    cache: CacheDir,
}

impl Stage {
    fn new() -> Stage {
        let directory = tempfile::tempdir().unwrap();
        let cache = CacheDir::at(directory.path().join("cache"));
        fs::write(directory.path().join("emerge.log"), LOG).unwrap();
        Stage { directory, cache }
    }

    fn log(&self) -> PathBuf {
        self.directory.path().join("emerge.log")
    }

    fn append(&self, text: &str) {
        let mut file = OpenOptions::new().append(true).open(self.log()).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    fn read(&self) -> History {
        let notices = Notices::default();
        let log = self.log();
        let history = read(&log, File::open(&log).unwrap(), &self.cache, &notices).unwrap();
        assert_eq!(notices.sorted(), []);
        history
    }
}

#[test]
fn what_was_appended_is_read_on() {
    let stage = Stage::new();
    assert_eq!(stage.read(), of_text(LOG.as_bytes()));
    assert_eq!(stage.read(), of_text(LOG.as_bytes()), "from the index");
    // Half a line, as of an emerge that is running, and a merge that began before.
    let more = "1700010000:  ::: completed emerge (4 of 6) dev-libs/failed-1 to /\n17000";
    stage.append(more);
    assert_eq!(estimate(stage.read(), "dev-libs/failed"), Some(9960));
    stage.append("10001:  >>> emerge (1 of 1) dev-libs/late-1 to /\n");
    stage.append("1700010011:  ::: completed emerge (1 of 1) dev-libs/late-1 to /\n");
    assert_eq!(estimate(stage.read(), "dev-libs/late"), Some(10));
}

/// The index is believed where the file is the same: what stands before its end is not read again.
#[test]
fn what_was_read_is_not_read_again() {
    let stage = Stage::new();
    let long = format!("{LOG}{}", "1700009500:  === nothing\n".repeat(1000));
    fs::write(stage.log(), &long).unwrap();
    stage.read();
    // Other text at the beginning, in place and far from where reading ended.
    let file = OpenOptions::new().write(true).open(stage.log()).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, b"1600000000", 0).unwrap();
    stage.append("1700010000:  ::: completed emerge (4 of 6) dev-libs/failed-1 to /\n");
    assert_eq!(estimate(stage.read(), "dev-libs/failed"), Some(9960));
}

#[test]
fn another_file_is_read_from_its_beginning() {
    let merge =
        "1:  >>> emerge (1 of 1) c/p-1 to /\n9:  ::: completed emerge (1 of 1) c/p-1 to /\n";
    let only_new = |stage: &Stage| {
        let history = stage.read();
        assert_eq!(history, of_text(&fs::read(stage.log()).unwrap()));
        assert_eq!(estimate(history, "c/p"), Some(8));
    };
    let rotated = Stage::new();
    rotated.read();
    fs::rename(rotated.log(), rotated.directory.path().join("old")).unwrap();
    fs::write(rotated.log(), merge).unwrap();
    only_new(&rotated);
    let truncated = Stage::new();
    truncated.read();
    let file = OpenOptions::new()
        .write(true)
        .open(truncated.log())
        .unwrap();
    file.set_len(0).unwrap();
    truncated.append(merge);
    only_new(&truncated);
    // Truncated and longer again: the text before the place is another.
    truncated.append(&"5: nothing\n".repeat(1000));
    truncated.read();
    file.set_len(0).unwrap();
    truncated.append(&merge.repeat(400));
    only_new(&truncated);
}

#[test]
fn a_damaged_index_is_ignored() {
    let stage = Stage::new();
    stage.read();
    let file = stage.directory.path().join("cache/emerge-log.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"seconds\":60", "\"seconds\":61")).unwrap();
    let notices = Notices::default();
    let log = File::open(stage.log()).unwrap();
    let history = read(&stage.log(), log, &stage.cache, &notices).unwrap();
    assert_eq!(history, of_text(LOG.as_bytes()));
    let messages: Vec<String> = notices.sorted().iter().map(ToString::to_string).collect();
    assert!(messages[0].contains("ignoring the cache"), "{messages:?}");
    assert_eq!(stage.read(), history, "it was written anew");
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_survived(bytes: Vec<u8>) {
        let mut text = LOG.as_bytes().to_vec();
        text.extend(bytes);
        of_text(&text);
    }
}
