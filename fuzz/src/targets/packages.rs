//! Package files: xpak and gpkg as they are, each compression on its own, and round trips through
//! compressors that others wrote.

use std::io::Write;

use bincheck::binhost::fuzzing;

use super::scratch::Scratch;
use crate::guard;
use crate::input::Input;

/// A file with the ending of its format, read in both ways that bincheck has.
fn file(bytes: &[u8], name: &str) {
    Scratch::with(|scratch| {
        let path = scratch.write(name, bytes);
        let values = fuzzing::package_file(&path);
        let built = fuzzing::built(&path);
        if let Ok((values, _)) = &values {
            for (key, value) in values {
                let words: Vec<&str> = value.split_whitespace().collect();
                assert_eq!(words.join(" "), *value, "{key}");
            }
            // Whoever reads values of a file can also tell how it was built; of both the one reads
            // more than the other, so nothing is reported of the reverse.
            let _ = built;
        }
    });
}

pub(super) fn xpak(bytes: &[u8]) {
    file(bytes, "pkg-1-1.xpak");
    if let Some(entries) = fuzzing::xpak_entries(bytes) {
        let total: usize = entries.iter().map(|(name, _)| name.len() + 12).sum();
        assert!(total <= bytes.len());
        assert!(entries.iter().all(|(_, value)| value.len() <= bytes.len()));
    }
    // The trailer around whatever it holds.
    let mut whole = b"image".to_vec();
    whole.extend_from_slice(bytes);
    whole.extend_from_slice(b"XPAKSTOP");
    let length = u32::try_from(bytes.len() + 8).unwrap_or(u32::MAX);
    whole.extend_from_slice(&length.to_be_bytes());
    whole.extend_from_slice(b"STOP");
    file(&whole, "pkg-1-1.xpak");
}

pub(super) fn gpkg(bytes: &[u8]) {
    file(bytes, "pkg-1-1.gpkg.tar");
    // The same as the metadata member of a container that is in order.
    let mut input = Input::new(bytes);
    let ending = input.choose(&ENDINGS);
    let name = format!("pkg-1-1/metadata.tar{ending}");
    if let Some(container) = container(&[
        ("pkg-1-1/gpkg-1", b""),
        (&name, input.rest()),
        ("pkg-1-1/Manifest", b""),
    ]) {
        file(&container, "pkg-1-1.gpkg.tar");
    }
}

/// What follows `.tar` in the names that Portage writes.
const ENDINGS: [&str; 8] = ["", ".gz", ".bz2", ".xz", ".zst", ".lz4", ".lz", ".lzo"];

fn container(members: &[(&str, &[u8])]) -> Option<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *content).ok()?;
    }
    builder.into_inner().ok()
}

/// The most that a stream may unpack to here.
const LIMIT: u64 = 4 << 20;

pub(super) fn compression(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let ending = input.choose(&ENDINGS);
    let damaged = input.choose(&[true, false]);
    let content = input.rest();
    if damaged {
        if let Ok(unpacked) = fuzzing::unpack(ending, content, LIMIT) {
            assert!(unpacked.len() as u64 <= LIMIT);
        }
        return;
    }
    if let Some(packed) = pack(ending, content) {
        let unpacked = fuzzing::unpack(ending, &packed, LIMIT);
        assert_eq!(unpacked.ok().as_deref(), Some(content), "{ending}");
    }
    guard::linear(content, b"", |bytes| {
        if let Some(packed) = pack(ending, bytes) {
            let _ = fuzzing::unpack(ending, &packed, LIMIT);
        }
    });
}

fn pack(ending: &str, content: &[u8]) -> Option<Vec<u8>> {
    match ending {
        "" => Some(content.to_vec()),
        ".gz" => {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            writer.write_all(content).ok()?;
            writer.finish().ok()
        }
        ".bz2" => {
            let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            writer.write_all(content).ok()?;
            writer.finish().ok()
        }
        ".xz" => {
            let options = lzma_rust2::XzOptions::with_preset(0);
            let mut writer = lzma_rust2::XzWriter::new(Vec::new(), options).ok()?;
            writer.write_all(content).ok()?;
            writer.finish().ok()
        }
        ".lz" => {
            let options = lzma_rust2::LzipOptions::with_preset(0);
            let mut writer = lzma_rust2::LzipWriter::new(Vec::new(), options);
            writer.write_all(content).ok()?;
            writer.finish().ok()
        }
        ".lz4" => {
            let mut writer = lz4_flex::frame::FrameEncoder::new(Vec::new());
            writer.write_all(content).ok()?;
            writer.finish().ok()
        }
        ".zst" => Some(ruzstd::encoding::compress_to_vec(
            content,
            ruzstd::encoding::CompressionLevel::Fastest,
        )),
        _ => None,
    }
}
