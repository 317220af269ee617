//! Bringing emerge to take what was checked and nothing else.

use anyhow::{Result, ensure};
use semver::Version;

use super::Next;
use crate::binhost::Pool;
use crate::binhost::binrepos::listed;
use crate::command::output;
use crate::command::verdict::{self, Judging};
use crate::emerge::overlay::Overlay;
use crate::emerge::{KeepAway, flags, hosts, version};
use crate::local::roots::running_root;

/// What emerge may take, and where it runs.
pub(super) struct Supply<'a> {
    pub(super) judging: &'a Judging,
    pub(super) pool: &'a Pool,
    pub(super) away: &'a KeepAway,
    pub(super) portage: Option<&'a Version>,
    pub(super) pretend: bool,
}

impl Supply<'_> {
    /// Put the checked indexes before emerge, or where that cannot be done, exclude by name.
    pub(super) fn lay(&self, words: Vec<String>) -> Next {
        let extra = &self.judging.cli.hosts.binhost;
        let listed = listed(&self.judging.local.base, extra);
        let uris: Vec<String> = listed.into_iter().map(|(uri, _)| uri).collect();
        let mut excludes = self.away.excludes(self.pool);
        let binhosts = match self.overlay(&uris) {
            Ok(overlay) => {
                excludes.remote.clear();
                overlay.binhosts
            }
            Err(error) => {
                let text = format!("emerge will read the indexes by itself: {error:#}");
                output::warning(&text);
                (!extra.is_empty()).then(|| uris.join(" "))
            }
        };
        let excluding = excludes.to_words(version::knows(self.portage, "getbinpkg-exclude"));
        if !excluding.is_empty() {
            output::warning(
                "some packages are kept away by name and slot, good builds of them included",
            );
        }
        let words = flags::in_front(&excluding, &words);
        Next::Run { words, binhosts }
    }

    fn overlay(&self, uris: &[String]) -> Result<Overlay> {
        let is_old = self
            .portage
            .is_some_and(|portage| *portage < version::BINREPOS_CONF);
        ensure!(
            !is_old,
            "this machine's Portage does not know binrepos.conf"
        );
        let base = &self.judging.local.base;
        let states = &self.judging.hosts;
        let overlay = Overlay::write(base, states, self.away, uris, &verdict::cache_dir())?;
        overlay.enter(base, self.pretend)?;
        self.warn_of_running_system();
        Ok(overlay)
    }

    /// With ROOT, emerge loads a second configuration for what has to be installed on the running
    /// system, and hands it no PORTAGE_BINHOST (`portage: __init__.py:create_trees`).
    fn warn_of_running_system(&self) {
        let roots = &self.judging.local.base.roots;
        let is_own = roots.config_root == running_root(&self.judging.local.base.env);
        let states = &self.judging.hosts;
        let is_covered = is_own && (states.is_empty() || hosts::has_sections(states));
        if roots.root.as_os_str() != "/" && !is_covered {
            output::warning(
                "what the running system itself needs comes from its own binhosts, unchecked",
            );
        }
    }
}
