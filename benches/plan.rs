//! The plan for @world, from start to exit: `cargo bench --bench plan`.
//!
//! One bench grows what is installed and reached, the other only the index, of which the resolver reads no
//! more than the names that it meets.

#![allow(clippy::expect_used)]

mod bulk;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use divan::{Bencher, counter::ItemsCount};

/// Entries of the index, five a package.
const ENTRIES: [usize; 3] = [5_000, 20_000, 50_000];
/// Installed packages that @world reaches.
const INSTALLED: [usize; 3] = [250, 1_000, 4_000];

fn main() {
    divan::main();
}

/// `bincheck -uD @world` with the index in the cache, from start to exit.
fn process(root: &Path) {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plan-cache");
    let status = Command::new(env!("CARGO_BIN_EXE_bincheck"))
        .env_clear()
        .env("XDG_CACHE_HOME", cache)
        .arg("--chroot")
        .arg(root)
        .args(["-uD", "--quiet", "@world"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(matches!(status.expect("bincheck runs").code(), Some(0 | 1)));
}

/// A machine with so many of the packages of its binhost installed, at an older version.
fn with_installed(installed: usize) -> PathBuf {
    let root = bulk::root(INSTALLED[INSTALLED.len() - 1] * bulk::BUILDS);
    let mut world = fs::read_to_string(root.join("var/lib/portage/world")).expect("a world file");
    for number in 0..installed {
        let name = format!("{}/{}", bulk::CATEGORY, bulk::name(number));
        let directory = root.join(format!("var/db/pkg/{name}-0.0.0_alpha"));
        fs::create_dir_all(&directory).expect("a directory");
        let file = format!("{}-0.0.0_alpha", bulk::name(number));
        for (key, value) in [
            ("CATEGORY", bulk::CATEGORY),
            ("PF", &file),
            ("SLOT", "0/0"),
            ("EAPI", "8"),
            ("KEYWORDS", "amd64"),
            ("repository", "gentoo"),
        ] {
            fs::write(directory.join(key), format!("{value}\n")).expect("a file");
        }
        writeln!(world, "{name}").expect("a string grows");
    }
    fs::write(root.join("var/lib/portage/world"), world).expect("the world file");
    root
}

/// The same world, and more and more entries that it does not reach.
#[divan::bench(args = ENTRIES, sample_count = 10)]
fn entries(bencher: Bencher, entries: usize) {
    let root = bulk::root(entries);
    process(&root);
    let bencher = bencher.counter(ItemsCount::new(entries));
    bencher.bench_local(|| process(&root));
}

/// The same index, and more and more of it installed and to be updated.
#[divan::bench(args = INSTALLED, sample_count = 10)]
fn installed(bencher: Bencher, installed: usize) {
    let root = with_installed(installed);
    process(&root);
    let bencher = bencher.counter(ItemsCount::new(installed));
    bencher.bench_local(|| process(&root));
}
