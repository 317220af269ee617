//! How much is fetched, and how long it takes, for 300 packages behind 30 ms of delay:
//!
//! `cargo test --release --test it -- --ignored --nocapture looking_costs_little`

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::inspect::*;
use bincheck::inspect::Inspection;

use crate::portage::{python, run};
use crate::support::project;

const PACKAGES: usize = 300;
const DELAY: Duration = Duration::from_millis(30);

/// A server that keeps connections, and lets each of them and each answer wait.
#[derive(Default)]
struct Slow {
    requests: AtomicUsize,
    sent: AtomicU64,
}

impl Slow {
    fn start(directory: PathBuf) -> (Arc<Slow>, u16) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let slow = Arc::new(Slow::default());
        let shared = Arc::clone(&slow);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (slow, directory) = (Arc::clone(&shared), directory.clone());
                thread::spawn(move || {
                    stream.set_nodelay(true).expect("a connection");
                    thread::sleep(DELAY);
                    while slow.answer(&stream, &directory).is_some() {}
                });
            }
        });
        (slow, port)
    }

    fn answer(&self, mut stream: &TcpStream, directory: &Path) -> Option<()> {
        let mut lines = BufReader::new(stream).lines();
        let first = lines.next()?.ok()?;
        let head: Vec<String> = lines
            .map_while(Result::ok)
            .take_while(|line| !line.is_empty())
            .collect();
        thread::sleep(DELAY);
        let path = first.split(' ').nth(1)?.trim_start_matches('/');
        let mut file = File::open(directory.join(path)).ok()?;
        let range = head.iter().find_map(|line| {
            let (name, value) = line.split_once(": bytes=")?;
            name.eq_ignore_ascii_case("range").then_some(value)
        });
        let total = usize::try_from(file.metadata().ok()?.len()).ok()?;
        let (start, end) = match range.and_then(|range| range.split_once('-')) {
            None => (0, total),
            Some(("", last)) => (total - last.parse::<usize>().ok()?.min(total), total),
            Some((start, last)) => (
                start.parse().ok()?,
                (last.parse::<usize>().ok()? + 1).min(total),
            ),
        };
        let status = match range {
            Some(_) => format!(
                "206 Partial Content\r\nContent-Range: bytes {start}-{}/{total}",
                end - 1
            ),
            None => "200 OK".to_owned(),
        };
        let length = end - start;
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.sent.fetch_add(length as u64, Ordering::Relaxed);
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n"
        )
        .ok()?;
        file.seek(SeekFrom::Start(start as u64)).ok()?;
        std::io::copy(&mut file.take(length as u64), &mut stream).ok()?;
        Some(())
    }
}

/// Download every file whole, as many at once as bincheck inspects.
fn download(port: u16, index: &str) -> Duration {
    let start = Instant::now();
    let paths: Vec<&str> = index
        .lines()
        .filter_map(|line| line.strip_prefix("PATH: "))
        .collect();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..24 {
            scope.spawn(|| {
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
                    write!(stream, "GET /{path} HTTP/1.1\r\nConnection: close\r\n\r\n").unwrap();
                    stream.shutdown(std::net::Shutdown::Write).unwrap();
                    std::io::copy(&mut stream.take(1 << 30), &mut std::io::sink()).unwrap();
                }
            });
        }
    });
    start.elapsed()
}

#[test]
#[ignore = "makes 900 MB of packages"]
fn looking_costs_little() {
    let Some(python) = python() else { return };
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("many-packages");
    if !directory.join("Packages").exists() {
        let mut script = Command::new(python);
        script
            .arg("-B")
            .arg(project("tests/portage/make_packages.py"));
        script.arg(&directory).arg(PACKAGES.to_string());
        run(&mut script).expect("Portage writes packages");
    }
    let index = fs::read_to_string(directory.join("Packages")).unwrap();
    let sizes = index
        .lines()
        .filter_map(|line| line.strip_prefix("SIZE: ")?.parse::<u64>().ok());
    let total: u64 = sizes.sum();
    let (slow, port) = Slow::start(directory);
    let uri = format!("http://127.0.0.1:{port}");
    let inspector = TestInspector::new();
    let start = Instant::now();
    let inspected = inspector.inspect(&uri, &index);
    let first = start.elapsed();
    assert_eq!(inspected.inspections.len(), PACKAGES);
    assert!(
        inspected
            .inspections
            .values()
            .all(|inspection| matches!(inspection, Inspection::Built(_)))
    );
    let requests = slow.requests.swap(0, Ordering::Relaxed);
    let start = Instant::now();
    let again = inspector.inspect(&uri, &index);
    let second = start.elapsed();
    assert_eq!(
        (slow.requests.load(Ordering::Relaxed), again.received),
        (0, 0)
    );
    let whole = download(port, &index);
    #[expect(clippy::cast_precision_loss, reason = "a share for people")]
    let share = inspected.received as f64 * 100.0 / total as f64;
    eprintln!(
        "{PACKAGES} packages, {total} bytes: {} bytes ({share:.2} %) in {requests} requests and {first:?}; again \
         {second:?} and no request; all of them whole {whole:?}",
        inspected.received
    );
    assert!(share < 2.0, "{share} %");
}
