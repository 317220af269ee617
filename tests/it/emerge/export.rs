//! `--export`: a mixed host as indexes that each hold what runs somewhere.

use std::fs;
use std::path::Path;

use super::builds::{Builds, dated};
use super::client::{Client, Ended, end};
use crate::binhost::server::Server;
use crate::support::scratch;

fn export(client: &Client, directory: &Path, words: &str) -> Ended {
    let mut command = client.command(env!("CARGO_BIN_EXE_bincheck"));
    command.args(["--all", "--export"]).arg(directory);
    end(command.args(words.split_whitespace()))
}

/// A client of a host that has packages for several processors.
fn mixed(builds: &Builds) -> (Client, Server) {
    let client = builds.client();
    let server = builds.serve("newer");
    client.hosts(&[("newer", &format!("sync-uri = {}", server.uri("")))]);
    (client, server)
}

fn read(directory: &Path, file: &str) -> String {
    fs::read_to_string(directory.join(file)).unwrap_or_default()
}

#[test]
fn emerge_merges_from_it_what_runs() {
    let Some(builds) = Builds::get() else { return };
    let (client, _server) = mixed(builds);
    let directory = scratch();
    let into = directory.path().join("sorted");
    let ended = export(&client, &into, "--cpu x86-64-v2");
    // The second build of `lost` is not there, so nobody knows what it is for.
    assert!(ended.stdout.contains("1 will not run"), "{}", ended.stdout);
    assert!(
        ended.stdout.contains("1 of unknown processor"),
        "{}",
        ended.stdout
    );
    assert_eq!(ended.code, Some(2));
    let before = read(&into, "newer/Packages");
    // A second run changes nothing, so that clients keep their copies.
    export(&client, &into, "--cpu x86-64-v2");
    assert_eq!(read(&into, "newer/Packages"), before);
    let uri = format!("sync-uri = file://{}", into.join("newer").display());
    client.hosts(&[("newer", &uri)]);
    client.emerge("-Gq1 app-misc/march").well();
    assert_eq!(
        client.installed("march-1", "BUILD_ID").as_deref(),
        Some("1")
    );
}

#[test]
fn each_march_has_an_index_and_what_is_gone_goes() {
    let Some(builds) = Builds::get() else { return };
    let (client, _server) = mixed(builds);
    let directory = scratch();
    let into = directory.path().join("sorted");
    export(&client, &into, "--by-march");
    for (march, id) in [("x86-64", "BUILD_ID: 1\n"), ("x86-64-v4", "BUILD_ID: 2\n")] {
        let text = read(&into, &format!("{march}/newer/Packages"));
        let entry = text
            .split("\n\n")
            .find(|block| block.contains("CPV: app-misc/march"));
        assert!(format!("{}\n", entry.expect(march)).contains(id), "{text}");
        assert!(into.join(format!("{march}/newer/Packages.gz")).is_file());
    }
    export(&client, &into, "--cpu x86-64-v4");
    assert!(
        !into.join("x86-64/newer/Packages").exists(),
        "it is of the earlier run"
    );
    assert_eq!(read(&into, "newer/Packages").matches("\nCPV: ").count(), 3);
    // Files of others are left alone.
    let other = directory.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("Packages"), dated("TIMESTAMP: 1\n", 2)).unwrap();
    let ended = export(&client, &other, "--by-march").with(2);
    assert!(ended.stderr.contains("did not write"), "{}", ended.stderr);
}
