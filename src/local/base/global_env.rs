//! The `*/*` entries of package.env, which count as part of make.conf
//! (`portage: config.py:config._grab_pkg_env`).

use std::collections::HashMap;
use std::path::Path;

use super::{CONF, layers};
use crate::chroot::Chroot;
use crate::local::files;
use crate::local::getconfig::{self, Assignment};
use crate::local::vars::is_incremental;
use crate::source::Notices;

/// Read the files that `*/*` names and add their assignments to make.conf's: incremental variables
/// grow, others are replaced.
///
/// # Errors
/// A syntax error in one of the files.
pub(super) fn add(
    chroot: &Chroot,
    user_config: &Path,
    conf: &mut Vec<Assignment>,
    map: &mut HashMap<String, String>,
    notices: &Notices,
) -> anyhow::Result<()> {
    for line in files::lines(chroot, &user_config.join("package.env"), notices)? {
        let Some(("*/*", names)) = line.words.split_first().map(|(a, b)| (a.as_str(), b)) else {
            continue;
        };
        for name in names {
            let path = user_config.join("env").join(name);
            if files::kind(chroot, &path)?.is_none() {
                notices.at(&line.source, format!("{} does not exist", path.display()));
                continue;
            }
            for assignment in getconfig::read(chroot, &path, map, CONF, notices)? {
                put(conf, assignment, notices);
            }
        }
    }
    Ok(())
}

fn put(conf: &mut Vec<Assignment>, assignment: Assignment, notices: &Notices) {
    if layers::is_dropped(&assignment.name) {
        let text = format!("{} cannot be set here and is skipped", assignment.name);
        return notices.at(&assignment.source, text);
    }
    match conf.iter_mut().find(|one| one.name == assignment.name) {
        Some(one) if is_incremental(&one.name) => one.append(&assignment),
        Some(one) => *one = assignment,
        None => conf.push(assignment),
    }
}
