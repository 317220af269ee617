//! Everything between a command line and emerge: options, verdicts, checked indexes.

use anyhow::{Context, Result};

use super::binhost_view::BinhostView;
use super::{Emerge, Next};
use crate::binhost::HostState;
use crate::binhost::IndexOrigin;
use crate::chroot::Chroot;
use crate::cli::Cli;
use crate::command::options;
use crate::command::output;
use crate::command::verdict::Judging;
use crate::emerge::{Options, flags, resume, version};
use crate::local::Base;
use crate::shlex;
use crate::source::Notices;

impl Emerge<'_> {
    /// What emerge is to be run with, after saying what is known of it. With `failure`, emerge has to read
    /// the indexes by itself, because it could not be shown others.
    ///
    /// # Errors
    /// Whatever keeps bincheck from judging.
    pub(super) fn prepare(&self, failure: Option<anyhow::Error>) -> Result<Next> {
        let notices = Notices::default();
        let next = self.prepare_with(failure, &notices);
        if next.is_err() {
            // A line that was skipped is often why there is an error.
            output::notices(&notices.sorted(), self.own.verbose());
        }
        next
    }

    fn prepare_with(&self, failure: Option<anyhow::Error>, notices: &Notices) -> Result<Next> {
        let words = &self.request.words;
        let typed = self.cli(&Options::read(&[], words))?;
        let env = options::start(self.env.clone(), &typed.roots);
        let base = Base::load(Chroot::default(), env, notices)?;
        let defaults = match typed.emerge.ignore_default_opts {
            true => Vec::new(),
            false => default_opts(&base)?,
        };
        let feature = base.vars.has("FEATURES", "getbinpkg");
        let portage = version::running(&base);
        let options = Options::read(&defaults, words);
        let resumed = match options.is_resume() {
            true => resume::binaries(&base),
            false => Vec::new(),
        };
        if options.is_resume() && resumed.is_empty() {
            return Ok(Next::plain(words.clone()));
        }
        let added = flags::added(&options, feature, portage.as_ref());
        for name in &added.left_out {
            notices.general(format!(
                "--{name} is left out, because this machine's Portage does not have it"
            ));
        }
        let words = flags::in_front(&added.words, words);
        let options = Options::read(&defaults, &words);
        if !options.uses_binaries(feature) {
            return Ok(Next::plain(words));
        }
        let options = match resumed.is_empty() {
            true => options,
            false => options.for_resume(resumed),
        };
        let mut judging = Judging::prepare(self.cli(&options)?, base, notices)?;
        judging.thorough = true;
        let pretend = options.is_on("pretend");
        if !pretend {
            forget_stale(&mut judging.hosts);
        }
        let mut supply = BinhostView::open(&mut judging, portage.as_ref(), pretend, failure);
        let missing = supply.settle(&mut judging, notices)?;
        if !self.goes_on(&missing, &options) {
            return Ok(Next::Stop);
        }
        match supply.close(&mut judging, &words) {
            Ok(next) => Ok(next),
            Err(error) => Ok(Next::Again(error)),
        }
    }

    /// bincheck's own command line for these options.
    fn cli(&self, options: &Options) -> Result<Cli> {
        let words = [self.own_words, &options.to_words()].concat();
        Cli::parse_as_it_is(&words).map_err(|error| {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            anyhow::anyhow!("{}", first.trim_start_matches("error: "))
        })
    }

    /// Whether emerge can find everything, or is to be run anyway.
    fn goes_on(&self, missing: &[String], options: &Options) -> bool {
        let binary_only = options.is_on("getbinpkgonly") || options.is_on("usepkgonly");
        if missing.is_empty() || !binary_only {
            return true;
        }
        let stops = !self.request.force && !options.is_on("pretend");
        output::incomplete(missing, stops);
        !stops
    }
}

/// The words of EMERGE_DEFAULT_OPTS.
fn default_opts(base: &Base) -> Result<Vec<String>> {
    const NAME: &str = "EMERGE_DEFAULT_OPTS";
    let Some(assignment) = base.vars.assignment(NAME) else {
        return Ok(Vec::new());
    };
    let words = shlex::split(&assignment.value);
    words.with_context(|| format!("{NAME} ({}) cannot be split into words", assignment.source))
}

/// emerge takes no packages from a host that it cannot reach, whatever it knows of it, unless it only
/// pretends.
fn forget_stale(hosts: &mut [HostState]) {
    for host in hosts
        .iter_mut()
        .filter(|host| host.origin == IndexOrigin::Stale)
    {
        host.index = None;
        host.origin = IndexOrigin::Nothing;
    }
}
