//! `/proc/cpuinfo` and compiler options.

use bincheck::cpu::{
    CpuTarget, Family, Feature, Features, Processor, of_cflags, of_go, of_rustflags, of_use,
};

use crate::guard;
use crate::input::Input;

pub(super) fn cpuinfo(bytes: &[u8]) {
    let text = Input::new(bytes).text();
    if let Ok(processor) = Processor::parse(&text) {
        known(processor.features, processor.family);
        // Twice the same processors are the same machine.
        let twice = Processor::parse(&format!("{text}\n{text}"));
        assert_eq!(twice.map(|twice| twice.features), Ok(processor.features));
    }
    guard::linear(bytes, b"\n", |bytes| {
        let _ = Processor::parse(&String::from_utf8_lossy(bytes));
    });
}

const CHOSTS: [&str; 8] = [
    "x86_64-pc-linux-gnu",
    "i686-pc-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "riscv64-unknown-linux-gnu",
    "powerpc64le-unknown-linux-gnu",
    "powerpc64-unknown-linux-gnu",
    "armv7a-unknown-linux-gnueabihf",
    "",
];

pub(super) fn options(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let chost = input.choose(&CHOSTS);
    let kind = input.choose(&[0, 1, 2, 3]);
    let text = input.text();
    match kind {
        0 => flags(&text, chost, &of_cflags),
        1 => flags(&text, chost, &of_rustflags),
        2 => {
            for name in ["GOAMD64", "GO386", "GOARM64", "GOPPC64", "GORISCV64"] {
                if let Some(target) = of_go(name, &text, chost) {
                    known(target.features, target.family);
                }
            }
        }
        _ => {
            for family in [Family::X86, Family::Arm64, Family::Riscv, Family::Ppc64] {
                known(of_use(family, &text), family);
            }
        }
    }
    guard::linear(input.rest(), b" ", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let _ = (of_cflags(&text, chost), of_rustflags(&text, chost));
    });
}

fn flags(text: &str, chost: &str, read: &dyn Fn(&str, &str) -> Option<CpuTarget>) {
    let Some(target) = read(text, chost) else {
        return;
    };
    known(target.features, target.family);
    // How many blanks there are between options does not count.
    let spaced = text.replace(' ', "  ");
    let again = read(&spaced, chost).map(|target| target.features);
    assert_eq!(again, Some(target.features), "{text:?}");
}

/// Features have names of their family, and the set of those names is the same set.
fn known(features: Features, family: Family) {
    let mut again = Features::default();
    for feature in features.iter() {
        let parsed = Feature::parse(family, feature.name());
        assert_eq!(parsed, Some(feature), "{}", feature.name());
        again.insert(feature);
    }
    assert_eq!(again, features);
    assert!(features.deciding().is_within(features));
}
