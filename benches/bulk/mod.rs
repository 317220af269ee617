//! A machine whose binhost has an index of any size: `testdata/workstation`, grown.
//!
//! Five builds a package, as a binhost that keeps old ones has them: some fit, some differ in USE, in
//! dependencies or in keywords. Every package has an ebuild with a valid cache entry.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use md5::{Digest, Md5};

/// Builds of each package.
pub const BUILDS: usize = 5;
/// Category of all packages.
pub const CATEGORY: &str = "dev-libs";
const BUILT: usize = 1_760_000_000;

/// The root of such a machine, made anew: about `entries` entries.
pub fn root(entries: usize) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bulk-{entries}"));
    let _ = fs::remove_dir_all(&root);
    let workstation = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/workstation");
    let copied = Command::new("cp")
        .arg("-R")
        .args([&workstation, &root])
        .status();
    assert!(
        copied.expect("cp runs").success(),
        "the workstation is copied"
    );
    let index = root.join("srv/binhost/gentoo/Packages");
    let mut text = fs::read_to_string(&index).expect("the workstation has an index");
    for number in 0..entries / BUILDS {
        write_ebuild(&root.join("var/db/repos/gentoo"), number);
        for build in 1..=BUILDS {
            text.push_str(&entry(number, build));
        }
    }
    fs::write(&index, text).expect("the index is written");
    root
}

fn md5(text: &str) -> String {
    let digest = Md5::digest(text);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Name of a package.
pub fn name(number: usize) -> String {
    format!("bulk{number:05}")
}

fn version(number: usize) -> String {
    format!("{}.{}.{}", number % 7, number % 11, number % 13)
}

/// What it needs: packages a little before it.
fn needs(number: usize, step: usize) -> impl Iterator<Item = String> {
    let before = (1..=6).map(move |back| number.saturating_sub(back * step));
    before.map(|number| format!(">={CATEGORY}/{}-{}:=", name(number), version(number)))
}

fn joined(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

fn write_ebuild(repository: &Path, number: usize) {
    let (name, version) = (name(number), version(number));
    let ebuild = format!("EAPI=8\n# Metadata only: this stub cannot be built.\n# {name}\n");
    let needs = joined(needs(number, 1));
    let cache = format!(
        "BDEPEND=sys-libs/zlib doc? ( dev-libs/openssl )\n\
         DEFINED_PHASES=compile configure install\n\
         DEPEND={needs}\n\
         DESCRIPTION=Package number {number} of many\n\
         EAPI=8\n\
         IUSE=+acl doc nls static-libs test +unicode x265\n\
         KEYWORDS=~alpha amd64 ~arm arm64 ~hppa ppc64 ~riscv sparc x86\n\
         LICENSE=|| ( MIT BSD ) GPL-2\n\
         RDEPEND={needs} nls? ( sys-libs/zlib ) x265? ( app-arch/zstd:= !acl? ( dev-libs/openssl ) )\n\
         RESTRICT=!test? ( test )\n\
         SLOT=0/{version}\n\
         _md5_={}\n",
        md5(&ebuild)
    );
    let directory = repository.join(CATEGORY).join(&name);
    let cached = repository.join("metadata/md5-cache").join(CATEGORY);
    fs::create_dir_all(&directory).expect("a directory for the ebuild");
    fs::create_dir_all(&cached).expect("a directory for the cache");
    let file = format!("{name}-{version}");
    fs::write(directory.join(format!("{file}.ebuild")), ebuild).expect("the ebuild is written");
    fs::write(cached.join(file), cache).expect("the cache entry is written");
}

/// The entry of one build. The USE flags configured here are `acl nls unicode x265`.
fn entry(number: usize, build: usize) -> String {
    let (name, version) = (name(number), version(number));
    let nth = number * BUILDS + build;
    let use_flags = match nth % 3 {
        0 => "acl nls unicode",
        _ => "acl nls unicode x265",
    };
    let needs = joined(needs(number, 1 + usize::from(nth.is_multiple_of(7))));
    let keywords = match nth % 11 {
        0 => "~amd64",
        _ => "amd64 arm64 x86",
    };
    let digest = md5(&format!("{name} {build}"));
    let rdepend = match nth % 3 {
        0 => format!("{needs} sys-libs/zlib >=sys-libs/glibc-2.41-r6"),
        _ => format!("{needs} sys-libs/zlib app-arch/zstd:= >=sys-libs/glibc-2.41-r6"),
    };
    let mut text = String::new();
    let _ = write!(
        text,
        "BDEPEND: sys-libs/zlib\n\
         BUILD_ID: {build}\n\
         BUILD_TIME: {}\n\
         CPV: {CATEGORY}/{name}-{version}\n\
         DEFINED_PHASES: compile configure install\n\
         DEPEND: {needs}\n\
         DESC: Package number {number} of many\n\
         EAPI: 8\n\
         IUSE: +acl doc nls static-libs test +unicode x265\n\
         KEYWORDS: {keywords}\n\
         LICENSE: || ( MIT BSD ) GPL-2\n\
         MD5: {digest}\n\
         MTIME: {}\n\
         PATH: {CATEGORY}/{name}/{name}-{version}-{build}.gpkg.tar\n\
         RDEPEND: {rdepend}\n\
         REPO: gentoo\n\
         RESTRICT: test\n\
         SHA1: {digest}{}\n\
         SIZE: {}\n\
         SLOT: 0/{version}\n\
         USE: abi_x86_64 {use_flags} amd64 elibc_glibc kernel_linux\n\n",
        BUILT + nth,
        BUILT + nth + 60,
        &digest[..8],
        10_000 + nth * 512,
    );
    text
}
