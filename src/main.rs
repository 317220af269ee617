//! Arguments and environment in, exit status out.

use std::process::ExitCode;

use bincheck::command;
use bincheck::env::Env;

fn main() -> ExitCode {
    let lossy = |word: std::ffi::OsString| word.to_string_lossy().into_owned();
    let words: Vec<String> = std::env::args_os().skip(1).map(lossy).collect();
    command::run(&words, Env::read()).into()
}
