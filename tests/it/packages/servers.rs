//! Real web servers: nginx, which knows ranges, and Python's, which does not.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::inspect::*;
use bincheck::inspect::Inspection;

use crate::support::scratch;

/// A server that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Start Python's server of the packages; it takes a free port and says which.
fn start_python() -> (Running, String) {
    let mut command = Command::new("python3");
    command.args(["-u", "-m", "http.server", "--bind", "127.0.0.1", "0"]);
    command.arg("--directory").arg(made());
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut running = Running(child.expect("python3 starts"));
    let mut line = String::new();
    let stdout = running.0.stdout.take().expect("its output");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let port = line
        .split("port ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next());
    let uri = format!("http://127.0.0.1:{}", port.expect("its port"));
    (running, uri)
}

/// Start nginx on a port that nobody else has; it writes its id when it has the port.
fn start_nginx(program: &str, directory: &Path) -> (Running, String) {
    let config = directory.join("nginx.conf");
    for _ in 0..5 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        fs::write(&config, nginx_config(directory, port)).unwrap();
        drop(listener);
        let mut command = Command::new(program);
        command.arg("-c").arg(&config).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut running = Running(command.spawn().expect("nginx starts"));
        while running.0.try_wait().expect("a process").is_none() {
            if fs::read(directory.join("pid")).is_ok_and(|pid| !pid.is_empty()) {
                return (running, format!("http://127.0.0.1:{port}"));
            }
            sleep(Duration::from_millis(20));
        }
    }
    panic!("nginx finds no free port");
}

#[test]
fn python_delivers_whole_files_only() {
    let (_running, uri) = start_python();
    let mut inspector = TestInspector::new();
    let inspected = inspector.inspect(&uri, &index());
    for (name, march) in MADE {
        let describe = describe(&inspected.inspections[name]);
        match name.starts_with("xpak") {
            true => assert!(describe.contains("--fetch-whole"), "{name}: {describe}"),
            false => assert!(describe.starts_with(march), "{name}: {describe}"),
        }
    }
    inspector.options.whole = true;
    assert_all_known(&inspector.inspect(&uri, &index()));
    let missing = entry("zstd").replace("PATH: app-made/zstd", "PATH: app-made/nothing");
    assert_eq!(
        TestInspector::new().inspect(&uri, &missing).inspections["zstd"],
        Inspection::Gone
    );
}

/// nginx, installed if this machine allows it.
fn nginx() -> Option<&'static str> {
    let is_there = |program: &str| {
        let found = Command::new(program).arg("-v").output();
        found.is_ok_and(|output| output.status.success())
    };
    let programs = ["nginx", "/usr/sbin/nginx"];
    if let Some(program) = programs.into_iter().find(|program| is_there(program)) {
        return Some(program);
    }
    let install = "apt-get update -q && apt-get install -y -q --no-install-recommends nginx-light";
    let output = Command::new("sh").args(["-c", install]).output();
    if !output.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: there is no nginx, and apt-get cannot install it");
        return None;
    }
    programs.into_iter().find(|program| is_there(program))
}

fn nginx_config(directory: &Path, port: u16) -> String {
    let own = directory.display();
    let root = made();
    let root = root.display();
    let user = match fs::metadata("/root").is_ok() {
        true => "user root;\n",
        false => "",
    };
    format!(
        "{user}daemon off;\nmaster_process off;\npid {own}/pid;\nerror_log {own}/error.log;\nevents {{}}\nhttp {{\n  access_log \
         {own}/access.log;\n  client_body_temp_path {own}/b;\n  proxy_temp_path {own}/p;\n  fastcgi_temp_path \
         {own}/f;\n  uwsgi_temp_path {own}/u;\n  scgi_temp_path {own}/s;\n  server {{\n    listen \
         127.0.0.1:{port};\n    root {root};\n  }}\n}}\n"
    )
}

#[test]
fn nginx_delivers_parts() {
    let Some(program) = nginx() else { return };
    let directory = scratch();
    let (_running, uri) = start_nginx(program, directory.path());
    let inspected = TestInspector::new().inspect(&uri, &index());
    assert_all_known(&inspected);
    let log = fs::read_to_string(directory.path().join("access.log")).unwrap_or_default();
    assert!(!log.contains(" 200 "), "{log}");
}
