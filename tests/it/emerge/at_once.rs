//! Several runs of one user at once, and a home that nobody can write.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use super::builds::Builds;
use super::client::{Client, end};
use super::namespace;
use crate::binhost::server::Server;
use crate::support::scratch;

/// Waits until all others have written theirs, then shows the builds of one package that it may take.
const SLOW: &str = "#!/bin/sh\nsleep 3\n\
    conf=\"$PORTAGE_OVERRIDE_EPREFIX/etc/portage/binrepos.conf\"\n\
    index=$(sed -n 's,^sync-uri = file://,,p' \"$conf\")/Packages\n\
    grep -o 'march-1-[0-9].gpkg' \"$index\" | tr '\\n' ' '\n";

fn client(builds: &Builds) -> (Client, Server) {
    let client = builds.client();
    let server = builds.serve("newer");
    client.hosts(&[("newer", &format!("sync-uri = {}", server.uri("")))]);
    (client, server)
}

#[test]
fn twenty_runs_at_once_see_their_own_index() {
    let Some(builds) = Builds::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    let (client, _server) = client(builds);
    let bin = scratch();
    let emerge = bin.path().join("emerge");
    fs::write(&emerge, SLOW).unwrap();
    fs::set_permissions(&emerge, fs::Permissions::from_mode(0o755)).unwrap();
    let runs: Vec<_> = (0..20)
        .map(|number| {
            let (cpu, wanted) = match number % 2 {
                0 => ("x86-64-v2", "march-1-1.gpkg "),
                _ => ("x86-64-v4", "march-1-1.gpkg march-1-2.gpkg "),
            };
            let mut command = client.command(env!("CARGO_BIN_EXE_bincheck"));
            let path = command.get_envs().find(|(name, _)| *name == "PATH");
            let path = path.and_then(|(_, value)| value).unwrap().to_str().unwrap();
            let path = format!("{}:{path}", bin.path().display());
            command.env("PATH", path);
            command.args(["--cpu", cpu, "--emerge", "-1", "app-misc/march"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            (command.spawn().unwrap(), wanted)
        })
        .collect();
    for (run, wanted) in runs {
        let output = run.wait_with_output().unwrap();
        let messages = String::from_utf8_lossy(&output.stderr);
        let mut builds: Vec<_> = std::str::from_utf8(&output.stdout)
            .unwrap()
            .split(' ')
            .collect();
        builds.sort_unstable();
        let mut wanted: Vec<_> = wanted.split(' ').collect();
        wanted.sort_unstable();
        assert_eq!(builds, wanted, "{messages}");
    }
    // The next one clears up behind them.
    let slots = || {
        fs::read_dir(client.root().join("home/.cache/bincheck/emerge"))
            .unwrap()
            .count()
    };
    assert!((2..=20).contains(&slots()), "{}", slots());
    client.bincheck("-p app-misc/march").well();
    assert_eq!(slots(), 1);
}

/// Working files go to where running programs keep theirs.
#[test]
fn a_home_that_cannot_be_written_is_no_reason_to_check_less() {
    let Some(builds) = Builds::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    let (client, _server) = client(builds);
    let home = client.root().join("home");
    let mut command = client.command("unshare");
    command.args(["-m", "sh", "-c"]);
    command.arg("mount -t tmpfs -o ro tmpfs \"$1\" && shift && exec \"$@\"");
    command
        .arg("sh")
        .arg(home)
        .arg(env!("CARGO_BIN_EXE_bincheck"));
    let ended =
        end(command.args(["--cpu", "x86-64-v2", "--emerge", "-1G", "app-misc/march"])).well();
    assert!(
        !ended.stderr.contains("emerge will read"),
        "{}",
        ended.stderr
    );
    let build = client.installed("march-1", "BUILD_ID");
    assert_eq!(build.as_deref(), Some("1"), "{}", ended.stderr);
}
