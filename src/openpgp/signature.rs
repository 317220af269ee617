//! Detached signatures of members of a package file.

use pgp::composed::{Deserializable, DetachedSignature};
use pgp::packet::Signature;
use serde::{Deserialize, Serialize};

use super::Keyring;

/// Whether a package file is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileSignature {
    /// No signature follows the metadata.
    Missing,
    /// One does, which is not read: it is damaged, or of a kind that is not known.
    Unread,
    /// One does.
    Read(SignatureFacts),
}

/// What a signature says about itself, and whether it is good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureFacts {
    /// The fingerprint of the key that made it, or its key id where no fingerprint is named, in upper-case hexadecimal.
    pub issuer: String,
    /// Until when it counts, in seconds since 1970; `None` for ever.
    pub expires: Option<i64>,
    /// Whether it is good.
    pub outcome: SignatureOutcome,
}

/// What the bytes and the key come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignatureOutcome {
    /// The key made it of these bytes.
    Good,
    /// The key did not.
    Bad,
    /// The key was not there, or is of a kind that cannot be used here.
    Unverified,
}

impl FileSignature {
    /// The key that made it, if it could be read.
    pub fn issuer(&self) -> Option<String> {
        match self {
            FileSignature::Read(facts) => Some(facts.issuer.clone()),
            FileSignature::Missing | FileSignature::Unread => None,
        }
    }

    /// Read the signature of some bytes, armoured or not, and verify it with the key that made it, if a keyring has that.
    pub fn of(text: &[u8], signed: &[u8], keyring: &Keyring) -> FileSignature {
        let Ok((signatures, _)) = DetachedSignature::from_reader_many(text) else {
            return FileSignature::Unread;
        };
        let read = signatures.take(MOST).filter_map(Result::ok);
        let facts = read.filter_map(|one| facts(&one.signature, signed, keyring));
        let mut facts: Vec<SignatureFacts> = facts.collect();
        // gpg wants one good signature of a known key.
        facts.sort_by_key(|facts| facts.outcome == SignatureOutcome::Unverified);
        facts
            .into_iter()
            .next()
            .map_or(FileSignature::Unread, FileSignature::Read)
    }
}

/// How many signatures of one member are read.
const MOST: usize = 8;

fn facts(signature: &Signature, signed: &[u8], keyring: &Keyring) -> Option<SignatureFacts> {
    let fingerprint = signature
        .issuer_fingerprint()
        .first()
        .map(|one| format!("{one:X}"));
    let id = || {
        signature
            .issuer_key_id()
            .first()
            .map(|id| format!("{id}").to_uppercase())
    };
    let issuer = fingerprint.or_else(id)?;
    let created = signature
        .created()
        .map(|created| i64::from(created.as_secs()));
    let lasts = signature
        .signature_expiration_time()
        .map(|time| i64::from(time.as_secs()));
    Some(SignatureFacts {
        outcome: keyring.verify(&issuer, signature, signed),
        expires: created
            .zip(lasts.filter(|lasts| *lasts > 0))
            .map(|(from, lasts)| from + lasts),
        issuer,
    })
}
