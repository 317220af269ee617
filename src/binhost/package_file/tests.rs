#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::Write;

use proptest::prelude::*;

use super::*;

/// An xpak file around pairs of name and value.
pub(crate) fn xpak(pairs: &[(&str, &str)]) -> Vec<u8> {
    let (mut index, mut data) = (Vec::new(), Vec::new());
    let number = |number: usize| u32::try_from(number).unwrap().to_be_bytes();
    for (name, value) in pairs {
        index.extend(number(name.len()));
        index.extend(name.as_bytes());
        index.extend(number(data.len()));
        index.extend(number(value.len()));
        data.extend(value.as_bytes());
    }
    let total = number(index.len() + data.len() + 24);
    let lengths = [number(index.len()), number(data.len())].concat();
    [
        b"image",
        &b"XPAKPACK"[..],
        &lengths,
        &index,
        &data,
        b"XPAKSTOP",
        &total,
        b"STOP",
    ]
    .concat()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A metadata archive of pairs.
fn metadata(pairs: &[(&str, &str)]) -> Vec<u8> {
    let names: Vec<String> = pairs
        .iter()
        .map(|(key, _)| format!("metadata/{key}"))
        .collect();
    let members: Vec<(&str, &[u8])> = names
        .iter()
        .zip(pairs)
        .map(|(name, (_, value))| (&**name, value.as_bytes()))
        .collect();
    tar(&members)
}

/// A gpkg file around a metadata member.
pub(crate) fn gpkg(ending: &str, metadata: &[u8]) -> Vec<u8> {
    let member = format!("d/metadata.tar{ending}");
    tar(&[
        ("d/gpkg-1", b""),
        (&member, metadata),
        ("d/image.tar", &[0; 5000]),
        ("d/Manifest", b""),
    ])
}

fn parse(bytes: &[u8], format: Format) -> Result<PackageFile> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    read(file.reopen().unwrap(), format)
}

const PAIRS: [(&str, &str); 5] = [
    ("CATEGORY", "cat\n"),
    ("PF", "foo-1\n"),
    ("SLOT", "0\n"),
    ("USE", "a\n  b \n"),
    ("NEEDED.ELF.2", "x"),
];

fn assert_pairs(file: &PackageFile) {
    let mut values: Vec<(&str, &str)> = file.values.iter().map(|(k, v)| (&**k, &**v)).collect();
    values.sort_unstable();
    assert_eq!(
        values,
        [
            ("CATEGORY", "cat"),
            ("PF", "foo-1"),
            ("SLOT", "0"),
            ("USE", "a b")
        ]
    );
}

#[test]
fn formats_by_name() {
    let table = [
        ("a-1.tbz2", Some(Format::Xpak)),
        ("a-1-2.xpak", Some(Format::Xpak)),
        ("a-1.gpkg.tar", Some(Format::Gpkg)),
        ("a-1.tar", None),
        ("Packages", None),
    ];
    for (name, format) in table {
        assert_eq!(Format::of(name), format, "{name}");
    }
}

#[test]
fn xpak_trailers() {
    let file = parse(&xpak(&PAIRS), Format::Xpak).unwrap();
    assert_pairs(&file);
    assert!(!file.signed);
    let small = xpak(&[("A", "1\n"), ("SLOT", "0\n")]);
    assert_eq!(small.len(), "image".len() + 65);
    let damaged = [
        &b""[..],
        b"short",
        &small[1..small.len() - 1],
        &small[small.len() - 30..],
    ];
    for bytes in damaged {
        assert!(parse(bytes, Format::Xpak).is_err());
    }
}

#[test]
fn gpkg_metadata_in_every_compression() {
    let plain = metadata(&PAIRS);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(&plain).unwrap();
    let mut bz2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bz2.write_all(&plain).unwrap();
    let level = ruzstd::encoding::CompressionLevel::Fastest;
    let zstd = ruzstd::encoding::compress_to_vec(&plain[..], level);
    let two = plain.split_at(700);
    let two_frames = [two.0, two.1]
        .map(|part| ruzstd::encoding::compress_to_vec(part, level))
        .concat();
    for (ending, bytes) in [
        (".gz", gz.finish().unwrap()),
        (".bz2", bz2.finish().unwrap()),
        (".zst", zstd),
        (".zst", two_frames),
        ("", plain),
    ] {
        let file = parse(&gpkg(ending, &bytes), Format::Gpkg).expect(ending);
        assert_pairs(&file);
    }
}

#[test]
fn signatures_are_seen() {
    let plain = metadata(&PAIRS);
    let members: [(&str, &[u8]); 4] = [
        ("d/gpkg-1", b""),
        ("d/metadata.tar", &plain),
        ("d/metadata.tar.sig", b"x"),
        ("d/Manifest", b""),
    ];
    assert!(parse(&tar(&members), Format::Gpkg).unwrap().signed);
}

#[test]
fn containers_of_another_shape_are_refused() {
    let plain = metadata(&PAIRS);
    let base: [(&str, &[u8]); 3] = [
        ("d/gpkg-1", b""),
        ("d/metadata.tar", &plain),
        ("d/Manifest", b""),
    ];
    assert!(parse(&tar(&base), Format::Gpkg).is_ok());
    let with = |name| [&base[..], &[(name, &b""[..])]].concat();
    let without = |position: usize| {
        let mut members = base.to_vec();
        members.remove(position);
        members
    };
    let strange = tar(&[("other/SLOT", b"0")]);
    let table = [
        (with("d/gpkg-1"), "twice"),
        (with("e/image.tar"), "several directories"),
        (with("d/a/b"), "out of place"),
        (with("a"), "out of place"),
        (without(0), "no gpkg-1"),
        (without(1), "no metadata"),
        (without(2), "no Manifest"),
        (
            vec![base[0], ("d/metadata.tar", &strange), base[2]],
            "unexpected member",
        ),
        (
            vec![base[0], ("d/metadata.tar.rar", b""), base[2]],
            "cannot be unpacked",
        ),
        (
            vec![base[0], ("d/metadata.tar.zst", b"junk"), base[2]],
            "cannot be unpacked",
        ),
    ];
    for (members, text) in table {
        let error = format!("{:#}", parse(&tar(&members), Format::Gpkg).unwrap_err());
        assert!(error.contains(text), "{text}: {error}");
    }
    let whole = tar(&base);
    for length in [0, 100, 600, 1600] {
        assert!(parse(&whole[..length], Format::Gpkg).is_err(), "{length}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damage_does_no_harm(position in 0usize..4000, byte: u8) {
        let files = [(xpak(&PAIRS), Format::Xpak), (gpkg("", &metadata(&PAIRS)), Format::Gpkg)];
        for (mut bytes, format) in files {
            let position = position % bytes.len();
            bytes[position] = byte;
            if let Ok(file) = parse(&bytes, format) {
                prop_assert!(file.values.len() <= PAIRS.len());
            }
        }
    }
}
