//! Bringing emerge to take what was checked and nothing else.

use anyhow::{Result, ensure};
use semver::Version;

use super::{Next, said};
use crate::binhost::binrepos::listed;
use crate::command::hosts::cache_dir;
use crate::command::output;
use crate::command::verdict::Judging;
use crate::emerge::keep_away::take_out;
use crate::emerge::overlay::Overlay;
use crate::emerge::{Bad, Excludes, flags, hosts, version};
use crate::local::roots::running_root;
use crate::source::Notices;

/// How often what is bad is taken away and the rest is judged once more. Each time what emerge would take
/// instead comes into view; there is seldom anything left after the second.
const ROUNDS: usize = 8;

/// What emerge may take, and the way in which it is told.
pub(super) struct Supply {
    /// `None` where emerge reads the indexes by itself.
    overlay: Option<Overlay>,
    /// PORTAGE_BINHOST, if it is to be another.
    binhosts: Option<String>,
    by_host: bool,
    excludes: Excludes,
}

impl Supply {
    /// See whether checked indexes can be put before emerge. Where they cannot, that is said.
    pub(super) fn open(judging: &Judging, portage: Option<&Version>, pretend: bool) -> Supply {
        let extra = &judging.cli.hosts.binhost;
        let listed = listed(&judging.local.base, extra);
        let uris: Vec<String> = listed.into_iter().map(|(uri, _)| uri).collect();
        let by_host = version::knows(portage, "getbinpkg-exclude");
        let excludes = Excludes::default();
        match overlay(judging, &uris, portage, pretend) {
            Ok(overlay) => Supply {
                binhosts: overlay.binhosts.clone(),
                overlay: Some(overlay),
                by_host,
                excludes,
            },
            Err(error) => {
                let text = format!("emerge will read the indexes by itself: {error:#}");
                output::warning(&text);
                Supply {
                    overlay: None,
                    binhosts: (!extra.is_empty()).then(|| uris.join(" ")),
                    by_host,
                    excludes,
                }
            }
        }
    }

    /// Judge, take away what must not be used, and judge again, until there is nothing to take away. Says
    /// what came of it; what emerge would miss under `-G`.
    ///
    /// # Errors
    /// Wrong targets.
    pub(super) fn settle(
        &mut self,
        judging: &mut Judging,
        notices: &Notices,
    ) -> Result<Vec<String>> {
        let (mut missing, mut away) = (Vec::new(), Vec::new());
        for round in 1..=ROUNDS {
            let pool = judging.pool(notices);
            let bad = judging.targets(&pool, notices, |report| {
                let bad = said::unusable(report);
                if bad.is_empty() || round == ROUNDS {
                    away.extend(bad.iter().cloned());
                    away.sort_by_key(Bad::is_only_gone);
                    said::kept_away(&judging.cli, &away)?;
                    missing = said::say(&judging.cli, report)?;
                }
                Ok(bad)
            })?;
            if bad.is_empty() {
                break;
            }
            self.keep_away(&bad, judging);
            away.extend(bad);
        }
        Ok(missing)
    }

    fn keep_away(&mut self, bad: &[Bad], judging: &mut Judging) {
        if self.overlay.is_some() {
            take_out(bad, &mut judging.hosts);
        }
        self.excludes.add(bad, self.overlay.is_some(), self.by_host);
        self.excludes.apply(&mut judging.policy);
    }

    /// Write the indexes and the last words of the command line.
    ///
    /// # Errors
    /// An index cannot be written.
    pub(super) fn close(self, judging: &mut Judging, words: &[String]) -> Result<Next> {
        if let Some(overlay) = &self.overlay {
            // Entries that cannot be read, on which emerge would give up.
            take_out(&[], &mut judging.hosts);
            overlay.write(&judging.hosts)?;
        }
        let excluding = self.excludes.to_words();
        if !excluding.is_empty() {
            output::warning("emerge excludes by name and slot, good builds included");
        }
        Ok(Next::Run {
            words: flags::in_front(&excluding, words),
            binhosts: self.binhosts,
        })
    }
}

fn overlay(
    judging: &Judging,
    uris: &[String],
    portage: Option<&Version>,
    pretend: bool,
) -> Result<Overlay> {
    let is_old = portage.is_some_and(|portage| *portage < version::BINREPOS_CONF);
    ensure!(
        !is_old,
        "this machine's Portage does not know binrepos.conf"
    );
    let base = &judging.local.base;
    let overlay = Overlay::lay_out(base, &judging.hosts, uris, &cache_dir())?;
    overlay.enter(base, pretend)?;
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
