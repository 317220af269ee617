//! An https host that leads to http: reported, and without the password on the way.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::machine::{gzip, index};
use super::server::{Server, ok};

use crate::support::{bincheck, project, scratch};

const CONFIG: &str = "[req]\ndistinguished_name = name\nx509_extensions = extensions\nprompt = no\n\
    [name]\nCN = localhost\n[extensions]\nsubjectAltName = DNS:localhost\nbasicConstraints = CA:FALSE\n";

const SCRIPT: &str = "
import http.server, ssl, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(302)
        self.send_header('Location', sys.argv[3] + self.path)
        self.send_header('Content-Length', '0')
        self.end_headers()
server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
";

/// A server that ends with the test.
struct Tls(Child, String);

impl Drop for Tls {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// An https server that leads all requests to another; `None` without openssl or Python.
fn start(directory: &Path, target: &str) -> Option<Tls> {
    let config = directory.join("config");
    fs::write(&config, CONFIG).unwrap();
    let [certificate, key] = ["certificate", "key"].map(|name| directory.join(name));
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-config",
        ])
        .arg(&config)
        .arg("-out")
        .arg(&certificate)
        .arg("-keyout")
        .arg(&key)
        .stderr(Stdio::null())
        .status();
    if !made.is_ok_and(|status| status.success()) {
        return None;
    }
    let mut child = Command::new("python3")
        .args(["-c", SCRIPT])
        .arg(&certificate)
        .arg(&key)
        .arg(target)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut port = String::new();
    let stdout = child.stdout.take()?;
    BufReader::new(stdout).read_line(&mut port).ok()?;
    Some(Tls(child, port.trim().to_owned()))
}

#[test]
fn a_step_from_https_to_http_is_reported() {
    let plain = Server::start(|_| ok(gzip(index(1, "net-misc/curl-8.16.0"))));
    let directory = scratch();
    let target = format!("http://{}", plain.authority());
    let Some(tls) = start(directory.path(), &target) else {
        assert!(
            std::env::var_os("CI").is_none(),
            "CI has openssl and Python"
        );
        eprintln!("skipped: no openssl or no Python");
        return;
    };
    let uri = format!("https://me:hush@localhost:{}/x", tls.1);
    let run = || {
        let cache = scratch();
        let mut command = bincheck(&project("testdata/workstation"), cache.path());
        command.env("SSL_CERT_FILE", directory.path().join("certificate"));
        command.args(["--binhost", &uri, "--all", "--json"]);
        command.output().expect("bincheck runs")
    };
    let output = run();
    let stderr = String::from_utf8_lossy(&output.stderr);
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let hosts = value["hosts"].as_array().expect("hosts");
    let host = hosts
        .iter()
        .find(|host| host["origin"] == "fetched")
        .expect(&stderr);
    assert_eq!(
        host["insecure"],
        format!("{target}/x/Packages.gz"),
        "{host}"
    );
    let notices = value["notices"].to_string();
    assert!(
        notices.contains("leads from https to http://127.0.0.1"),
        "{notices}"
    );
    assert!(!format!("{value}{stderr}").contains("hush"));
    let requests = plain.take_requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].header("authorization"), None);
}
