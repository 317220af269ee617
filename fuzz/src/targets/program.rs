//! The whole program on an invented system: nothing that a terminal would obey comes out, and JSON is JSON.

use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use bincheck::command;
use bincheck::env::Env;
use bincheck::sanitize::is_unsafe;
use tempfile::TempDir;

use crate::capture;
use crate::input::Input;

/// A copy of the invented workstation, made once.
struct System {
    home: TempDir,
}

impl System {
    fn get() -> &'static System {
        static SYSTEM: OnceLock<System> = OnceLock::new();
        SYSTEM.get_or_init(|| {
            let memory = Path::new("/dev/shm");
            let home = match memory.is_dir() {
                true => tempfile::tempdir_in(memory),
                false => tempfile::tempdir(),
            };
            let home = home.expect("a directory for the target");
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/workstation");
            copy(&from, &home.path().join("root")).expect("a copy of the workstation");
            System { home }
        })
    }

    fn root(&self) -> PathBuf {
        self.home.path().join("root")
    }

    /// Run bincheck with an environment of its own, and look at all that it writes.
    fn run(&self, options: &[&str]) {
        let root = self.root();
        let cache = self.home.path().join("cache");
        let mut words: Vec<OsString> = vec!["--chroot".into(), root.into()];
        words.extend(options.iter().map(OsString::from));
        let cache = cache.to_string_lossy().into_owned();
        let env: Env = [
            ("HOME", cache.as_str()),
            ("XDG_CACHE_HOME", &cache),
            ("LC_ALL", "C.UTF-8"),
        ]
        .into_iter()
        .collect();
        let (out, error) = capture::output(|| {
            command::run(&words, env);
        });
        for (stream, bytes) in [("standard output", &out), ("standard error", &error)] {
            let text = std::str::from_utf8(bytes);
            let text = text.unwrap_or_else(|_| panic!("{stream} is not UTF-8"));
            if let Some(bad) = text.chars().find(|c| *c != '\n' && is_unsafe(*c)) {
                panic!("{stream} holds {bad:?}: {text:?}");
            }
        }
        if options.contains(&"--json") && !out.is_empty() {
            let document = serde_json::from_slice::<serde_json::Value>(&out);
            assert!(document.is_ok(), "{document:?}");
        }
    }
}

/// Ways of asking, in which every writer takes part. `--offline`: no configuration of a fuzzer's making
/// may reach a network or run a command.
const WAYS: [&[&str]; 8] = [
    &["--offline", "--all"],
    &["--offline", "--all", "--json"],
    &["--offline", "@world"],
    &["--offline", "-v", "--tree", "@world", "media-video/ffmpeg"],
    &["--offline", "-G", "--json", "@world"],
    &["--offline", "-v", "net-misc/curl", "*/*"],
    &["--offline", "-K", "net-misc/curl"],
    &["--offline", "-q", "@world"],
];

/// The index of a host that is named in the workstation's binrepos.conf.
const INDEX: &str = "srv/binhost/gentoo/Packages";

pub(super) fn index(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let way = input.choose(&WAYS);
    let system = System::get();
    let file = system.root().join(INDEX);
    let before = fs::read(&file);
    fs::write(&file, input.rest()).expect("a file for the target");
    system.run(way);
    // The next target has the workstation as it was.
    fs::write(&file, before.unwrap_or_default()).expect("a file for the target");
}

/// Files that a line `==LETTER` begins; what follows up to the next such line is their content.
const FILES: [&str; 26] = [
    "etc/portage/make.conf",
    "etc/portage/binrepos.conf",
    "etc/portage/repos.conf",
    "etc/portage/package.use",
    "etc/portage/package.mask",
    "etc/portage/package.unmask",
    "etc/portage/package.accept_keywords",
    "etc/portage/package.license",
    "etc/portage/package.properties",
    "etc/portage/package.accept_restrict",
    "etc/portage/package.env",
    "etc/portage/env/one",
    "etc/portage/sets.conf",
    "etc/portage/sets/mine",
    "etc/portage/profile/package.provided",
    "etc/portage/profile/use.mask",
    "etc/portage/profile/package.use.force",
    "etc/portage/profile/make.defaults",
    "etc/portage/profile/parent",
    "etc/portage/categories",
    "etc/portage/license_groups",
    "var/lib/portage/world",
    "var/lib/portage/world_sets",
    "var/db/repos/gentoo/metadata/layout.conf",
    "var/db/repos/gentoo/profiles/package.mask",
    "etc/profile.env",
];

pub(super) fn configuration(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let way = input.choose(&WAYS);
    let system = System::get();
    let changed = Changed::write(&system.root(), input.rest());
    system.run(way);
    drop(changed);
}

/// Files that were written, with what they held before.
struct Changed(Vec<(PathBuf, Option<Vec<u8>>)>);

impl Changed {
    fn write(root: &Path, bytes: &[u8]) -> Changed {
        let mut changed = Changed(Vec::new());
        let mut content: Option<(PathBuf, Vec<u8>)> = None;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            match line.strip_prefix(b"==") {
                Some([letter, ..]) => {
                    changed.put(content.take());
                    let place = usize::from(letter.wrapping_sub(b'a')) % FILES.len();
                    content = Some((root.join(FILES[place]), Vec::new()));
                }
                _ => {
                    if let Some((_, content)) = &mut content {
                        content.extend_from_slice(line);
                    }
                }
            }
        }
        changed.put(content);
        changed
    }

    fn put(&mut self, file: Option<(PathBuf, Vec<u8>)>) {
        let Some((path, content)) = file else { return };
        let before = fs::read(&path).ok();
        // What the workstation has as a directory stays one; the file is put into it.
        let path = if path.is_dir() {
            path.join("fuzz")
        } else {
            path
        };
        let parent = path.parent().unwrap_or(Path::new("/"));
        let made = fs::create_dir_all(parent).and_then(|()| fs::write(&path, content));
        if made.is_ok() {
            self.0.push((path, before));
        }
    }
}

impl Drop for Changed {
    fn drop(&mut self) {
        for (path, before) in self.0.drain(..).rev() {
            let _ = match before {
                Some(content) => fs::write(&path, content),
                None => fs::remove_file(&path),
            };
        }
    }
}

/// A server on this machine that answers with whatever it is given.
struct Server {
    address: SocketAddr,
    answers: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Server {
    fn get() -> &'static Server {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(|| {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a port on this machine");
            let address = listener.local_addr().expect("a port on this machine");
            let answers = Arc::new(Mutex::new(Vec::new()));
            let given = Arc::clone(&answers);
            thread::spawn(move || serve(&listener, &given));
            Server { address, answers }
        })
    }
}

fn serve(listener: &TcpListener, answers: &Mutex<Vec<Vec<u8>>>) {
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else { continue };
        let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        while !request.windows(4).any(|end| end == b"\r\n\r\n") {
            match stream.read(&mut buffer) {
                Ok(count @ 1..) => request.extend_from_slice(&buffer[..count]),
                _ => break,
            }
        }
        let answer = {
            let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
            if answers.len() > 1 {
                answers.remove(0)
            } else {
                answers.first().cloned().unwrap_or_default()
            }
        };
        let _ = stream.write_all(&answer);
    }
}

/// The answers of a server, one after the other; an empty line with a `%` ends each but the last.
pub(super) fn http(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let way = input.choose(&[
        &["--all"][..],
        &["--all", "--json"],
        &["-v", "net-misc/curl"],
    ]);
    let complete = input.choose(&[false, true]);
    let server = Server::get();
    let mut answers = Vec::new();
    let mut rest = input.rest();
    while let Some(at) = rest.windows(3).position(|part| part == b"\n%\n") {
        answers.push(head(&rest[..at], complete));
        rest = &rest[at + 3..];
    }
    answers.push(head(rest, complete));
    *server
        .answers
        .lock()
        .unwrap_or_else(PoisonError::into_inner) = answers;
    let binhost = format!("http://{}/", server.address);
    let mut options = vec!["--refresh", "--binhost", &binhost];
    options.extend(way);
    System::get().run(&options);
}

/// The bytes as they are, or as the body of an answer that is in order.
fn head(bytes: &[u8], complete: bool) -> Vec<u8> {
    if !complete {
        return bytes.to_vec();
    }
    let head = format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        bytes.len()
    );
    [head.as_bytes(), bytes].concat()
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy(&source, &target)?;
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(&source)?, &target)?;
        } else {
            fs::copy(&source, &target)?;
        }
    }
    Ok(())
}
