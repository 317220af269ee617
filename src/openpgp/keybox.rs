//! Keyboxes, gpg's files of public keys (GnuPG: `kbx/keybox-blob.c`).

/// The kind of a record that holds an OpenPGP key.
const OPENPGP: u8 = 2;

/// The OpenPGP keys of a keybox, as packets; records that are cut short end it.
pub(super) fn keys(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut keys = Vec::new();
    while let Some(length) = number(bytes, 0) {
        let Some((record, rest)) = bytes.split_at_checked(length) else {
            break;
        };
        if record.get(4) == Some(&OPENPGP)
            && let Some(key) = key(record)
        {
            keys.push(key);
        }
        if record.is_empty() {
            break;
        }
        bytes = rest;
    }
    keys
}

/// The key of one record, which names its place and length.
fn key(record: &[u8]) -> Option<&[u8]> {
    let start = number(record, 8)?;
    let length = number(record, 12)?;
    record.get(start..start.checked_add(length)?)
}

/// Four bytes, the largest first.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_be_bytes(*four)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn four(number: usize) -> Vec<u8> {
        number.to_be_bytes()[4..].to_vec()
    }

    fn record(kind: u8, key: &[u8]) -> Vec<u8> {
        let mut record = four(16 + key.len());
        record.extend([kind, 1, 0, 0]);
        record.extend(four(16));
        record.extend(four(key.len()));
        record.extend(key);
        record
    }

    #[test]
    fn keys_are_found_among_other_records() {
        let whole = [record(1, b"head"), record(2, b"one"), record(2, b"two")].concat();
        assert_eq!(keys(&whole), [b"one", b"two"]);
        assert_eq!(keys(&whole[..whole.len() - 1]), [b"one"], "cut short");
        for damaged in [&[0; 64][..], &[255; 64], b"", b"\0\0\0\x08\x02\x01\0\0"] {
            assert!(keys(damaged).is_empty(), "{damaged:?}");
        }
        let mut outside = record(2, b"one");
        outside[15] = 200;
        assert!(keys(&outside).is_empty());
    }
}
