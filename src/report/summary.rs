//! Counts over a report.

use std::collections::{BTreeMap, HashSet};

use super::Report;
use crate::check::{Code, Verdict};

/// Instances by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub instances: usize,
    /// emerge would take these.
    pub accepted: usize,
    /// emerge passes these over.
    pub rejected: usize,
    /// These could not be determined.
    pub unknown: usize,
}

impl Counts {
    fn add(&mut self, verdict: Verdict) {
        self.instances += 1;
        match verdict {
            Verdict::Accepted => self.accepted += 1,
            Verdict::Rejected => self.rejected += 1,
            Verdict::Unknown => self.unknown += 1,
        }
    }
}

/// What a report comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Over everything.
    pub all: Counts,
    /// How many atoms or package names were requested.
    pub requested: usize,
    /// How many of them have a usable binary package.
    pub served: usize,
    /// Download size in bytes of what would be chosen for them, each instance counted once.
    pub download: u64,
    /// How many instances each rule rejects (an instance may have several reasons).
    pub by_code: BTreeMap<Code, usize>,
    /// One a host, in their order.
    pub by_host: Vec<Counts>,
    /// The local PKGDIR.
    pub local: Counts,
}

impl Summary {
    /// Count.
    pub fn of(report: &Report<'_>) -> Summary {
        let mut summary = Summary {
            requested: report.matches.len(),
            by_host: vec![Counts::default(); report.setting.hosts.len()],
            ..Summary::default()
        };
        summary.count_instances(report);
        summary.count_answers(report);
        summary
    }

    fn count_instances(&mut self, report: &Report<'_>) {
        for judged in report.instances.iter() {
            self.all.add(judged.verdict);
            match judged.candidate.host {
                None => self.local.add(judged.verdict),
                Some(host) => {
                    if let Some(counts) = host.of_mut(&mut self.by_host) {
                        counts.add(judged.verdict);
                    }
                }
            }
            for finding in judged.findings {
                *self.by_code.entry(finding.code).or_default() += 1;
            }
        }
    }

    fn count_answers(&mut self, report: &Report<'_>) {
        let mut fetched = HashSet::new();
        for matches in &report.matches {
            self.served += usize::from(report.is_usable(matches) == Some(true));
            let Some(judged) = report.chosen(matches) else {
                continue;
            };
            let candidate = judged.candidate;
            if candidate.host.is_some() && fetched.insert(judged.id) {
                let size = candidate.size.and_then(|size| u64::try_from(size).ok());
                self.download = self.download.saturating_add(size.unwrap_or(0));
            }
        }
    }
}
