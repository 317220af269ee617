//! Arguments and environment in, exit status out.

use std::ffi::OsString;
use std::process::ExitCode;

use bincheck::command;
use bincheck::env::Env;
use mimalloc::MiMalloc;

/// Plans and verdicts make millions of small values and let them go: with glibc's allocator a plan takes an eighth
/// more instructions.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    command::run(&words, Env::read()).into()
}
