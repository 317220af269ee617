//! What a user should know of a package although Portage does not look at it.

use std::fmt;

/// Something that speaks against a package or should be known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// What kind of thing it is.
    pub code: ConcernCode,
    /// What it is, in words.
    pub detail: String,
}

/// The stable words by which users and programs know concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename_all = "kebab-case")
)]
pub enum ConcernCode {
    /// Uses instructions that the processor lacks.
    Cpu,
    /// It cannot be determined which instructions it uses.
    CpuUnknown,
    /// Built for fewer instruction sets than the configuration asks for.
    FlagsLower,
    /// Built for more than the configuration asks for.
    FlagsHigher,
    /// Built for some more and some fewer.
    FlagsDifferent,
    /// Built with other USE than configured, where emerge does not compare it.
    UseDiffers,
    /// Built with other dependencies than its ebuild has, where emerge does not compare them.
    DepsDiffer,
    /// It stands under a name that was given up for another.
    Moved,
    /// It requires a library that will not be there.
    Soname,
    /// The index names a file that is not there.
    Gone,
    /// The file is of another size than the index says.
    Size,
    /// The file lacks the signature that its host must give.
    Unsigned,
    /// No signature can be verified on this machine.
    NoKeyring,
    /// The file is signed by a key that gpg does not know or trust on this machine.
    UnknownKey,
    /// The key of its signature has ended or was revoked, or the signature has ended.
    ExpiredKey,
    /// Its signature is not of these bytes.
    BadSignature,
    /// The file cannot be read.
    Unreadable,
}

impl ConcernCode {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            ConcernCode::Cpu => "cpu",
            ConcernCode::CpuUnknown => "cpu-unknown",
            ConcernCode::FlagsLower => "flags-lower",
            ConcernCode::FlagsHigher => "flags-higher",
            ConcernCode::FlagsDifferent => "flags-different",
            ConcernCode::UseDiffers => "use-differs",
            ConcernCode::DepsDiffer => "deps-differ",
            ConcernCode::Moved => "moved",
            ConcernCode::Soname => "soname",
            ConcernCode::Gone => "gone",
            ConcernCode::Size => "size",
            ConcernCode::Unsigned => "unsigned",
            ConcernCode::NoKeyring => "no-keyring",
            ConcernCode::UnknownKey => "unknown-key",
            ConcernCode::ExpiredKey => "expired-key",
            ConcernCode::BadSignature => "bad-signature",
            ConcernCode::Unreadable => "unreadable",
        }
    }

    /// Whether it tells of what emerge would compare under other options.
    pub const fn is_uncompared(self) -> bool {
        matches!(self, ConcernCode::UseDiffers | ConcernCode::DepsDiffer)
    }

    /// Whether emerge would fail on the file in the middle of a merge.
    pub const fn is_of_file(self) -> bool {
        use ConcernCode::{Gone, Size, Unsigned};
        matches!(self, Gone | Size | Unsigned) || self.is_of_verification()
    }

    /// Whether the file is signed, and its signature would not be taken.
    pub const fn is_of_verification(self) -> bool {
        use ConcernCode::{BadSignature, ExpiredKey, NoKeyring, UnknownKey};
        matches!(self, NoKeyring | UnknownKey | ExpiredKey | BadSignature)
    }
}

impl fmt::Display for ConcernCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
