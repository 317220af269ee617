//! OpenPGP, as far as it tells whether Portage will take the signature of a package file: which key signed it, whether
//! gpg knows and trusts that key here, and whether the signature is good (RFC 9580; `portage: gpkg.py:checksum_helper`).

#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod keybox;
mod keyring;
mod signature;
mod trustdb;
mod verifier;
pub use keyring::{KeyStatus, Keyring};
pub use signature::{FileSignature, SignatureFacts, SignatureOutcome};
