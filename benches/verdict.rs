//! Judging every entry of a large index: `cargo bench`.
//!
//! `process` is the whole program as a user runs it. The benches of `stage` are its parts in order, each
//! from the values that the ones before it made, so that their times add up to about the whole.

#![allow(clippy::expect_used)]

mod bulk;

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use bincheck::binhost::{
    BinRepos, FetchOptions, HostState, MemoryLimits, Pool, PoolOptions, TimeLimits, fetch_all,
};
use bincheck::cache::CacheDir;
use bincheck::check::Policy;
use bincheck::chroot::Chroot;
use bincheck::cli::{Cli, DefaultOpts};
use bincheck::command::policy::read as read_policy;
use bincheck::compat::Machine;
use bincheck::env::Env;
use bincheck::local::tree_state::TreeState;
use bincheck::local::{Base, Local, Trees};
use bincheck::packages::{Origins, Packages, Shelf};
use bincheck::report::{Report, Setting, json};
use bincheck::source::Notices;
use divan::{Bencher, black_box, counter::ItemsCount};

/// Entries of the index.
const SIZES: [usize; 2] = [20_000, 50_000];

fn main() {
    divan::main();
}

/// The machine of a size, made once a run.
fn root(entries: usize) -> &'static Path {
    static ROOTS: [OnceLock<PathBuf>; SIZES.len()] = [const { OnceLock::new() }; SIZES.len()];
    let place = SIZES.iter().position(|size| *size == entries);
    ROOTS[place.expect("a size of the list")].get_or_init(|| bulk::root(entries))
}

/// `bincheck --all --json` from start to exit.
#[divan::bench(args = SIZES, sample_count = 10)]
fn process(bencher: Bencher, entries: usize) {
    let root = root(entries);
    bencher.counter(ItemsCount::new(entries)).bench_local(|| {
        let status = Command::new(env!("CARGO_BIN_EXE_bincheck"))
            .env_clear()
            .env("XDG_CACHE_HOME", cache_dir())
            .arg("--chroot")
            .arg(root)
            .args(["--all", "--json"])
            .stdout(Stdio::null())
            .status();
        assert_eq!(status.expect("bincheck runs").code(), Some(1));
    });
}

fn cache_dir() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("bulk-cache")
}

fn load_base(root: &Path, notices: &Notices) -> Base {
    let chroot = Chroot::new(Some(root.to_owned())).expect("the root is a directory");
    Base::load(chroot, Env::default(), notices).expect("the configuration is sound")
}

fn fetch(base: &Base, notices: &Notices) -> Vec<HostState> {
    let repos = BinRepos::load(base, &[], notices).expect("the binhosts are sound");
    let options = FetchOptions {
        offline: false,
        refresh: false,
        allow_commands: false,
        progress: false,
        cache: CacheDir::at(cache_dir()),
        time: TimeLimits::DEFAULT,
        memory: MemoryLimits::of_process(),
    };
    fetch_all(base, &repos, &options, notices)
}

fn collect(base: &Base, hosts: &[HostState], notices: &Notices) -> Pool {
    let options = PoolOptions {
        getbinpkg: true,
        ..PoolOptions::default()
    };
    Pool::collect(base, hosts, &options, notices)
}

/// What the stages make.
struct Made {
    local: Local,
    hosts: Vec<HostState>,
    pool: Pool,
    trees: Trees,
    notices: Notices,
    policy: Policy,
    tree: TreeState,
    machine: Machine,
}

impl Made {
    fn of(entries: usize) -> Made {
        let notices = Notices::default();
        let base = load_base(root(entries), &notices);
        let cli = Cli::parse(&[], &DefaultOpts::default()).expect("an empty command line is valid");
        let policy = read_policy(&cli.emerge, &base, &notices).expect("the options are sound");
        let local = Local::load(base, &notices).expect("the configuration is sound");
        let hosts = fetch(&local.base, &notices);
        let pool = collect(&local.base, &hosts, &notices);
        assert!(pool.entries.len() >= entries, "the index is read");
        let trees = Trees::open(&local.base).expect("the repositories are sound");
        let machine = Machine::of_name("x86-64-v3", "x86_64-pc-linux-gnu");
        let machine = machine.expect("a name of the tables");
        Made {
            hosts,
            pool,
            trees,
            notices,
            policy,
            tree: TreeState::load(&local.base),
            machine,
            local,
        }
    }

    fn packages<'p>(&'p self, shelf: &'p Shelf) -> Packages<'p> {
        let origins = Origins {
            local: &self.local,
            policy: &self.policy,
            trees: &self.trees,
            hosts: &self.hosts,
            pool: &self.pool,
            notices: &self.notices,
        };
        Packages::new(shelf, origins)
    }

    /// Read the ebuilds and judge every entry.
    fn judge(&self) {
        let shelf = Shelf::default();
        let packages = self.packages(&shelf);
        packages.judge_all();
        black_box(packages.instances().count());
    }

    fn report<'p>(&'p self, packages: &'p Packages<'_>) -> Report<'p> {
        let setting = Setting {
            machine: &self.machine,
            tree: &self.tree,
            hosts: &self.hosts,
            policy: &self.policy,
            now: 0,
        };
        packages.judge_all();
        let instances = packages.instances().map(|id| packages.judged(id)).collect();
        Report::new(setting, &[], Vec::new(), instances)
    }
}

#[divan::bench_group(sample_count = 10)]
mod stage {
    use super::{
        Bencher, Local, Made, Notices, SIZES, Shelf, collect, fetch, io, json, load_base, root,
    };

    #[divan::bench(args = SIZES)]
    fn a_load_local(bencher: Bencher, entries: usize) {
        let root = root(entries);
        bencher.bench_local(|| {
            let notices = Notices::default();
            Local::load(load_base(root, &notices), &notices)
        });
    }

    #[divan::bench(args = SIZES)]
    fn b_read_indexes(bencher: Bencher, entries: usize) {
        let made = Made::of(entries);
        bencher.bench_local(|| fetch(&made.local.base, &Notices::default()));
    }

    #[divan::bench(args = SIZES)]
    fn c_collect_candidates(bencher: Bencher, entries: usize) {
        let made = Made::of(entries);
        bencher.bench_local(|| collect(&made.local.base, &made.hosts, &Notices::default()));
    }

    #[divan::bench(args = SIZES)]
    fn d_read_ebuilds_and_judge(bencher: Bencher, entries: usize) {
        let made = Made::of(entries);
        bencher.bench_local(|| made.judge());
    }

    #[divan::bench(args = SIZES)]
    fn e_write_json(bencher: Bencher, entries: usize) {
        let made = Made::of(entries);
        let shelf = Shelf::default();
        let packages = made.packages(&shelf);
        let report = made.report(&packages);
        bencher.bench_local(|| json::write(&report, &mut io::sink()));
    }
}
