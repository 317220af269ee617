//! Hosts whose packages must be signed stay so.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use super::builds::{Builds, serve};
use super::client::{Client, end};
use super::namespace;
use crate::binhost::server::Server;

/// A home of gpg with nothing in it.
fn empty_home(home: &Path) {
    fs::create_dir(home).unwrap();
    fs::set_permissions(home, fs::Permissions::from_mode(0o700)).unwrap();
}

/// What gpg prints, if it succeeds.
fn gpg(home: &Path, words: &[&str]) -> Option<String> {
    let mut command = Command::new("gpg");
    command
        .arg("--homedir")
        .arg(home)
        .args(["--batch", "--yes", "--passphrase", ""]);
    let output = command.args(words).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Make a key; its fingerprint, or `None` without gpg.
fn key(home: &Path) -> Option<String> {
    empty_home(home);
    gpg(
        home,
        &[
            "--quick-gen-key",
            "Test <test@example.org>",
            "ed25519",
            "sign",
            "never",
        ],
    )?;
    let listed = gpg(home, &["--list-keys", "--with-colons"])?;
    let line = listed.lines().find_map(|line| line.strip_prefix("fpr:"))?;
    let key = line.trim_matches(':').to_owned();
    // As those of Gentoo, a key that signs keys and one below it that signs packages.
    gpg(home, &["--quick-add-key", &key, "rsa2048", "sign", "never"])?;
    Some(key)
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
    key: String,
    builder: Client,
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
            key,
            builder,
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

/// Homes of gpg that verify in different ways, by the code of the concern that each gives.
fn homes(test: &Signed) -> Vec<(&'static str, PathBuf)> {
    let own = test.builder.root().join("gnupg");
    let root = test.client.root();
    let exported = root.join("key");
    let export = ["--output", exported.to_str().unwrap(), "--export"];
    gpg(&own, &export).unwrap();
    let made = |name: &str, with_key: bool, is_trusted: bool| {
        let home = root.join(name);
        empty_home(&home);
        if with_key {
            gpg(&home, &["--import", exported.to_str().unwrap()]).unwrap();
        }
        if is_trusted {
            let trust = root.join("trust");
            fs::write(&trust, format!("{}:6:\n", test.key)).unwrap();
            gpg(&home, &["--import-ownertrust", trust.to_str().unwrap()]).unwrap();
            gpg(&home, &["--check-trustdb"]).unwrap();
        }
        home
    };
    let unknown = root.join("other");
    key(&unknown).unwrap();
    let untrusted = made("untrusted", true, false);
    let trusted = made("trusted", true, true);
    let revoked = made("revoked", true, true);
    let certificate = own.join(format!("openpgp-revocs.d/{}.rev", test.key));
    let text = fs::read_to_string(certificate).unwrap();
    let usable = root.join("revocation");
    fs::write(&usable, text.replace("\n:-----", "\n-----")).unwrap();
    gpg(&revoked, &["--import", usable.to_str().unwrap()]).unwrap();
    vec![
        ("unknown-key", unknown),
        ("unknown-key", untrusted),
        ("expired-key", revoked),
        ("", trusted),
    ]
}

/// Codes of what speaks against the file, as JSON has them.
fn codes(client: &Client) -> Vec<String> {
    let mut command = client.command(env!("CARGO_BIN_EXE_bincheck"));
    command.args(["--json", "-G", "app-misc/tool"]);
    let ended = end(&mut command);
    let document: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let usable = document["targets"][0]["usable"] == true;
    let concerns = document["instances"][0]["concerns"].as_array();
    let codes = concerns
        .into_iter()
        .flatten()
        .map(|one| one["code"].as_str().unwrap());
    let codes: Vec<String> = codes
        .filter(|code| code.contains("key") || code.contains("sign"))
        .map(str::to_owned)
        .collect();
    assert_eq!(usable, codes.is_empty(), "{document}");
    codes
}

fn assert_as_emerge(test: &Signed, home: &Path, code: &str) {
    let setting = format!("BINPKG_GPG_VERIFY_GPG_HOME=\"{}\"\n", home.display());
    test.client.append("etc/portage/make.conf", &setting);
    let expected: Vec<&str> = Some(code)
        .filter(|code| !code.is_empty())
        .into_iter()
        .collect();
    assert_eq!(codes(&test.client), expected, "{}", home.display());
    let ended = test.client.emerge("-Gq1 app-misc/tool");
    let text = format!("{}{}", ended.stdout, ended.stderr);
    assert_eq!(test.build().is_some(), code.is_empty(), "{code}: {text}");
}

#[test]
fn keys_are_known_as_gpg_knows_them() {
    let Some(test) = Signed::get() else { return };
    test.host(&test.signed.uri(""), "");
    for (code, home) in homes(&test) {
        assert_as_emerge(&test, &home, code);
    }
}

/// A file whose signature is of other bytes, and a key that has expired since.
#[test]
fn bad_signatures_and_expired_keys_are_seen_before_emerge_fetches() {
    let Some(test) = Signed::get() else { return };
    let home = test.builder.root().join("gnupg");
    let packages = test.builder.root().join("var/cache/binpkgs");
    let index = fs::read_to_string(packages.join("Packages")).unwrap();
    let path = index
        .lines()
        .find_map(|line| line.strip_prefix("PATH: "))
        .unwrap();
    let file = packages.join(path);
    let whole = fs::read(&file).unwrap();
    fs::write(&file, signed_otherwise(&whole, &home)).unwrap();
    // Without hashes, which would tell that it was changed.
    let lines = index
        .lines()
        .filter(|line| !line.starts_with("MD5: ") && !line.starts_with("SHA1: "));
    let size = format!("SIZE: {}", fs::metadata(&file).unwrap().len());
    let lines = lines.map(|line| {
        if line.starts_with("SIZE: ") {
            &size
        } else {
            line
        }
    });
    let server = serve(
        packages.clone(),
        lines.collect::<Vec<_>>().join("\n") + "\n",
    );
    test.host(&server.uri(""), "");
    assert_as_emerge(&test, &home, "bad-signature");
    fs::write(&file, whole).unwrap();
    test.host(&test.signed.uri(""), "");
    gpg(&home, &["--quick-set-expire", &test.key, "seconds=1"]).unwrap();
    sleep(Duration::from_secs(2));
    assert_as_emerge(&test, &home, "expired-key");
}

/// Files of the old format carry no signature.
#[test]
fn xpak_files_are_left_out_where_the_host_must_sign() {
    let Some(builds) = Builds::get() else { return };
    for must_sign in [true, false] {
        let client = builds.client();
        let server = builds.serve("old");
        let (uri, settings) = (server.uri(""), "etc/portage/binrepos.conf");
        let text = format!("[old]\nsync-uri = {uri}\nverify-signature = {must_sign}\n");
        client.write(settings, &text);
        let mut command = client.command(env!("CARGO_BIN_EXE_bincheck"));
        command.args(["--json", "-G", "app-misc/xpak"]);
        let document: Value = serde_json::from_str(&end(&mut command).stdout).expect("JSON");
        let is_rejected = document["instances"][0]["verdict"] == "rejected";
        assert_eq!(is_rejected, must_sign, "{document}");
        let reason = &document["instances"][0]["reasons"][0]["code"];
        assert_eq!(*reason == "signature", must_sign, "{document}");
        client.emerge("-Gq1 app-misc/xpak");
        assert_eq!(client.installed("xpak-1", "SLOT").is_none(), must_sign);
    }
}

/// A package file with the signature of other bytes behind its metadata.
fn signed_otherwise(whole: &[u8], home: &Path) -> Vec<u8> {
    let other = home.join("other");
    fs::write(&other, "other").unwrap();
    let words = [
        "--armor",
        "--output",
        "-",
        "--detach-sig",
        other.to_str().unwrap(),
    ];
    let signature = gpg(home, &words).unwrap();
    let mut made = tar::Builder::new(Vec::new());
    for entry in tar::Archive::new(whole).entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().into_owned();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if name.starts_with("metadata") && name.ends_with(".sig") {
            content = signature.clone().into_bytes();
        }
        let mut header = entry.header().clone();
        header.set_size(content.len() as u64);
        made.append_data(&mut header, &path, &*content).unwrap();
    }
    made.into_inner().unwrap()
}
