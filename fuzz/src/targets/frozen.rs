//! Archives of frozen systems: whatever is in one, nothing is written outside of its directory. The input is the tar
//! file; the description that has to come first and the list of hashes behind are put to it.

use std::fs;
use std::io::Write;
use std::path::Path;

use bincheck::freeze::{Limits, unpack, unpack_in_memory};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::scratch::Scratch;
use crate::guard;

const LIMITS: Limits = Limits {
    members: 64,
    bytes: 1 << 20,
    member: 1 << 18,
    paths: 1 << 20,
};

pub(super) fn run(bytes: &[u8]) {
    Scratch::with(|scratch| {
        let top = scratch.path("frozen");
        let _ = fs::remove_dir_all(&top);
        let into = top.join("a/b/into");
        fs::create_dir_all(&into).expect("a directory");
        let unpacked = unpack(&*packed(bytes), &into, None, &LIMITS);
        let in_memory = unpack_in_memory(&*packed(bytes), &LIMITS);
        // A file system may refuse names that memory takes.
        assert!(in_memory.is_ok() || unpacked.is_err());
        for (above, only) in [("", "a"), ("a", "b"), ("a/b", "into")] {
            let names = fs::read_dir(top.join(above)).expect("it is there");
            let names: Vec<_> = names.map(|one| one.expect("a name").file_name()).collect();
            assert_eq!(names, [only], "written outside");
        }
        // Made by a link of the archive, if it was followed.
        assert!(!Path::new("/tmp/bincheck-fuzz").exists());
    });
    guard::linear(bytes, b"", |bytes| {
        Scratch::with(|scratch| {
            let into = scratch.path("frozen");
            let _ = fs::remove_dir_all(&into);
            fs::create_dir_all(&into).expect("a directory");
            let _ = unpack(&*packed(bytes), &into, None, &LIMITS);
            let _ = unpack_in_memory(&*packed(bytes), &LIMITS);
        });
    });
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).expect("memory");
    gzip.finish().expect("memory")
}
