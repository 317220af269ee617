//! Every target over its committed corpus, as an ordinary test without libFuzzer.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use bincheck_fuzz::{TARGETS, Target};

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let mut inputs = 0;
    for target in TARGETS {
        if !wanted.is_empty() && !wanted.iter().any(|name| name == target.name) {
            continue;
        }
        let count = match replay(target) {
            Ok(count) => count,
            Err(error) => {
                eprintln!("{}: {error}", target.name);
                return ExitCode::FAILURE;
            }
        };
        println!("{:20} {count} inputs", target.name);
        inputs += count;
    }
    println!("{inputs} inputs, every answer right");
    ExitCode::SUCCESS
}

/// Run one target over its corpus, and over nothing at all; a corpus without inputs is an error.
fn replay(target: &Target) -> io::Result<usize> {
    (target.run)(&[]);
    let files = corpus(target.name)?;
    if files.is_empty() {
        return Err(io::Error::other("its corpus is empty"));
    }
    for file in &files {
        let bytes = fs::read(file)?;
        // Which input it was is seen when it panics.
        let name = Named(file);
        (target.run)(&bytes);
        std::mem::forget(name);
    }
    Ok(files.len())
}

fn corpus(name: &str) -> io::Result<Vec<PathBuf>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(name);
    let mut files = fs::read_dir(directory)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<PathBuf>>>()?;
    files.sort();
    Ok(files)
}

/// Says its path when it is dropped, which happens only in a panic.
struct Named<'a>(&'a Path);

impl Drop for Named<'_> {
    fn drop(&mut self) {
        eprintln!("the input is {}", self.0.display());
    }
}
