//! From metadata members to facts, with a bound on everything.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};

use anyhow::{Context, Result, bail, ensure};
use tar::Archive;

use crate::binhost::package_file::unpack;
use crate::compat::{Built, NAMES, variables};

/// Members whose text is wanted.
const WANTED: [&str; 17] = [
    "CATEGORY",
    "CFLAGS",
    "CHOST",
    "CXXFLAGS",
    "DEFINED_PHASES",
    "FCFLAGS",
    "FEATURES",
    "FFLAGS",
    "INHERITED",
    "NEEDED",
    "NEEDED.ELF.2",
    "PROVIDES",
    "QA_PREBUILT",
    "REQUIRES",
    "SIZE",
    "USE",
    "environment.bz2",
];

/// The longest text that is kept; of other lists of files only that there are any matters.
const MAX_TEXT: usize = 16 << 10;

/// The longest NEEDED.ELF.2 that is kept: that of a kernel's modules has half of it.
const MAX_ELF_FILES: usize = 1 << 20;

/// The largest compressed environment.
const MAX_ENVIRONMENT: u64 = 4 << 20;

/// The most that is unpacked of a metadata archive.
const MAX_UNPACKED: u64 = 32 << 20;

/// The most that is unpacked of an environment; large ones have 1 MiB.
const MAX_VARIABLES: u64 = 8 << 20;

/// More members than any real package has.
const MAX_MEMBERS: usize = 1000;

fn max_text(name: &str) -> usize {
    match name {
        "NEEDED.ELF.2" => MAX_ELF_FILES,
        _ => MAX_TEXT,
    }
}

/// Values of wanted members.
#[derive(Default)]
pub(super) struct Members {
    values: BTreeMap<String, String>,
    environment: BTreeMap<String, String>,
}

impl Members {
    /// Keep a member if it is wanted.
    pub(super) fn keep(&mut self, name: &str, value: &[u8]) {
        if name == "environment.bz2" {
            self.environment = environment(value);
        } else if WANTED.contains(&name) {
            let value = &value[..value.len().min(max_text(name))];
            let text = String::from_utf8_lossy(value).into_owned();
            self.values.insert(name.to_owned(), text);
        }
    }

    /// The facts: a member counts before the environment, which may have been changed since.
    pub(super) fn built(&self) -> Built {
        let value = |name: &str| {
            let member = self.values.get(name).or_else(|| self.environment.get(name));
            member.map(String::as_str)
        };
        Built::of(value)
    }
}

/// The wanted variables of a saved environment; of a damaged one those that come before the damage.
fn environment(bytes: &[u8]) -> BTreeMap<String, String> {
    let decoder = bzip2::read::MultiBzDecoder::new(bytes);
    let mut reader = BufReader::new(decoder.take(MAX_VARIABLES));
    let mut found = BTreeMap::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        let part = reader
            .by_ref()
            .take(MAX_TEXT as u64)
            .read_until(b'\n', &mut line);
        if !matches!(part, Ok(1..)) {
            return found;
        }
        let is_wanted = |name: &&str| line.windows(name.len()).any(|part| part == name.as_bytes());
        if line.starts_with(b"declare -") && NAMES.iter().any(is_wanted) {
            found.extend(variables(&String::from_utf8_lossy(&line)));
        }
    }
}

/// Read the metadata archive of a gpkg file; `ending` is what follows `metadata.tar` in its name.
pub(super) fn of_archive(ending: &str, bytes: &[u8]) -> Result<Built> {
    let reader = unpack::reader(ending, bytes).context("its metadata cannot be unpacked")?;
    let mut limited = reader.take(MAX_UNPACKED);
    let members = read_archive(&mut limited);
    // What hits the limit looks cut short.
    if limited.limit() == 0 {
        bail!("its metadata is larger than {} MiB", MAX_UNPACKED >> 20);
    }
    Ok(members?.built())
}

fn read_archive(reader: &mut impl Read) -> Result<Members> {
    let mut members = Members::default();
    let mut archive = Archive::new(reader);
    for (count, entry) in archive.entries()?.enumerate() {
        let mut entry = entry.context("its metadata is damaged")?;
        ensure!(count < MAX_MEMBERS, "its metadata has too many members");
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let Some(key) = name.strip_prefix("metadata/") else {
            bail!("its metadata has an unexpected member {name:?}");
        };
        if !WANTED.contains(&key) {
            continue;
        }
        let size = entry.size();
        let limit = match key {
            "environment.bz2" => MAX_ENVIRONMENT,
            _ => max_text(key) as u64,
        };
        let mut value = Vec::new();
        let mut part = Read::by_ref(&mut entry).take(limit);
        part.read_to_end(&mut value)
            .context("its metadata is damaged")?;
        ensure!(
            value.len() as u64 == size.min(limit),
            "its metadata is cut short"
        );
        members.keep(key, &value);
    }
    Ok(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::Content;

    #[test]
    fn all_files_of_a_kernel_count() {
        let module = |number| format!("X86_64;/lib/modules/6.12.1/kernel/{number}.ko;;;;x86_64\n");
        let modules: String = (0..6000).map(module).collect();
        let tool = "X86_64;/usr/bin/objtool;;;libc.so.6;x86_64\n";
        for (files, content) in [
            (modules.clone(), Content::KernelModules),
            (modules + tool, Content::Code),
        ] {
            let mut members = Members::default();
            members.keep("NEEDED.ELF.2", files.as_bytes());
            members.keep("CFLAGS", b"-march=znver5\n");
            assert_eq!(members.built().content, content);
        }
    }
}
