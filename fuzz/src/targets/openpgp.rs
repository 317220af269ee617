//! Signatures, keyrings and databases of trust, each cut out of the input by a length before it.

use bincheck::openpgp::fuzzing::verified;
use bincheck::openpgp::{FileSignature, KeyStatus, SignatureOutcome};

use crate::guard;

pub(super) fn run(bytes: &[u8]) {
    let Some((flags, rest)) = bytes.split_first() else {
        return;
    };
    let [keys, trust, signature, signed] = parts(rest);
    let is_keybox = flags & 1 == 1;
    let (found, status) = verified(keys, is_keybox, trust, signature, signed, 1_800_000_000);
    if let FileSignature::Read(facts) = found {
        assert!(facts.issuer.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let is_known = facts.outcome != SignatureOutcome::Unverified;
        let is_absent = matches!(status, Some(KeyStatus::Unknown));
        assert!(
            !(is_known && is_absent),
            "verified by a key that is not there"
        );
        // Nothing is good of other bytes.
        if facts.outcome == SignatureOutcome::Good {
            let other = [signed, b"x"].concat();
            let (other, _) = verified(keys, is_keybox, trust, signature, &other, 0);
            if let FileSignature::Read(other) = other {
                assert_ne!(other.outcome, SignatureOutcome::Good);
            }
        }
    }
    guard::linear(bytes, b"", |bytes| {
        verified(bytes, is_keybox, bytes, bytes, b"", 0);
    });
}

/// Four texts, each but the last behind its length in two bytes.
fn parts(mut bytes: &[u8]) -> [&[u8]; 4] {
    let mut cut = || {
        let Some((length, rest)) = bytes.split_first_chunk() else {
            return std::mem::take(&mut bytes);
        };
        let length = usize::from(u16::from_be_bytes(*length)).min(rest.len());
        let (part, rest) = rest.split_at(length);
        bytes = rest;
        part
    };
    let [keys, trust, signature] = [cut(), cut(), cut()];
    [keys, trust, signature, bytes]
}
