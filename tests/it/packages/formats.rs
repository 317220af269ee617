//! Every kind of package that Portage writes, and every place where one may lie.

use std::fs;
use std::process::Command;

use super::inspect::*;
use bincheck::inspect::{InspectDepth, Inspection};

use crate::portage::{python, run};
use crate::support::{copy, project, scratch};

#[test]
fn every_kind_over_http_in_few_requests_and_then_in_none() {
    let server = range_server(&made());
    let inspector = TestInspector::new();
    let inspected = inspector.inspect(&server.uri(""), &index());
    assert_all_known(&inspected);
    let requests = server.take_requests();
    assert!(requests.len() <= 16, "{} requests", requests.len());
    for request in &requests {
        assert_eq!(request.header("accept-encoding"), Some("identity"));
    }
    assert!(inspected.received < 300_000, "{} bytes", inspected.received);
    let again = inspector.inspect(&server.uri(""), &index());
    assert_all_known(&again);
    assert_eq!((server.take_requests().len(), again.received), (0, 0));
}

#[test]
fn what_was_found_out_is_kept_by_host_and_content() {
    let server = range_server(&made());
    let mut inspector = TestInspector::new();
    inspector.inspect(&server.uri(""), &entry("zstd"));
    inspector.options.depth = InspectDepth::Cache;
    let description_of =
        |uri: &str, entry: String| describe(&inspector.inspect(uri, &entry).inspections["zstd"]);
    let own = server.uri("");
    assert!(description_of(&own, entry("zstd")).starts_with("x86-64-v3"));
    // A hash is what an index claims: one host cannot speak for the files of another.
    let elsewhere = "http://127.0.0.1:1/elsewhere";
    assert_eq!(description_of(elsewhere, entry("zstd")), "not inspected");
    for (line, other) in [
        ("SIZE: 1", "SIZE: 2"),
        ("MD5: ", "MD5: f"),
        ("MTIME: 1", "MTIME: 2"),
    ] {
        let changed = entry("zstd").replace(line, other);
        assert_eq!(description_of(&own, changed), "not inspected", "{other}");
    }
    let without_hash = entry("zstd").replace("MD5: ", "NOHASH: ");
    assert_eq!(description_of(&own, without_hash), "not inspected");
}

#[test]
fn a_damaged_cache_is_not_believed() {
    let server = range_server(&made());
    let inspector = TestInspector::new();
    inspector.inspect(&server.uri(""), &entry("zstd"));
    let path = inspector
        .options
        .cache
        .path()
        .unwrap()
        .join("packages.json");
    let good = fs::read(&path).unwrap();
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    for bad in [&good[..good.len() / 2], &flipped, b"{}\n", b"", b"\xff\0"] {
        fs::write(&path, bad).unwrap();
        server.take_requests();
        let inspected = inspector.inspect(&server.uri(""), &entry("zstd"));
        assert!(describe(&inspected.inspections["zstd"]).starts_with("x86-64-v3"));
        assert_eq!(server.take_requests().len(), 1);
        assert!(
            inspected.notices.contains("ignoring the cache"),
            "{}",
            inspected.notices
        );
    }
}

#[test]
fn files_on_this_machine_are_read_and_missed() {
    let directory = scratch();
    let host = directory.path().join("host");
    copy(&made(), &host).unwrap();
    fs::remove_file(host.join("app-made/xz/xz-1-1.gpkg.tar")).unwrap();
    fs::write(host.join("app-made/gzip/gzip-1-1.gpkg.tar"), "short").unwrap();
    let mut inspector = TestInspector::new();
    inspector.options.depth = InspectDepth::Files;
    let uri = format!("file://{}", host.display());
    let inspections = inspector.inspect(&uri, &index()).inspections;
    assert!(describe(&inspections["zstd"]).starts_with("x86-64-v3"));
    assert!(describe(&inspections["xpak"]).starts_with("znver3"));
    assert_eq!(inspections["xz"], Inspection::Gone);
    assert_eq!(inspections["gzip"], Inspection::Size(5));
    inspector.options.depth = InspectDepth::Index;
    assert_eq!(
        inspector.inspect(&uri, &entry("zstd")).inspections["zstd"],
        Inspection::No
    );
    assert!(
        !inspector.options.cache.path().unwrap().exists(),
        "nothing is remembered of local files"
    );
}

#[test]
fn offline_nothing_is_requested() {
    let server = range_server(&made());
    let mut inspector = TestInspector::new();
    inspector.options.depth = InspectDepth::Files;
    let inspections = inspector.inspect(&server.uri(""), &index()).inspections;
    assert!(
        inspections
            .values()
            .all(|inspection| *inspection == Inspection::No)
    );
    assert!(server.take_requests().is_empty());
}

#[test]
fn an_index_that_names_options_saves_looking() {
    let entry = entry("zstd") + "CFLAGS: -O2 -march=znver2\n";
    let inspections = TestInspector::new()
        .inspect("http://127.0.0.1:1/", &entry)
        .inspections;
    assert_eq!(describe(&inspections["zstd"]), "znver2 no RUSTFLAGS");
}

#[test]
fn paths_that_lead_out_are_not_followed() {
    let server = range_server(&made());
    let path = "PATH: app-made/zstd/zstd-1-1.gpkg.tar";
    for (other, cause) in [
        (
            "PATH: ../packages/binhost/app-made/zstd/zstd-1-1.gpkg.tar",
            "leads out",
        ),
        ("PATH: app-made/../../x.gpkg.tar", "leads out"),
        ("PATH: ", "names no PATH"),
        ("PATH: app-made/zstd/zstd.zip", "does not end as a package"),
    ] {
        let entry = entry("zstd").replace(path, other);
        for uri in [server.uri(""), format!("file://{}", made().display())] {
            let inspection = TestInspector::new().inspect(&uri, &entry).inspections["zstd"].clone();
            assert!(
                describe(&inspection).contains(cause),
                "{other}: {}",
                describe(&inspection)
            );
        }
    }
    assert!(server.take_requests().is_empty());
    let absolute = entry("zstd").replace("PATH: ", "PATH: /");
    let inspection = TestInspector::new()
        .inspect(&server.uri(""), &absolute)
        .inspections["zstd"]
        .clone();
    assert!(describe(&inspection).starts_with("x86-64-v3"));
}

/// The committed packages are what Portage writes today, as far as compressors are at hand.
#[test]
fn packages_that_portage_writes_now() {
    let Some(python) = python() else { return };
    let directory = scratch();
    let host = directory.path().join("host");
    let mut script = Command::new(python);
    script
        .arg("-B")
        .arg(project("tests/portage/make_packages.py"))
        .arg(&host);
    run(&mut script).expect("Portage writes packages");
    let index = fs::read_to_string(host.join("Packages")).unwrap();
    let server = range_server(&host);
    let inspections = TestInspector::new()
        .inspect(&server.uri(""), &index)
        .inspections;
    assert!(inspections.len() >= 6, "{} packages", inspections.len());
    for (name, march) in MADE {
        match inspections.get(name) {
            Some(inspection) => assert!(
                describe(inspection).starts_with(march),
                "{name}: {}",
                describe(inspection)
            ),
            None => eprintln!("skipped: {name}, whose program is not here"),
        }
    }
}
