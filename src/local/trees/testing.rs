//! A small machine in a temporary directory, for tests of everything that reads one.
#![allow(clippy::unwrap_used, reason = "tests may fail")]

use std::fs;
use std::path::{Path, PathBuf};

use super::eclasses::hex_md5;
use crate::local::Base;
use crate::local::profile::ProfileNode;
use crate::local::repositories::{ProfileFormats, Repository};
use crate::local::testing;
use crate::pms::Eapi;

/// Files below a directory that is the root of the judged system.
pub(crate) struct Machine {
    dir: tempfile::TempDir,
    base: Base,
}

impl Machine {
    /// No repository, no package, nothing configured.
    pub(crate) fn new() -> Machine {
        let dir = tempfile::tempdir().unwrap();
        let base = testing::base(dir.path(), &[]);
        let machine = Machine { dir, base };
        machine.write("/usr/share/portage/config/sets/portage.conf", "");
        machine
    }

    pub(crate) fn base(&self) -> &Base {
        &self.base
    }

    pub(crate) fn env(&mut self, name: &str, value: &str) {
        self.base.env = std::mem::take(&mut self.base.env).with(name, value);
    }

    fn real(&self, path: &str) -> PathBuf {
        self.dir.path().join(path.trim_start_matches('/'))
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.real(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn mkdir(&self, path: &str) {
        fs::create_dir_all(self.real(path)).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_dir_all(self.real(path)).unwrap();
    }

    pub(crate) fn link(&self, path: &str, target: &str) {
        let path = self.real(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, path).unwrap();
    }

    /// Add a repository, of higher priority than those before, at `/repos/NAME`.
    pub(crate) fn repository(&mut self, name: &str, masters: &[usize]) {
        let location = Path::new("/repos").join(name);
        self.write(&format!("/repos/{name}/profiles/repo_name"), name);
        let repositories = &mut self.base.repositories;
        repositories.list.push(Repository {
            name: name.into(),
            configured: location.clone(),
            location,
            priority: i64::try_from(repositories.list.len()).unwrap(),
            masters: masters.to_vec(),
            formats: ProfileFormats::default(),
            profiles_eapi: Eapi::ZERO,
            default_profile_eapi: Eapi::ZERO,
            usepkg_exclude: Vec::new(),
            usepkg_include: Vec::new(),
        });
    }

    /// Add a profile directory.
    pub(crate) fn profile(&mut self, dir: &str, profile_set: bool, packages: &str) {
        self.write(&format!("{dir}/packages"), packages);
        self.base.profile.nodes.push(ProfileNode {
            dir: dir.into(),
            eapi: Eapi::parse("8"),
            formats: ProfileFormats {
                profile_set,
                ..ProfileFormats::default()
            },
            allow_directories: false,
            is_user: false,
            make_defaults: Vec::new(),
        });
    }

    /// Add an ebuild with a valid cache entry that holds `lines` besides its hash.
    pub(crate) fn ebuild(&self, repository: &str, cpf: &str, package: &str, lines: &str) {
        let text = format!("EAPI=8\n# {cpf}\n");
        let (category, stem) = cpf.split_once('/').unwrap();
        let dir = format!("/repos/{repository}");
        self.write(&format!("{dir}/{category}/{package}/{stem}.ebuild"), &text);
        let entry = format!(
            "EAPI=8\nSLOT=0\n{lines}_md5_={}\n",
            hex_md5(text.as_bytes())
        );
        self.write(&format!("{dir}/metadata/md5-cache/{cpf}"), &entry);
    }

    /// Add an installed package with one file per variable.
    pub(crate) fn installed(&self, cpf: &str, variables: &[(&str, &str)]) {
        self.mkdir(&format!("/var/db/pkg/{cpf}"));
        for (name, value) in variables {
            self.write(&format!("/var/db/pkg/{cpf}/{name}"), value);
        }
    }
}
