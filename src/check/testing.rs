//! A small machine in a temporary directory, one binary package, and what a rule says about it.
#![allow(clippy::unwrap_used, reason = "tests may fail")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use md5::{Digest, Md5};
use tempfile::TempDir;

use super::{Code, Finding, Policy};
use crate::binhost::{Absent, Candidate, HostId, InstanceId, Pool};
use crate::chroot::Chroot;
use crate::env::Env;
use crate::local::{Base, Local, Trees};
use crate::packages::{Origins, Packages, Shelf};
use crate::pms::{Key, Metadata};
use crate::report::fixture::{host, policy};
use crate::source::Notices;

/// What the binary package says about itself where a test gives nothing else: nothing speaks against it.
const ENTRY: [(Key, &str); 10] = [
    (Key::Cpv, "sys-libs/zlib-1.3.1"),
    (Key::BuildId, "1"),
    (Key::Eapi, "8"),
    (Key::Iuse, "minizip"),
    (Key::Keywords, "amd64"),
    (Key::License, "ZLIB"),
    (Key::Path, "sys-libs/zlib/zlib-1.3.1-1.gpkg.tar"),
    (Key::Repository, "gentoo"),
    (Key::Slot, "0/1"),
    (Key::Use, "abi_x86_64 amd64 elibc_glibc kernel_linux"),
];

/// The machine of the story `sound`, and what a test changes about it.
pub(super) struct Machine {
    dir: TempDir,
    policy: Policy,
    absent: Option<Absent>,
}

impl Machine {
    pub(super) fn new() -> Machine {
        let sound = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/scenarios/sound/root");
        let dir = tempfile::tempdir().unwrap();
        copy(Path::new(sound), dir.path());
        Machine {
            dir,
            policy: policy(),
            absent: None,
        }
    }

    /// With a file.
    pub(super) fn file(self, path: &str, text: &str) -> Machine {
        let path = self.dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Without a file.
    pub(super) fn without(self, path: &str) -> Machine {
        fs::remove_file(self.dir.path().join(path)).unwrap();
        self
    }

    /// With an ebuild in `gentoo` whose cache entry holds these lines.
    pub(super) fn ebuild(self, category: &str, file: &str, name: &str, lines: &str) -> Machine {
        let text = "EAPI=8\n";
        let md5: String = Md5::digest(text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let repository = "var/db/repos/gentoo";
        self.file(
            &format!("{repository}/{category}/{name}/{file}.ebuild"),
            text,
        )
        .file(
            &format!("{repository}/metadata/md5-cache/{category}/{file}"),
            &format!("EAPI=8\n{lines}_md5_={md5}\n"),
        )
    }

    /// With other options.
    pub(super) fn policy(mut self, change: impl FnOnce(&mut Policy)) -> Machine {
        change(&mut self.policy);
        self
    }

    /// With a package that never enters Portage's database.
    pub(super) fn absent(mut self, absent: Absent) -> Machine {
        self.absent = Some(absent);
        self
    }

    /// What a rule finds against the package with these values changed: nothing, its detail, or with a question
    /// mark before it what is missing to tell.
    pub(super) fn detail(&self, code: Code, changed: &[(Key, &str)]) -> Option<String> {
        let finding = self.find(code, changed)?;
        let uncertainty = if finding.certain { "" } else { "? " };
        Some(format!("{uncertainty}{}", finding.detail))
    }

    /// The finding of a rule.
    pub(super) fn find(&self, code: Code, changed: &[(Key, &str)]) -> Option<Finding> {
        let findings = self.ask(changed, |packages, id| {
            packages.judged(id).findings.to_vec()
        });
        findings.into_iter().find(|finding| finding.code == code)
    }

    /// What the store says about the package with these values changed.
    pub(super) fn ask<T>(
        &self,
        changed: &[(Key, &str)],
        question: impl FnOnce(&Packages<'_>, InstanceId) -> T,
    ) -> T {
        self.ask_all(&[changed], |packages, ids| question(packages, ids[0]))
    }

    /// What the store says about several packages, each with other values changed.
    pub(super) fn ask_all<T>(
        &self,
        changed: &[&[(Key, &str)]],
        question: impl FnOnce(&Packages<'_>, &[InstanceId]) -> T,
    ) -> T {
        let candidate = |changed: &&[(Key, &str)]| {
            let kept = |(key, _): &&(Key, &str)| changed.iter().all(|(other, _)| other != key);
            let pairs = ENTRY.iter().filter(kept).chain(*changed).copied();
            let metadata = Metadata::from_pairs(pairs);
            Candidate::new(metadata, Some(HostId::new(0)), "x86_64-pc-linux-gnu").unwrap()
        };
        let notices = Notices::default();
        let chroot = Chroot::new(Some(self.dir.path().to_owned())).unwrap();
        let base = Base::load(chroot, Env::default(), &notices).unwrap();
        let local = Local::load(base, &notices).unwrap();
        let trees = Trees::open(&local.base).unwrap();
        let hosts = [host("site", true, "https://site.example")];
        let pool = Pool {
            entries: changed
                .iter()
                .map(|changed| (candidate(changed), self.absent.clone()))
                .collect(),
        };
        let shelf = Shelf::default();
        let origins = Origins {
            local: &local,
            policy: &self.policy,
            trees: &trees,
            hosts: &hosts,
            pool: &pool,
            notices: &notices,
        };
        let packages = Packages::new(&shelf, origins);
        let ids: Vec<InstanceId> = pool.ids().collect();
        question(&packages, &ids)
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (kind, path) = (entry.file_type().unwrap(), to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &path);
        } else if kind.is_symlink() {
            symlink(fs::read_link(entry.path()).unwrap(), path).unwrap();
        } else {
            fs::copy(entry.path(), path).unwrap();
        }
    }
}
