//! What a package holds, by its metadata, whatever compiler options it records: Portage records those of the
//! configuration in every package, also in one of Perl modules.
//!
//! Portage lists every ELF file in NEEDED.ELF.2 (portage: misc-functions.sh:install_qa_check runs scanelf over the
//! whole image), so a package without it has none. What scanelf does not see are archives (static libraries),
//! compressed kernel modules and boot loaders, which are no ELF files.

use serde::{Deserialize, Serialize};

/// What compiler options can have changed in a package.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// Programs or libraries, or what may be such.
    #[default]
    Code,
    /// Kernel modules and nothing else that was compiled. kbuild compiles them with the options that the
    /// configuration of their kernel asks for; CFLAGS never reach it.
    KernelModules,
    /// Nothing that was compiled.
    NoCode,
}

/// Keys that name programs or libraries in the package.
const ELF: [&str; 4] = ["NEEDED.ELF.2", "NEEDED", "PROVIDES", "REQUIRES"];

/// Eclasses whose packages hold text files that the eclass writes.
const TEXT_ONLY: [&str; 2] = ["acct-user", "acct-group"];

/// Beginnings of eclasses whose packages may hold machine code and no ELF file: kernels, signed
/// boot loaders, and languages whose libraries are archives.
const UNSEEN: [&str; 9] = [
    "kernel-build",
    "kernel-install",
    "secureboot",
    "haskell-cabal",
    "ghc-package",
    "dune",
    "findlib",
    "opam",
    "ada",
];

/// Beginning of the eclasses of kernel modules outside the kernel.
const MODULES: &str = "linux-mod";

/// USE flags that make a package install archives.
const STATIC: [&str; 2] = ["static-libs", "static"];

/// Categories of programs that run before there is a system which knows ELF.
const BOOT: [&str; 1] = ["sys-boot"];

/// What a package holds, as far as its metadata show that.
pub(super) fn content<'v>(text: impl Fn(&str) -> Option<&'v str>, names_options: bool) -> Content {
    let words = |name| text(name).unwrap_or_default().split_whitespace();
    if is_of_modules(&text) {
        return Content::KernelModules;
    }
    if ELF.iter().any(|name| text(name).is_some()) {
        return Content::Code;
    }
    let is_text_only = words("INHERITED").any(|eclass| TEXT_ONLY.contains(&eclass));
    // Only metadata that Portage wrote whole tell by what they lack.
    let is_whole = text("SIZE").is_some() && text("INHERITED").is_some();
    let lacks_code = is_whole && !is_unseen(words);
    if text("SIZE") == Some("0") || is_text_only || !names_options || lacks_code {
        Content::NoCode
    } else {
        Content::Code
    }
}

/// Whether it was made by the eclass of kernel modules, and no ELF file of it is anything else. Compressed modules
/// are not listed at all.
fn is_of_modules<'v>(text: impl Fn(&str) -> Option<&'v str>) -> bool {
    let mut eclasses = text("INHERITED").unwrap_or_default().split_whitespace();
    let files = text("NEEDED.ELF.2").unwrap_or_default();
    eclasses.any(|eclass| eclass.starts_with(MODULES))
        && ["PROVIDES", "REQUIRES"]
            .iter()
            .all(|name| text(name).is_none())
        && files
            .lines()
            .filter(|line| !line.trim().is_empty())
            .all(is_of_module)
}

/// Whether a line of NEEDED.ELF.2 (`x86_64;/lib/modules/6.12.1/extra/zfs.ko;soname;rpath;needed`) is of a kernel
/// module.
fn is_of_module(line: &str) -> bool {
    let path = line.split(';').nth(1).unwrap_or_default();
    path.ends_with(".ko") && path.contains("/lib/modules/")
}

/// Whether it may hold machine code that is in no ELF file.
fn is_unseen<'v, W: Iterator<Item = &'v str>>(words: impl Fn(&'static str) -> W) -> bool {
    let is_unseen = |eclass: &str| UNSEEN.iter().any(|start| eclass.starts_with(start));
    words("INHERITED").any(is_unseen)
        || words("USE").any(|flag| STATIC.contains(&flag))
        || words("CATEGORY").any(|category| BOOT.contains(&category))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content_of(pairs: &[(&'static str, &'static str)]) -> Content {
        let text = |name: &str| Some(pairs.iter().find(|(known, _)| *known == name)?.1);
        let flags = text("CFLAGS").or_else(|| text("RUSTFLAGS"));
        content(text, flags.is_some())
    }

    fn holds_nothing(pairs: &[(&'static str, &'static str)]) -> bool {
        content_of(pairs) == Content::NoCode
    }

    #[test]
    fn only_if_the_package_shows_it() {
        let flags = ("CFLAGS", "-march=znver3 -O2");
        let size = ("SIZE", "99");
        let perl = ("INHERITED", "perl-functions perl-module");
        for (pairs, nothing) in [
            (&[][..], true),
            (&[size, ("NEEDED.ELF.2", "X86_64;/usr/bin/x;;;")], false),
            (&[flags, ("SIZE", "0")], true),
            (
                &[flags, ("SIZE", "0"), ("REQUIRES", "x86_64: libc.so.6")],
                false,
            ),
            (&[flags, size], false),
            (&[flags, perl], false),
            (&[flags, size, ("INHERITED", "acct-user user-info")], true),
            (&[("RUSTFLAGS", "-C opt-level=3")], false),
            (&[flags, size, perl], true),
            (
                &[flags, size, perl, ("REQUIRES", "x86_64: libperl.so")],
                false,
            ),
            (&[flags, size, perl, ("PROVIDES", "x86_64: x.so")], false),
            (&[flags, size, perl, ("USE", "amd64 static-libs")], false),
            (&[flags, size, perl, ("CATEGORY", "sys-boot")], false),
        ] {
            assert_eq!(holds_nothing(pairs), nothing, "{pairs:?}");
        }
    }

    #[test]
    fn code_that_is_in_no_elf_file_is_not_ruled_out() {
        let flags = ("CFLAGS", "-march=znver3 -O2");
        for (inherited, nothing) in [
            ("kernel-2 toolchain-funcs", true),
            ("kernel-install dist-kernel-utils", false),
            ("haskell-cabal", false),
            ("python-r1 distutils-r1", true),
            ("autotools", true),
        ] {
            let pairs = [flags, ("SIZE", "99"), ("INHERITED", inherited)];
            assert_eq!(holds_nothing(&pairs), nothing, "{inherited}");
        }
    }

    #[test]
    fn kernel_modules_have_the_options_of_their_kernel() {
        let flags = ("CFLAGS", "-march=znver4 -O2");
        let module = "x86_64;/lib/modules/6.12.1/extra/zfs.ko;;;";
        let two = "x86_64;/lib/modules/6.12.1/extra/zfs.ko;;  -  ;\nx86_64;/usr/lib/modules/6.12.1/extra/spl.ko;;;";
        let mixed = "x86_64;/lib/modules/6.12.1/extra/zfs.ko;;;\nx86_64;/usr/bin/tool;;;libc.so.6";
        let tool = "x86_64;/usr/bin/tool;;;";
        let eclass = ("INHERITED", "linux-info linux-mod-r1 toolchain-funcs");
        for (pairs, content) in [
            (&[flags, eclass][..], Content::KernelModules),
            (
                &[flags, eclass, ("NEEDED.ELF.2", module)],
                Content::KernelModules,
            ),
            (
                &[flags, eclass, ("NEEDED.ELF.2", two)],
                Content::KernelModules,
            ),
            (&[flags, eclass, ("NEEDED.ELF.2", mixed)], Content::Code),
            (&[flags, eclass, ("NEEDED.ELF.2", tool)], Content::Code),
            (
                &[
                    flags,
                    eclass,
                    ("NEEDED.ELF.2", module),
                    ("REQUIRES", "x86_64: libc.so.6"),
                ],
                Content::Code,
            ),
            (&[flags, ("NEEDED.ELF.2", module)], Content::Code),
            // The kernel itself brings the programs that compiled it, which have the CFLAGS of the host.
            (
                &[
                    flags,
                    ("INHERITED", "kernel-build kernel-install"),
                    ("NEEDED.ELF.2", mixed),
                ],
                Content::Code,
            ),
        ] {
            assert_eq!(content_of(pairs), content, "{pairs:?}");
        }
    }
}
