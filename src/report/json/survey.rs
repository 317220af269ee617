//! `--hosts` for programs: the same facts as one JSON document.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::HeadJson;
use super::formatter::SafeFormatter;
use super::hosts::{HostJson, one};
use crate::report::survey::{HostWarning, ServedShare, Survey, SurveyedHost};

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct SurveyDocument<'r> {
    #[serde(flatten)]
    head: HeadJson,
    /// The place of the host that serves most.
    best: Option<usize>,
    hosts: Vec<SurveyedJson<'r>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SurveyedJson<'r> {
    #[serde(flatten)]
    host: HostJson<'r>,
    source: String,
    header: HeaderJson<'r>,
    newest: Option<i64>,
    signature: SignatureJson<'r>,
    files: FilesJson<'r>,
    same_profile: Option<bool>,
    tree_lead_days: Option<i64>,
    installed: ShareJson,
    request: ShareJson,
    lacks: BTreeMap<&'static str, usize>,
    warnings: Vec<WarningJson>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct HeaderJson<'r> {
    chost: Option<&'r str>,
    profile: Option<&'r str>,
    accept_keywords: Option<&'r str>,
    repo_revisions: Option<&'r str>,
    r#use: Option<&'r str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SignatureJson<'r> {
    required: bool,
    verified: bool,
    refused: usize,
    code: Option<&'static str>,
    detail: Option<&'r str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FilesJson<'r> {
    inspected: usize,
    cannot_run: usize,
    gone: usize,
    built_for: &'r BTreeMap<String, usize>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ShareJson {
    served: usize,
    of: usize,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct WarningJson {
    code: &'static str,
    detail: String,
}

/// Write it, with a line break at the end.
///
/// # Errors
/// What the stream says.
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
