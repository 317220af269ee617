//! Passwords and tokens of URIs reach the host, emerge, and nothing that people or programs read.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::binhost::machine::{gzip, index};
use crate::binhost::server::{Reply, Request, Server, ok, reply, status};
use crate::emerge::client::{Client, Ended, end};
use crate::emerge::namespace;

/// What must not be seen. It is the password, the token and the name of the user at once.
const CANARY: &str = "canary7q";

/// Notes what emerge gets, where only this test looks.
const EMERGE: &str = "#!/bin/sh\n\
    { echo \"$PORTAGE_BINHOST\"; cat \"$PORTAGE_OVERRIDE_EPREFIX/etc/portage/binrepos.conf\"\n\
    sed -n 's,^sync-uri = file://\\(.*\\),\\1/Packages,p' \
        \"$PORTAGE_OVERRIDE_EPREFIX/etc/portage/binrepos.conf\" | xargs -r cat\n\
    } > \"$PORTAGE_OVERRIDE_EPREFIX/got\" 2>&1\n";

struct World {
    client: Client,
}

impl World {
    fn new() -> World {
        let client = Client::with_stand_in(EMERGE);
        fs::create_dir_all(client.root().join("var/cache/edb/binhost")).unwrap();
        client.hosts(&[]);
        World { client }
    }

    fn bincheck(&self, line: &str) -> Command {
        let mut command = self.client.command(env!("CARGO_BIN_EXE_bincheck"));
        command.args(line.split_whitespace());
        command
    }

    /// The ways in which something is known of a host.
    fn run_all(&self, binhost: Option<&str>) {
        let added = binhost.map(|uri| format!("--binhost {uri}"));
        let added = added.as_deref().unwrap_or_default();
        for line in [
            "--all",
            "--all -v --refresh",
            "--all --json",
            "tool",
            "tool --json",
            "tool --check-plan",
            "--emerge -v -p tool",
            "--strict --emerge -G tool",
            "--emerge -G --force tool",
        ] {
            let ended = end(&mut self.bincheck(&format!("{added} {line}")));
            self.check(line, &ended);
        }
        if namespace::is_possible() {
            let mut command = self.client.command("setpriv");
            command.args(["--bounding-set=-sys_admin", "--inh-caps=-sys_admin"]);
            command.arg(env!("CARGO_BIN_EXE_bincheck"));
            command.args(added.split_whitespace());
            let ended = end(command.args(["--emerge", "-v", "tool"]));
            self.check("without a namespace", &ended);
        }
    }

    #[track_caller]
    fn check(&self, what: &str, ended: &Ended) {
        let Ended { stdout, stderr, .. } = ended;
        for text in [stdout, stderr] {
            assert!(!text.contains(CANARY), "{what}:\n{text}");
        }
        assert!(!stderr.is_empty() || !stdout.is_empty(), "{what}");
        check_files(&self.client.root().join("home/.cache"), false);
        check_files(&self.client.root().join("var"), false);
    }
}

/// Only what emerge is to read may hold it, and no one else may read that.
fn check_files(directory: &Path, is_for_emerge: bool) {
    for entry in fs::read_dir(directory).into_iter().flatten() {
        let path = entry.unwrap().path();
        assert!(
            !path.to_string_lossy().contains(CANARY),
            "{}",
            path.display()
        );
        let mode = path.symlink_metadata().unwrap().permissions().mode();
        if path.is_dir() {
            let is_for_emerge = is_for_emerge || path.ends_with("bincheck/emerge");
            assert!(!is_for_emerge || mode & 0o077 == 0, "{}", path.display());
            check_files(&path, is_for_emerge);
        } else if !is_for_emerge {
            let bytes = fs::read(&path).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(CANARY), "{}:\n{text}", path.display());
        }
    }
}

/// A host that wants the password, and redirects, refuses or ends in the middle for some paths.
fn server() -> Server {
    // canary7q:canary7q
    const WANTED: &str = "Basic Y2FuYXJ5N3E6Y2FuYXJ5N3E=";
    Server::start(move |request: &Request| {
        let path = request.path.as_str();
        let wants = reply(
            "401 Unauthorized",
            "WWW-Authenticate: Basic realm=\"x\"\r\n",
            b"",
        );
        let away = |to: &str| -> Reply { reply("302 Found", &format!("Location: {to}\r\n"), b"") };
        match path.split('/').nth(1).unwrap_or_default() {
            "closed" => wants,
            "away" => away(&format!("http://{CANARY}:{CANARY}@127.0.0.1:9/?{CANARY}")),
            "circle" => away(&format!("{path}?{CANARY}")),
            "broken" => ok("no index"),
            "token" => ok(gzip(index(1, "app-misc/tool-2"))),
            _ if request.header("authorization") != Some(WANTED) => wants,
            _ if path.contains("Packages") => ok(gzip(index(1, "app-misc/tool-2"))),
            _ => status("404 Not Found"),
        }
    })
}

fn uris(server: &Server) -> Vec<String> {
    let host = server.authority();
    let user = format!("{CANARY}:{CANARY}@");
    let mut uris: Vec<String> = ["open", "closed", "away", "circle", "broken"]
        .iter()
        .map(|path| format!("http://{user}{host}/{path}"))
        .collect();
    uris.extend([
        format!("http://{host}/token?{CANARY}"),
        format!("http://{CANARY}@{host}/token"),
        format!("http://{user}127.0.0.1:9/refused"),
        format!("https://{user}127.0.0.1:9/refused"),
        format!("http://{CANARY}:{CANARY}/x@{host}/slash"),
        format!("ftp://{user}127.0.0.1:9/x"),
        format!("ssh://{user}127.0.0.1:9/x"),
        format!("x-{user}127.0.0.1/x"),
        format!("run://{user}127.0.0.1/x"),
    ]);
    uris
}

#[test]
fn of_the_command_line() {
    let (world, server) = (World::new(), server());
    world.client.append("etc/portage/make.conf", COMMANDS);
    for uri in uris(&server) {
        world.run_all(Some(&uri));
    }
    if namespace::is_possible() {
        let uri = &uris(&server)[0];
        end(&mut world.bincheck(&format!("--binhost {uri} --emerge tool"))).well();
        let got = world.client.read("got").unwrap();
        assert!(got.contains(&format!("URI: {uri}\n")), "{got}");
    }
}

/// Fetch commands that fail in several ways.
const COMMANDS: &str = "FETCHCOMMAND=\"false \\${URI}\"\n\
    FETCHCOMMAND_FTP=\"sh -c 'echo \\$0 >&2; echo \\$0; exit 1' \\${URI}\"\n\
    FETCHCOMMAND_RUN=\"\\${URI} \\${DISTDIR}\"\n\
    PORTAGE_SSH_OPTS=\"-o BatchMode=yes -o ConnectTimeout=1\"\n";

#[test]
fn of_portage_binhost() {
    let (world, server) = (World::new(), server());
    let conf = world.client.read("etc/portage/make.conf").unwrap();
    for uri in uris(&server).into_iter().step_by(3) {
        let text = format!("{conf}{COMMANDS}PORTAGE_BINHOST=\"{uri}\"\n");
        world.client.write("etc/portage/make.conf", &text);
        world.run_all(None);
    }
    world.run_all(Some("/nonexistent"));
}

#[test]
fn of_sections() {
    let (world, server) = (World::new(), server());
    world.client.append("etc/portage/make.conf", COMMANDS);
    for uri in uris(&server).into_iter().step_by(3) {
        world
            .client
            .hosts(&[("site", &format!("sync-uri = {uri}"))]);
        world.run_all(None);
    }
    let uri = &uris(&server)[0];
    world
        .client
        .hosts(&[("site", &format!("sync-uri = {uri}"))]);
    if namespace::is_possible() {
        end(&mut world.bincheck("--emerge tool")).well();
        let got = world.client.read("got").unwrap();
        assert!(got.starts_with("\n# Made by bincheck"), "{got}");
        assert!(got.contains(&format!("URI: {uri}\n")), "{got}");
    }
}

/// Lines that cannot be read are quoted, but not what is in them.
#[test]
fn of_configurations_that_are_broken() {
    let world = World::new();
    let uri = format!("http://{CANARY}:{CANARY}@127.0.0.1:9/x");
    let conf = world.client.read("etc/portage/make.conf").unwrap();
    for binrepos in [
        format!("sync-uri = {uri}\n"),
        format!("[a]\n{uri}\n"),
        format!("[a]\nsync-uri = {uri}\nsync-uri = {uri}\n"),
        format!("[a]\nsync-uri = {uri}%s\n"),
        format!("[a]\nsync-uri = %(x)s{uri}\n"),
        format!("[a]\nsync-uri = {uri}\ngetbinpkg-exclude = {uri}\n"),
    ] {
        world.client.write("etc/portage/binrepos.conf", &binrepos);
        world.run_all(None);
    }
    world.client.hosts(&[]);
    for make in [
        format!("PORTAGE_BINHOST=\"{uri}\n"),
        format!("PORTAGE_BINHOST {uri}\n"),
        format!("EMERGE_DEFAULT_OPTS=\"--binhost={uri} '\"\n"),
        format!("http_proxy=\"{uri}\"\nPORTAGE_BINHOST=\"http://h/\"\n"),
        format!("http_proxy=\"x y {uri}\"\nPORTAGE_BINHOST=\"http://h/\"\n"),
    ] {
        let text = format!("{conf}{make}");
        world.client.write("etc/portage/make.conf", &text);
        world.run_all(None);
    }
    world.client.write("etc/portage/make.conf", &conf);
    world
        .client
        .write("etc/portage/package.use", &format!("{uri} x\n"));
    world.run_all(None);
    for line in [
        uri.clone(),
        format!("--nonsense={uri}"),
        format!("--cpu {uri} tool"),
    ] {
        let ended = end(&mut world.bincheck(&line));
        world.check(&line, &ended);
    }
}

/// The base that an index names for its packages.
#[test]
fn of_an_index() {
    let world = World::new();
    let text = format!(
        "VERSION: 0\nTIMESTAMP: 1\nURI: http://{CANARY}:{CANARY}@127.0.0.1:9/x\n\n\
         CPV: app-misc/tool-2\nPATH: app-misc/tool-2.gpkg.tar\nSIZE: 9\nMD5: 00\nSLOT: 0\nEAPI: 8\n\
         KEYWORDS: amd64\n\n"
    );
    world.client.write("srv/Packages", &text);
    let srv = world.client.root().join("srv").display().to_string();
    world
        .client
        .hosts(&[("site", &format!("sync-uri = {srv}"))]);
    world.run_all(None);
    let ended = end(&mut world.bincheck("--all -v --fetch-metadata"));
    world.check("metadata", &ended);
}
