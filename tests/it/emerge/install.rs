//! The real Portage installs what was checked.

use std::fs;

use super::builds::{Builds, dated, serve, taken, without};
use super::files;
use super::namespace;

/// Entries on which emerge alone gives up are not in the checked index.
const UNREADABLE: &str = "CPV: app-misc/tool-\u{1b}[2J\nPATH: x\n\n";

#[test]
fn what_was_checked_is_installed_and_etc_stays_as_it_is() {
    let Some(builds) = Builds::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    let client = builds.client();
    let server = serve(
        builds.host("site"),
        format!("{}{UNREADABLE}", builds.index("site")),
    );
    client.hosts(&[("site", &format!("sync-uri = {}", server.uri("")))]);
    let etc = files::below(&client.root().join("etc/portage"));

    let alone = client.emerge("-g --quiet app-misc/tool");
    assert_ne!(alone.code, Some(0), "emerge aborts on this index");
    server.take_paths();

    let ended = client.bincheck("--quiet-build=y app-misc/tool").well();
    assert_eq!(
        ended.shown(),
        "-g --binpkg-respect-use=y --binpkg-changed-deps=y --quiet-build=y app-misc/tool"
    );
    assert_eq!(client.installed("tool-2", "BUILD_ID").as_deref(), Some("2"));
    assert_eq!(client.read("var/lib/tool").as_deref(), Some("2\n"));
    assert_eq!(
        taken(&server),
        [
            "/Packages.gz",
            "/Packages",
            "/app-misc/tool/tool-2-2.gpkg.tar"
        ],
        "the index is fetched once, and one package"
    );
    assert_eq!(files::below(&client.root().join("etc/portage")), etc);
}

#[test]
fn a_build_with_other_flags_is_passed_over() {
    let Some(builds) = Builds::get() else { return };
    let client = builds.client();
    let server = builds.serve("site");
    client.hosts(&[("site", &format!("sync-uri = {}", server.uri("")))]);
    let ended = client.bincheck("app-misc/flags").well();
    assert!(
        ended.stderr.contains("USE flags differ"),
        "{}",
        ended.stderr
    );
    assert_eq!(
        client.installed("flags-1", "repository").as_deref(),
        Some("gentoo")
    );
    assert!(
        client.installed("flags-1", "BUILD_ID").is_none(),
        "it was built here"
    );
    assert!(
        !server
            .take_paths()
            .iter()
            .any(|path| path.contains("flags"))
    );
}

#[test]
fn two_hosts_on_one_name() {
    let Some(builds) = Builds::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    let client = builds.client();
    let (first, second) = (builds.serve("site"), builds.serve("second"));
    client.hosts(&[
        (
            "site",
            &format!("sync-uri = {}\npriority = 2", first.uri("")),
        ),
        (
            "second",
            &format!("sync-uri = {}\npriority = 1", second.uri("")),
        ),
    ]);
    client.bincheck("-G app-misc/tool app-misc/other").well();
    assert_eq!(client.installed("tool-2", "BUILD_ID").as_deref(), Some("2"));
    assert_eq!(
        client.installed("other-1", "BUILD_ID").as_deref(),
        Some("1")
    );
    assert_eq!(
        taken(&second),
        [
            "/Packages.gz",
            "/Packages",
            "/app-misc/other/other-1-1.gpkg.tar"
        ]
    );
}

/// emerge alone goes on with the newer index that it remembers, and then finds no such file.
#[test]
fn an_index_that_was_rolled_back() {
    let Some(builds) = Builds::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    let client = builds.client();
    let newer = serve(
        builds.host("site"),
        dated(&builds.index("site"), 2_000_000_000),
    );
    let uri = newer.uri("");
    client.hosts(&[("site", &format!("sync-uri = {uri}"))]);
    client.emerge("-gp app-misc/tool").well();
    client.bincheck("-p app-misc/tool").well();

    let index = without(&builds.index("site"), "CPV: app-misc/tool-2\n");
    let older = serve(builds.host("site"), dated(&index, 1_000_000_000));
    client.hosts(&[("site", &format!("sync-uri = {}", older.uri("")))]);
    let alone = client.emerge("-gp app-misc/tool").well();
    assert!(alone.stdout.contains("tool-2"), "{}", alone.stdout);
    client.bincheck("app-misc/tool -G").well();
    assert_eq!(client.installed("tool-1", "BUILD_ID").as_deref(), Some("1"));
}

#[test]
fn a_host_that_is_down_is_as_for_emerge() {
    let Some(builds) = Builds::get() else { return };
    let client = builds.client();
    let server = builds.serve("site");
    client.hosts(&[
        ("site", &format!("sync-uri = {}", server.uri(""))),
        ("down", "sync-uri = http://127.0.0.1:9/\npriority = 9"),
    ]);
    let ended = client.bincheck("app-misc/tool").well();
    assert!(
        ended
            .stderr
            .contains("bincheck: warning: down: cannot take the index of"),
        "{}",
        ended.stderr
    );
    assert_eq!(client.installed("tool-2", "BUILD_ID").as_deref(), Some("2"));
}

#[test]
fn the_older_format_and_hosts_of_portage_binhost() {
    let Some(builds) = Builds::get() else { return };
    let client = builds.client();
    let (first, second) = (builds.serve("old"), builds.serve("second"));
    let setting = format!("PORTAGE_BINHOST=\"{} {}\"\n", first.uri(""), second.uri(""));
    client.append("etc/portage/make.conf", &setting);
    let ended = client.bincheck("-G app-misc/xpak app-misc/other").well();
    assert!(
        ended.stderr.contains("bincheck: PORTAGE_BINHOST='file:///")
            || ended.stderr.contains("bincheck: PORTAGE_BINHOST=file:///"),
        "{}",
        ended.stderr
    );
    assert_eq!(client.installed("xpak-1", "BUILD_ID").as_deref(), Some("1"));
    assert_eq!(
        client.installed("other-1", "BUILD_ID").as_deref(),
        Some("1")
    );
    assert_eq!(
        taken(&first),
        ["/Packages.gz", "/Packages", "/app-misc/xpak/xpak-1-1.xpak"]
    );
}

/// A password reaches the host, and no file that others may read.
#[test]
fn a_password_stays_where_it_is() {
    use crate::binhost::server::{Request, Server, ok, reply, status};
    let Some(builds) = Builds::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    let client = builds.client();
    let (files, index) = (builds.host("site"), builds.index("site"));
    let server = Server::start(move |request: &Request| {
        // me:secret
        if request.header("authorization") != Some("Basic bWU6c2VjcmV0") {
            return reply(
                "401 Unauthorized",
                "WWW-Authenticate: Basic realm=\"x\"\r\n",
                b"",
            );
        }
        match request.path.as_str() {
            "/Packages" => ok(&index),
            "/Packages.gz" => status("404 Not Found"),
            path => ok(fs::read(files.join(&path[1..])).unwrap()),
        }
    });
    let uri = format!("http://me:secret@{}", server.authority());
    client.hosts(&[("site", &format!("sync-uri = {uri}"))]);
    let refused = client.bincheck("app-misc/tool").well();
    assert!(
        refused.stderr.contains("to keep a password out of"),
        "{}",
        refused.stderr
    );
    fs::create_dir_all(client.root().join("var/cache/edb/binhost")).unwrap();
    let ended = client.bincheck("app-misc/tool").well();
    assert!(!ended.stderr.contains("on its own"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("secret") && !ended.stdout.contains("secret"));
    assert_eq!(client.installed("tool-2", "BUILD_ID").as_deref(), Some("2"));
    for (path, (mode, content)) in files::below(&client.root().join("var")) {
        let text = String::from_utf8_lossy(&content);
        assert!(!text.contains("secret"), "{} ({mode:o})", path.display());
    }
}

#[test]
fn the_exit_status_is_that_of_emerge() {
    let Some(builds) = Builds::get() else { return };
    let client = builds.client();
    let server = builds.serve("site");
    client.hosts(&[("site", &format!("sync-uri = {}", server.uri("")))]);
    client.bincheck("app-misc/fails").with(1);
    client.bincheck("--nosuchoption").with(2);
    client.bincheck("-p app-misc/tool").with(0);
    client.bincheck("--version").with(0);
}

/// Where the configuration is a file, a changed copy waits beside it for dispatch-conf.
#[test]
fn autounmask_writes_where_it_always_does() {
    let Some(builds) = Builds::get() else { return };
    let client = builds.client();
    let server = builds.serve("site");
    client.hosts(&[("site", &format!("sync-uri = {}", server.uri("")))]);
    client.append("etc/portage/make.conf", "CONFIG_PROTECT=\"/etc\"\n");
    let etc = client.root().join("etc/portage");
    let before = files::below(&etc);
    client
        .bincheck("--autounmask=y --autounmask-write app-misc/needs")
        .with(1);
    let mut after = files::below(&etc);
    let added = after.remove(&etc.join("._cfg0000_package.accept_keywords"));
    assert_eq!(after, before);
    let (_, text) = added.expect("the changed file waits beside the old one");
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("# Kept by hand.\n") && text.contains("app-misc/needs-1 ~amd64"));
}

#[test]
fn into_another_root() {
    let Some(builds) = Builds::get() else { return };
    let client = builds.client();
    let server = builds.serve("site");
    client.hosts(&[("site", &format!("sync-uri = {}", server.uri("")))]);
    let root = client.root().join("new");
    fs::create_dir(&root).unwrap();
    let line = format!("-G --root={} app-misc/tool", root.display());
    let ended = client.bincheck(&line).well();
    assert!(!ended.stderr.contains("unchecked"), "{}", ended.stderr);
    assert!(client.installed("tool-2", "BUILD_ID").is_none());
    let below = client.root().strip_prefix("/").unwrap().to_owned();
    let record = root.join(below).join("var/db/pkg/app-misc/tool-2/BUILD_ID");
    assert_eq!(fs::read_to_string(record).unwrap().trim(), "2");
}

/// A mount point could be neither replaced nor removed, so that emerge is shown the real files here.
#[test]
fn a_file_of_binrepos_conf_that_a_package_owns_is_replaced() {
    let Some(builds) = Builds::get() else { return };
    for protect in ["-*", "/etc"] {
        let client = builds.client();
        let server = builds.serve("site");
        let section = format!(
            "[site]\nverify-signature = false\nsync-uri = {}\n",
            server.uri("")
        );
        client.write("etc/portage/binrepos.conf/site.conf", &section);
        client.append(
            "etc/portage/make.conf",
            &format!("CONFIG_PROTECT=\"{protect}\"\n"),
        );
        client.emerge("-q =app-misc/hosts-1").well();
        let file = "etc/portage/binrepos.conf/zz-hosts.conf";
        assert_eq!(client.read(file).as_deref(), Some("# version 1\n"));
        let ended = client.bincheck("app-misc/hosts app-misc/tool").well();
        assert_eq!(
            client.read(file).as_deref(),
            Some("# version 2\n"),
            "{protect}"
        );
        assert!(
            client.installed("tool-2", "BUILD_ID").is_some(),
            "{}",
            ended.stdout
        );
        let shown = "hosts-1 is going to be replaced, and owns";
        assert!(ended.stderr.contains(shown), "{}", ended.stderr);
        // What the user has changed is left alone, and the new one waits beside it.
        client.write(file, "# mine\n");
        client.bincheck("=app-misc/hosts-1").well();
        let waits = client.read("etc/portage/binrepos.conf/._cfg0000_zz-hosts.conf");
        assert_eq!(waits.is_some(), protect == "/etc");
    }
}
