//! The stable words by which users and programs know the rules.

use std::fmt;

/// A rule's code: it is a word, it is stable, and it is not reused for something else. The order is that of the
/// words, as summaries list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename_all = "kebab-case")
)]
pub enum Code {
    /// Built for another CHOST.
    Chost,
    /// Dependencies changed.
    Deps,
    /// EAPI not supported.
    Eapi,
    /// No visible ebuild of this version.
    Ebuild,
    /// Excluded by option or configuration.
    Excluded,
    /// Invalid metadata.
    Invalid,
    /// Excluded by bincheck itself.
    OwnExclusion,
    /// Keywords not accepted.
    Keywords,
    /// License not accepted.
    License,
    /// Masked by package.mask.
    Mask,
    /// User patches differ.
    Patches,
    /// PROPERTIES not accepted.
    Properties,
    /// RESTRICT not accepted.
    Restrict,
    /// The same instance taken from another host.
    Shadowed,
    /// The file format cannot be signed.
    Signature,
    /// USE flags differ.
    Use,
}

impl Code {
    /// The word, which is also the name of the rule's file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Code::Chost => "chost",
            Code::Deps => "deps",
            Code::Eapi => "eapi",
            Code::Ebuild => "ebuild",
            Code::Excluded => "excluded",
            Code::Invalid => "invalid",
            Code::OwnExclusion => "own-exclusion",
            Code::Keywords => "keywords",
            Code::License => "license",
            Code::Mask => "mask",
            Code::Patches => "patches",
            Code::Properties => "properties",
            Code::Restrict => "restrict",
            Code::Shadowed => "shadowed",
            Code::Signature => "signature",
            Code::Use => "use",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
