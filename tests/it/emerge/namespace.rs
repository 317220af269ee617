//! The mount namespace: what is seen of it, and what happens where there can be none.

use std::process::Command;

use super::builds::{Builds, serve};
use super::client::{Client, end};
use super::files;

/// Whether this machine lets us have a mount namespace.
pub fn is_possible() -> bool {
    let made = Command::new("unshare").args(["-m", "true"]).status();
    let possible = made.is_ok_and(|status| status.success());
    if !possible {
        eprintln!("skipped: no mount namespace can be made here");
    }
    possible
}

fn client(builds: &Builds) -> (Client, crate::binhost::server::Server) {
    let client = builds.client();
    let server = builds.serve("site");
    client.hosts(&[("site", &format!("sync-uri = {}", server.uri("")))]);
    (client, server)
}

/// On a system whose mounts are shared, as under systemd.
#[test]
fn what_a_package_mounts_is_seen_by_all_and_binrepos_conf_by_emerge_alone() {
    let Some(builds) = Builds::get() else { return };
    if !is_possible() {
        return;
    }
    let (client, _server) = client(builds);
    let root = client.root().display();
    let script = format!(
        "mount --make-rshared / && {bincheck} --emerge -1 app-misc/mounts && \
         grep -c '{root}/mnt ' /proc/self/mountinfo && ! grep binrepos.conf /proc/self/mountinfo && \
         grep sync-uri '{root}/etc/portage/binrepos.conf'",
        bincheck = env!("CARGO_BIN_EXE_bincheck"),
    );
    let mut command = client.command("unshare");
    let ended = end(command.args(["-m", "bash", "-c", &script])).well();
    assert!(
        ended.stdout.contains("\n1\nsync-uri = http://"),
        "{}",
        ended.stdout
    );
}

/// binrepos.conf may be a directory, and a link. What emerge puts there stays there.
#[test]
fn a_directory_of_files() {
    let Some(builds) = Builds::get() else { return };
    if !is_possible() {
        return;
    }
    let (client, server) = client(builds);
    let conf = client.root().join("etc/portage/binrepos.conf");
    let text = std::fs::read_to_string(&conf).unwrap();
    std::fs::remove_file(&conf).unwrap();
    client.write("etc/hosts.d/site.conf", &text);
    client.write(
        "etc/hosts.d/other.conf",
        "[other]\nsync-uri = http://127.0.0.1:9\n",
    );
    std::os::unix::fs::symlink("../hosts.d", &conf).unwrap();
    let before = files::below(&client.root().join("etc/hosts.d"));
    client.append(
        "etc/portage/bashrc",
        "[[ ${EBUILD_PHASE} == postinst ]] && echo new > \"${EPREFIX}\"/etc/portage/binrepos.conf/new\n",
    );
    let ended = client.bincheck("app-misc/tool").well();
    assert!(!ended.stderr.contains("on its own"), "{}", ended.stderr);
    let messages = format!("{}{}", ended.stdout, ended.stderr);
    assert_eq!(messages.matches("127.0.0.1:9").count(), 1, "{messages}");
    let indexes = server
        .take_paths()
        .into_iter()
        .filter(|path| path.contains("Packages"));
    assert_eq!(
        indexes.count(),
        2,
        "bincheck asks for both names, emerge for none"
    );
    let mut after = files::below(&client.root().join("etc/hosts.d"));
    let new = after.remove(&client.root().join("etc/hosts.d/new"));
    assert_eq!(new.map(|(_, text)| text), Some(b"new\n".to_vec()));
    assert_eq!(after, before);
}

/// As in many containers: root without the right to mount.
#[test]
fn without_a_namespace_emerge_reads_by_itself() {
    let Some(builds) = Builds::get() else { return };
    if !is_possible() {
        return;
    }
    let (client, server) = client(builds);
    let mut command = client.command("setpriv");
    command.args(["--bounding-set=-sys_admin", "--inh-caps=-sys_admin"]);
    command.args([env!("CARGO_BIN_EXE_bincheck"), "--emerge", "app-misc/tool"]);
    let ended = end(&mut command).well();
    assert!(
        ended
            .stderr
            .contains("emerge will read the indexes on its own: no mount namespace"),
        "{}",
        ended.stderr
    );
    assert_eq!(client.installed("tool-2", "BUILD_ID").as_deref(), Some("2"));
    let indexes = server
        .take_paths()
        .into_iter()
        .filter(|path| path.contains("Packages"));
    assert_eq!(indexes.count(), 4);
}

/// Anyone may ask what would be done. The real emerge may lie where no other user comes to, so a
/// fake emerge shows what it would read, and as whom.
#[test]
fn a_user_may_pretend() {
    const USER: [&str; 3] = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    const SHOW: &str = "#!/bin/sh\nid -u\ncat \"$PORTAGE_OVERRIDE_EPREFIX/etc/portage/binrepos.conf\"\n\
        sed -n 's,^sync-uri = file://\\(.*\\),\\1/Packages,p' \
        \"$PORTAGE_OVERRIDE_EPREFIX/etc/portage/binrepos.conf\" | xargs cat\n";
    let client = Client::with_stand_in(SHOW);
    // Over HTTP: a user namespace is for a process without threads, so none may be left of fetching.
    let index = "VERSION: 0\nTIMESTAMP: 1\n\nCPV: app-misc/tool-2\nPATH: x\n\n".to_owned();
    let server = serve(client.root().to_path_buf(), index);
    let uri = server.uri("");
    let uri = uri.trim_end_matches('/');
    client.hosts(&[("site", &format!("sync-uri = {uri}"))]);
    let bincheck = env!("CARGO_BIN_EXE_bincheck");
    let can = |command: &mut Command| command.output().is_ok_and(|done| done.status.success());
    let owns = can(Command::new("chown")
        .args(["-R", "65534:65534"])
        .arg(client.root()));
    let runs = can(Command::new("setpriv")
        .args(USER)
        .args([bincheck, "--version"]));
    let may = can(Command::new("setpriv")
        .args(USER)
        .args(["unshare", "-Um", "true"]));
    if !(owns && runs && may) {
        eprintln!("skipped: another user cannot be had, or may have no namespace");
        return;
    }
    let run = |word: &str| {
        let mut command = client.command("setpriv");
        command
            .args(USER)
            .args([bincheck, "--emerge", word, "app-misc/tool"]);
        end(&mut command).well()
    };
    let pretend = run("-p");
    assert!(
        pretend.stdout.starts_with("65534\n# Made by bincheck"),
        "{}",
        pretend.stdout
    );
    assert!(
        pretend
            .stdout
            .contains(&format!("URI: {uri}\n\nCPV: app-misc/tool-2"))
    );
}
