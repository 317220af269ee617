//! The facts behind a reason, as keys: what else would have to be read out of its words.

use serde::Serialize;

use super::SourceJson;
use super::parents::{ParentJson, parent};
use crate::binhost::InstanceId;
use crate::plan::{BuildReason, Hidden, MovedSlot, RejectedBinary, Unsatisfied};
use crate::report::Report;

/// What a reason has of these depends on its code.
#[derive(Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct FactsJson<'r> {
    /// For the code `slot-operator`: what it was built against.
    #[serde(skip_serializing_if = "Option::is_none")]
    slot_operator: Option<SlotOperatorJson<'r>>,
    /// For the code `dependency`: the dependency that nothing satisfies.
    #[serde(skip_serializing_if = "Option::is_none")]
    dependency: Option<DependencyJson<'r>>,
    /// For the code `slot-conflict`: the packages that want another version.
    #[serde(skip_serializing_if = "Option::is_none")]
    slot_conflict: Option<Vec<ParentJson<'r>>>,
    /// For the code `atom`: the atom that the binary does not satisfy.
    #[serde(skip_serializing_if = "Option::is_none")]
    atom: Option<&'r str>,
    /// For the code `atom`: what the binary is or has instead, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    mismatch: Option<&'r str>,
    /// For the code `renamed`: its old name.
    #[serde(skip_serializing_if = "Option::is_none")]
    renamed: Option<RenamedJson<'r>>,
    /// Files in PKGDIR that its index lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    unlisted: Option<&'r [String]>,
}

/// What a package was built against, and what will be there instead.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SlotOperatorJson<'r> {
    /// The slot and sub-slot that it was built against.
    built: &'r str,
    /// The slot that will be there; null if there will be none.
    slot: Option<&'r str>,
    /// The package that will be there.
    cpv: Option<String>,
    /// A package with the slot that it was built against, and why that does not count; null if there is none.
    hidden: Option<CandidateJson<'r>>,
}

/// A dependency that nothing satisfies, who has it, and what does not count for it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct DependencyJson<'r> {
    /// The dependency.
    atom: &'r str,
    /// Who has it.
    required_by: Option<String>,
    /// What is there and does not count.
    candidates: Vec<CandidateJson<'r>>,
}

/// A package that an atom could mean, and why it does not count.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct CandidateJson<'r> {
    /// `binary`, `ebuild` or `installed`.
    r#type: &'static str,
    /// The package.
    cpv: String,
    /// Which build of it, where it is a binary package that has one.
    build_id: Option<i64>,
    /// Why it does not count.
    why: &'r str,
    /// The lines that decide.
    sources: Vec<SourceJson<'r>>,
}

/// Where a package stands under its old name, and the line that moves it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct RenamedJson<'r> {
    /// The package under its old name.
    cpv: String,
    /// The host that has it.
    host: &'r str,
    /// The line of profiles/updates that moves it.
    source: SourceJson<'r>,
}

impl<'r> FactsJson<'r> {
    /// Those of a package, by its name, that is compiled.
    pub(super) fn of(reason: &'r BuildReason, name: &str, report: &'r Report<'_>) -> Self {
        let none = FactsJson::default();
        match reason {
            BuildReason::NoBinary | BuildReason::VersionSkew { .. } => FactsJson {
                unlisted: report.lacking.unlisted.get(name).map(Vec::as_slice),
                ..none
            },
            BuildReason::Renamed { nearest, source } => FactsJson {
                renamed: report.instances.get(*nearest).map(|judged| RenamedJson {
                    cpv: judged.candidate.package.cpv.to_string(),
                    host: report.host_name(judged.candidate),
                    source: SourceJson::of(source),
                }),
                ..none
            },
            BuildReason::RejectedBinary(id, why) => FactsJson::of_rejected(why, *id, report),
            BuildReason::Rejected { .. } | BuildReason::Undetermined(_) => none,
        }
    }

    fn of_rejected(why: &'r RejectedBinary, id: InstanceId, report: &Report<'_>) -> Self {
        let none = FactsJson::default();
        match why {
            RejectedBinary::SlotOperator(moved) => FactsJson {
                slot_operator: moved.as_ref().map(SlotOperatorJson::of),
                ..none
            },
            RejectedBinary::Dependency(lacking) => FactsJson {
                dependency: lacking.as_ref().map(|lacking| DependencyJson {
                    atom: &lacking.atom,
                    required_by: report
                        .instances
                        .get(id)
                        .map(|judged| judged.candidate.package.cpv.to_string()),
                    candidates: candidates(lacking),
                }),
                ..none
            },
            RejectedBinary::SlotConflict(parents) => FactsJson {
                slot_conflict: Some(parents.iter().map(parent).collect()),
                ..none
            },
            RejectedBinary::Atom { atom, why } => FactsJson {
                atom: Some(atom),
                mismatch: why.as_deref(),
                ..none
            },
        }
    }
}

impl<'r> SlotOperatorJson<'r> {
    fn of(moved: &'r MovedSlot) -> Self {
        SlotOperatorJson {
            built: &moved.built,
            slot: moved.present.as_ref().map(|(_, slot)| slot.as_str()),
            cpv: moved.present.as_ref().map(|(cpv, _)| cpv.to_string()),
            hidden: moved.hidden.as_deref().map(CandidateJson::of),
        }
    }
}

/// What does not count for an atom that nothing satisfies.
pub(super) fn candidates(lacking: &Unsatisfied) -> Vec<CandidateJson<'_>> {
    lacking.candidates.iter().map(CandidateJson::of).collect()
}

impl<'r> CandidateJson<'r> {
    fn of(hidden: &'r Hidden) -> Self {
        CandidateJson {
            r#type: hidden.kind.as_str(),
            cpv: hidden.package.to_string(),
            build_id: hidden.build_id,
            why: &hidden.why,
            sources: hidden.sources.iter().map(SourceJson::of).collect(),
        }
    }
}
