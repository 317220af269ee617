//! `--adopt` for programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::HeadJson;
use super::formatter::SafeFormatter;
use super::suggest::OutcomeJson;
use crate::report::adopt::{AdoptedProfile, AdoptionReport};
use crate::report::suggest::lines;

/// With --adopt: the configuration that wants what a host or another system built.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct AdoptDocument<'r> {
    #[serde(flatten)]
    head: HeadJson,
    /// The host or system that is followed.
    model: &'r str,
    /// The profile to select.
    profile: AdoptedProfileJson<'r>,
    /// Lines to add, by file.
    lines: BTreeMap<String, Vec<&'r str>>,
    /// Lines that would help too, but keep emerge from carrying out the request.
    refused: BTreeMap<String, Vec<&'r str>>,
    /// How many packages of the model count.
    packages: usize,
    /// How many of the model's builds are taken today.
    taken_before: usize,
    /// How many would be taken with the lines.
    taken_after: usize,
    /// Packages that no line helps.
    left: Vec<LeftJson>,
    /// What the request comes to today.
    before: OutcomeJson,
    /// What it comes to with the lines.
    after: OutcomeJson,
    /// What else follows from the lines.
    notes: &'r [String],
    /// What the index of the model does not tell.
    unknown: &'r [&'r str],
}

/// The profile that the model has.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct AdoptedProfileJson<'r> {
    /// `same`, `selected`, `other` (none here is like it), `missing` (no repository here has it) or `unknown`.
    state: &'static str,
    /// The profile of the model.
    name: Option<&'r str>,
    /// The directory that make.profile is to lead to.
    select: Option<String>,
}

/// Packages that no line helps, by what speaks against them.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct LeftJson {
    /// The codes of their reasons.
    reasons: String,
    /// The packages.
    cpvs: Vec<String>,
}

/// Write it, with a line feed at the end.
///
/// # Errors
/// Writing to the stream fails.
pub fn write(report: &AdoptionReport<'_>, out: &mut impl Write) -> io::Result<()> {
    let (taken_before, taken_after, packages) = report.taken();
    let left = report.left().into_iter();
    let document = AdoptDocument {
        head: HeadJson::CURRENT,
        model: report.name,
        profile: profile(&report.profile),
        lines: lines(&report.adoption.change.edits, report.packages.local()),
        refused: lines(&report.adoption.refused, report.packages.local()),
        packages,
        taken_before,
        taken_after,
        left: left
            .map(|(reasons, cpvs)| LeftJson { reasons, cpvs })
            .collect(),
        before: OutcomeJson::of(&report.request.now),
        after: OutcomeJson::of(&report.request.then),
        notes: &report.notes,
        unknown: report.unknown(),
    };
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, SafeFormatter);
    document.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

fn profile(profile: &AdoptedProfile) -> AdoptedProfileJson<'_> {
    let json = |state, name, select| AdoptedProfileJson {
        state,
        name,
        select,
    };
    match profile {
        AdoptedProfile::Unknown => json("unknown", None, None),
        AdoptedProfile::Same(name) => json("same", Some(name.as_str()), None),
        AdoptedProfile::Other(name) => json("other", Some(name), None),
        AdoptedProfile::Missing(name) => json("missing", Some(name), None),
        AdoptedProfile::Selected(name, dir) => {
            json("selected", Some(name), Some(dir.display().to_string()))
        }
    }
}
