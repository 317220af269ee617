//! One file for each kind of text that bincheck reads.

mod atom;
mod cache;
mod cache_entry;
mod command_line;
mod cpu;
mod dependencies;
mod emerge_log;
mod frozen;
mod index;
mod ini;
mod installed;
mod lines;
mod make_conf;
mod openpgp;
mod packages;
mod program;
mod range;
mod required_use;
mod scratch;
mod uri;
mod version;

use crate::Target;

/// All targets, in the order in which `fuzz/run` takes them.
pub const TARGETS: &[Target] = &[
    target("atom", "atoms: parts, rewriting, matching", 200, atom::run),
    target(
        "version",
        "versions: a total order, as PMS has it",
        200,
        version::run,
    ),
    target(
        "dependencies",
        "dependency strings: reduced, the same meaning",
        2048,
        dependencies::run,
    ),
    target(
        "required-use",
        "REQUIRED_USE against a plain evaluation",
        1024,
        required_use::run,
    ),
    target(
        "index",
        "Packages files and their candidates",
        4096,
        index::run,
    ),
    target(
        "make-conf",
        "make.conf: written down, read the same",
        2048,
        make_conf::run,
    ),
    target("ini", "repos.conf and its like", 2048, ini::run),
    target(
        "lines",
        "package.use and its like: no line vanishes",
        2048,
        lines::run,
    ),
    target(
        "cache-entry",
        "md5-cache entries, heads of ebuilds",
        2048,
        cache_entry::run,
    ),
    target(
        "installed",
        "records of installed packages",
        2048,
        installed::run,
    ),
    target("xpak", "xpak files and trailers", 4096, packages::xpak),
    target(
        "gpkg",
        "gpkg files and their metadata members",
        16 << 10,
        packages::gpkg,
    ),
    target(
        "compression",
        "every compression: damage, and round trips",
        8192,
        packages::compression,
    ),
    target("emerge-log", "emerge.log", 2048, emerge_log::run),
    target("cpuinfo", "/proc/cpuinfo", 4096, cpu::cpuinfo),
    target(
        "compiler-options",
        "CFLAGS, RUSTFLAGS, GOAMD64, CPU_FLAGS_X86",
        512,
        cpu::options,
    ),
    target(
        "command-line",
        "emerge's and bincheck's words, quoting",
        512,
        command_line::run,
    ),
    target("uri", "URIs: no password is shown", 512, uri::run),
    target(
        "range",
        "Content-Range, numbers, gzip bodies",
        2048,
        range::run,
    ),
    target(
        "frozen",
        "archives of frozen systems stay in their directory",
        8192,
        frozen::run,
    ),
    target(
        "openpgp",
        "signatures and gpg's files of keys",
        4096,
        openpgp::run,
    ),
    target("cache", "bincheck's own files", 4096, cache::run),
    target(
        "http",
        "the whole program and a hostile server",
        4096,
        program::http,
    ),
    target(
        "program-index",
        "the whole program on a hostile index",
        8192,
        program::index,
    ),
    target(
        "program-config",
        "the whole program on a hostile configuration",
        4096,
        program::configuration,
    ),
];

const fn target(name: &'static str, about: &'static str, longest: usize, run: fn(&[u8])) -> Target {
    Target {
        name,
        about,
        run,
        longest,
    }
}
