//! What a package holds, by its metadata, whatever compiler options it records: Portage records those of the
//! configuration in every package, also in one of Perl modules.
//!
//! Portage lists every ELF file in NEEDED.ELF.2 (portage: misc-functions.sh:install_qa_check runs scanelf over the
//! whole image, whatever RESTRICT says), so a package without it has none. What scanelf does not see are archives
//! (static libraries), compressed kernel modules and boot loaders, which are not ELF files.
//!
//! Of the ELF files that it lists some were not compiled by the host: those of other processors (firmware), and those
//! that QA_PREBUILT names.

use serde::{Deserialize, Serialize};

use super::elf_files::ElfFiles;

/// What compiler options can have changed in a package.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// Programs or libraries, or what may be such.
    #[default]
    Code,
    /// Kernel modules and nothing else that was compiled. kbuild compiles them with the options that the
    /// configuration of their kernel asks for; CFLAGS never reach it.
    KernelModules,
    /// Nothing that the host compiled for this family of processors.
    NoCode,
}

/// Keys that name programs or libraries in the package.
const ELF: [&str; 4] = ["NEEDED.ELF.2", "NEEDED", "PROVIDES", "REQUIRES"];

/// Keys that Portage writes into each package (portage: phase-functions.sh:__dyn_install). INHERITED is not among
/// them: an ebuild without eclasses has none.
const ALWAYS: [&str; 3] = ["SIZE", "DEFINED_PHASES", "FEATURES"];

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
    let files = ElfFiles::of(&text);
    if files.are_prebuilt_whole() {
        return Content::NoCode;
    }
    if is_of_modules(&text, &files) {
        return Content::KernelModules;
    }
    if ELF.iter().any(|name| text(name).is_some()) {
        let is_others = files.are_others() && !is_unseen(words);
        return if is_others {
            Content::NoCode
        } else {
            Content::Code
        };
    }
    let is_text_only = words("INHERITED").any(|eclass| TEXT_ONLY.contains(&eclass));
    // Only metadata that Portage wrote whole tell by what they lack.
    let is_whole = ALWAYS.iter().all(|name| text(name).is_some());
    let lacks_code = is_whole && !is_unseen(words);
    if text("SIZE") == Some("0") || is_text_only || !names_options || lacks_code {
        Content::NoCode
    } else {
        Content::Code
    }
}

/// Whether no ELF file of it is anything but a kernel module. Compressed modules are not listed at all: of those only
/// the eclass is known.
fn is_of_modules<'v>(text: impl Fn(&str) -> Option<&'v str>, files: &ElfFiles) -> bool {
    let mut eclasses = text("INHERITED").unwrap_or_default().split_whitespace();
    let is_made_so = eclasses.any(|eclass| eclass.starts_with(MODULES));
    (is_made_so || files.are_any())
        && files.are_modules()
        && ["PROVIDES", "REQUIRES"]
            .iter()
            .all(|name| text(name).is_none())
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
        let phases = ("DEFINED_PHASES", "-");
        let features = ("FEATURES", "buildpkg sandbox");
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
            // An index has sizes too.
            (&[flags, size, perl], false),
        ] {
            assert_eq!(holds_nothing(pairs), nothing, "{pairs:?}");
        }
        let whole = [flags, size, phases, features];
        for (more, nothing) in [
            (&[][..], true),
            (&[perl], true),
            (&[perl, ("REQUIRES", "x86_64: libperl.so")], false),
            (&[("PROVIDES", "x86_64: x.so")], false),
            (&[perl, ("USE", "amd64 static-libs")], false),
            (&[("CATEGORY", "sys-boot")], false),
        ] {
            let pairs = [&whole, more].concat();
            assert_eq!(holds_nothing(&pairs), nothing, "{pairs:?}");
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
            let pairs = [
                flags,
                ("SIZE", "99"),
                ("DEFINED_PHASES", "install"),
                ("FEATURES", "sandbox"),
                ("INHERITED", inherited),
            ];
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
            (&[flags, ("NEEDED.ELF.2", module)], Content::KernelModules),
            (&[flags, ("NEEDED.ELF.2", tool)], Content::Code),
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

    #[test]
    fn what_others_compiled_does_not_have_the_options_of_the_host() {
        let whole = [
            ("CFLAGS", "-march=znver5 -O2"),
            ("CHOST", "x86_64-pc-linux-gnu"),
        ];
        let firmware = "ARM;/lib/firmware/qcom/a.mdt;;;\nUNKNOWN_TYPE;/lib/firmware/b.mbn;;;";
        let program = "X86_64;/opt/x/bin/x;;;libc.so.6";
        let both = "X86_64;/opt/x/bin/x;;;libc.so.6\nX86_64;/usr/bin/y;;;libc.so.6";
        let needs = ("REQUIRES", "x86_64: libc.so.6");
        let list = |files| ("NEEDED.ELF.2", files);
        let prebuilt = |patterns| ("QA_PREBUILT", patterns);
        let kernel = ("INHERITED", "kernel-install");
        for (more, nothing) in [
            (&[list(firmware)][..], true),
            (&[list(firmware), ("CHOST", "sparc-x")], false),
            (&[list("386;/usr/bin/x;;;")], false),
            (&[list(program), needs], false),
            (&[list(program), needs, prebuilt("opt/x/*")], true),
            (&[list(program), needs, prebuilt("/opt/*/x")], true),
            (&[list(program), needs, prebuilt("opt/y")], false),
            (&[list(both), needs, prebuilt("opt/x/*")], false),
            (&[list(both), needs, prebuilt("opt/x/* usr/bin/y")], true),
            (&[list(program), needs, prebuilt("'opt/x/*")], false),
            (&[needs, prebuilt("opt/x/*")], false),
            // What scanelf does not see is not in the list that the patterns are held against.
            (&[list(program), prebuilt("opt/x/*"), kernel], false),
            (&[list(program), prebuilt("*"), kernel], true),
            (
                &[list("X86_64;/lib/modules/6.1/a.ko;;;"), prebuilt("*")],
                true,
            ),
        ] {
            let pairs = [more, &whole].concat();
            assert_eq!(holds_nothing(&pairs), nothing, "{pairs:?}");
        }
    }
}
