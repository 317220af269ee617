//! The ELF files of a package, as Portage lists them in NEEDED.ELF.2.

use crate::cpu::Family;
use crate::pms::wildcard;
use crate::shlex;

/// The files, and what tells who compiled them.
pub(super) struct ElfFiles<'v> {
    files: Vec<ElfFile<'v>>,
    /// The family that the package was built for, where there are tables for it.
    family: Option<Family>,
    /// Patterns of QA_PREBUILT, which stand for files that were downloaded as they are
    /// (portage: doebuild.py:_post_src_install_soname_symlinks). `?` and `[` stand for themselves here, so that such a
    /// pattern fits less.
    prebuilt: Vec<String>,
}

/// A line: `x86_64;/lib/modules/6.12.1/extra/zfs.ko;soname;rpath;needed`.
struct ElfFile<'v> {
    machine: &'v str,
    path: &'v str,
}

impl<'v> ElfFiles<'v> {
    /// Read metadata values by name.
    pub(super) fn of(text: impl Fn(&str) -> Option<&'v str>) -> ElfFiles<'v> {
        let lines = text("NEEDED.ELF.2").unwrap_or_default().lines();
        let lines = lines.filter(|line| !line.trim().is_empty());
        let patterns = shlex::split(text("QA_PREBUILT").unwrap_or_default()).unwrap_or_default();
        ElfFiles {
            files: lines.map(ElfFile::of).collect(),
            family: text("CHOST").and_then(Family::of_chost),
            prebuilt: patterns
                .iter()
                .map(|pattern| pattern.trim_start_matches('/').to_owned())
                .collect(),
        }
    }

    /// Whether there are any.
    pub(super) fn are_any(&self) -> bool {
        !self.files.is_empty()
    }

    /// Whether all are kernel modules, if there are any.
    pub(super) fn are_modules(&self) -> bool {
        self.files.iter().all(ElfFile::is_module)
    }

    /// Whether nothing of the package was compiled by the host, be it in the list or not.
    pub(super) fn are_prebuilt_whole(&self) -> bool {
        self.prebuilt.iter().any(|pattern| pattern == "*")
    }

    /// Whether there are some, and none was compiled by the host for this family of processors.
    pub(super) fn are_others(&self) -> bool {
        let is_other = |file: &ElfFile| self.is_foreign(file) || self.is_prebuilt(file);
        self.are_any() && self.files.iter().all(is_other)
    }

    fn is_foreign(&self, file: &ElfFile) -> bool {
        let machines = self.family.map(Family::elf_machines);
        machines.is_some_and(|machines| !machines.contains(&file.machine))
    }

    fn is_prebuilt(&self, file: &ElfFile) -> bool {
        let path = file.path.trim_start_matches('/');
        let mut patterns = self.prebuilt.iter();
        patterns.any(|pattern| wildcard::matches(pattern, path))
    }
}

impl<'v> ElfFile<'v> {
    fn of(line: &'v str) -> ElfFile<'v> {
        let mut parts = line.split(';');
        ElfFile {
            machine: parts.next().unwrap_or_default(),
            path: parts.next().unwrap_or_default(),
        }
    }

    fn is_module(&self) -> bool {
        self.path.ends_with(".ko") && self.path.contains("/lib/modules/")
    }
}
