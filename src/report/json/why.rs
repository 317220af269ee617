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

/// With --why: all that decides about one package.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct WhyDocument<'r> {
    #[serde(flatten)]
    head: HeadJson,
    /// All that decides about one package.
    why: WhyJson<'r>,
}

/// All that decides about one package.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct WhyJson<'r> {
    /// The package.
    name: &'r str,
    /// The places of those that are taken, in `candidates`.
    taken: Vec<usize>,
    /// Why emerge would stop at the request; empty if it would not.
    stops: &'r [String],
    /// What is installed, every instance and every ebuild, best first.
    candidates: Vec<ComparedPackageJson<'r>>,
    /// USE, flag by flag, for each version.
    r#use: Vec<UseJson<'r>>,
    /// Who wants it.
    required_by: Vec<RequirementJson<'r>>,
}

/// An ebuild, a binary package, or what is installed.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ComparedPackageJson<'r> {
    /// `installed`, `binary` or `ebuild`.
    r#type: &'static str,
    /// The package.
    cpv: String,
    /// BUILD_ID of a binary package.
    build_id: Option<i64>,
    /// The host of a binary package.
    host: Option<&'r str>,
    /// The repository of its ebuild.
    repo: Option<&'r str>,
    /// `taken`, `installed` or `passed-over`.
    standing: &'static str,
    /// Why it is taken or passed over.
    because: Option<&'r str>,
    /// What speaks against it.
    reasons: Vec<WhyReasonJson<'r>>,
    /// Where its dependencies differ from those of the ebuild.
    dependencies: Vec<DependencyDifferenceJson<'r>>,
    #[serde(flatten)]
    properties: Properties<'r>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Properties<'r> {
    /// Slot and sub-slot.
    slot: Option<String>,
    /// KEYWORDS.
    keywords: &'r str,
    /// LICENSE.
    license: &'r str,
    /// Its size in bytes.
    size: Option<u64>,
    /// BUILD_TIME, seconds since 1970.
    build_time: Option<i64>,
    /// What it was built for, as `built_for` of an instance.
    built_for: Option<&'r str>,
    /// Whether it runs here: `yes`, `no` or `unknown`.
    runs: Option<&'static str>,
    /// Why a binary package is of no use here: it will not run, or its file is not as it has to be.
    unusable: Option<&'r str>,
}

/// Why a package is not taken.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct WhyReasonJson<'r> {
    /// One of the codes below, or what is taken instead: `lower-version`, `not-wanted`, `binary-taken`, `older-build`.
    code: &'static str,
    /// False if it could not be determined.
    certain: bool,
    /// What differs, in Portage's words.
    detail: &'r str,
    /// What is required.
    wanted: &'r str,
    /// What the package has.
    found: &'r str,
    /// The lines that decide.
    sources: Vec<CommentedSource<'r>>,
}

/// Where a setting stands, and the comment above it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct CommentedSource<'r> {
    #[serde(flatten)]
    place: SourceJson<'r>,
    /// The comment above the line.
    comment: Option<&'r str>,
}

/// Where dependencies of a build and its ebuild differ.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct DependencyDifferenceJson<'r> {
    /// DEPEND, RDEPEND and the like.
    variable: &'static str,
    /// What the ebuild has and the build lacks.
    added: &'r [String],
    /// What the build has and the ebuild lacks.
    removed: &'r [String],
}

/// USE of one version.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct UseJson<'r> {
    /// The version.
    cpv: String,
    /// Its builds by their places in `candidates`.
    builds: Vec<Option<usize>>,
    /// The flags, by name.
    flags: Vec<FlagJson<'r>>,
}

/// A USE flag of one version and its builds.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FlagJson<'r> {
    /// The flag.
    flag: &'r str,
    /// What this machine is configured for; null where the ebuild has no such flag.
    configured: Option<bool>,
    /// The line that sets it.
    source: Option<SourceJson<'r>>,
    /// For a line about stable packages: the line that makes this one stable.
    made_stable: Option<SourceJson<'r>>,
    /// Whether use.mask or use.force hold it.
    forced: bool,
    /// Whether it is outside IUSE, so that Portage does not compare it.
    implicit: bool,
    /// What each build has; null where it has no such flag.
    builds: &'r [Option<bool>],
}

/// Who wants a package: something installed or @world.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct RequirementJson<'r> {
    /// The installed package that wants it.
    cpv: Option<String>,
    /// The variable of the dependency.
    variable: Option<&'static str>,
    /// The line of @world.
    source: Option<SourceJson<'r>>,
    /// The atom.
    atom: &'r str,
}

/// Write it, with a line feed at the end.
///
/// # Errors
/// Writing to the stream fails.
pub fn write(why: &Explanation<'_>, out: &mut impl Write) -> io::Result<()> {
    let document = WhyDocument {
        head: HeadJson::CURRENT,
        why: WhyJson {
            name: why.name.as_str(),
            taken: why.winners().map(|(place, _)| place).collect(),
            stops: &why.stops,
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
            unusable: one.unusable.as_deref(),
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
