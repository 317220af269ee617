//! `--compare` for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::HeadJson;
use super::formatter::SafeFormatter;
use crate::compare::{Cause, Comparison, DifferenceGroup, SettingDifference, Side};

/// With --compare: what differs between two systems.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ComparisonDocument<'c> {
    #[serde(flatten)]
    head: HeadJson,
    /// Whether the two are the same in effect.
    same: bool,
    /// Settings of the whole system that differ.
    settings: Vec<ComparedSettingJson<'c>>,
    /// What makes packages differ, each cause once.
    differences: Vec<CauseJson<'c>>,
    /// Packages that only one of them has installed; these do not count as differences.
    only_installed: OnlyJson<'c>,
    /// Packages that could not be compared.
    unknown: &'c [String],
}

/// A setting of two systems.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ComparedSettingJson<'c> {
    /// The setting.
    name: &'c str,
    /// Its value in the first system.
    a: Option<&'c str>,
    /// Its value in the second system.
    b: Option<&'c str>,
}

/// What makes packages of two systems differ.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct CauseJson<'c> {
    /// `use`, the code of a reason, or `no-ebuild` and `ebuild` where ebuilds of one version are not the same.
    cause: &'static str,
    /// The system that enables the flag, or that is kept from the version.
    side: Option<&'static str>,
    /// The USE flag.
    flag: Option<&'c str>,
    /// The line that decides in the first system.
    a: Option<&'c str>,
    /// The line that decides in the second system.
    b: Option<&'c str>,
    /// The packages.
    packages: &'c [String],
}

/// Packages that one of two systems has.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct OnlyJson<'c> {
    /// Those of the first system.
    a: &'c [String],
    /// Those of the second system.
    b: &'c [String],
}

/// Write it, with a line feed at the end.
///
/// # Errors
/// Writing to the stream fails.
pub fn write(comparison: &Comparison, out: &mut impl Write) -> io::Result<()> {
    let document = ComparisonDocument {
        head: HeadJson::CURRENT,
        same: comparison.is_same(),
        settings: comparison.settings.iter().map(setting).collect(),
        differences: comparison.groups.iter().map(difference).collect(),
        only_installed: OnlyJson {
            a: &comparison.only_installed.0,
            b: &comparison.only_installed.1,
        },
        unknown: &comparison.unknown,
    };
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, SafeFormatter);
    document.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

fn setting(one: &SettingDifference) -> ComparedSettingJson<'_> {
    ComparedSettingJson {
        name: &one.name,
        a: one.a.as_deref(),
        b: one.b.as_deref(),
    }
}

fn difference(group: &DifferenceGroup) -> CauseJson<'_> {
    let empty = CauseJson {
        cause: "ebuild",
        side: None,
        flag: None,
        a: None,
        b: None,
        packages: &group.packages,
    };
    match &group.cause {
        Cause::Use {
            flag,
            enabled,
            a,
            b,
        } => CauseJson {
            cause: "use",
            side: Some(word(*enabled)),
            flag: Some(flag),
            a: a.as_deref(),
            b: b.as_deref(),
            ..empty
        },
        Cause::Masked { side, code, source } => {
            let source = source.as_deref();
            CauseJson {
                cause: code.as_str(),
                side: Some(word(*side)),
                a: source.filter(|_| *side == Side::A),
                b: source.filter(|_| *side == Side::B),
                ..empty
            }
        }
        Cause::NoEbuild(side) => CauseJson {
            cause: "no-ebuild",
            side: Some(word(*side)),
            ..empty
        },
        Cause::OtherEbuild => empty,
    }
}

fn word(side: Side) -> &'static str {
    match side {
        Side::A => "a",
        Side::B => "b",
    }
}
