//! Instruction sets: what a processor has, and what compiler options may use. Pure.
//!
//! Compatibility is a matter of features, not of family trees: code built for `haswell` runs on
//! `znver1`, because everything that a compiler may use for the one is there in the other. The tables
//! come from compilers: `march.tsv` and `flags.tsv` are written by `tests/cpu/make_tables.py`;
//! `features.tsv` says how each feature is spelt elsewhere, and whether it decides.

mod arm64;
mod baseline;
mod cflags;
pub mod common;
mod cpu_flags;
mod cpuinfo;
mod family;
mod feature;
mod go;
mod named;
mod ppc64;
mod riscv;
mod rust;
mod target;
mod x86;

pub use cflags::of_cflags;
pub use cpu_flags::of_use;
pub use cpuinfo::{CpuinfoError, Processor};
pub use family::Family;
pub use feature::{Decides, Feature, Features};
pub use go::of_go;
pub use rust::of_rustflags;
pub use target::{CpuTarget, Uncertainty, named, names};
pub use x86::level;
