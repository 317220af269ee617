//! `--export`: indexes of a mixed host's packages that run on one processor, or of each that they were built for.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::judging::Judging;
use super::output;
use crate::binhost::candidate::InstanceKey;
use crate::binhost::index::Head;
use crate::binhost::{Candidate, HostId, HostState, InstanceId, Pool};
use crate::check::Verdict;
use crate::chroot::is_below_any;
use crate::compat::{Compatibility, CpuCompat};
use crate::emerge::checked;
use crate::exit::Exit;
use crate::packages::{Packages, Shelf};
use crate::report::host_labels;
use crate::source::Notices;

/// The file by which a directory is known again; it lists what was written.
const MARK: &str = ".bincheck-export";

/// Packages of one host for one index: what tells its entries apart.
type Kept = HashSet<(InstanceKey, String)>;

/// What is left out, and how often.
#[derive(Debug, Default)]
struct LeftOutCounts {
    cannot_run: usize,
    unknown: usize,
    rejected: usize,
}

/// Sort the packages of all hosts, and write the indexes.
///
/// # Errors
/// The directory holds other files, or cannot be written.
pub(super) fn run(
    judging: &Judging,
    directory: &str,
    pool: &Pool,
    notices: &Notices,
) -> Result<Exit> {
    let into = ExportDirectory::open(directory)?;
    let shelf = Shelf::default();
    let packages = judging.packages(&shelf, &judging.policy, pool, notices);
    packages.judge_all();
    judging.local.installed.check_readable()?;
    let is_of_host = |id: &InstanceId| packages.entry(*id).0.host.is_some();
    let ids: Vec<InstanceId> = packages.instances().filter(is_of_host).collect();
    let compatibility = judging.compat_checker(notices).judge(&packages, &ids);
    let mut left_out = LeftOutCounts::default();
    let mut groups: BTreeMap<(Option<String>, HostId), Kept> = BTreeMap::new();
    for id in ids {
        let (candidate, _) = packages.entry(id);
        let Some((group, host)) = sort(
            judging,
            &packages,
            id,
            compatibility.get(&id),
            &mut left_out,
        )
        .zip(candidate.host) else {
            continue;
        };
        let kept = groups.entry((group, host)).or_default();
        kept.insert((candidate.instance_key(), candidate.path().to_owned()));
    }
    let labels = host_labels::of(&judging.hosts);
    let mut written = into.writer();
    for ((group, host), kept) in &groups {
        let (Some(state), Some(label)) = (host.of(&judging.hosts), host.of(&labels)) else {
            continue;
        };
        let below: PathBuf = group
            .iter()
            .map(String::as_str)
            .chain([label.as_str()])
            .map(name)
            .collect();
        written.index(&below, &only(state, *host, kept))?;
    }
    let lines = written.finish()?;
    report(&lines, &left_out)?;
    output::notices(&notices.sorted(), judging.cli.verbose());
    Ok(if left_out.unknown == 0 {
        Exit::AllUsable
    } else {
        Exit::Unknown
    })
}

/// The group of an instance, `None` in it where there are no groups; counted where it is left out.
fn sort(
    judging: &Judging,
    packages: &Packages<'_>,
    id: InstanceId,
    compatibility: Option<&Compatibility>,
    left_out: &mut LeftOutCounts,
) -> Option<Option<String>> {
    let by_march = judging.cli.action.export.by_march;
    let is_accepted = || packages.judged(packages.delivered(id)).verdict == Verdict::Accepted;
    if judging.cli.action.export.usable && !is_accepted() {
        left_out.rejected += 1;
        return None;
    }
    let built_for = compatibility.and_then(|known| known.built_for.clone());
    match compatibility.and_then(|known| known.runs) {
        // Where each goes to its own kind of processor, this one does not count.
        Some(_) if by_march && built_for.is_some() => Some(built_for),
        Some(CpuCompat::Yes) if by_march => Some(Some("any".to_owned())),
        Some(CpuCompat::Yes) => Some(None),
        Some(CpuCompat::No) => {
            left_out.cannot_run += 1;
            None
        }
        Some(CpuCompat::Unknown) | None => {
            left_out.unknown += 1;
            None
        }
    }
}

/// A host with nothing but these entries.
fn only(state: &HostState, host: HostId, kept: &Kept) -> HostState {
    let mut state = state.clone();
    if let Some(index) = &mut state.index {
        index.retain(|metadata| {
            let candidate = Candidate::new(metadata.clone(), Some(host), "");
            candidate.is_ok_and(|one| kept.contains(&(one.instance_key(), one.path().to_owned())))
        });
    }
    state
}

/// A name of a directory: nothing that leads elsewhere.
fn name(text: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || "._-+".contains(c) {
            c
        } else {
            '-'
        }
    };
    let name: String = text.chars().map(plain).collect();
    match name.trim_start_matches('.') {
        "" => "host".to_owned(),
        name => name.to_owned(),
    }
}

fn report(lines: &[(PathBuf, usize)], left_out: &LeftOutCounts) -> Result<()> {
    output::to_stdout(|out| {
        for (path, count) in lines {
            let noun = if *count == 1 { "package" } else { "packages" };
            writeln!(out, "{}: {count} {noun}", path.display())?;
        }
        let counts = [
            (left_out.cannot_run, "will not run"),
            (left_out.rejected, "not accepted here"),
            (left_out.unknown, "of unknown processor"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        if !counts.is_empty() {
            writeln!(out, "left out: {}", counts.join(", "))?;
        }
        Ok(())
    })
}

/// Where indexes are written.
struct ExportDirectory {
    path: PathBuf,
    /// What an earlier run wrote.
    earlier: BTreeSet<PathBuf>,
}

impl ExportDirectory {
    fn open(directory: &str) -> Result<ExportDirectory> {
        let path = PathBuf::from(directory);
        fs::create_dir_all(&path).with_context(|| format!("cannot make {directory}"))?;
        let mut entries =
            fs::read_dir(&path).with_context(|| format!("cannot read {directory}"))?;
        let mark = fs::read_to_string(path.join(MARK));
        ensure!(
            mark.is_ok() || entries.next().is_none(),
            "{directory} has files that --export did not write; name a new directory"
        );
        let is_plain = |line: &&str| {
            let path = Path::new(line);
            is_below_any(path) && (path.ends_with("Packages") || path.ends_with("Packages.gz"))
        };
        let mark = mark.unwrap_or_default();
        Ok(ExportDirectory {
            path,
            earlier: mark.lines().filter(is_plain).map(PathBuf::from).collect(),
        })
    }

    fn writer(self) -> Writer {
        Writer {
            directory: self,
            written: BTreeSet::new(),
            lines: Vec::new(),
        }
    }
}

struct Writer {
    directory: ExportDirectory,
    written: BTreeSet<PathBuf>,
    lines: Vec<(PathBuf, usize)>,
}

impl Writer {
    /// Write an index, unless it is there as it has to be.
    fn index(&mut self, below: &Path, state: &HostState) -> Result<()> {
        let file = below.join("Packages");
        let whole = self.directory.path.join(&file);
        let uri = state.packages().to_string();
        let before = fs::read_to_string(&whole).unwrap_or_default();
        let stamp = Head::of(&before)
            .ok()
            .and_then(|head| u128::try_from(head.timestamp?).ok());
        if stamp.is_none_or(|stamp| checked::index(state, &uri, stamp) != before) {
            let text = checked::index(state, &uri, next(stamp));
            let mut packed = GzEncoder::new(Vec::new(), Compression::default());
            packed.write_all(text.as_bytes())?;
            put(&whole, text.as_bytes())?;
            put(&whole.with_extension("gz"), &packed.finish()?)?;
        }
        let count = state.index.as_ref().map_or(0, |index| index.entries.len());
        self.lines.push((whole, count));
        self.written.insert(file.with_extension("gz"));
        self.written.insert(file);
        Ok(())
    }

    /// Remove what an earlier run wrote and this one did not.
    fn finish(self) -> Result<Vec<(PathBuf, usize)>> {
        for stale in self.directory.earlier.difference(&self.written) {
            let _ = fs::remove_file(self.directory.path.join(stale));
        }
        let names = self
            .written
            .iter()
            .map(|path| format!("{}\n", path.display()));
        put(
            &self.directory.path.join(MARK),
            names.collect::<String>().as_bytes(),
        )?;
        Ok(self.lines)
    }
}

/// emerge keeps its copy of an index unless a later one has a larger TIMESTAMP.
fn next(before: Option<u128>) -> u128 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |since| u128::from(since.as_secs()));
    before.map_or(now, |before| now.max(before.saturating_add(1)))
}

/// Write a file that is there whole or not at all.
fn put(file: &Path, bytes: &[u8]) -> Result<()> {
    let directory = file.parent().unwrap_or(Path::new("."));
    let write = || {
        fs::create_dir_all(directory)?;
        let mut temporary = tempfile::Builder::new()
            .prefix(".bincheck-")
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))
            .tempfile_in(directory)?;
        temporary.write_all(bytes)?;
        temporary.persist(file)?;
        anyhow::Ok(())
    };
    write().with_context(|| format!("cannot write {}", file.display()))
}
