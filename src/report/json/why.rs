//! `--why` for programs: the same facts as one JSON document.

use std::io::{self, Write};

use serde::Serialize;

use super::formatter::SafeFormatter;
use super::{HeadJson, SourceJson};
use crate::compat::CpuCompat;
use crate::pms::Key;
use crate::report::why::{
    ComparedPackage, Explanation, FlagRow, Reason, Requirement, RequirementOf, Standing, UseTable,
};

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct WhyDocument<'r> {
    #[serde(flatten)]
    head: HeadJson,
    why: WhyJson<'r>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct WhyJson<'r> {
    name: &'r str,
    taken: Vec<usize>,
    candidates: Vec<ComparedPackageJson<'r>>,
    r#use: Vec<UseJson<'r>>,
    required_by: Vec<RequirementJson<'r>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ComparedPackageJson<'r> {
    r#type: &'static str,
    cpv: String,
    build_id: Option<i64>,
    host: Option<&'r str>,
    repo: Option<&'r str>,
    standing: &'static str,
    because: Option<&'r str>,
    reasons: Vec<WhyReasonJson<'r>>,
    dependencies: Vec<DependencyDifferenceJson<'r>>,
    #[serde(flatten)]
    properties: Properties<'r>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Properties<'r> {
    slot: Option<String>,
    keywords: &'r str,
    license: &'r str,
    size: Option<u64>,
    build_time: Option<i64>,
    built_for: Option<&'r str>,
    runs: Option<&'static str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct WhyReasonJson<'r> {
    code: &'static str,
    certain: bool,
    detail: &'r str,
    wanted: &'r str,
    found: &'r str,
    sources: Vec<CommentedSource<'r>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct CommentedSource<'r> {
    #[serde(flatten)]
    place: SourceJson<'r>,
    comment: Option<&'r str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct DependencyDifferenceJson<'r> {
    variable: &'static str,
    added: &'r [String],
    removed: &'r [String],
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct UseJson<'r> {
    cpv: String,
    builds: Vec<Option<usize>>,
    flags: Vec<FlagJson<'r>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FlagJson<'r> {
    flag: &'r str,
    configured: Option<bool>,
    source: Option<SourceJson<'r>>,
    made_stable: Option<SourceJson<'r>>,
    forced: bool,
    implicit: bool,
    builds: &'r [Option<bool>],
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct RequirementJson<'r> {
    cpv: Option<String>,
    variable: Option<&'static str>,
    source: Option<SourceJson<'r>>,
    atom: &'r str,
}

/// Write it, with a line feed at the end.
///
/// # Errors
/// What the stream says.
pub fn write(why: &Explanation<'_>, out: &mut impl Write) -> io::Result<()> {
    let document = WhyDocument {
        head: HeadJson::CURRENT,
        why: WhyJson {
            name: why.name.as_str(),
            taken: why.winners().map(|(place, _)| place).collect(),
            candidates: why
                .candidates
                .iter()
                .map(|one| candidate(why, one))
                .collect(),
            r#use: why.flags.iter().map(|table| flags(why, table)).collect(),
            required_by: why.required_by.iter().map(requirement).collect(),
        },
    };
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, SafeFormatter);
    document.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

fn candidate<'r>(
    why: &'r Explanation<'_>,
    one: &'r ComparedPackage<'_>,
) -> ComparedPackageJson<'r> {
    let package = one.package;
    let built = (package.build_time > 0).then_some(package.build_time);
    ComparedPackageJson {
        r#type: package.kind.as_str(),
        cpv: package.cpv.to_string(),
        build_id: package.build_id.filter(|id| *id != 0),
        host: one.host_name(why.hosts),
        repo: package.repository.as_deref(),
        standing: match one.standing {
            Standing::Wins(_) => "taken",
            Standing::Installed => "installed",
            Standing::Loses => "passed-over",
        },
        because: match &one.standing {
            Standing::Wins(because) => Some(because),
            Standing::Installed | Standing::Loses => None,
        },
        reasons: one.reasons.iter().map(reason).collect(),
        dependencies: one
            .dependencies
            .iter()
            .map(|one| DependencyDifferenceJson {
                variable: one.variable,
                added: &one.added,
                removed: &one.removed,
            })
            .collect(),
        properties: Properties {
            slot: package.slot.as_ref().map(ToString::to_string),
            keywords: package.metadata.text(Key::Keywords),
            license: package.metadata.text(Key::License),
            size: one.size,
            build_time: built,
            built_for: one.built_for.as_deref(),
            runs: one.runs.map(|runs| match runs {
                CpuCompat::Yes => "yes",
                CpuCompat::No => "no",
                CpuCompat::Unknown => "unknown",
            }),
        },
    }
}

fn reason(reason: &Reason) -> WhyReasonJson<'_> {
    let sources = reason.sources.iter();
    WhyReasonJson {
        code: reason.code,
        certain: reason.certain,
        detail: &reason.detail,
        wanted: &reason.wanted,
        found: &reason.found,
        sources: sources
            .map(|(source, comment)| CommentedSource {
                place: SourceJson::of(source),
                comment: comment.as_deref(),
            })
            .collect(),
    }
}

fn flags<'r>(why: &'r Explanation<'_>, table: &'r UseTable) -> UseJson<'r> {
    let position = |id| {
        let mut candidates = why.candidates.iter();
        candidates.position(|one| one.instance == Some(id))
    };
    let flag = |row: &'r FlagRow| FlagJson {
        flag: &row.flag,
        configured: row.configured,
        source: row.source.as_ref().map(SourceJson::of),
        made_stable: row.made_stable.as_ref().map(SourceJson::of),
        forced: row.forced,
        implicit: row.implicit,
        builds: &row.builds,
    };
    UseJson {
        cpv: table.cpv.to_string(),
        builds: table.builds.iter().map(|id| position(*id)).collect(),
        flags: table.rows.iter().map(flag).collect(),
    }
}

fn requirement(one: &Requirement) -> RequirementJson<'_> {
    let (cpv, variable, source) = match &one.of {
        RequirementOf::Installed(cpv, variable) => (Some(cpv.to_string()), Some(*variable), None),
        RequirementOf::World(source) => (None, None, Some(SourceJson::of(source))),
    };
    RequirementJson {
        cpv,
        variable,
        source,
        atom: &one.atom,
    }
}
