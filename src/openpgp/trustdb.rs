//! gpg's database of trust, which `gpg --check-trustdb` writes and `--no-auto-check-trustdb` leaves as it is (GnuPG:
//! `doc/DETAILS`, "Layout of the TrustDB").

use std::collections::HashMap;

/// Bytes of one record.
const RECORD: usize = 40;
/// The kind of a record of one key.
const TRUST: u8 = 12;
/// The kind of a record of one user id.
const VALID: u8 = 13;
/// Values from here on are `TRUST_FULLY` and `TRUST_ULTIMATE`.
const FULLY: u8 = 5;
/// The bits of a value that are not flags.
const VALUE: u8 = 0x0f;

/// Which keys are trusted, by their fingerprint (20 bytes; longer ones are cut to that).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TrustDb(HashMap<[u8; 20], bool>);

impl TrustDb {
    /// Read one; what is cut short counts as not there.
    pub(super) fn parse(bytes: &[u8]) -> TrustDb {
        let (records, _) = bytes.as_chunks::<RECORD>();
        let keys = records.iter().filter(|record| record[0] == TRUST);
        let trusted = |record: &[u8; RECORD]| {
            let is_ultimate = record[22] & VALUE > FULLY;
            is_ultimate || is_valid(records, record)
        };
        let entry = |record: &[u8; RECORD]| {
            let fingerprint = record[2..].first_chunk().copied()?;
            Some((fingerprint, trusted(record)))
        };
        TrustDb(keys.filter_map(entry).collect())
    }

    /// Whether gpg says `TRUST_FULLY` or `TRUST_ULTIMATE` of a key.
    pub(super) fn is_trusted(&self, fingerprint: &[u8]) -> bool {
        let first = fingerprint.first_chunk();
        first.is_some_and(|first| self.0.get(first).is_some_and(|trusted| *trusted))
    }
}

/// Whether one of a key's user ids is. The records form a list, which is no longer than the file.
fn is_valid(records: &[[u8; RECORD]], key: &[u8; RECORD]) -> bool {
    let number = |record: &[u8; RECORD], at: usize| {
        let four = record[at..].first_chunk();
        let number = four.map_or(0, |four| u32::from_be_bytes(*four));
        usize::try_from(number).unwrap_or(0)
    };
    let mut at = number(key, 26);
    for _ in records {
        let record = match records.get(at) {
            Some(record) if at > 0 && record[0] == VALID => record,
            _ => return false,
        };
        if record[22] & VALUE >= FULLY {
            return true;
        }
        at = number(record, 23);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, value: u8, list: u8) -> [u8; RECORD] {
        let mut record = [0; RECORD];
        record[0] = kind;
        record[22] = value;
        record[if kind == TRUST { 29 } else { 26 }] = list;
        record
    }

    #[test]
    fn ultimate_keys_and_valid_user_ids() {
        for (key, ids, expected) in [
            (record(TRUST, 6, 0), vec![], true),
            (record(TRUST, 5, 0), vec![], false),
            (record(TRUST, 0, 2), vec![record(VALID, 5, 0)], true),
            (record(TRUST, 0, 2), vec![record(VALID, 4, 0)], false),
            (
                record(TRUST, 0, 2),
                vec![record(VALID, 2, 3), record(VALID, 0x25, 0)],
                true,
            ),
            (record(TRUST, 0, 2), vec![record(VALID, 2, 2)], false),
            (record(TRUST, 0, 9), vec![record(VALID, 5, 0)], false),
        ] {
            let records: Vec<[u8; RECORD]> =
                [record(1, 0, 0), key].into_iter().chain(ids).collect();
            let found = TrustDb::parse(records.as_flattened());
            assert_eq!(found.is_trusted(&[0; 20]), expected, "{records:?}");
        }
        assert!(!TrustDb::parse(&[TRUST; 39]).is_trusted(&[TRUST; 20]));
    }
}
