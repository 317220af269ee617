//! Servers and files that are broken or mean harm: a bounded read, and a cause in words.

use std::fs;
use std::io::Write;
use std::time::{Duration, Instant};

use super::inspect::*;
use crate::binhost::server::{Reply, Request, Server, ok, reply, status};
use bincheck::inspect::Inspection;

/// What it is, the members of the container, what is reported.
type Case<'c> = (&'c str, &'c [(&'c str, &'c [u8])], &'c str);

type Script = fn(&Request, &[u8]) -> Reply;

fn file(name: &str) -> Vec<u8> {
    let ending = match name.starts_with("xpak") {
        true => "xpak",
        false => "gpkg.tar",
    };
    fs::read(made().join(format!("app-made/{name}/{name}-1-1.{ending}"))).unwrap()
}

/// What a look brings that a script answers; the package has this content and is indexed with its size.
fn look_at(name: &str, content: Vec<u8>, script: Script) -> String {
    let size = content.len();
    let real = file(name).len();
    let server = Server::start(move |request| script(request, &content));
    let entry = entry(name).replace(&format!("SIZE: {real}\n"), &format!("SIZE: {size}\n"));
    let inspected = TestInspector::new()
        .hurried()
        .inspect(&server.uri("x"), &entry);
    describe(&inspected.inspections[name])
}

fn part_of(response: Reply) -> Vec<u8> {
    match response {
        Reply::Bytes(bytes)
        | Reply::Stall(bytes)
        | Reply::Drip(bytes)
        | Reply::Trickle(bytes, _) => bytes,
    }
}

#[test]
fn servers_that_fail() {
    let table: &[(&str, Script, &str)] = &[
        ("404", |_, _| status("404 Not Found"), "gone"),
        ("410", |_, _| status("410 Gone"), "gone"),
        ("403", |_, _| status("403 No"), "403"),
        ("500", |_, _| status("500 Oh No"), "500"),
        ("204", |_, _| status("204 No Content"), "204"),
        ("304", |_, _| status("304 Not Modified"), "304"),
        ("416", |_, _| status("416 No"), "refuses the range"),
        (
            "416 with the size",
            |_, _| reply("416 No", "Content-Range: bytes */7\r\n", b""),
            "7 bytes",
        ),
        (
            "garbage",
            |_, _| Reply::Bytes(b"\0\xff garbage".to_vec()),
            "HTTP",
        ),
        ("nothing", |_, _| Reply::Bytes(Vec::new()), "connection"),
        (
            "html",
            |_, _| reply("206 x", "", b"<html>"),
            "without Content-Range",
        ),
        (
            "cut",
            |request, file| {
                let mut bytes = part_of(part(request, file));
                bytes.truncate(400);
                Reply::Bytes(bytes)
            },
            "broke off",
        ),
        (
            "stall",
            |request, file| Reply::Stall(part_of(part(request, file))[..300].to_vec()),
            "nothing for 0.3 seconds",
        ),
        (
            "another range",
            |_, file| {
                reply(
                    "206 x",
                    &format!("Content-Range: bytes 5-8/{}\r\n", file.len()),
                    b"1234",
                )
            },
            "another range",
        ),
        (
            "a short range",
            |_, file| {
                reply(
                    "206 x",
                    &format!("Content-Range: bytes 0-3/{}\r\n", file.len()),
                    b"1234",
                )
            },
            "another range",
        ),
        (
            "a range that is none",
            |_, _| reply("206 x", "Content-Range: bytes 9-1/5\r\n", b"1234"),
            "is not a range",
        ),
        (
            "another size",
            |_, _| reply("206 x", "Content-Range: bytes 0-3/4\r\n", b"1234"),
            "4 bytes",
        ),
        (
            "compressed",
            |_, _| reply("200 OK", "Content-Encoding: gzip\r\n", b"1234"),
            "compresses",
        ),
        ("another file", |_, _| ok("hello"), "5 bytes"),
        (
            "noise",
            |_, file| reply("200 OK", "", &vec![0xa5; file.len()]),
            "not a gpkg file",
        ),
        (
            "in a circle",
            |request, _| reply("302 x", &format!("Location: {}\r\n", request.path), b""),
            "in a circle",
        ),
    ];
    for (what, script, cause) in table {
        let describe = look_at("zstd", file("zstd"), *script);
        assert!(describe.contains(cause), "{what}: {describe}");
    }
}

#[test]
fn what_a_script_can_get_wrong_at_the_end_of_a_file() {
    let table: &[(&str, Script, &str)] = &[
        (
            "the front instead",
            |_, file| {
                let range = format!("Content-Range: bytes 0-99/{}\r\n", file.len());
                reply("206 x", &range, &file[..100])
            },
            "another range",
        ),
        (
            "no size",
            |_, file| {
                let range = format!("Content-Range: bytes 0-{}/*\r\n", file.len() - 1);
                reply("206 x", &range, file)
            },
            "does not tell the size",
        ),
        ("no range", |_, file| ok(file), "whole files only"),
    ];
    for (what, script, cause) in table {
        let describe = look_at("xpak", file("xpak"), *script);
        assert!(describe.contains(cause), "{what}: {describe}");
    }
}

#[test]
fn a_host_that_only_fails_is_left_alone() {
    let server = Server::start(|_| status("503 Busy"));
    let head = entry("zstd");
    let (header, block) = head.trim_end().split_once("\n\n").unwrap();
    let mut index = header.to_owned();
    for number in 0..200 {
        index.push_str(&format!(
            "\n\n{}",
            block
                .replace("zstd-1\n", &format!("zstd{number}-1\n"))
                .replace("zstd-1-1.", &format!("zstd-1-{number}."))
        ));
    }
    let inspections = TestInspector::new()
        .inspect(&server.uri(""), &index)
        .inspections;
    assert_eq!(inspections.len(), 200);
    let requests = server.take_requests().len();
    assert!(requests < 60, "{requests} requests");
    let left = inspections
        .values()
        .filter(|inspection| describe(inspection).contains("left alone"))
        .count();
    assert_eq!(left + requests, 200);
}

#[test]
fn a_dripping_server_ends() {
    let start = Instant::now();
    let describe = look_at("zstd", file("zstd"), |_, _| {
        Reply::Drip(
            b"HTTP/1.1 206 x\r\nContent-Range: bytes 0-10239/10240\r\nContent-Length: 99\r\n\r\n"
                .to_vec(),
        )
    });
    assert!(
        describe.contains("bytes a second") || describe.contains("sent nothing"),
        "{describe}"
    );
    assert!(start.elapsed() < Duration::from_secs(60));
}

/// A container with these members.
fn container(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn metadata(members: &[(&str, &[u8])]) -> Vec<u8> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let mut gzip = gzip;
    gzip.write_all(&container(members)).unwrap();
    gzip.finish().unwrap()
}

fn of_container(members: &[(&str, &[u8])]) -> String {
    look_at("zstd", container(members), part)
}

#[test]
fn containers_of_another_shape() {
    let good = metadata(&[("metadata/CFLAGS", b"-O2 -march=znver1\n")]);
    let image = vec![7; 100_000];
    let cases: &[Case] = &[
        (
            "in order",
            &[("d/gpkg-1", b""), ("d/metadata.tar.gz", &good)],
            "znver1",
        ),
        (
            "image first",
            &[
                ("d/image.tar", &image),
                ("d/gpkg-1", b""),
                ("d/metadata.tar.gz", &good),
            ],
            "znver1",
        ),
        (
            "no metadata",
            &[("d/gpkg-1", b""), ("d/image.tar", &image)],
            "no metadata",
        ),
        (
            "truncated gzip",
            &[("d/metadata.tar.gz", &good[..good.len() / 2])],
            "damaged",
        ),
        ("no gzip", &[("d/metadata.tar.gz", b"text")], "damaged"),
        (
            "unknown",
            &[("d/metadata.tar.rar", b"text")],
            "\".rar\" is not known",
        ),
        (
            "no zstd",
            &[("d/metadata.tar.zst", b"text")],
            "cannot be unpacked",
        ),
    ];
    for (what, members, cause) in cases {
        let describe = of_container(members);
        assert!(describe.contains(cause), "{what}: {describe}");
    }
}

#[test]
fn metadata_that_is_no_metadata() {
    let zeros = vec![0; 34 << 20];
    let cases: &[(&str, Vec<u8>, &str)] = &[
        (
            "bomb",
            metadata(&[("metadata/NEEDED", &zeros)]),
            "larger than 32 MiB",
        ),
        ("empty", metadata(&[]), "no -march"),
        (
            "another place",
            metadata(&[("other/CFLAGS", b"-O2")]),
            "unexpected member",
        ),
        (
            "nested",
            metadata(&[("metadata/metadata/CFLAGS", b"-march=znver5")]),
            "no -march",
        ),
    ];
    for (what, metadata, cause) in cases {
        let describe = of_container(&[("d/gpkg-1", b""), ("d/metadata.tar.gz", metadata)]);
        assert!(describe.contains(cause), "{what}: {describe}");
    }
    let environment = {
        let mut bzip = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
        for _ in 0..50 {
            bzip.write_all(&vec![b'x'; 200_000]).unwrap();
        }
        bzip.finish().unwrap()
    };
    let start = Instant::now();
    let bomb = metadata(&[
        ("metadata/environment.bz2", &environment),
        ("metadata/CFLAGS", b"-march=znver1"),
    ]);
    let describe = of_container(&[("d/metadata.tar.gz", &bomb)]);
    assert!(describe.starts_with("znver1"), "{describe}");
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn sizes_that_lie() {
    let mut huge = container(&[("d/metadata.tar.gz", b"x")]);
    // The size of the member in octal, and the checksum of the header for it.
    huge[124..136].copy_from_slice(b"77777777777\0");
    let mut header = tar::Header::new_ustar();
    header.as_mut_bytes().copy_from_slice(&huge[..512]);
    header.set_cksum();
    huge[..512].copy_from_slice(header.as_bytes());
    let describe = look_at("zstd", huge, part);
    assert!(describe.contains("larger than 10 MB"), "{describe}");
    let mut trailer = file("xpak");
    let end = trailer.len();
    trailer[end - 8..end - 4].copy_from_slice(&[0xff; 4]);
    let describe = look_at("xpak", trailer.clone(), part);
    assert!(describe.contains("larger than 10 MB"), "{describe}");
    trailer[end - 8..end - 4].copy_from_slice(&[0, 0x20, 0, 0]);
    let describe = look_at("xpak", trailer.clone(), part);
    assert!(describe.contains("longer than the file"), "{describe}");
    trailer.truncate(end - 1);
    let describe = look_at("xpak", trailer, part);
    assert!(describe.contains("no xpak trailer"), "{describe}");
}

#[test]
fn an_index_whose_size_lies() {
    let server = range_server(&made());
    for size in ["1", "999999999", "0", "-1", "x"] {
        let real = file("zstd").len();
        let entry = entry("zstd").replace(&format!("SIZE: {real}"), &format!("SIZE: {size}"));
        let inspection = TestInspector::new()
            .inspect(&server.uri(""), &entry)
            .inspections["zstd"]
            .clone();
        match size.parse::<u64>() {
            Ok(_) => assert_eq!(inspection, Inspection::Size(real as u64), "{size}"),
            Err(_) => assert!(describe(&inspection).starts_with("x86-64-v3"), "{size}"),
        }
    }
}
