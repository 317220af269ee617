//! Fetching by commands: `FETCHCOMMAND` and its like, and `ssh … cat`
//! (`portage: getbinpkg.py:file_get`, `bintree.py:binarytree._populate_remote_repo`).
//!
//! No shell is involved. The words are split as Python's `shlex` does it and expanded afterwards, so
//! a value with blanks stays one word. A command that is silent for too long is ended.

use std::collections::HashMap;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process_group, prlimit};

use super::limits::TimeLimits;
use super::pace::{Pace, TooSlow};
use super::visit::Visit;
use crate::cache::CacheDir;
use crate::chroot::open::regular;
use crate::local::getconfig::expand;
use crate::shlex;

/// How often a running command is looked at.
const POLL: Duration = Duration::from_millis(20);

/// What came of a command.
pub(crate) enum CommandOutcome<T> {
    /// It succeeded; this is what it wrote.
    Output(T),
    /// It ended with this status.
    Failed(ExitStatus),
}

/// What a command may take.
pub(crate) struct Allowance<'a> {
    pub(crate) limits: &'a TimeLimits,
    pub(crate) visit: &'a Visit<'a>,
    /// Where it may write.
    pub(crate) cache: &'a CacheDir,
    /// Bytes that it may write.
    pub(crate) room: u64,
}

/// Run a fetch command that writes `FILE` in `DISTDIR`; `variables` are the others that it may use.
///
/// # Errors
/// The command cannot be split or run, is too slow ([`TooSlow`]), or writes too much.
pub(super) fn fetch(
    command: &str,
    uri: &str,
    variables: &[(&str, &str)],
    allowance: &Allowance<'_>,
) -> Result<CommandOutcome<File>> {
    const FILE: &str = "file";
    let directory = allowance.cache.run_dir()?;
    let distdir = directory.path().to_string_lossy().into_owned();
    let mut map: HashMap<String, String> = [("DISTDIR", &*distdir), ("FILE", FILE), ("URI", uri)]
        .iter()
        .chain(variables)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    map.retain(|_, value| !value.contains('\0'));
    let written = shlex::split(command).context("the fetch command cannot be split into words")?;
    let words: Vec<String> = written.iter().map(|word| expanded(word, &map)).collect();
    let output = directory.path().join(FILE);
    let name = written.first().map_or("", String::as_str);
    run(&words, name, Stdio::null(), &output, allowance)
}

/// Run a command and take what it prints.
///
/// # Errors
/// As [`fetch`].
pub(super) fn capture(words: &[String], allowance: &Allowance<'_>) -> Result<CommandOutcome<File>> {
    let directory = allowance.cache.run_dir()?;
    let output = directory.path().join("output");
    let stdout = File::create(&output).context("cannot make a temporary file")?;
    let name = words.first().map_or("", String::as_str);
    run(words, name, stdout.into(), &output, allowance)
}

/// A word with its variables; nothing if it cannot be expanded, as in make.conf.
fn expanded(word: &str, map: &HashMap<String, String>) -> String {
    expand::expand(word, &[], map).map_or(String::new(), |(text, _)| text)
}

/// Run the words. `name` is the first as it is written, before variables put a password into it.
fn run(
    words: &[String],
    name: &str,
    stdout: Stdio,
    output: &Path,
    allowance: &Allowance<'_>,
) -> Result<CommandOutcome<File>> {
    let [program, arguments @ ..] = words else {
        bail!("the fetch command is empty");
    };
    let mut command = Command::new(program);
    if !has_terminal() {
        command.process_group(0);
    }
    let mut child = command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot run {name:?}"))?;
    bound(&child, allowance.room);
    let status = match watch(&mut child, output, allowance) {
        Ok(status) => status,
        Err(error) => {
            end(&mut child);
            return Err(error.context(format!("{name:?} was ended")));
        }
    };
    if !status.success() {
        return Ok(CommandOutcome::Failed(status));
    }
    let (file, _) = regular(output).with_context(|| format!("{name:?} wrote no file"))?;
    // The directory that holds it may go: what is open stays.
    Ok(CommandOutcome::Output(file))
}

/// Whether a command could ask a person, as ssh does; then it has to stay in the terminal's own group,
/// which also gets Ctrl-C.
fn has_terminal() -> bool {
    File::open("/dev/tty").is_ok()
}

fn pid(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

/// No file that it writes, or that what it starts writes, grows far beyond its room.
fn bound(child: &Child, room: u64) {
    let limit = Some(room.saturating_add(1 << 20));
    let limits = Rlimit {
        current: limit,
        maximum: limit,
    };
    // It may have ended already; else the watch below sees to it.
    let _ = prlimit(pid(child), Resource::Fsize, limits);
}

/// End a command and whatever it started, which would go on writing.
fn end(child: &mut Child) {
    // Whether it could be ended or has ended on its own makes no difference here.
    if let Some(group) = pid(child).filter(|_| !has_terminal()) {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Wait for a command as long as its output grows fast enough.
fn watch(child: &mut Child, output: &Path, allowance: &Allowance<'_>) -> Result<ExitStatus> {
    let mut seen = 0;
    let mut last_growth = Instant::now();
    let mut pace = Pace::new(allowance.limits, allowance.visit.until(), last_growth);
    loop {
        let status = child.try_wait().context("cannot wait for the command")?;
        let (now, time) = (size(output), Instant::now());
        let grown = now.saturating_sub(seen);
        allowance.visit.meter.add(grown);
        if grown > 0 {
            last_growth = time;
        }
        seen = seen.max(now);
        ensure!(
            seen <= allowance.room,
            "the file is larger than {} MiB",
            allowance.room >> 20
        );
        if let Some(status) = status {
            return Ok(status);
        }
        if seen == 0 {
            // It may be connecting still.
            pace = Pace::new(allowance.limits, allowance.visit.until(), time);
        }
        pace.add(grown, time)?;
        let silence = allowance.limits.connect + allowance.limits.silence;
        if time.duration_since(last_growth) > silence {
            bail!(TooSlow(format!(
                "nothing came for {} seconds",
                silence.as_secs_f32()
            )));
        }
        sleep(POLL);
    }
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    use super::super::meter::Meter;

    /// Let a command have these limits, and a minute in all.
    fn allowed<T>(limits: &TimeLimits, run: impl FnOnce(&Allowance<'_>) -> T) -> T {
        let meter = Meter::default();
        let visit = Visit::new(Instant::now() + Duration::from_secs(60), &meter);
        let room = 1 << 20;
        run(&Allowance {
            limits,
            visit: &visit,
            cache: &CacheDir::none(),
            room,
        })
    }

    fn output(command: &str, variables: &[(&str, &str)]) -> Result<CommandOutcome<File>> {
        allowed(&TimeLimits::DEFAULT, |allowance| {
            fetch(command, "x://u/Packages", variables, allowance)
        })
    }

    #[test]
    fn a_command_sees_its_variables_and_no_shell() {
        let command = r#"sh -c "printf '%s|%s' \"\$2\" \"\$3\" > \"\$1\"" sh "${DISTDIR}/${FILE}" "${URI}" "${X}""#;
        let CommandOutcome::Output(mut file) = output(command, &[("X", "a b;$(c)")]).unwrap()
        else {
            panic!("the command failed");
        };
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        assert_eq!(String::from_utf8_lossy(&bytes), "x://u/Packages|a b;$(c)");
    }

    #[test]
    fn failures() {
        assert!(matches!(
            output("false", &[]),
            Ok(CommandOutcome::Failed(_))
        ));
        for (command, text) in [
            ("", "the fetch command is empty"),
            ("'", "no closing quotation"),
            ("/nonexistent/program", "cannot run"),
            ("true", "wrote no file"),
        ] {
            let error = format!("{:#}", output(command, &[]).err().unwrap());
            assert!(error.contains(text), "{command}: {error}");
        }
    }

    /// What a command started would go on writing, on a disk that it fills.
    #[test]
    fn nothing_of_an_ended_command_goes_on() {
        if has_terminal() {
            return; // It then stays in the terminal's group, and only its size is bounded.
        }
        let made = tempfile::tempdir().unwrap();
        let beat = made.path().join("beat");
        let script = r#"(while :; do echo x >> "$1"; sleep 0.02; done) & cat /dev/zero"#;
        let words = ["sh", "-c", script, "sh", &beat.to_string_lossy()].map(str::to_owned);
        let outcome = allowed(&TimeLimits::DEFAULT, |allowance| capture(&words, allowance));
        assert!(outcome.is_err());
        let size = || fs::metadata(&beat).map_or(0, |metadata| metadata.len());
        let before = size();
        sleep(Duration::from_millis(200));
        assert_eq!(size(), before);
    }

    #[test]
    fn slow_and_endless_commands_are_ended() {
        let limits = TimeLimits {
            connect: Duration::from_millis(50),
            silence: Duration::from_millis(100),
            grace: Duration::from_millis(300),
            ..TimeLimits::DEFAULT
        };
        for (script, cause) in [
            ("sleep 30", "nothing came"),
            (
                "while printf x; do sleep 0.05; done",
                "less than 4096 bytes a second",
            ),
            ("cat /dev/zero", "larger than 1 MiB"),
            ("cat /dev/zero & wait", "larger than 1 MiB"),
        ] {
            let start = Instant::now();
            let words = ["sh", "-c", &format!("exec 2>&1; {script}")].map(str::to_owned);
            let error = allowed(&limits, |allowance| capture(&words, allowance));
            let error = format!("{:#}", error.err().unwrap());
            assert!(error.contains(cause), "{script}: {error}");
            assert!(start.elapsed() < Duration::from_secs(10), "{script}");
        }
    }
}
