//! A judging machine with secrets, and a captured root.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, makedev, mknodat};

use super::CANARY;
use crate::binhost::server::{Server, status};
use crate::support::{bincheck, copy, project, scratch};

/// The secrets lie in `home`, which is the judging person's, and in `out`, which is not.
pub struct Stage {
    directory: tempfile::TempDir,
    pub server: Server,
}

impl Stage {
    /// With `control`, the secrets lie inside the root as well, at the same paths.
    pub fn set(control: bool) -> Stage {
        let stage = Stage {
            directory: scratch(),
            server: Server::start(|_| status("404 Not Found")),
        };
        copy(&project("testdata/workstation"), &stage.root()).unwrap();
        stage.hide(stage.directory.path());
        if control {
            for name in ["home", "out"] {
                let path = stage.directory.path().join(name);
                let inside = stage.root().join(path.strip_prefix("/").unwrap());
                copy(&path, &inside).unwrap();
            }
        }
        stage
    }

    fn hide(&self, directory: &Path) {
        let conf = format!(
            "ARCH=\"amd64\"\nUSE=\"CANARY\"\nPORTAGE_BINHOST=\"{}\"\n",
            self.uri("CANARY")
        );
        for (file, text) in [
            (
                "home/.aws/credentials",
                "[default]\naws_access_key_id = CANARY\n",
            ),
            ("home/repo/profiles/repo_name", "private\n"),
            ("home/repo/profiles/package.mask", "CANARY\n"),
            ("home/repo/metadata/layout.conf", "masters =\n"),
            ("home/pkgs/Packages", PACKAGES),
            ("home/vdb/canary-1/SLOT", "0\n"),
            ("out/shadow", "root:CANARY:1:0\n"),
            ("out/dir/shadow", "root:CANARY:1:0\n"),
            ("out/conf", &conf),
            ("out/profile/make.defaults", &conf),
            ("out/profile/package.use", "CANARY\n"),
            ("out/parent", "CANARY\n"),
            ("out/slot", "CANARY\n"),
        ] {
            let path = directory.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    pub fn root(&self) -> PathBuf {
        self.directory.path().join("root")
    }

    /// The path of a secret.
    pub fn outside(&self, path: &str) -> String {
        self.directory
            .path()
            .join(path)
            .to_str()
            .unwrap()
            .to_owned()
    }

    pub fn uri(&self, path: &str) -> String {
        self.server.uri(path)
    }

    /// What commands of the root make.
    pub fn mark(&self) -> PathBuf {
        self.directory.path().join("mark")
    }

    pub fn write(&self, file: &str, text: &str) {
        let path = self.root().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn append(&self, file: &str, text: &str) {
        let before = fs::read_to_string(self.root().join(file)).unwrap_or_default();
        self.write(file, &format!("{before}{text}"));
    }

    /// A link in the root in place of what is there.
    pub fn link(&self, file: &str, target: impl AsRef<Path>) {
        symlink(target, self.place(file)).unwrap();
    }

    pub fn pipe(&self, file: &str) {
        mknodat(CWD, self.place(file), FileType::Fifo, Mode::RUSR, 0).unwrap();
    }

    /// `/dev/zero`, where it can be made; else a link that leads nowhere.
    pub fn device(&self, file: &str) {
        let place = self.place(file);
        let device = FileType::CharacterDevice;
        if mknodat(CWD, &place, device, Mode::RUSR, makedev(1, 5)).is_err() {
            symlink("/dev/zero", place).unwrap();
        }
    }

    fn place(&self, file: &str) -> PathBuf {
        let path = self.root().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if path.is_dir() && !path.is_symlink() {
            fs::remove_dir_all(&path).unwrap();
        } else if path.symlink_metadata().is_ok() {
            fs::remove_file(&path).unwrap();
        }
        path
    }

    /// Run the program in several ways; where a secret came out.
    pub fn run(&self, options: &[&str]) -> Option<String> {
        for ways in [&["-v"][..], &["--json"], &["--all", "--json"]] {
            let is_set = |option: &&&str| option.starts_with('@');
            let options = options.iter().filter(|one| ways.len() == 1 || !is_set(one));
            let (messages, cache) = self.output(ways.iter().chain(options));
            for (place, text) in [("stdout", &messages.stdout), ("stderr", &messages.stderr)] {
                if has_canary(text) {
                    let text = String::from_utf8_lossy(text).into_owned();
                    return Some(format!("{place} of {ways:?}: {text}"));
                }
            }
            let request = self.server.take_requests().into_iter();
            let mut request = request.map(|request| format!("{request:?}"));
            if let Some(request) = request.find(|request| has_canary(request.as_bytes())) {
                return Some(format!("the network: {request}"));
            }
            if holds_canary(cache.path()) {
                return Some("the cache".to_owned());
            }
        }
        None
    }

    /// Both outputs of one run.
    pub fn messages(&self, options: &[&str]) -> String {
        let (output, _) = self.output(options.iter());
        let bytes = [output.stdout, output.stderr].concat();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn output<'a>(
        &self,
        options: impl Iterator<Item = &'a &'a str>,
    ) -> (std::process::Output, tempfile::TempDir) {
        let cache = scratch();
        let mut command = bincheck(&self.root(), cache.path());
        let command = command
            .env("HOME", self.directory.path().join("home"))
            .env("AWS_SECRET", "CANARY")
            .env("PORTAGE_BINHOST", self.uri("CANARY"))
            .env("USE", "CANARY");
        let output = command.args(options).output().unwrap();
        (output, cache)
    }
}

/// An index with one package.
const PACKAGES: &str = "ARCH: amd64\nPACKAGES: 1\nTIMESTAMP: 1760000000\nVERSION: 0\n\n\
    BUILD_TIME: 1\nCPV: app-misc/canary-1\nEAPI: 8\nKEYWORDS: amd64\nPATH: app-misc/canary-1.gpkg.tar\n\
    SIZE: 1\nSLOT: 0\nrepository: gentoo\n";

fn has_canary(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    text.contains(CANARY)
}

/// Whether a file below a directory, or its name, has a secret in it.
fn holds_canary(directory: &Path) -> bool {
    fs::read_dir(directory).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().map(OsStr::as_encoded_bytes);
        name.is_some_and(has_canary)
            || if path.is_dir() {
                holds_canary(&path)
            } else {
                has_canary(&fs::read(&path).unwrap())
            }
    })
}
