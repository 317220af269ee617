#![allow(clippy::unwrap_used, clippy::expect_used)]

mod effective;
mod evidence;
mod layers;
mod packages;

use std::fs;

use super::*;
use crate::chroot::Chroot;
use crate::local::Base;
use crate::local::package_env::PackageEnv;
use crate::pms::{Cpv, Eapi, Key, Kind, Metadata, Slot};
use crate::source::Notices;

const CONF: &str = "etc/portage/make.conf";
const PACKAGE_USE: &str = "etc/portage/package.use";
const DEFAULTS: &str = "repo/profiles/base/make.defaults";
const PROFILE: &str = "ARCH=amd64 ELIBC=glibc KERNEL=linux \
    USE_EXPAND=\"VIDEO_CARDS PYTHON_TARGETS ELIBC KERNEL L10N\" \
    USE_EXPAND_HIDDEN=\"ELIBC KERNEL\" USE_EXPAND_IMPLICIT=\"ARCH ELIBC KERNEL\" \
    USE_EXPAND_UNPREFIXED=ARCH USE_EXPAND_VALUES_ARCH=\"amd64 x86\" \
    USE_EXPAND_VALUES_ELIBC=\"glibc musl\" USE_EXPAND_VALUES_KERNEL=linux\n";

/// A machine with one profile of EAPI 8 and repositories gentoo and ovl (masters = gentoo). A file that
/// is given twice is joined; the profile's make.defaults begins with [`PROFILE`].
struct Machine {
    config: UseConfig,
    notices: Vec<String>,
}

impl Machine {
    fn new(files: &[(&str, &str)], env: &[(&str, &str)]) -> Machine {
        let temp = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = temp.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let known = fs::read_to_string(&path).unwrap_or_default();
            fs::write(path, known + text).unwrap();
        };
        write(
            "usr/share/portage/config/make.globals",
            "ACCEPT_PROPERTIES=\"*\"",
        );
        let repos = "[DEFAULT]\nmain-repo=gentoo\n[gentoo]\nlocation=/repo\n[ovl]\nlocation=/ovl\n";
        write("usr/share/portage/config/repos.conf", repos);
        write("repo/metadata/layout.conf", "masters=");
        write("repo/profiles/repo_name", "gentoo");
        write("repo/profiles/base/eapi", "8\n");
        write(DEFAULTS, PROFILE);
        write("ovl/metadata/layout.conf", "masters=gentoo");
        write("ovl/profiles/repo_name", "ovl");
        write("etc/portage/x", "");
        let link = temp.path().join("etc/portage/make.profile");
        std::os::unix::fs::symlink("/repo/profiles/base", link).unwrap();
        for (path, text) in files {
            write(path, text);
        }
        let notices = Notices::default();
        let chroot = Chroot::new(Some(temp.path().to_path_buf())).unwrap();
        let base = Base::load(chroot, env.iter().copied().collect(), &notices).unwrap();
        let package_env = PackageEnv::load(&base, &notices).unwrap();
        let config = UseConfig::load(&base, &package_env, &notices).unwrap();
        let notices = notices.sorted().iter().map(ToString::to_string).collect();
        Machine { config, notices }
    }
}

/// a/b-1 of a repository, with `KEY=value` pairs separated by `;` besides IUSE.
fn package(kind: Kind, iuse: &str, repository: Option<&str>, more: &str) -> Package {
    let mut pairs = vec![(Key::Iuse, iuse)];
    let more = more.split(';').filter_map(|pair| pair.split_once('='));
    pairs.extend(more.map(|(key, value)| (Key::parse(key).unwrap(), value)));
    let metadata = Metadata::from_pairs(pairs);
    Package {
        kind,
        cpv: Cpv::parse("a/b-1").unwrap(),
        slot: Slot::parse("0", None),
        eapi: Eapi::parse(metadata.get(Key::Eapi).unwrap_or("8")),
        repository: repository.map(Into::into),
        build_id: None,
        build_time: 0,
        metadata,
    }
}

/// The flags of IUSE and of the implicit ones that are on, but those of the profile itself.
fn enabled(machine: &Machine, package: &Package, stable: bool) -> String {
    let view = machine.config.of(package, stable);
    let mut flags: Vec<&str> = package.iuse().map(|iuse| iuse.flag).collect();
    flags.extend(["prefix", "build", "zzz"]);
    flags.sort_unstable();
    flags.dedup();
    flags.retain(|flag| view.enabled(flag));
    flags.join(" ")
}

/// The outcome for a stable a/b-1::gentoo.
fn row(files: &[(&str, &str)], env: &[(&str, &str)], iuse: &str) -> String {
    let machine = Machine::new(files, env);
    enabled(
        &machine,
        &package(Kind::Ebuild, iuse, Some("gentoo"), ""),
        true,
    )
}
