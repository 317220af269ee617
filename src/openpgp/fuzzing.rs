//! A door for the fuzz target ([`crate::binhost::fuzzing`]).

use super::{FileSignature, KeyStatus, Keyring};

/// What a signature of some bytes is with the keys of a file, and what gpg would think of its key at a time.
pub fn verified(
    keys: &[u8],
    is_keybox: bool,
    trust: &[u8],
    signature: &[u8],
    signed: &[u8],
    now: i64,
) -> (FileSignature, Option<KeyStatus>) {
    let keyring = Keyring::of(keys, is_keybox, trust);
    let found = FileSignature::of(signature, signed, &keyring);
    let status = match &found {
        FileSignature::Read(facts) => Some(keyring.status(&facts.issuer, now)),
        FileSignature::Missing | FileSignature::Unread => None,
    };
    (found, status)
}
