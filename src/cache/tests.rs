#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::fs::{self, Permissions};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{CWD, FileType, FlockOperation, Mode, RenameFlags};
use tempfile::TempDir;

use super::*;

fn scratch() -> (TempDir, CacheDir) {
    let directory = tempfile::tempdir().unwrap();
    let cache = CacheDir::at(directory.path().join("a/cache"));
    (directory, cache)
}

fn put(cache: &CacheDir, file: &str, text: &str) -> Result<()> {
    cache.replace(file, &[text.as_bytes()], 0o600, Durability::Synced)
}

fn get(cache: &CacheDir, file: &str) -> Result<Option<String>> {
    let Some(mut file) = cache.open(file, 100)? else {
        return Ok(None);
    };
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(Some(text))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(result: Result<T>, part: &str) {
    let error = format!("{:#}", result.unwrap_err());
    assert!(error.contains(part), "{error:?} lacks {part:?}");
}

#[test]
fn what_was_put_there_is_found() {
    let (top, cache) = scratch();
    assert_eq!(get(&cache, "indexes/x").unwrap(), None);
    assert!(!top.path().join("a").exists(), "reading makes nothing");
    put(&cache, "indexes/x", "one").unwrap();
    put(&cache, "indexes/x", "two").unwrap();
    assert_eq!(get(&cache, "indexes/x").unwrap().as_deref(), Some("two"));
    let names: Vec<_> = fs::read_dir(top.path().join("a/cache/indexes"))
        .unwrap()
        .collect();
    assert_eq!(names.len(), 1);
    for path in ["a", "a/cache", "a/cache/indexes"] {
        assert_eq!(mode(&top.path().join(path)), 0o700, "{path}");
    }
    assert_eq!(mode(&top.path().join("a/cache/indexes/x")), 0o600);
    assert_refused(cache.open("indexes/x", 2).map(|_| ()), "larger than");
}

#[test]
fn without_a_cache_nothing_is_kept() {
    let cache = CacheDir::none();
    put(&cache, "x", "text").unwrap();
    assert_eq!(get(&cache, "x").unwrap(), None);
    assert!(cache.make("x").is_err());
    let run = cache.run_dir().unwrap();
    assert!(run.path().is_dir());
}

#[test]
fn links_are_not_followed() {
    let (top, cache) = scratch();
    put(&cache, "indexes/x", "ours").unwrap();
    let elsewhere = top.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("x"), "theirs").unwrap();
    let own = top.path().join("a/cache");
    symlink(elsewhere.join("x"), own.join("link")).unwrap();
    assert_refused(get(&cache, "link"), "it is a link");
    put(&cache, "link", "ours").unwrap();
    assert!(!own.join("link").is_symlink());
    fs::remove_dir_all(own.join("indexes")).unwrap();
    symlink(&elsewhere, own.join("indexes")).unwrap();
    assert_refused(get(&cache, "indexes/x"), "indexes is a link");
    assert_refused(put(&cache, "indexes/x", "ours"), "indexes is a link");
    assert_refused(cache.make("indexes"), "indexes is a link");
    assert_refused(get(&cache, "../../elsewhere/x"), "leads out of the cache");
    assert_eq!(fs::read_to_string(elsewhere.join("x")).unwrap(), "theirs");
    fs::remove_dir_all(&own).unwrap();
    symlink(&elsewhere, &own).unwrap();
    assert_refused(put(&cache, "x", "ours"), "cache is a link");
    assert_eq!(fs::read_to_string(elsewhere.join("x")).unwrap(), "theirs");
}

/// People put their ~/.cache on other disks.
#[test]
fn links_on_the_way_count_where_no_one_else_could_place_them() {
    let (top, _) = scratch();
    let at = |path: &str| top.path().join(path);
    fs::create_dir(at("disk")).unwrap();
    symlink("disk/../disk/.", at("relative")).unwrap();
    symlink(at("disk"), at("absolute")).unwrap();
    symlink("circle", at("circle")).unwrap();
    for link in ["relative", "absolute"] {
        put(&CacheDir::at(at(link).join("cache")), "x", link).unwrap();
        assert_eq!(fs::read_to_string(at("disk/cache/x")).unwrap(), link);
    }
    let circle = CacheDir::at(at("circle").join("cache"));
    assert_refused(put(&circle, "x", ""), "too many links");
    fs::create_dir(at("open")).unwrap();
    set_mode(&at("open"), 0o1777);
    symlink(at("disk"), at("open/link")).unwrap();
    let open = CacheDir::at(at("open/link/cache"));
    assert_refused(open.check(), "a link that others could have placed");
}

#[test]
fn directories_of_others_are_not_used() {
    let (top, _) = scratch();
    let parent = top.path().join("parent");
    fs::create_dir(&parent).unwrap();
    let cache = CacheDir::at(parent.join("cache"));
    for (bits, part) in [(0o777, "others can write to"), (0o757, "chmod go-w")] {
        set_mode(&parent, bits);
        assert_refused(cache.check(), part);
        assert_refused(put(&cache, "x", ""), part);
        assert!(!parent.join("cache").exists());
    }
    // Like /tmp: nobody else can rename what is ours there.
    set_mode(&parent, 0o1777);
    put(&cache, "x", "text").unwrap();
    // An older version, or a umask, left it open for reading.
    set_mode(&parent.join("cache"), 0o755);
    assert_eq!(get(&cache, "x").unwrap().as_deref(), Some("text"));
    assert_eq!(mode(&parent.join("cache")), 0o700);
    set_mode(&parent.join("cache"), 0o777);
    assert_refused(get(&cache, "x"), "others can write to");
    set_mode(&parent.join("cache"), 0o700);
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped in part: only root can give files away");
        return;
    }
    let give = |path: &Path, user| chown(path, Some(user), None).unwrap();
    give(&parent.join("cache/x"), 65534);
    assert_refused(get(&cache, "x"), "it belongs to user 65534");
    give(&parent.join("cache/x"), 0);
    give(&parent.join("cache"), 65534);
    assert_refused(get(&cache, "x"), "cache belongs to user 65534, and root");
    give(&parent.join("cache"), 0);
    set_mode(&parent, 0o755);
    give(&parent, 65534);
    assert_refused(get(&cache, "x"), "parent belongs to user 65534, and root");
    assert_refused(put(&cache, "x", ""), "parent belongs to user 65534");
}

#[test]
fn only_regular_files_are_read() {
    let (top, cache) = scratch();
    put(&cache, "x", "text").unwrap();
    let own = top.path().join("a/cache");
    let mode = Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(CWD, own.join("pipe"), FileType::Fifo, mode, 0).unwrap();
    fs::create_dir(own.join("directory")).unwrap();
    std::os::unix::net::UnixListener::bind(own.join("socket")).unwrap();
    for name in ["pipe", "directory"] {
        assert_refused(get(&cache, name), "not a regular file");
    }
    assert!(get(&cache, "socket").is_err());
    let zero = rustix::fs::makedev(1, 5);
    let made = rustix::fs::mknodat(CWD, own.join("zero"), FileType::CharacterDevice, mode, zero);
    if made.is_ok() {
        assert!(get(&cache, "zero").is_err());
    }
    put(&cache, "pipe", "text").unwrap();
    assert_eq!(get(&cache, "pipe").unwrap().as_deref(), Some("text"));
    assert!(put(&cache, "directory", "text").is_err());
}

#[test]
fn what_killed_runs_left_is_swept_and_what_running_ones_use_is_not() {
    let (top, cache) = scratch();
    put(&cache, "indexes/x", "").unwrap();
    let slot = cache.slot("emerge").unwrap();
    put(slot.directory(), "host/Packages", "").unwrap();
    put(&cache, "emerge/dead/host/Packages", "").unwrap();
    let run = cache.run_dir().unwrap();
    fs::write(run.path().join("Packages"), "text").unwrap();
    let own = top.path().join("a/cache");
    let dead = ["indexes/.tmp-1", ".tmp-1"];
    for file in dead {
        fs::write(own.join(file), "text").unwrap();
    }
    fs::create_dir_all(own.join("run/dead/deep")).unwrap();
    fs::write(own.join("run/dead/deep/Packages"), "text").unwrap();
    let alive = File::create(own.join("indexes/.tmp-2")).unwrap();
    rustix::fs::flock(&alive, FlockOperation::LockExclusive).unwrap();
    cache.sweep();
    for file in dead {
        assert!(!own.join(file).exists(), "{file}");
    }
    assert!(!own.join("run/dead").exists() && !own.join("emerge/dead").exists());
    assert!(own.join("indexes/.tmp-2").exists());
    assert!(own.join("indexes/x").exists() && own.join("emerge/0/host/Packages").exists());
    assert!(run.path().join("Packages").exists());
    let path = run.path().to_owned();
    drop(run);
    assert!(!path.exists());
    drop(alive);
    cache.sweep();
    assert!(!own.join("indexes/.tmp-2").exists());
}

#[test]
fn sweeping_does_not_disturb_writers() {
    let (_top, cache) = scratch();
    let done = &AtomicBool::new(false);
    std::thread::scope(|scope| {
        let cache = &cache;
        scope.spawn(move || {
            while !done.load(Ordering::Relaxed) {
                cache.sweep();
            }
        });
        for number in 0..50 {
            cache
                .replace("indexes/x", &[b"text"], 0o600, Durability::Lazy)
                .unwrap();
            let run = cache.run_dir().unwrap();
            assert!(run.path().is_dir(), "{number}");
        }
        done.store(true, Ordering::Relaxed);
    });
}

/// Somebody swaps a directory for a link all the time.
#[test]
fn a_race_leads_nowhere() {
    let (top, cache) = scratch();
    put(&cache, "indexes/x", "ours").unwrap();
    let own = top.path().join("a/cache");
    let victim = top.path().join("victim");
    fs::create_dir(&victim).unwrap();
    fs::write(victim.join("x"), "theirs").unwrap();
    symlink(&victim, own.join("link")).unwrap();
    let done = &AtomicBool::new(false);
    std::thread::scope(|scope| {
        let own = &own;
        scope.spawn(move || {
            while !done.load(Ordering::Relaxed) {
                let (one, other) = (own.join("indexes"), own.join("link"));
                rustix::fs::renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).unwrap();
            }
        });
        let (mut written, mut refused) = (0, 0);
        for _ in 0..500 {
            match put(&cache, "indexes/x", "ours") {
                Ok(()) => written += 1,
                Err(_) => refused += 1,
            }
            if let Ok(Some(text)) = get(&cache, "indexes/x") {
                assert_eq!(text, "ours");
            }
        }
        done.store(true, Ordering::Relaxed);
        assert!(written > 0 && refused > 0, "{written} {refused}");
    });
    assert_eq!(fs::read_to_string(victim.join("x")).unwrap(), "theirs");
    assert_eq!(fs::read_dir(&victim).unwrap().count(), 1);
}
