//! `--deploy`: a frozen system as a directory.

use std::fs::File;
use std::io::BufReader;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::output;
use crate::chroot::is_below_any;
use crate::exit::Exit;
use crate::freeze::{About, Limits, Omission, Staging, unpack};
use crate::interrupt::Interrupt;
use crate::sanitize::sanitize;

/// Write a frozen system to a directory.
///
/// # Errors
/// There is no such archive, or the directory has something in it.
pub(super) fn run(file: &str, targets: &[String], only: Option<&str>) -> Result<Exit> {
    let [directory] = targets else {
        bail!("--deploy={file} needs one directory to write to: bincheck --deploy {file} DIR");
    };
    let from = File::open(file).with_context(|| format!("cannot open {file}"))?;
    let only = only.map(relative).transpose()?;
    let interrupt = Interrupt::hold_back()?;
    let done = write_to(
        Path::new(directory),
        file,
        from,
        only.as_deref(),
        &interrupt,
    );
    interrupt.obey();
    let about = done?;
    output::to_stdout(|out| {
        for Omission { path, why } in &about.left_out {
            writeln!(out, "without {}: {}", sanitize(path), sanitize(why))?;
        }
        Ok(())
    })?;
    Ok(Exit::AllUsable)
}

/// All of the system, or nothing.
fn write_to(
    directory: &Path,
    file: &str,
    from: File,
    only: Option<&Path>,
    interrupt: &Interrupt,
) -> Result<About> {
    let staging = Staging::new(directory)?;
    let from = BufReader::new(interrupt.watch(from));
    let about = unpack(from, staging.path(), only, &Limits::DEFAULT);
    let about = about.with_context(|| file.to_owned())?;
    interrupt.check()?;
    staging.publish()?;
    Ok(about)
}

/// A path of the frozen system, as its archive has it.
fn relative(path: &str) -> Result<PathBuf> {
    let parts = Path::new(path)
        .components()
        .filter(|part| *part != Component::RootDir);
    let parts: PathBuf = parts.collect();
    ensure!(
        is_below_any(&parts),
        "--only={path} is not a path below the root of a system"
    );
    Ok(parts)
}
