//! Fuzz targets: each takes any bytes, gives them to a part of bincheck that reads what others wrote,
//! and panics where an answer is wrong, not only where bincheck itself panics.
//!
//! `main.rs` puts libFuzzer before one of them; `tests/replay.rs` runs all of them over the corpus.

pub mod capture;
pub mod guard;
pub mod input;
mod targets;

pub use targets::TARGETS;

/// One target.
#[derive(Clone, Copy)]
pub struct Target {
    /// What it is called on the command line; its corpus lies in `corpus/NAME`.
    pub name: &'static str,
    /// What it reads and what it checks.
    pub about: &'static str,
    /// Run it on some bytes.
    pub run: fn(&[u8]),
    /// The longest input that is worth trying, in bytes.
    pub longest: usize,
}

impl Target {
    /// The target of this name.
    pub fn of(name: &str) -> Option<Target> {
        TARGETS.iter().copied().find(|target| target.name == name)
    }
}
