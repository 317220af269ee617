//! Evidence that a package holds no machine code, whatever compiler options it records: Portage records those of
//! the configuration in every package, also in one of Perl modules.
//!
//! Portage lists every ELF file in NEEDED.ELF.2 (portage: misc-functions.sh:install_qa_check runs scanelf over the
//! whole image), so a package without it has none. What scanelf does not see are archives (static libraries),
//! compressed kernel modules and boot loaders, which are no ELF files.

/// Keys that name programs or libraries in the package.
const ELF: [&str; 4] = ["NEEDED.ELF.2", "NEEDED", "PROVIDES", "REQUIRES"];

/// Eclasses whose packages hold text files that the eclass writes.
const TEXT_ONLY: [&str; 2] = ["acct-user", "acct-group"];

/// Beginnings of eclasses whose packages may hold machine code and no ELF file: kernels and their modules, signed
/// boot loaders, and languages whose libraries are archives.
const UNSEEN: [&str; 10] = [
    "linux-mod",
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

/// USE flags that make a package install archives.
const STATIC: [&str; 2] = ["static-libs", "static"];

/// Categories of programs that run before there is a system which knows ELF.
const BOOT: [&str; 1] = ["sys-boot"];

/// Whether a package names ELF files, and why it holds no machine code, if its metadata show that.
pub(super) fn evidence<'v>(
    text: impl Fn(&str) -> Option<&'v str>,
    names_options: bool,
) -> (bool, Option<&'static str>) {
    if ELF.iter().any(|name| text(name).is_some()) {
        return (true, None);
    }
    let words = |name| text(name).unwrap_or_default().split_whitespace();
    let nothing = match text("SIZE") {
        Some("0") => Some("it installs no file"),
        _ if words("INHERITED").any(|eclass| TEXT_ONLY.contains(&eclass)) => {
            Some("it holds a user or group")
        }
        _ if !names_options => Some("it names no compiler options, and no program or library"),
        // Only metadata that Portage wrote whole tell by what they lack.
        Some(_) if text("INHERITED").is_some() && !is_unseen(words) => {
            Some("it holds no program or library")
        }
        _ => None,
    };
    (false, nothing)
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

    fn holds_nothing(pairs: &[(&'static str, &'static str)]) -> bool {
        let text = |name: &str| Some(pairs.iter().find(|(known, _)| *known == name)?.1);
        let flags = text("CFLAGS").or_else(|| text("RUSTFLAGS"));
        evidence(text, flags.is_some()).1.is_some()
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
            ("linux-info linux-mod-r1", false),
            ("kernel-install dist-kernel-utils", false),
            ("haskell-cabal", false),
            ("python-r1 distutils-r1", true),
            ("autotools", true),
        ] {
            let pairs = [flags, ("SIZE", "99"), ("INHERITED", inherited)];
            assert_eq!(holds_nothing(&pairs), nothing, "{inherited}");
        }
    }
}
