//! What was recorded of an installed package: the consolidated file, or one file per variable.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use bincheck::local::fuzzing;
use bincheck::pms::{Cpv, Key, Kind, Package};

use super::scratch::Scratch;
use crate::input::Input;

pub(super) fn run(bytes: &[u8]) {
    let Some(cpv) = Cpv::parse("cat/pkg-1") else {
        return;
    };
    let mut input = Input::new(bytes);
    let consolidated = input.choose(&[true, false]);
    Scratch::with(|scratch| {
        let dir = scratch.path("vdb");
        let package = match consolidated {
            true => {
                // The file says that it is current, and so it is believed.
                let time = modified(&dir);
                let head = format!("#format=1\n#dir_mtime={time}\n");
                let file = scratch.write("vdb/metadata", &[head.as_bytes(), input.rest()].concat());
                let package = fuzzing::record(&dir, &cpv);
                fs::write(file, "").expect("a file for the target");
                package
            }
            false => {
                for (key, value) in SINGLE.iter().zip(input.rest().split(|byte| *byte == 0)) {
                    scratch.write(&format!("vdb/{}", key.name()), value);
                }
                fuzzing::record(&dir, &cpv)
            }
        };
        check(&package, &cpv);
    });
}

const SINGLE: [Key; 8] = [
    Key::Eapi,
    Key::Slot,
    Key::Use,
    Key::Iuse,
    Key::Rdepend,
    Key::Repository,
    Key::BuildTime,
    Key::BuildId,
];

fn modified(dir: &Path) -> u128 {
    let time = fs::metadata(dir).and_then(|facts| facts.modified());
    let since = time
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_nanos())
}

fn check(package: &Package, cpv: &Cpv) {
    assert_eq!((package.kind, &package.cpv), (Kind::Installed, cpv));
    for iuse in package.iuse() {
        assert!(!iuse.flag.contains(char::is_whitespace));
    }
    assert!(package.built_use().all(|flag| !flag.is_empty()));
    let _ = package.subject();
}
