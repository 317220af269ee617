//! Names of packages and hosts for people.

use std::borrow::Cow;

use crate::binhost::{Candidate, HostState};
use crate::check::Judged;
use crate::pms::Package;
use crate::report::Report;
use crate::sanitize::sanitize;

/// `app-misc/jq-1.8.1-2`, as emerge prints it, and takes it after `=`.
pub(super) fn with_build_id(package: &Package) -> String {
    let mut text = sanitize(&package.cpv.to_string()).into_owned();
    if let Some(id) = package.build_id {
        text.push_str(&format!("-{id}"));
    }
    text
}

/// The name of an instance's host for people.
pub(super) fn host_label<'r>(report: &'r Report<'_>, candidate: &Candidate) -> Cow<'r, str> {
    report.host_label(candidate.host).into()
}

/// A section's name, else the URI without its scheme: nobody knows a host by the MD5 of its URI.
pub(super) fn label(host: &HostState) -> Cow<'_, str> {
    if host.repo.named {
        return sanitize(&host.repo.name);
    }
    let uri = host.repo.sync_uri.to_string();
    let rest = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
    sanitize(rest).into_owned().into()
}

/// `app-misc/jq-1.8.1-2 from site`
pub(super) fn named(report: &Report<'_>, judged: &Judged<'_>) -> String {
    let package = with_build_id(&judged.candidate.package);
    format!("{package} from {}", host_label(report, judged.candidate))
}
