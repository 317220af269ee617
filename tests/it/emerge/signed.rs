//! Hosts whose packages must be signed stay so.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::builds::{Builds, serve};
use super::client::{Client, end};
use super::namespace;
use crate::binhost::server::Server;

/// Make a key; its fingerprint, or `None` without gpg.
fn key(home: &Path) -> Option<String> {
    fs::create_dir(home).unwrap();
    fs::set_permissions(home, fs::Permissions::from_mode(0o700)).unwrap();
    let gpg = |words: &[&str]| {
        let mut command = Command::new("gpg");
        command
            .arg("--homedir")
            .arg(home)
            .args(["--batch", "--passphrase", ""]);
        let output = command.args(words).output().ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    gpg(&[
        "--quick-gen-key",
        "Test <test@example.org>",
        "ed25519",
        "sign",
        "never",
    ])?;
    let listed = gpg(&["--list-keys", "--with-colons"])?;
    let line = listed.lines().find_map(|line| line.strip_prefix("fpr:"))?;
    Some(line.trim_matches(':').to_owned())
}

fn settings(client: &Client, home: &Path, key: &str) {
    let home = home.display();
    client.append(
        "etc/portage/make.conf",
        &format!(
            "BINPKG_GPG_SIGNING_BASE_COMMAND=\"/usr/bin/gpg --sign --armor [PORTAGE_CONFIG]\"\n\
             BINPKG_GPG_SIGNING_GPG_HOME=\"{home}\"\n\
             BINPKG_GPG_SIGNING_KEY=\"{key}\"\n\
             BINPKG_GPG_VERIFY_GPG_HOME=\"{home}\"\n\
             GPG_VERIFY_USER_DROP=\"\"\nGPG_VERIFY_GROUP_DROP=\"\"\nPORTAGE_TRUST_HELPER=\"true\"\n"
        ),
    );
}

/// A client that trusts a key, a host with packages that are signed by it, and one with unsigned ones.
struct Signed {
    client: Client,
    signed: Server,
    unsigned: Server,
    _builder: Client,
}

impl Signed {
    fn get() -> Option<Signed> {
        let builds = Builds::get()?;
        let builder = builds.client();
        let home = builder.root().join("gnupg");
        let Some(key) = key(&home) else {
            eprintln!("skipped: gpg makes no key here");
            return None;
        };
        settings(&builder, &home, &key);
        builder.append(
            "etc/portage/make.conf",
            "FEATURES=\"${FEATURES} binpkg-signing\"\n",
        );
        builder.emerge("-Bq app-misc/tool").well();
        let built = builder.root().join("var/cache/binpkgs");
        let index = fs::read_to_string(built.join("Packages")).unwrap();
        let client = builds.client();
        settings(&client, &home, &key);
        let _ = fs::remove_file(client.root().join("etc/portage/binrepos.conf"));
        Some(Signed {
            client,
            signed: serve(built, index),
            unsigned: builds.serve("site"),
            _builder: builder,
        })
    }

    /// A section for a host.
    fn host(&self, uri: &str, more: &str) {
        let text = format!("[host]\nsync-uri = {uri}\nverify-signature = true\n{more}");
        self.client.write("etc/portage/binrepos.conf", &text);
    }

    fn build(&self) -> Option<String> {
        self.client.installed("tool-2", "BUILD_ID")
    }
}

#[test]
fn signatures_are_required_as_the_host_requires() {
    let Some(test) = Signed::get() else { return };
    test.host(&test.unsigned.uri(""), "");
    test.client.bincheck("-G app-misc/tool").with(1);
    assert_eq!(test.build(), None);
    test.host(&test.signed.uri(""), "");
    test.client.bincheck("-G app-misc/tool").well();
    assert_eq!(test.build().as_deref(), Some("1"));
}

/// As PORTAGE_BINHOST it would turn the check off for itself and for all others.
#[test]
fn a_host_of_the_command_line_must_sign_and_changes_nothing_for_others() {
    let Some(test) = Signed::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    let added = |server: &Server| format!("--binhost {}", server.uri(""));
    let install = |before: &str| test.client.bincheck_with(before, "-G app-misc/tool");
    // Without any binrepos.conf of the user's.
    let ended = install(&added(&test.unsigned)).with(1);
    assert!(!ended.stderr.contains("on its own"), "{}", ended.stderr);
    assert_eq!(test.build(), None);
    // An unsigned host of the configuration, beside one of the command line that has nothing.
    test.host(&test.unsigned.uri(""), "");
    let nothing = test.client.root().join("nothing");
    fs::create_dir(&nothing).unwrap();
    fs::write(nothing.join("Packages"), "VERSION: 0\nTIMESTAMP: 1\n\n").unwrap();
    let ended = install(&format!("--binhost {}", nothing.display())).with(1);
    assert!(!ended.stderr.contains("on its own"), "{}", ended.stderr);
    assert_eq!(test.build(), None);
    test.host("/nonexistent", "");
    let ended = install(&added(&test.signed)).well();
    assert!(
        !ended.stderr.contains("PORTAGE_BINHOST"),
        "{}",
        ended.stderr
    );
    assert_eq!(test.build().as_deref(), Some("1"));
}

/// Where the user says that a host need not sign, it need not.
#[test]
fn the_user_may_say_otherwise() {
    let Some(test) = Signed::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    let conf = "[DEFAULT]\nverify-signature = false\n";
    test.client.write("etc/portage/binrepos.conf", conf);
    let before = format!("--binhost {}", test.unsigned.uri(""));
    test.client
        .bincheck_with(&before, "-G app-misc/tool")
        .well();
    assert_eq!(test.build().as_deref(), Some("2"));
}

/// Where emerge cannot be shown another binrepos.conf, the host is given up rather than the signatures.
#[test]
fn without_a_namespace_signatures_are_not_given_up() {
    let Some(test) = Signed::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    test.host(&test.unsigned.uri(""), "");
    let mut command = test.client.command("setpriv");
    command.args(["--bounding-set=-sys_admin", "--inh-caps=-sys_admin"]);
    command.args([env!("CARGO_BIN_EXE_bincheck"), "--binhost"]);
    command.arg(test.unsigned.uri("x"));
    let ended = end(command.args(["--emerge", "-G", "app-misc/tool"])).with(1);
    assert!(
        ended.stderr.contains("--binhost is left out (http://"),
        "{}",
        ended.stderr
    );
    assert_eq!(test.build(), None);
}

/// What Portage itself makes of a configuration with both, and the notice about it.
#[test]
fn portage_binhost_turns_signatures_off_with_a_notice() {
    let Some(test) = Signed::get() else { return };
    test.host(&test.unsigned.uri(""), "");
    test.client.append(
        "etc/portage/make.conf",
        "PORTAGE_BINHOST=\"file:///nonexistent\"\n",
    );
    let ended = test.client.bincheck("-G app-misc/tool").well();
    let text = "Portage installs unsigned packages of [host] in spite of verify-signature";
    assert!(ended.stderr.contains(text), "{}", ended.stderr);
    assert_eq!(test.build().as_deref(), Some("2"), "as reported");
}

#[test]
fn a_location_keeps_signatures_asked_for() {
    let Some(test) = Signed::get() else { return };
    let location = test.client.root().join("kept");
    let location = format!("location = {}\n", location.display());
    test.host(&test.unsigned.uri(""), &location);
    test.client.append(
        "etc/portage/make.conf",
        "PORTAGE_BINHOST=\"file:///nonexistent\"\n",
    );
    let ended = test.client.bincheck("-G app-misc/tool").with(1);
    assert!(!ended.stderr.contains("in spite of"), "{}", ended.stderr);
    assert_eq!(test.build(), None);
}
