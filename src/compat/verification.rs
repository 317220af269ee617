//! What gpg will make of the signature of a file (`portage: gpkg.py:checksum_helper._check_gpg_status`: it has to print
//! `GOODSIG` and that the key is trusted).

use super::{Concern, ConcernCode};
use crate::openpgp::{FileSignature, KeyStatus, Keyring, SignatureFacts, SignatureOutcome};

/// Why Portage would not take a signature at a time (seconds since 1970); `None` where it would, or that is open.
pub fn concern(signature: &FileSignature, keyring: &Keyring, now: i64) -> Option<Concern> {
    if let Some(lacking) = keyring.lacking() {
        return Some(Concern {
            code: ConcernCode::NoKeyring,
            detail: format!("no signature can be verified: {lacking}"),
        });
    }
    let FileSignature::Read(facts) = signature else {
        return None;
    };
    let (code, detail) = of_facts(facts, keyring.status(&facts.issuer, now), now)?;
    Some(Concern { code, detail })
}

fn of_facts(facts: &SignatureFacts, status: KeyStatus, now: i64) -> Option<(ConcernCode, String)> {
    use ConcernCode::{BadSignature, ExpiredKey, UnknownKey};
    let key = &facts.issuer;
    if facts.outcome == SignatureOutcome::Bad {
        let detail = format!(
            "the signature by key {key} is not of these bytes: the file was changed after it was signed"
        );
        return Some((BadSignature, detail));
    }
    match status {
        KeyStatus::Unknown => Some((
            UnknownKey,
            format!(
                "signed by key {key}, which gpg does not have; if it is your host's, import it and trust it (getuto \
                 does that for keys of Gentoo)"
            ),
        )),
        KeyStatus::Untrusted => Some((
            UnknownKey,
            format!(
                "signed by key {key}, which gpg has and does not trust; if it is your host's, sign it or set its \
                 ownertrust to ultimate"
            ),
        )),
        KeyStatus::Expired(_) => Some((
            ExpiredKey,
            format!("the key {key} has expired; get it anew (getuto, or from who runs the host)"),
        )),
        KeyStatus::Revoked => Some((
            ExpiredKey,
            format!("the key {key} was revoked; trust nothing that it signed"),
        )),
        KeyStatus::Usable if facts.expires.is_some_and(|expires| expires <= now) => Some((
            ExpiredKey,
            format!("the signature by key {key} has expired"),
        )),
        KeyStatus::Usable | KeyStatus::Unread => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keys_and_signatures_come_to() {
        use ConcernCode::{BadSignature, ExpiredKey, UnknownKey};
        use SignatureOutcome::{Bad, Good, Unverified};
        for (status, outcome, expires, expected) in [
            (KeyStatus::Usable, Good, None, None),
            (KeyStatus::Usable, Good, Some(200), None),
            (KeyStatus::Usable, Good, Some(50), Some(ExpiredKey)),
            (KeyStatus::Usable, Bad, None, Some(BadSignature)),
            (KeyStatus::Unknown, Unverified, None, Some(UnknownKey)),
            (KeyStatus::Untrusted, Good, None, Some(UnknownKey)),
            (KeyStatus::Expired(9), Good, None, Some(ExpiredKey)),
            (KeyStatus::Revoked, Good, None, Some(ExpiredKey)),
            (KeyStatus::Unread, Unverified, None, None),
        ] {
            let facts = SignatureFacts {
                issuer: "KEY".to_owned(),
                expires,
                outcome,
            };
            let found = of_facts(&facts, status, 100).map(|(code, _)| code);
            assert_eq!(found, expected, "{status:?} {facts:?}");
        }
        let missing = concern(&FileSignature::Unread, &Keyring::default(), 0);
        assert_eq!(missing, None);
    }
}
