//! Small machines for tests of the resolver.
//!
//! A package is one line: kind, `category/package-version`, and variables after semicolons, as in
//! `ebuild a/b-1; SLOT=0/2; RDEPEND=c/d:=`. The lines become files of a temporary system, which is read as
//! any other and is gone before the test goes on.
#![allow(clippy::unwrap_used, reason = "tests may fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use md5::{Digest, Md5};

use crate::binhost::{Pool, PoolOptions};
use crate::check::Policy;
use crate::chroot::Chroot;
use crate::env::Env;
use crate::local::{Base, Local, Trees};
use crate::packages::{Origins, Packages, Shelf};
use crate::plan::argument::Argument;
use crate::plan::depgraph::attempt::{Depgraph, Retry};
use crate::plan::depgraph::backtrack;
use crate::plan::graph::dependency::{Parent, Priority};
use crate::plan::options::{Deep, ResolveOptions};
use crate::plan::packages::atom::Atom;
use crate::plan::packages::dynamic_deps::InstalledDeps;
use crate::plan::packages::package_db::PackageDb;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::packages::root::Root;
use crate::plan::request::PlanRequest;
use crate::plan::result::collect;
use crate::plan::result::plan::Plan;
use crate::plan::select::goal::Goal;
use crate::plan::select::parameters::BacktrackParameters;
use crate::plan::select::query::Query;
use crate::plan::select::selector::Selector;
use crate::pms::{Cpv, Dep, Kind, Syntax};
use crate::report::fixture;
use crate::source::Notices;

/// An atom.
pub(in crate::plan) fn atom(text: &str) -> Atom {
    Atom::plain(Dep::parse(text, Syntax::USER).unwrap(), Root::Target)
}

/// A package database with some packages.
pub(in crate::plan) fn database(lines: &[&str]) -> PackageDb<'static> {
    database_with(lines, |_| ())
}

/// The options that are in force where none is given, with some changes.
pub(in crate::plan) fn options_with(change: impl FnOnce(&mut ResolveOptions)) -> ResolveOptions {
    let mut options = ResolveOptions::default();
    change(&mut options);
    options
}

/// Those of `-uD`.
pub(in crate::plan) fn update() -> ResolveOptions {
    options_with(|options| {
        options.selection.update = true;
        options.selection.deep = Deep::All;
        options.selection.selective = true;
    })
}

/// The same, with other options about binary packages than those of `-k`.
pub(in crate::plan) fn database_with(
    lines: &[&str],
    change: impl FnOnce(&mut Policy),
) -> PackageDb<'static> {
    let root = tempfile::tempdir().unwrap();
    let names = write(root.path(), lines);
    let notices: &Notices = leak(Notices::default());
    let chroot = Chroot::new(Some(root.path().to_path_buf())).unwrap();
    let base = Base::load(chroot, Env::default(), notices).unwrap();
    let local: &Local = leak(Local::load(base, notices).unwrap());
    local.moves(); // read while the files are there
    let mut policy = fixture::policy();
    change(&mut policy);
    let options = PoolOptions::default();
    let store = Packages::new(
        leak(Shelf::default()),
        Origins {
            local,
            policy: leak(policy),
            trees: leak(Trees::open(&local.base).unwrap()),
            hosts: &[],
            pool: leak(Pool::collect(&local.base, &[], &options, notices)),
            notices,
        },
    );
    let packages = PackageDb::new(leak(store), InstalledDeps::Recorded);
    for name in names {
        packages.versions(Root::Target, &name);
    }
    packages
}

/// Tests end soon, and values that borrow each other are simpler when they live as long.
fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// No file is read that it could be compared with.
const MD5: &str = "0123456789abcdef0123456789abcdef";

/// Write a system with some packages; gives their names.
fn write(root: &Path, lines: &[&str]) -> Vec<String> {
    let put = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let config = "usr/share/portage/config";
    put(
        &format!("{config}/make.globals"),
        "ACCEPT_LICENSE=\"*\" ACCEPT_PROPERTIES=\"*\" ACCEPT_RESTRICT=\"*\" CHOST=\"x86_64-pc-linux-gnu\"\n\
         PKGDIR=\"/var/cache/binpkgs\" FEATURES=\"pkgdir-index-trusted\" IUSE_IMPLICIT=\"amd64\"",
    );
    put(
        &format!("{config}/repos.conf"),
        "[DEFAULT]\nmain-repo=gentoo\n[gentoo]\nlocation=/repo",
    );
    put(
        "repo/metadata/layout.conf",
        "masters=\ncache-formats=md5-dict",
    );
    put("repo/profiles/repo_name", "gentoo");
    put("repo/profiles/arch.list", "amd64");
    put(
        "repo/profiles/base/make.defaults",
        "ARCH=amd64 ACCEPT_KEYWORDS=amd64",
    );
    put("etc/portage/x", "");
    let link = root.join("etc/portage/make.profile");
    std::os::unix::fs::symlink("/repo/profiles/base", link).unwrap();
    let (mut names, mut categories) = (Vec::new(), String::new());
    let mut index = String::new();
    for line in lines {
        if line.starts_with("move ") {
            put("repo/profiles/updates/1Q-2024", line);
            continue;
        }
        let mut words = line.split(';').map(str::trim);
        let (kind, cpv) = words.next().unwrap().split_once(' ').unwrap();
        let defaults = ["EAPI=8", "SLOT=0", "KEYWORDS=amd64", "DEFINED_PHASES=-"];
        let pairs = defaults.into_iter().chain(words);
        let mut fields: BTreeMap<&str, &str> =
            pairs.map(|pair| pair.split_once('=').unwrap()).collect();
        let parsed = Cpv::parse(cpv).unwrap();
        let (category, file) = cpv.split_once('/').unwrap();
        names.push(parsed.cpn.to_string());
        categories.push_str(&format!("{category}\n"));
        match kind {
            "ebuild" => {
                put(&format!("repo/{}/{file}.ebuild", parsed.cpn), cpv);
                let digest = Md5::digest(cpv.as_bytes());
                let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                fields.insert("_md5_", &digest);
                let lines = fields.iter().map(|(key, value)| format!("{key}={value}\n"));
                let text: String = lines.collect();
                put(&format!("repo/metadata/md5-cache/{cpv}"), &text);
            }
            "binary" => {
                let path = format!("{}/{file}-1.gpkg.tar", parsed.cpn);
                fields.extend([("CPV", cpv), ("PATH", &path), ("REPO", "gentoo")]);
                fields.extend([
                    ("SIZE", "1"),
                    ("MTIME", "1"),
                    ("BUILD_ID", "1"),
                    ("MD5", MD5),
                ]);
                fields.entry("BUILD_TIME").or_insert("1");
                let fields = fields.iter().filter(|(_, value)| !value.is_empty());
                let lines = fields.map(|(key, value)| format!("{key}: {value}\n"));
                index.extend(lines);
                index.push('\n');
            }
            "provided" => put("etc/portage/profile/package.provided", cpv),
            _ => {
                fields.extend([
                    ("CATEGORY", category),
                    ("PF", file),
                    ("repository", "gentoo"),
                ]);
                for (key, value) in fields {
                    put(&format!("var/db/pkg/{cpv}/{key}"), value);
                }
            }
        }
    }
    put("repo/profiles/categories", &categories);
    let count = index.matches("CPV: ").count();
    let header = format!("ARCH: amd64\nPACKAGES: {count}\nTIMESTAMP: 1\nVERSION: 0\n\n");
    put("var/cache/binpkgs/Packages", &(header + &index));
    names
}

impl PackageDb<'static> {
    /// A package by its version and kind.
    pub fn find(&self, kind: Kind, cpv: &str) -> Rc<PlanPackage<'static>> {
        let versions = self.versions(Root::Target, Cpv::parse(cpv).unwrap().cpn.as_str());
        let mut of_kind = versions.of(kind).iter();
        Rc::clone(
            of_kind
                .find(|package| package.cpv().to_string() == cpv)
                .unwrap(),
        )
    }

    /// An ebuild by its version.
    pub fn ebuild(&self, cpv: &str) -> Rc<PlanPackage<'static>> {
        self.find(Kind::Ebuild, cpv)
    }

    /// An installed package by its version.
    pub fn installed(&self, cpv: &str) -> Rc<PlanPackage<'static>> {
        self.find(Kind::Installed, cpv)
    }

    /// An attempt on these packages with nothing in its graph.
    pub fn attempt<'u>(&'u self, options: &'u ResolveOptions) -> Depgraph<'u, 'static> {
        let goal = Goal::new(Vec::new(), Vec::new(), Vec::new(), options);
        let parameters = BacktrackParameters::default();
        Depgraph::new(self, options, parameters, Retry::Allowed, goal)
    }
}

impl Depgraph<'_, 'static> {
    /// Put a package into the graph, below a parent that depends on it with an atom.
    pub fn insert(&mut self, package: &PlanPackage<'static>, parent: Option<(Id, &str)>) {
        self.tracker.add(package);
        self.graph.add(package.id, None);
        if let Some((parent, text)) = parent {
            let parent = Parent::Package(parent);
            self.graph
                .add_dependency(package.id, parent, Priority::RUNTIME);
            self.graph.add_atom(package.id, parent, &atom(text));
        }
    }
}

impl Selector<'_, 'static> {
    /// Select a package for nobody, with USE as it is.
    pub fn pick(&self, atom: &Atom) -> Option<Id> {
        self.select(&Query::new(atom)).package
    }
}

/// The plan for some targets.
pub(in crate::plan) fn plan(lines: &[&str], targets: &[&str], options: &ResolveOptions) -> String {
    plan_on(database(lines), targets, options)
}

/// The plan for some targets on these packages.
pub(in crate::plan) fn plan_on(
    packages: PackageDb<'static>,
    targets: &[&str],
    options: &ResolveOptions,
) -> String {
    let packages: &PackageDb<'static> = leak(packages);
    let request = PlanRequest {
        arguments: targets
            .iter()
            .map(|word| Argument::atom(word, atom(word)))
            .collect(),
        ..PlanRequest::default()
    };
    let (depgraph, ending, attempts) =
        backtrack::resolve(packages, options, &request, &BacktrackParameters::default());
    render(&collect::of(&depgraph, ending, attempts))
}

/// `U a/b-2, N c/d-1 from binary`, and obstacles after it.
fn render(plan: &Plan<'_>) -> String {
    let merges = plan.merges.iter().map(|merge| {
        let origin = if merge.package.is_built() {
            " from binary"
        } else {
            ""
        };
        let letters = merge.change.letters();
        format!("{letters} {}{origin}", merge.package.cpv)
    });
    let merges: Vec<String> = merges.collect();
    let obstacles = plan.obstacles.iter();
    let obstacles: Vec<String> = obstacles
        .map(|obstacle| format!("; {obstacle:?}"))
        .collect();
    format!("{}{}", merges.join(", "), obstacles.concat())
}
