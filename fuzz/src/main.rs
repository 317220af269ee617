//! libFuzzer before the target that the environment variable `FUZZ_TARGET` names. `--list` prints
//! the names of all targets, the longest input of each, and what it checks.

#![no_main]

use std::sync::OnceLock;

use bincheck_fuzz::{TARGETS, Target};
use libfuzzer_sys::fuzz_target;

static TARGET: OnceLock<Target> = OnceLock::new();

fuzz_target!(
    init: {
        if std::env::args().any(|word| word == "--list") {
            for target in TARGETS {
                println!("{}\t{}\t{}", target.name, target.longest, target.about);
            }
            std::process::exit(0);
        }
        let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
        let Some(target) = Target::of(&name) else {
            eprintln!("FUZZ_TARGET={name}: there is no such target; --list names them");
            std::process::exit(2);
        };
        let _ = TARGET.set(target);
    },
    |data: &[u8]| {
        if let Some(target) = TARGET.get() {
            (target.run)(data);
        }
    }
);
