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

/// Write them, each with what the judged system has in its file of the same name, so that nothing is lost where they
/// are copied there; gives their names.
///
/// # Errors
/// A file cannot be written, or is there and not bincheck's.
pub(in crate::command) fn files(
    files: BTreeMap<String, String>,
    local: &Local,
    directory: &str,
) -> Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for (name, text) in files {
        let base = &local.base;
        let present = base.chroot.read_text(&base.roots.user_config.join(&name));
        let text = joined(&present.unwrap_or_default(), &text);
        let file = Path::new(directory).join(name);
        put(&file, &text).with_context(|| format!("cannot write {}", file.display()))?;
        written.push(file);
    }
    Ok(written)
}

/// What is there, and then what is new; in a section that has both the new lines take the place of those that set the
/// same.
fn joined(present: &str, new: &str) -> String {
    let mut new = sections(new);
    let mut text = String::new();
    for (header, lines) in sections(present) {
        let more = match header {
            // Lines outside of sections follow each other, and the last counts.
            None => Vec::new(),
            Some(_) => {
                let place = new.iter().position(|(other, _)| *other == header);
                place.map_or_else(Vec::new, |place| new.remove(place).1)
            }
        };
        let keys: Vec<&str> = more.iter().map(|line| key(line)).collect();
        let mut is_kept = true;
        let kept = lines.into_iter().filter(|line| {
            // A line that is indented goes on with the one before.
            if !line.starts_with([' ', '\t']) {
                is_kept = *line != HEAD.trim_end() && !keys.contains(&key(line));
            }
            is_kept
        });
        let kept: Vec<&str> = kept.collect();
        text.extend(header.into_iter().chain(kept).chain(more).map(line_of));
    }
    for (header, lines) in new {
        text.extend(header.into_iter().chain(lines).map(line_of));
    }
    text
}

fn line_of(line: &str) -> String {
    format!("{line}\n")
}

/// What a line of a section sets.
fn key(line: &str) -> &str {
    let end = line.find(['=', ':']).unwrap_or(line.len());
    line[..end].trim()
}

/// The lines of a text by the section that they stand in; those before the first have no header.
fn sections(text: &str) -> Vec<(Option<&str>, Vec<&str>)> {
    let mut sections = vec![(None, Vec::new())];
    for line in text.lines() {
        if line.starts_with('[') {
            sections.push((Some(line.trim_end()), Vec::new()));
        } else if let Some((_, lines)) = sections.last_mut() {
            lines.push(line);
        }
    }
    sections
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays() {
        for (present, new, all) in [
            ("", "a/b x\n", "a/b x\n"),
            (
                "# suggested by bincheck\n# a note\na/b x\n",
                "c/d y\n",
                "# a note\na/b x\nc/d y\n",
            ),
            ("# mine\na/b x", "c/d y\n", "# mine\na/b x\nc/d y\n"),
            (
                "[site]\nexclude = a/b\n  e/f\nfrozen = yes\n[other]\nexclude = g/h\n",
                "[site]\nexclude = a/b c/d\n[third]\nexclude = i/j\n",
                "[site]\nfrozen = yes\nexclude = a/b c/d\n[other]\nexclude = g/h\n[third]\nexclude = i/j\n",
            ),
        ] {
            assert_eq!(joined(present, new), all, "{present:?}");
        }
    }
}
