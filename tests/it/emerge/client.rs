//! A small Gentoo system of a test's own, with Portage in it or something that stands in for it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::support::{copy, project, scratch};

/// Files that name the place of the system.
const WITH_PLACE: [&str; 2] = ["etc/portage/make.conf", "etc/portage/repos.conf"];

/// A system whose root is a directory: Portage takes it for an offset prefix.
pub struct Client {
    pub directory: TempDir,
    /// Where `emerge` and Python are found.
    path: String,
    /// Holds the fake emerge.
    bin: Option<TempDir>,
}

/// How a run ended, and all that it printed.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Client {
    /// A system whose emerge is the one in a directory.
    pub fn with_emerge_in(directory: &Path) -> Client {
        let root = scratch();
        let own = root.path().join("usr/bin");
        let client = Client {
            path: format!(
                "{}:/usr/sbin:/usr/bin:/sbin:/bin:{}",
                directory.display(),
                own.display()
            ),
            directory: root,
            bin: None,
        };
        copy(&project("testdata/emerge"), client.root()).unwrap();
        for file in WITH_PLACE {
            let text = fs::read_to_string(client.root().join(file)).unwrap();
            let place = client.root().to_str().unwrap();
            client.write(file, &text.replace("@ROOT@", place));
        }
        for directory in [
            "var/db/pkg",
            "var/lib/portage",
            "var/cache/edb",
            "var/tmp",
            "home",
        ] {
            fs::create_dir_all(client.root().join(directory)).unwrap();
        }
        client
    }

    /// A system whose emerge is a script.
    pub fn with_stand_in(script: &str) -> Client {
        let bin = scratch();
        let emerge = bin.path().join("emerge");
        fs::write(&emerge, script).unwrap();
        fs::set_permissions(&emerge, fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(bin.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let mut client = Client::with_emerge_in(bin.path());
        client.bin = Some(bin);
        client
    }

    /// A system with the real Portage, whose Python is given.
    pub fn with_portage(python: &Path) -> Client {
        let bin = python.parent().unwrap();
        let client = Client::with_emerge_in(bin);
        let share = bin.with_file_name("share").join("portage");
        // Where Portage looks when it comes from PyPI, and where it does on a Gentoo system.
        for link in ["share/portage", "usr/share/portage"] {
            let link = client.root().join(link);
            fs::create_dir_all(link.parent().unwrap()).unwrap();
            symlink(&share, link).unwrap();
        }
        // The Portage from PyPI calls GNU tar by another name.
        fs::create_dir_all(client.root().join("usr/bin")).unwrap();
        symlink("/bin/tar", client.root().join("usr/bin/gtar")).unwrap();
        client
    }

    pub fn root(&self) -> &Path {
        self.directory.path()
    }

    pub fn write(&self, file: &str, text: &str) {
        let path = self.root().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn append(&self, file: &str, text: &str) {
        let before = self.read(file).unwrap_or_default();
        self.write(file, &format!("{before}{text}"));
    }

    /// A file, if it is there.
    pub fn read(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.root().join(file)).ok()
    }

    /// A program with this system as its whole world.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        let user = |what: &str| {
            let id = Command::new("id").arg(what).output().expect("id");
            String::from_utf8(id.stdout).unwrap().trim().to_owned()
        };
        command
            .env_clear()
            .env("PATH", &self.path)
            .env("HOME", self.root().join("home"))
            .env("XDG_CACHE_HOME", self.root().join("home/.cache"))
            .env("LC_ALL", "C.UTF-8")
            .env("TERM", "dumb")
            .env("NO_COLOR", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PORTAGE_USERNAME", user("-un"))
            .env("PORTAGE_GRPNAME", user("-gn"))
            .env("PORTAGE_OVERRIDE_EPREFIX", self.root())
            .stdin(Stdio::null());
        command
    }

    /// `emerge`, without bincheck.
    pub fn emerge(&self, line: &str) -> Ended {
        self.run(&format!("emerge {line}"))
    }

    /// A program of Portage's, with its words.
    pub fn run(&self, line: &str) -> Ended {
        let mut words = line.split(' ');
        let first = self.path.split(':').next().unwrap();
        let program = Path::new(first).join(words.next().unwrap());
        end(self.command(program).args(words))
    }

    /// `bincheck --emerge`
    pub fn bincheck(&self, line: &str) -> Ended {
        end(&mut self.bincheck_command(line))
    }

    /// The same, with options of bincheck's before.
    pub fn bincheck_with(&self, before: &str, line: &str) -> Ended {
        let mut command = self.command(env!("CARGO_BIN_EXE_bincheck"));
        command.args(before.split_whitespace()).arg("--emerge");
        end(command.args(line.split_whitespace()))
    }

    pub fn bincheck_command(&self, line: &str) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_bincheck"));
        command.arg("--emerge").args(line.split_whitespace());
        command
    }

    /// binrepos.conf with one section a pair of name and settings.
    pub fn hosts(&self, sections: &[(&str, &str)]) {
        let text = sections
            .iter()
            .map(|(name, settings)| format!("[{name}]\nverify-signature = false\n{settings}\n\n"));
        self.write("etc/portage/binrepos.conf", &text.collect::<String>());
    }

    /// A file of the record of an installed package.
    pub fn installed(&self, package: &str, file: &str) -> Option<String> {
        let text = self.read(&format!("var/db/pkg/app-misc/{package}/{file}"))?;
        Some(text.trim().to_owned())
    }
}

/// Run to the end.
pub fn end(command: &mut Command) -> Ended {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("it runs");
    Ended {
        code: status.code(),
        stdout: String::from_utf8_lossy(&stdout).into_owned(),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

impl Ended {
    /// It ended well, or the test shows the output.
    #[track_caller]
    pub fn well(self) -> Ended {
        self.with(0)
    }

    /// It ended with this status.
    #[track_caller]
    pub fn with(self, code: i32) -> Ended {
        let Ended { stdout, stderr, .. } = &self;
        assert_eq!(self.code, Some(code), "\n{stdout}\n--- stderr\n{stderr}");
        self
    }

    /// The line that says which command is run.
    #[track_caller]
    pub fn shown(&self) -> &str {
        let mut lines = self.stderr.lines();
        let line = lines.find_map(|line| line.strip_prefix("bincheck: emerge"));
        line.unwrap_or_else(|| panic!("no command is shown:\n{}", self.stderr))
            .trim()
    }
}
