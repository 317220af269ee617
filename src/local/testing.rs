//! A machine of nothing but variables, for tests of what reads few files.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use super::Base;
use super::getconfig::Assignment;
use super::profile::Profile;
use super::repositories::Repositories;
use super::roots::Roots;
use super::vars::{Layer, Vars};
use crate::chroot::Chroot;
use crate::env::Env;
use crate::source::Source;

/// The system below a directory as if these variables were all of its configuration: no profile, no repository.
pub(crate) fn base(directory: &Path, variables: &[(&str, &str)]) -> Base {
    let assigned = variables.iter().map(|(name, value)| {
        let assignment = Assignment::new(*name, *value, Source::BuiltIn);
        (Layer::Conf, assignment)
    });
    let root = PathBuf::from("/");
    Base {
        chroot: Chroot::new(Some(directory.to_owned())).unwrap(),
        roots: Roots {
            config_root: root.clone(),
            root: root.clone(),
            sysroot: root.clone(),
            eprefix: PathBuf::new(),
            eroot: root,
            global_config: "/usr/share/portage/config".into(),
            user_config: "/etc/portage".into(),
        },
        env: Env::default(),
        repositories: Repositories::default(),
        profile: Profile::default(),
        vars: Vars::new(assigned.collect()),
    }
}
