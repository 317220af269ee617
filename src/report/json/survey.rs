//! `--hosts` for programs: the same facts as one JSON document.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::HeadJson;
use super::formatter::SafeFormatter;
use super::hosts::{HostJson, one};
use crate::report::survey::{HostWarning, ServedShare, Survey, SurveyedHost};

/// With --hosts: every binhost against this machine.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct SurveyDocument<'r> {
    #[serde(flatten)]
    head: HeadJson,
    /// The place of the host that serves most.
    best: Option<usize>,
    /// The hosts, in the order in which Portage asks them.
    hosts: Vec<SurveyedJson<'r>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SurveyedJson<'r> {
    #[serde(flatten)]
    host: HostJson<'r>,
    /// Where it is configured.
    source: String,
    /// What the header of its index tells.
    header: HeaderJson<'r>,
    /// When its newest package was built, seconds since 1970.
    newest: Option<i64>,
    /// Whether its packages carry signatures.
    signature: SignatureJson<'r>,
    /// What its packages were built for.
    files: FilesJson<'r>,
    /// Whether it follows the profile of this machine; null if it names none.
    same_profile: Option<bool>,
    /// How many days this machine's repository is newer than the host's.
    tree_lead_days: Option<i64>,
    /// How much of what is installed it could serve.
    installed: ShareJson,
    /// How much of the request it could serve.
    request: ShareJson,
    /// Why it could not serve the rest, counted: `no-package`, `other-version`, the code of a reason, or `unusable`.
    lacks: BTreeMap<&'static str, usize>,
    /// What is wrong with it.
    warnings: Vec<WarningJson>,
}

/// What the header of an index tells.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct HeaderJson<'r> {
    /// CHOST.
    chost: Option<&'r str>,
    /// PROFILE.
    profile: Option<&'r str>,
    /// ACCEPT_KEYWORDS.
    accept_keywords: Option<&'r str>,
    /// REPO_REVISIONS.
    repo_revisions: Option<&'r str>,
    /// USE.
    r#use: Option<&'r str>,
}

/// Whether the packages of a host carry signatures.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SignatureJson<'r> {
    /// Whether packages have to be signed.
    required: bool,
    /// Whether signatures could be verified here.
    verified: bool,
    /// Files that will not pass.
    refused: usize,
    /// Why the first of them will not, as a code of a concern.
    code: Option<&'static str>,
    /// The same for people.
    detail: Option<&'r str>,
}

/// What the packages of a host were built for, by those that were inspected.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FilesJson<'r> {
    /// Packages that were inspected.
    inspected: usize,
    /// How many of them do not run here.
    cannot_run: usize,
    /// How many are not there.
    gone: usize,
    /// How many were built for what.
    built_for: &'r BTreeMap<String, usize>,
    /// How many each key signed, by its fingerprint, or its key id where no fingerprint is named.
    signed_by: &'r BTreeMap<String, usize>,
}

/// How much of something a host could serve.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ShareJson {
    /// How many it could serve.
    served: usize,
    /// Of how many.
    of: usize,
}

/// What is wrong with a host.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct WarningJson {
    /// `shares-cache`, `older-than-cached`, `wrong-count`, `plain-http`, `no-chost`, `empty` or `old`.
    code: &'static str,
    /// The same for people.
    detail: String,
}

/// Write it, with a line break at the end.
///
/// # Errors
/// Writing to the stream fails.
pub fn write(survey: &Survey<'_>, out: &mut impl Write) -> io::Result<()> {
    let best = survey.best().map(|best| best.id);
    let document = SurveyDocument {
        head: HeadJson::CURRENT,
        best: survey.hosts.iter().position(|host| Some(host.id) == best),
        hosts: survey
            .hosts
            .iter()
            .map(|host| surveyed(survey, host))
            .collect(),
    };
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, SafeFormatter);
    document.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

fn surveyed<'r>(survey: &'r Survey<'_>, host: &'r SurveyedHost<'_>) -> SurveyedJson<'r> {
    let index = host.state.index.as_ref();
    let header = |key: &str| {
        index
            .and_then(|index| index.header(key))
            .filter(|text| !text.is_empty())
    };
    let refused = host.files.refused.1.as_ref();
    SurveyedJson {
        host: one(host.state, survey.grounds.now),
        source: host.state.repo.source.to_string(),
        header: HeaderJson {
            chost: header("CHOST"),
            profile: header("PROFILE"),
            accept_keywords: header("ACCEPT_KEYWORDS"),
            repo_revisions: header("REPO_REVISIONS"),
            r#use: header("USE"),
        },
        newest: host.newest,
        signature: SignatureJson {
            required: host.policy.required,
            verified: host.policy.verified,
            refused: host.files.refused.0,
            code: refused.map(|(code, _)| code.as_str()),
            detail: refused.map(|(_, detail)| detail.as_str()),
        },
        files: FilesJson {
            inspected: host.files.number,
            cannot_run: host.files.cannot_run,
            gone: host.files.gone,
            built_for: &host.files.built_for,
            signed_by: &host.files.signed_by,
        },
        same_profile: survey.has_same_profile(host),
        tree_lead_days: survey.tree_lead(host),
        installed: host.installed.into(),
        request: host.request.into(),
        lacks: host
            .lacks
            .iter()
            .map(|(lack, count)| (lack.as_str(), *count))
            .collect(),
        warnings: host.warnings.iter().map(WarningJson::from).collect(),
    }
}

impl From<ServedShare> for ShareJson {
    fn from(share: ServedShare) -> ShareJson {
        ShareJson {
            served: share.served,
            of: share.of,
        }
    }
}

impl From<&HostWarning> for WarningJson {
    fn from(warning: &HostWarning) -> WarningJson {
        WarningJson {
            code: warning.code(),
            detail: warning.detail(),
        }
    }
}
