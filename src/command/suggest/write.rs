//! `--output DIR`: the lines as files that can be copied below `/etc/portage`.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::local::Local;

/// What every such file begins with, by which it is known again.
const HEAD: &str = "# suggested by bincheck\n";

/// Whether files may be written below a directory: nothing is changed in `/etc`, neither this machine's nor that of
/// the judged system.
///
/// # Errors
/// They may not.
pub(in crate::command) fn check(local: &Local, directory: &str) -> Result<()> {
    let path = existing(Path::new(directory))?;
    let roots = &local.base.roots;
    let judged = local.base.chroot.find(&roots.user_config).ok();
    let own = fs::canonicalize("/etc").unwrap_or_else(|_| "/etc".into());
    for etc in judged.into_iter().chain([own]) {
        let etc = fs::canonicalize(&etc).unwrap_or(etc);
        ensure!(
            !path.starts_with(&etc),
            "--output={directory} lies in {}; copy the files there yourself",
            etc.display()
        );
    }
    Ok(())
}

/// The path without links, as far as there is anything.
fn existing(path: &Path) -> Result<PathBuf> {
    let absolute = std::path::absolute(path)?;
    let mut at = absolute.as_path();
    loop {
        match fs::canonicalize(at) {
            Ok(real) => {
                let rest = absolute.strip_prefix(at).unwrap_or(Path::new(""));
                return Ok(crate::chroot::normal(&real.join(rest)));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                at = at.parent().context("it has no parent")?;
            }
            Err(error) => {
                return Err(error).with_context(|| format!("cannot use {}", path.display()));
            }
        }
    }
}

/// Write them; gives their names.
///
/// # Errors
/// A file cannot be written, or is there and not bincheck's.
pub(in crate::command) fn files(
    files: BTreeMap<String, String>,
    directory: &str,
) -> Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for (name, text) in files {
        let file = Path::new(directory).join(name);
        put(&file, &text).with_context(|| format!("cannot write {}", file.display()))?;
        written.push(file);
    }
    Ok(written)
}

fn put(file: &Path, text: &str) -> Result<()> {
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent)?;
    }
    match fs::symlink_metadata(file) {
        Ok(facts) => {
            let is_own = facts.is_file() && fs::read(file)?.starts_with(HEAD.as_bytes());
            if !is_own {
                bail!("it is there already, and bincheck has not written it");
            }
            fs::remove_file(file)?;
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let mut out = OpenOptions::new().write(true).create_new(true).open(file)?;
    out.write_all(HEAD.as_bytes())?;
    out.write_all(text.as_bytes())?;
    Ok(())
}
