//! gpg's public keys, as Portage's verification uses them (`portage: gpkg.py:checksum_helper`, make.globals:
//! `BINPKG_GPG_VERIFY_GPG_HOME`).

use std::collections::HashMap;
use std::io;
use std::path::Path;

use pgp::composed::{Deserializable, SignedPublicKey};
use pgp::packet::{Packet, PacketParser, Signature, SignatureType};
use pgp::types::{Fingerprint, KeyDetails, VerifyingKey};

use super::keybox;
use super::signature::SignatureOutcome;
use super::trustdb::TrustDb;
use super::verifier;
use crate::chroot::FileKind;
use crate::local::Base;

/// Files with keys in gpg's home, and whether they are keyboxes.
const FILES: [(&str, bool); 2] = [("pubring.kbx", true), ("pubring.gpg", false)];

/// The database of gpg's own key daemon, which is not read.
const DAEMON: [&str; 2] = ["public-keys.d/pubring.db", "pubring.db"];

/// Larger files are not read, in bytes. That of Gentoo's release keys has 30 KiB.
const LARGEST: u64 = 16 << 20;

/// What is known of the keys with which Portage verifies.
#[derive(Debug, Default)]
pub struct Keyring {
    keys: HashMap<String, Vec<SigningKey>>,
    trust: TrustDb,
    /// Why no signature could be found good.
    lacking: Option<String>,
    /// Whether all keys were read.
    is_whole: bool,
}

/// One key that may sign: a primary key, or a key below one.
#[derive(Debug)]
struct SigningKey {
    key: Box<dyn AnyKey>,
    /// Of the primary key.
    primary: Vec<u8>,
    /// When it or its primary key ends, in seconds since 1970.
    expires: Option<i64>,
    revoked: bool,
}

/// A key of any kind that verifies.
trait AnyKey: std::fmt::Debug + Send + Sync {
    fn verifies(&self, signature: &Signature, signed: &[u8]) -> bool;
}

impl<K: VerifyingKey + Send + Sync> AnyKey for K {
    fn verifies(&self, signature: &Signature, signed: &[u8]) -> bool {
        signature.verify(self, signed).is_ok()
    }
}

/// What gpg thinks of the key of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStatus {
    /// It is there, trusted and current.
    Usable,
    /// No key of this name is in the keyring.
    Unknown,
    /// It is there, and nothing says that it is trusted.
    Untrusted,
    /// It ended, in seconds since 1970.
    Expired(i64),
    /// Its owner has revoked it.
    Revoked,
    /// The keyring could not be read as a whole.
    Unread,
}

impl Keyring {
    /// Read that of a system. Nothing is read where Portage verifies no signature.
    pub fn load(base: &Base) -> Keyring {
        let home = base
            .vars
            .get("BINPKG_GPG_VERIFY_GPG_HOME")
            .unwrap_or_default();
        let home = Path::new(home.trim());
        if home.as_os_str().is_empty() {
            return Keyring::default();
        }
        let is_file = |name: &str| base.chroot.kind(&home.join(name)) == Some(FileKind::File);
        // Files of keys beside the daemon's are those of before it was switched on: gpg asks the daemon alone.
        if DAEMON.into_iter().any(is_file) {
            return Keyring::default();
        }
        let files = FILES.into_iter().filter(|(name, _)| is_file(name));
        let files: Vec<(&str, bool)> = files.collect();
        if files.is_empty() {
            return Keyring {
                lacking: lacking(base, home),
                ..Keyring::default()
            };
        }
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        let mut keyring = Keyring {
            lacking: verifier::unreadable(base, home, &names),
            is_whole: true,
            ..Keyring::default()
        };
        for (name, is_keybox) in files {
            match base.chroot.read_limited(&home.join(name), LARGEST) {
                Ok(bytes) => keyring.add(&bytes, is_keybox),
                Err(_) => keyring.is_whole = false,
            }
        }
        match base.chroot.read_limited(&home.join("trustdb.gpg"), LARGEST) {
            Ok(bytes) => keyring.trust = TrustDb::parse(&bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(_) => keyring.is_whole = false,
        }
        keyring
    }

    /// That of one file of keys and a database of trust.
    #[cfg(feature = "fuzzing")]
    pub(super) fn of(keys: &[u8], is_keybox: bool, trust: &[u8]) -> Keyring {
        let mut keyring = Keyring {
            is_whole: true,
            trust: TrustDb::parse(trust),
            ..Keyring::default()
        };
        keyring.add(keys, is_keybox);
        keyring
    }

    /// Why no signature could be found good.
    pub fn lacking(&self) -> Option<&str> {
        self.lacking.as_deref()
    }

    /// Whether a key of this fingerprint or key id is in it.
    pub fn has(&self, issuer: &str) -> bool {
        self.find(issuer).next().is_some()
    }

    /// What gpg thinks of a key now (seconds since 1970).
    pub fn status(&self, issuer: &str, now: i64) -> KeyStatus {
        let mut status = if self.is_whole {
            KeyStatus::Unknown
        } else {
            KeyStatus::Unread
        };
        for key in self.find(issuer) {
            status = match key.expires.filter(|expires| *expires <= now) {
                _ if key.revoked => KeyStatus::Revoked,
                Some(expires) => KeyStatus::Expired(expires),
                None if self.trust.is_trusted(&key.primary) => return KeyStatus::Usable,
                None if !self.is_whole => KeyStatus::Unread,
                None => KeyStatus::Untrusted,
            };
        }
        status
    }

    /// Whether the key that a signature names made it of these bytes.
    pub(super) fn verify(
        &self,
        issuer: &str,
        signature: &Signature,
        signed: &[u8],
    ) -> SignatureOutcome {
        let mut outcome = SignatureOutcome::Unverified;
        for key in self.find(issuer) {
            if key.key.verifies(signature, signed) {
                return SignatureOutcome::Good;
            }
            outcome = SignatureOutcome::Bad;
        }
        outcome
    }

    /// The keys of a fingerprint or a key id, which is its end.
    fn find(&self, issuer: &str) -> impl Iterator<Item = &SigningKey> {
        let start = issuer.len().saturating_sub(KEY_ID);
        let named = self.keys.get(issuer.get(start..).unwrap_or_default());
        named.into_iter().flatten()
    }

    /// Add the keys of a file.
    fn add(&mut self, bytes: &[u8], is_keybox: bool) {
        let blocks = if is_keybox {
            keybox::keys(bytes)
        } else {
            vec![bytes]
        };
        for block in blocks {
            // gpg keeps packets of its own between a user id and its signatures.
            let packets = PacketParser::new(block);
            let packets = packets.filter(|packet| !matches!(packet, Ok(Packet::Trust(_))));
            for key in SignedPublicKey::from_packets(packets.peekable()) {
                match key {
                    Ok(key) => self.add_key(key),
                    Err(_) => self.is_whole = false,
                }
            }
        }
    }

    fn add_key(&mut self, key: SignedPublicKey) {
        let primary = key.primary_key.fingerprint().as_bytes().to_vec();
        let created = i64::from(key.primary_key.created_at().as_secs());
        let id = key.primary_key.legacy_key_id();
        let certifications = key.details.users.iter().flat_map(|user| &user.signatures);
        let certifications = certifications.filter(|one| one.is_certification());
        let own = certifications.chain(&key.details.direct_signatures);
        let own = own.filter(|one| {
            let is_by = |issuer: &&Fingerprint| issuer.as_bytes() == primary;
            one.issuer_key_id().contains(&&id) || one.issuer_fingerprint().iter().any(is_by)
        });
        let expires = latest(own).and_then(|one| ends(one, created));
        let revoked = !key.details.revocation_signatures.is_empty();
        for below in key.public_subkeys {
            let created = i64::from(below.key.created_at().as_secs());
            let is = |wanted| move |one: &&Signature| one.typ() == Some(wanted);
            let bindings = below
                .signatures
                .iter()
                .filter(is(SignatureType::SubkeyBinding));
            let own_end = latest(bindings).and_then(|one| ends(one, created));
            let is_revoked = below
                .signatures
                .iter()
                .any(|one| one.typ() == Some(SignatureType::SubkeyRevocation));
            let id = format!("{}", below.key.legacy_key_id()).to_uppercase();
            self.keys.entry(id).or_default().push(SigningKey {
                key: Box::new(below.key),
                primary: primary.clone(),
                expires: [expires, own_end].into_iter().flatten().min(),
                revoked: revoked || is_revoked,
            });
        }
        let id = id.to_string().to_uppercase();
        self.keys.entry(id).or_default().push(SigningKey {
            key: Box::new(key.primary_key),
            primary,
            expires,
            revoked,
        });
    }
}

/// Hexadecimal digits of a key id.
const KEY_ID: usize = 16;

/// The newest of some signatures, which counts (RFC 9580, 5.2.3.10).
fn latest<'s>(signatures: impl Iterator<Item = &'s Signature>) -> Option<&'s Signature> {
    signatures.max_by_key(|one| one.created().map(|created| created.as_secs()))
}

/// When a key ends according to one signature.
fn ends(signature: &Signature, created: i64) -> Option<i64> {
    let lasts = i64::from(signature.key_expiration_time()?.as_secs());
    (lasts > 0).then_some(created + lasts)
}

/// Why there is no keyring and none would be made; `None` where one would.
fn lacking(base: &Base, home: &Path) -> Option<String> {
    let helper = base
        .vars
        .get("PORTAGE_TRUST_HELPER")
        .unwrap_or_default()
        .trim();
    let is_file = |path: &str| base.chroot.kind(Path::new(path)) == Some(FileKind::File);
    let makes_one = match helper.starts_with('/') {
        true => is_file(helper),
        // A name that PATH leads to.
        false => !helper.is_empty(),
    };
    let why = match helper {
        "" => "PORTAGE_TRUST_HELPER is empty".to_owned(),
        helper => format!("{helper} (app-portage/getuto), which would make one, is not installed"),
    };
    (!makes_one).then(|| format!("{} has no keyring, and {why}", home.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;
    use crate::local::testing;

    #[test]
    fn what_files_of_gpg_tell_of_a_key() {
        for (files, is_lacking, status) in [
            (&[][..], true, KeyStatus::Unread),
            (&["pubring.kbx"], false, KeyStatus::Unknown),
            (&["pubring.gpg"], false, KeyStatus::Unknown),
            (&["pubring.db"], false, KeyStatus::Unread),
            (&["public-keys.d/pubring.db"], false, KeyStatus::Unread),
            // Left from before the daemon was switched on.
            (
                &["pubring.kbx", "public-keys.d/pubring.db"],
                false,
                KeyStatus::Unread,
            ),
        ] {
            let root = tempfile::tempdir().unwrap();
            let home = root.path().join("etc/portage/gnupg");
            fs::create_dir_all(home.join("public-keys.d")).unwrap();
            for name in files {
                fs::write(home.join(name), "").unwrap();
            }
            let setting = ("BINPKG_GPG_VERIFY_GPG_HOME", "/etc/portage/gnupg");
            let base = testing::base(root.path(), &[setting]);
            let keyring = Keyring::load(&base);
            assert_eq!(keyring.lacking().is_some(), is_lacking, "{files:?}");
            assert_eq!(keyring.status("0123456789ABCDEF", 0), status, "{files:?}");
        }
    }
}
