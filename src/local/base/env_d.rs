//! `/etc/profile.env`, which env-update makes of `/etc/env.d`
//! (`portage: config.py:config._get_env_d`).

use std::collections::HashMap;
use std::path::Path;

use crate::chroot::Chroot;
use crate::env::Env;
use crate::local::getconfig::{self, Assignment, Mode};
use crate::local::roots::{self, Roots};
use crate::source::Notices;

/// Variables that only the running system's file may set.
const RUNNING_ONLY: [&str; 3] = ["PATH", "PREROOTPATH", "ROOTPATH"];

/// Variables that only the target's file may set, besides `PKG_CONFIG_*`.
const TARGET_ONLY: [&str; 5] = [
    "CONFIG_PROTECT",
    "CONFIG_PROTECT_MASK",
    "INFODIR",
    "INFOPATH",
    "MANPATH",
];

/// All variables, each from the file that may set it; the target's is preferred.
///
/// # Errors
/// A syntax error.
pub(super) fn read(
    chroot: &Chroot,
    roots: &Roots,
    env: &Env,
    notices: &Notices,
) -> anyhow::Result<Vec<Assignment>> {
    let running_root = roots::root_or(&roots::running_prefix(env));
    let target = read_one(chroot, &roots.eroot, notices)?;
    let running = if running_root == roots.eroot {
        target.clone()
    } else {
        read_one(chroot, &running_root, notices)?
    };
    Ok(merge(target, running))
}

fn read_one(chroot: &Chroot, root: &Path, notices: &Notices) -> anyhow::Result<Vec<Assignment>> {
    let mode = Mode {
        allow_source: false,
        expand: false,
    };
    let path = root.join("etc/profile.env");
    getconfig::read(chroot, &path, &mut HashMap::new(), mode, notices)
}

fn merge(target: Vec<Assignment>, running: Vec<Assignment>) -> Vec<Assignment> {
    let running_only = |one: &Assignment| RUNNING_ONLY.contains(&one.name.as_str());
    let target_only = |one: &Assignment| {
        TARGET_ONLY.contains(&one.name.as_str()) || one.name.starts_with("PKG_CONFIG_")
    };
    let mut all: Vec<Assignment> = target
        .into_iter()
        .filter(|one| !running_only(one))
        .collect();
    for one in running {
        let known = all.iter().any(|other| other.name == one.name);
        if !target_only(&one) && !known {
            all.push(one);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn each_variable_comes_from_its_file() {
        let file = |suffix: &str| -> Vec<Assignment> {
            ["PATH", "MANPATH", "PKG_CONFIG_PATH", suffix, "BOTH"]
                .map(|name| Assignment::new(name, suffix, Source::BuiltIn))
                .into()
        };
        let all = merge(file("target"), file("running"));
        let pairs: Vec<String> = all
            .iter()
            .map(|one| format!("{}={}", one.name, one.value))
            .collect();
        assert_eq!(
            pairs,
            [
                "MANPATH=target",
                "PKG_CONFIG_PATH=target",
                "target=target",
                "BOTH=target",
                "PATH=running",
                "running=running",
            ]
        );
    }
}
