//! Packages that would not run here, or whose files are gone.

use super::builds::{Builds, taken, without};
use super::client::{Client, end};
use super::namespace;
use crate::binhost::server::Server;

/// A processor that has what the first builds need, and not what the second ones do.
const OLDER: &str = "--cpu x86-64-v2";

/// Packages that emerge fetched.
fn fetched(server: &Server) -> Vec<String> {
    let packages = taken(server).into_iter();
    packages.filter(|path| !path.contains("Packages")).collect()
}

fn client(builds: &Builds) -> (Client, Server) {
    let client = builds.client();
    let server = builds.serve("newer");
    client.hosts(&[("newer", &format!("sync-uri = {}", server.uri("")))]);
    (client, server)
}

#[test]
fn the_good_sibling_is_installed() {
    let Some(builds) = Builds::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    let (client, newer) = client(builds);
    let copy = builds.serve("copy");
    client.hosts(&[
        ("newer", &format!("sync-uri = {}", newer.uri(""))),
        (
            "copy",
            &format!("sync-uri = {}\npriority = 9", copy.uri("")),
        ),
    ]);
    let ended = client
        .bincheck_with(OLDER, "-G app-misc/march app-misc/lost")
        .well();
    for text in [
        "excluded:\n",
        "\n  app-misc/march-1-2 from copy: would not run here, ",
        "\n  app-misc/lost-1-2 from newer: the file that the index names is gone\n",
    ] {
        assert!(ended.stderr.contains(text), "{}", ended.stderr);
    }
    assert_eq!(
        client.installed("march-1", "BUILD_ID").as_deref(),
        Some("1")
    );
    assert_eq!(client.installed("lost-1", "BUILD_ID").as_deref(), Some("1"));
    let mut paths = fetched(&newer);
    paths.sort();
    assert_eq!(
        paths,
        [
            "/app-misc/lost/lost-1-1.gpkg.tar",
            "/app-misc/march/march-1-1.gpkg.tar"
        ]
    );
    assert_eq!(fetched(&copy), [""; 0]);
}

#[test]
fn a_processor_that_has_it_all_gets_the_newest() {
    let Some(builds) = Builds::get() else { return };
    let (client, _server) = client(builds);
    client
        .bincheck_with("--cpu x86-64-v4", "app-misc/march")
        .well();
    assert_eq!(
        client.installed("march-1", "BUILD_ID").as_deref(),
        Some("2")
    );
}

#[test]
fn nothing_good_is_left() {
    let Some(builds) = Builds::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    let client = builds.client();
    let server = builds.serve("copy");
    client.hosts(&[("copy", &format!("sync-uri = {}", server.uri("")))]);
    let ended = client.bincheck_with(OLDER, "-G app-misc/march").with(1);
    let text = "no usable binary package for:\n  app-misc/march\n";
    assert!(ended.stderr.contains(text), "{}", ended.stderr);
    let built = client.bincheck_with(OLDER, "app-misc/march").well();
    assert!(!built.stderr.contains("-exclude"), "{}", built.stderr);
    assert!(
        client.installed("march-1", "BUILD_ID").is_none(),
        "it was built here"
    );
    assert_eq!(fetched(&server), [""; 0]);
}

/// Where emerge reads indexes on its own, names have to do, and the good build goes too.
#[test]
fn excluded_by_name_where_nothing_else_can_be_done() {
    let Some(builds) = Builds::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    let (client, server) = client(builds);
    let run = |line: &str| {
        let mut command = client.command("setpriv");
        command.args(["--bounding-set=-sys_admin", "--inh-caps=-sys_admin"]);
        command
            .arg(env!("CARGO_BIN_EXE_bincheck"))
            .args(OLDER.split(' '));
        end(command.arg("--emerge").args(line.split(' ')))
    };
    let refused = run("-G app-misc/march").with(1);
    assert!(
        refused
            .stderr
            .contains("no usable binary package for:\n  app-misc/march\n")
    );
    let ended = run("app-misc/march").well();
    assert_eq!(
        ended.shown(),
        "--getbinpkg-exclude=app-misc/march:0 -g --binpkg-respect-use=y --binpkg-changed-deps=y \
         app-misc/march"
    );
    assert!(
        ended
            .stderr
            .contains("by name and slot, good builds included")
    );
    assert!(
        client.installed("march-1", "BUILD_ID").is_none(),
        "it was built here"
    );
    let packages = fetched(&server)
        .into_iter()
        .filter(|path| path.ends_with(".tar"));
    assert_eq!(packages.count(), 0);
}

/// What lies in PKGDIR can only be excluded by name.
#[test]
fn a_package_of_this_machine() {
    let Some(builds) = Builds::get() else { return };
    let client = builds.client();
    let pkgdir = client.root().join("var/cache/binpkgs");
    crate::support::copy(&builds.host("copy"), &pkgdir).unwrap();
    let ended = client.bincheck_with(OLDER, "-k app-misc/march").well();
    assert_eq!(
        ended.shown(),
        "--usepkg-exclude=app-misc/march:0 --binpkg-respect-use=y --binpkg-changed-deps=y -k app-misc/march"
    );
    assert!(
        client.installed("march-1", "BUILD_ID").is_none(),
        "it was built here"
    );
}

/// An index that names a file of another size.
#[test]
fn a_file_that_was_replaced() {
    let Some(builds) = Builds::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    let client = builds.client();
    let index = builds.index("copy").replace("SIZE: 10240", "SIZE: 10241");
    assert_ne!(index, builds.index("copy"));
    let server = super::builds::serve(builds.host("copy"), without(&index, "nothing"));
    client.hosts(&[("copy", &format!("sync-uri = {}", server.uri("")))]);
    let ended = client
        .bincheck_with("--cpu x86-64-v4", "app-misc/march")
        .well();
    assert!(
        ended.stderr.contains("excluded:\n  app-misc/march-1-2"),
        "{}",
        ended.stderr
    );
    assert!(
        client.installed("march-1", "BUILD_ID").is_none(),
        "it was built here"
    );
}

/// A list that names no builds, as Portage wrote them before it recorded those too: emerge must not
/// choose the build that the earlier run excluded.
#[test]
fn what_is_resumed() {
    let Some(builds) = Builds::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    let (client, server) = client(builds);
    let list = format!(
        r#"{{"resume": {{"favorites": ["app-misc/march"], "myopts": {{"--getbinpkg": true}},
            "mergelist": [["binary", "{}/", "app-misc/march-1", "merge"]]}}, "version": "3.0.80"}}"#,
        client.root().display()
    );
    client.write("var/cache/edb/mtimedb", &list);
    let ended = client.bincheck_with(OLDER, "--resume").well();
    assert_eq!(ended.shown(), "-g --resume");
    let kept = "\n  app-misc/march-1-2 from newer: ";
    assert!(ended.stderr.contains(kept), "{}", ended.stderr);
    assert_eq!(
        client.installed("march-1", "BUILD_ID").as_deref(),
        Some("1"),
        "{}",
        ended.stdout
    );
    assert_eq!(fetched(&server), ["/app-misc/march/march-1-1.gpkg.tar"]);
}

/// A list that names a build, as Portage 3.0.83 writes it: that one is judged and merged though there is a newer one, and
/// where it must not run the best of the others.
#[test]
fn the_build_that_is_resumed() {
    let Some(builds) = Builds::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    let of_build = |id: &str| -> String {
        let index = builds.index("newer");
        let block = index.split("\n\n").find(|block| {
            block.contains("CPV: app-misc/march-1\n")
                && block.contains(&format!("BUILD_ID: {id}\n"))
        });
        let block = block.unwrap_or_else(|| panic!("{index}"));
        let value = |key: &str| {
            let line = block
                .lines()
                .find_map(|line| line.strip_prefix(&format!("{key}: ")));
            line.unwrap_or_else(|| panic!("{key}: {block}")).to_owned()
        };
        let keys = ["BUILD_ID", "BUILD_TIME", "MTIME", "SIZE"];
        keys.map(|key| format!("\"{key}\": {}", value(key)))
            .join(", ")
    };
    for (listed, cpu, merged) in [
        ("1", "--cpu x86-64-v4", "1"),
        ("2", "--cpu x86-64-v4", "2"),
        ("2", OLDER, "1"),
    ] {
        let (client, server) = client(builds);
        let root = client.root().display().to_string();
        let list = format!(
            r#"{{"resume": {{"favorites": ["app-misc/march"], "myopts": {{"--getbinpkg": true}},
                "mergelist": [["binary", "{root}/", "app-misc/march-1", "merge"]],
                "binpkgs": [{{"EROOT": "{root}/", "CPV": "app-misc/march-1", {}}}]}}, "version": "3.0.83"}}"#,
            of_build(listed)
        );
        client.write("var/cache/edb/mtimedb", &list);
        let ended = client.bincheck_with(cpu, "--resume").well();
        let installed = client.installed("march-1", "BUILD_ID");
        assert_eq!(
            installed.as_deref(),
            Some(merged),
            "{listed}: {}",
            ended.stdout
        );
        let path = format!("/app-misc/march/march-1-{merged}.gpkg.tar");
        assert_eq!(fetched(&server), [path], "{listed}");
    }
}
