//! Bringing emerge to take what was checked and nothing else.

use std::path::PathBuf;

use anyhow::{Result, anyhow, ensure};
use semver::Version;

use super::{Next, messages};
use crate::binhost::binrepos::listed;
use crate::binhost::{HiddenEntry, HostState, Uri};
use crate::command::judging::Judging;
use crate::command::{output, verdict};
use crate::emerge::exclusion::without;
use crate::emerge::hosts::BinhostList;
use crate::emerge::overlay::Overlay;
use crate::emerge::resume::{self, ResumedBinary};
use crate::emerge::{Excludes, Exclusion, flags, hosts, version};
use crate::local::roots::running_root;
use crate::report::Report;
use crate::source::Notices;

/// How often what must not be used is excluded and the rest is judged once more. Each time what emerge would take
/// instead comes into view; there is seldom anything left after the second.
const ROUNDS: usize = 8;

/// What emerge may take, and how it is informed.
pub(super) struct BinhostView {
    /// `None` where emerge reads the indexes on its own.
    overlay: Option<Overlay>,
    /// PORTAGE_BINHOST, if it is to be another.
    binhosts: Option<BinhostList>,
    by_host: bool,
    excludes: Excludes,
    excluded: Vec<Exclusion>,
    /// What keeps emerge from being shown another binrepos.conf, found in what it would merge.
    conflict: Option<anyhow::Error>,
}

impl BinhostView {
    /// See whether emerge can be shown checked indexes. Where it cannot, or `failure` says that it could
    /// not, there is a message.
    pub(super) fn open(
        judging: Judging,
        portage: Option<&Version>,
        pretend: bool,
        failure: Option<anyhow::Error>,
    ) -> (BinhostView, Judging) {
        let listed = listed(&judging.local.base);
        let uris: Vec<Uri> = listed.into_iter().map(|(uri, _)| uri).collect();
        let overlay = match failure {
            Some(error) => Err(error),
            None => overlay(&judging, &uris, portage, pretend),
        };
        let view = |overlay, binhosts| BinhostView {
            overlay,
            binhosts,
            by_host: version::knows(portage, "getbinpkg-exclude"),
            excludes: Excludes::default(),
            excluded: Vec::new(),
            conflict: None,
        };
        match overlay {
            Ok(overlay) => {
                let binhosts = overlay.binhosts.clone();
                (view(Some(overlay), binhosts), judging)
            }
            Err(error) => {
                let text = format!("emerge will read the indexes on its own: {error:#}");
                output::warning(&text);
                let (binhosts, judging) = with_added(judging, uris);
                (view(None, binhosts), judging)
            }
        }
    }

    /// Judge, exclude what must not be used, and judge again, until there is nothing to exclude. Reports
    /// what came of it; the last value is what emerge would miss under `-G`.
    ///
    /// # Errors
    /// Wrong targets.
    pub(super) fn exclude_unusable(
        mut self,
        mut judging: Judging,
        resumed: &[ResumedBinary],
        notices: &Notices,
    ) -> Result<(BinhostView, Judging, Vec<String>)> {
        let (mut missing, mut excluded) = (Vec::new(), Vec::new());
        for round in 1..=ROUNDS {
            if self.overlay.is_some() {
                judging = judging.hiding_builds(Vec::new());
                let others = resume::other_builds(resumed, &judging.pool(notices));
                judging = judging.hiding_builds(others);
            }
            let pool = judging.pool(notices);
            let covered = self
                .overlay
                .as_ref()
                .map_or(Vec::new(), Overlay::covered_files);
            let bad = verdict::targets(&judging, &pool, notices, |report, _| {
                self.conflict = replaced_file(report, &judging, &covered);
                if self.conflict.is_some() {
                    return Ok(Vec::new());
                }
                let bad = messages::unusable(report);
                if bad.is_empty() || round == ROUNDS {
                    excluded.extend(bad.iter().cloned());
                    excluded.sort_by_key(Exclusion::is_only_gone);
                    messages::excluded(&judging.cli, &excluded)?;
                    missing = messages::report(&judging.cli, report)?;
                }
                Ok(bad)
            })?;
            if bad.is_empty() {
                break;
            }
            judging = self.without(&bad, judging);
            excluded.extend(bad);
        }
        self.excluded = excluded;
        Ok((self, judging, missing))
    }

    /// Why emerge has to read the indexes on its own after all.
    pub(super) fn conflict(&mut self) -> Option<anyhow::Error> {
        self.conflict.take()
    }

    /// The same without what must not be used.
    fn without(&mut self, bad: &[Exclusion], judging: Judging) -> Judging {
        let from_indexes = self.overlay.is_some();
        self.excludes.add(bad, from_indexes, self.by_host);
        let policy = self.excludes.applied_to(&judging.policy);
        let judging = judging.with_policy(policy);
        if !from_indexes {
            return judging;
        }
        let of_hosts = bad
            .iter()
            .map(Exclusion::entry)
            .filter(|entry| entry.host.is_some());
        judging.hiding(of_hosts.cloned())
    }

    /// Write the indexes and the last words of the command line.
    ///
    /// # Errors
    /// An index cannot be written; emerge can still read the indexes on its own.
    pub(super) fn close(self, judging: Judging, words: &[String]) -> Result<Next> {
        if let Some(overlay) = &self.overlay {
            // Also without entries that cannot be read, on which emerge would give up.
            let others = judging.hidden_builds().to_vec();
            let excluded = self.excluded.iter().map(Exclusion::entry);
            let entries: Vec<&HiddenEntry> = excluded.chain(&others).collect();
            let judging = judging.map_hosts(|hosts| without(&entries, hosts));
            overlay.write(&judging.hosts)?;
        }
        let excluding = self.excludes.to_words();
        if !excluding.is_empty() {
            output::warning("emerge excludes by name and slot, good builds included");
        }
        Ok(Next::Run {
            words: flags::prepended(&excluding, words),
            binhosts: self.binhosts,
            overlay: self.overlay.map(Box::new),
        })
    }
}

/// A merge that replaces a file before which another is mounted: a mount point can be neither replaced nor removed.
fn replaced_file(
    report: &Report<'_>,
    judging: &Judging,
    covered: &[PathBuf],
) -> Option<anyhow::Error> {
    let local = &judging.local;
    let merges = report
        .plan
        .iter()
        .flat_map(|planned| planned.plan.to_target());
    let replaced = merges.filter_map(|merge| merge.installed.as_ref());
    let uninstalls = report
        .plan
        .iter()
        .flat_map(|planned| planned.plan.uninstalled_from_target());
    let mut gone = replaced.chain(uninstalls);
    gone.find_map(|cpv| {
        let file = local.installed.owned_of(&local.base, cpv, covered)?;
        Some(anyhow!(
            "{cpv} is going to be replaced, and owns {}, in whose place another file would be seen",
            file.display()
        ))
    })
}

/// PORTAGE_BINHOST with the hosts of `--binhost`, for an emerge that cannot be shown another
/// binrepos.conf; `None` where there are none, or where that would weaken what the configuration says of
/// signatures. Then they are given up, and emerge and the verdicts do without them.
fn with_added(judging: Judging, listed: Vec<Uri>) -> (Option<BinhostList>, Judging) {
    let hosts = judging.hosts.iter();
    let added = hosts.filter(|host| host.repo.is_added());
    let mut added: Vec<_> = added.map(|host| host.repo.sync_uri.clone()).collect();
    if added.is_empty() {
        return (None, judging);
    }
    let vars = &judging.local.base.vars;
    let features = ["binpkg-request-signature", "binpkg-ignore-signature"];
    let decided = features.iter().any(|word| vars.has("FEATURES", word));
    if hosts::would_weaken(&judging.hosts, decided) {
        let names: Vec<String> = added.iter().map(Uri::to_string).collect();
        output::warning(&format!(
            "--binhost is left out ({}): only PORTAGE_BINHOST could name it here, with which Portage \
             forgets verify-signature; name it in binrepos.conf",
            names.join(", ")
        ));
        let is_listed = |host: &HostState| !host.repo.is_added();
        let judging = judging.map_hosts(|hosts| hosts.into_iter().filter(is_listed).collect());
        return (None, judging);
    }
    added.extend(listed);
    (BinhostList::of(added), judging)
}

fn overlay(
    judging: &Judging,
    uris: &[Uri],
    portage: Option<&Version>,
    pretend: bool,
) -> Result<Overlay> {
    let is_old = portage.is_some_and(|portage| *portage < version::BINREPOS_CONF);
    ensure!(
        !is_old,
        "this machine's Portage does not know binrepos.conf"
    );
    let base = &judging.local.base;
    let overlay = Overlay::lay_out(base, &judging.hosts, uris, &judging.cache, pretend)?;
    warn_of_running_system(judging);
    Ok(overlay)
}

/// With ROOT, emerge loads a second configuration for what has to be installed on the running system,
/// and hands it no PORTAGE_BINHOST (`portage: __init__.py:create_trees`).
fn warn_of_running_system(judging: &Judging) {
    let roots = &judging.local.base.roots;
    let is_own = roots.config_root == running_root(&judging.local.base.env);
    let states = &judging.hosts;
    let is_covered = is_own && (states.is_empty() || hosts::has_sections(states));
    if roots.root.as_os_str() != "/" && !is_covered {
        output::warning("packages for / itself come from its own binhosts, unchecked");
    }
}
