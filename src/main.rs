//! Arguments and environment in, exit status out.

use std::ffi::OsString;
use std::process::ExitCode;

use bincheck::command;
use bincheck::env::Env;

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    command::run(&words, Env::read()).into()
}
