//! The emerge that a command line means, and becoming it.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::hosts::BinhostList;
use crate::env::Env;
use crate::exit::Hinted;

/// Find emerge as a shell would, but for a link to bincheck itself.
///
/// # Errors
/// There is none on PATH.
pub fn find(path: &OsStr) -> Result<PathBuf, Hinted> {
    let own = std::env::current_exe().and_then(|own| own.canonicalize());
    let is_own = |file: &Path| own.as_ref().ok() == file.canonicalize().ok().as_ref();
    std::env::split_paths(path)
        .map(|directory| directory.join("emerge"))
        .find(|file| is_executable(file) && !is_own(file))
        .ok_or_else(|| Hinted {
            message: "there is no emerge on PATH".to_owned(),
            hints: vec!["--emerge needs Portage; without it, leave --emerge out".to_owned()],
        })
}

fn is_executable(file: &Path) -> bool {
    let metadata = file.metadata();
    metadata.is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

/// Names the process that became emerge, in the environment of that.
const BECAME: &str = "BINCHECK_BECAME_EMERGE";

/// Refuse to go in circles: an `emerge` on PATH may be a script that runs bincheck.
///
/// # Errors
/// This process became that script, or the script started it.
pub fn check_circle(env: &Env) -> Result<(), Hinted> {
    let runs = |pid: u32| env.get(BECAME) == Some(pid.to_string().as_str());
    if !runs(std::process::id()) && !runs(parent_id()) {
        return Ok(());
    }
    Err(Hinted {
        message: "the emerge on PATH is a script that runs bincheck again".to_owned(),
        hints: vec![
            "let the script set PATH so that emerge is Portage's, or use an alias".to_owned(),
        ],
    })
}

/// Become emerge, with these variables besides: its exit status, signals and terminal are then its own.
/// Returns only if that fails.
pub fn become_emerge(
    program: &Path,
    words: &[OsString],
    binhosts: Option<&BinhostList>,
    environment: &[(&str, String)],
) -> io::Error {
    let mut command = Command::new(program);
    command.arg0("emerge").args(words);
    command.env(BECAME, std::process::id().to_string());
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    if let Some(binhosts) = binhosts {
        command.env("PORTAGE_BINHOST", binhosts.secret());
    }
    command.exec()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn the_first_that_can_be_run() {
        let top = tempfile::tempdir().unwrap();
        let directory = |name: &str| {
            let path = top.path().join(name);
            fs::create_dir(&path).unwrap();
            path
        };
        let [empty, plain, own, real] = ["empty", "plain", "own", "real"].map(directory);
        fs::write(plain.join("emerge"), "no program").unwrap();
        symlink(std::env::current_exe().unwrap(), own.join("emerge")).unwrap();
        fs::write(real.join("emerge"), "#!/bin/sh\n").unwrap();
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(real.join("emerge"), mode).unwrap();

        let path = |parts: &[&PathBuf]| std::env::join_paths(parts).unwrap();
        let found = find(&path(&[&empty, &plain, &own, &real])).unwrap();
        assert_eq!(found, real.join("emerge"));
        let missing = find(&path(&[&empty, &plain, &own])).unwrap_err();
        assert!(missing.message.contains("no emerge on PATH"));
    }
}
