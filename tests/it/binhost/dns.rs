//! A name server that never answers: the time to connect holds for names too, and no thread that still
//! waits for the resolver keeps the run from ending.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::emerge::namespace;
use crate::support::{bincheck, project, scratch};

/// Brings the loopback of a new network up, and takes questions on port 53 without a word.
const SILENT: &str = r#"
import fcntl, socket, struct, subprocess, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
fcntl.ioctl(s, 0x8914, struct.pack("16sh14x", b"lo", 1))
s.bind(("127.0.0.1", 53))
subprocess.run(["mount", "--bind", sys.argv[1], "/etc/resolv.conf"], check=True)
sys.exit(subprocess.run(sys.argv[2:]).returncode)
"#;

#[test]
fn a_name_server_that_hangs_is_given_up_and_remembered() {
    if !namespace::is_possible() {
        return;
    }
    let directory = scratch();
    let servers = directory.path().join("resolv.conf");
    fs::write(&servers, "nameserver 127.0.0.1\n").unwrap();
    let inner = bincheck(
        &project("testdata/workstation"),
        &directory.path().join("cache"),
    );
    let run = || {
        let mut command = Command::new("unshare");
        command.args(["-mn", "python3", "-c", SILENT]).arg(&servers);
        command.arg(inner.get_program()).args(inner.get_args());
        for (name, value) in inner.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let start = Instant::now();
        let output = command
            .args(["--binhost", "http://binhost.example/x", "@world"])
            .output()
            .unwrap();
        (
            String::from_utf8(output.stderr).unwrap(),
            output.status.code(),
            start.elapsed(),
        )
    };
    let (error, status, took) = run();
    if error.contains("unshare") {
        eprintln!("skipped: no network namespace can be made here");
        return;
    }
    assert!(error.contains("no connection within 10 seconds"), "{error}");
    assert!(took < Duration::from_secs(25), "{took:?}");
    assert!(matches!(status, Some(1 | 2)), "{status:?}: {error}");
    let (error, _, took) = run();
    assert!(
        error.contains("not contacted, because it failed"),
        "{error}"
    );
    assert!(took < Duration::from_secs(8), "{took:?}");
}
