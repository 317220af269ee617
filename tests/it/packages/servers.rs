//! Real web servers: nginx, which knows ranges, and Python's, which does not.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::look::*;
use bincheck::binhost::Look;

use crate::support::scratch;

/// A server that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// Start a server and wait until it answers.
fn start(mut command: Command, port: u16) -> Running {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the server starts");
    let running = Running(child);
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "the server does not answer"
        );
        sleep(Duration::from_millis(20));
    }
    running
}

#[test]
fn python_delivers_whole_files_only() {
    let port = free_port();
    let mut command = Command::new("python3");
    command.args([
        "-m",
        "http.server",
        "--bind",
        "127.0.0.1",
        &port.to_string(),
    ]);
    command.arg("--directory").arg(made());
    let _running = start(command, port);
    let uri = format!("http://127.0.0.1:{port}");
    let mut looker = Looker::new();
    let looked = looker.look(&uri, &index());
    for (name, march) in MADE {
        let said = said(&looked.looks[name]);
        match name.starts_with("xpak") {
            true => assert!(said.contains("--fetch-whole"), "{name}: {said}"),
            false => assert!(said.starts_with(march), "{name}: {said}"),
        }
    }
    looker.options.whole = true;
    assert_all_known(&looker.look(&uri, &index()));
    let missing = entry("zstd").replace("PATH: app-made/zstd", "PATH: app-made/nothing");
    assert_eq!(Looker::new().look(&uri, &missing).looks["zstd"], Look::Gone);
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
        "{user}daemon off;\npid {own}/pid;\nerror_log {own}/error.log;\nevents {{}}\nhttp {{\n  access_log \
         {own}/access.log;\n  client_body_temp_path {own}/b;\n  proxy_temp_path {own}/p;\n  fastcgi_temp_path \
         {own}/f;\n  uwsgi_temp_path {own}/u;\n  scgi_temp_path {own}/s;\n  server {{\n    listen \
         127.0.0.1:{port};\n    root {root};\n  }}\n}}\n"
    )
}

#[test]
fn nginx_delivers_parts() {
    let Some(program) = nginx() else { return };
    let directory = scratch();
    let port = free_port();
    let config = directory.path().join("nginx.conf");
    fs::write(&config, nginx_config(directory.path(), port)).unwrap();
    let mut command = Command::new(program);
    command.arg("-c").arg(&config);
    let _running = start(command, port);
    let looked = Looker::new().look(&format!("http://127.0.0.1:{port}"), &index());
    assert_all_known(&looked);
    let log = fs::read_to_string(directory.path().join("access.log")).unwrap_or_default();
    assert!(!log.contains(" 200 "), "{log}");
}
