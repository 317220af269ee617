//! A host whose packages must be signed stays one.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::builds::{Builds, serve};
use super::client::Client;

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

#[test]
fn signatures_are_asked_for_as_the_host_says() {
    let Some(builds) = Builds::get() else { return };
    let builder = builds.client();
    let home = builder.root().join("gnupg");
    let Some(key) = key(&home) else {
        eprintln!("skipped: gpg makes no key here");
        return;
    };
    settings(&builder, &home, &key);
    builder.append(
        "etc/portage/make.conf",
        "FEATURES=\"${FEATURES} binpkg-signing\"\n",
    );
    builder.emerge("-Bq app-misc/tool").well();
    let built = builder.root().join("var/cache/binpkgs");
    let index = fs::read_to_string(built.join("Packages")).unwrap();
    let (signed, unsigned) = (serve(built, index), builds.serve("site"));

    let client = builds.client();
    settings(&client, &home, &key);
    let host = |uri: &str| {
        let text = format!("[host]\nsync-uri = {uri}\nverify-signature = true\n");
        client.write("etc/portage/binrepos.conf", &text);
    };
    host(&unsigned.uri(""));
    client.bincheck("-G app-misc/tool").with(1);
    assert!(client.installed("tool-2", "BUILD_ID").is_none());
    host(&signed.uri(""));
    client.bincheck("-G app-misc/tool").well();
    assert_eq!(client.installed("tool-2", "BUILD_ID").as_deref(), Some("1"));
}
