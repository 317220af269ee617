//! Everything between a command line and emerge: options, verdicts, checked indexes.

use anyhow::{Context, Result};

use super::binhost_view::BinhostView;
use super::{Emerge, Next};
use crate::binhost::HostState;
use crate::binhost::IndexOrigin;
use crate::chroot::Chroot;
use crate::cli::{Cli, DefaultOpts, RootArgs};
use crate::command::judging::Judging;
use crate::command::options::{self, DEFAULT_OPTS};
use crate::command::output;
use crate::emerge::resume::{self, ResumedBinary};
use crate::emerge::{Options, flags, version};
use crate::local::Base;
use crate::source::Notices;

impl Emerge<'_> {
    /// What emerge is to be run with, after saying what is known of it. With `failure`, emerge has to read
    /// the indexes on its own, because it could not be shown others.
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
        let typed = &self.options;
        let env = options::start(self.env.clone(), &roots(typed));
        let base = Base::load(Chroot::default(), env, notices)?;
        let defaults = if typed.has("ignore-default-opts") {
            Options::default()
        } else {
            Options::parse_defaults(&default_opts(&base)?)
        };
        let feature = base.vars.has("FEATURES", "getbinpkg");
        let portage = version::running(&base);
        let options = defaults.then(typed);
        let resumed = if options.is_resume() {
            resume::binaries(&base, options.is_on("skipfirst"))
        } else {
            Vec::new()
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
        let words = flags::prepended(&added.words, words);
        let options = defaults.then(&Options::parse(&added.words)).then(typed);
        if !options.uses_binaries(feature) {
            return Ok(Next::plain(words));
        }
        let options = if resumed.is_empty() {
            options
        } else {
            options.for_resume(resumed.iter().map(ResumedBinary::atom).collect())
        };
        let mut cli = self.cli(&options)?;
        // How much emerge shows is for emerge to report.
        cli.output.verbose = self.own.output.verbose;
        let is_default = only_binary(&defaults) && !only_binary(typed);
        let place = options::default_opts(&base).filter(|_| is_default);
        cli.implied.only_binary = place.map(|assignment| assignment.source.clone());
        let judging = Judging::prepare(cli, base, notices)?.thorough();
        let pretend = options.is_on("pretend");
        let judging = if pretend {
            judging
        } else {
            judging.map_hosts(without_stale)
        };
        let (view, judging) = BinhostView::open(judging, portage.as_ref(), pretend, failure);
        let (mut view, judging, missing) = view.exclude_unusable(judging, &resumed, notices)?;
        if let Some(conflict) = view.conflict() {
            return Ok(Next::Again(conflict));
        }
        if !self.goes_on(&missing, &options) {
            return Ok(Next::Stop);
        }
        match view.close(judging, &words) {
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
        if missing.is_empty() || !only_binary(options) {
            return true;
        }
        let stops = !self.request.force && !options.is_on("pretend");
        output::incomplete(missing, stops);
        !stops
    }
}

/// Whether these options want nothing but binary packages.
fn only_binary(options: &Options) -> bool {
    options.is_on("getbinpkgonly") || options.is_on("usepkgonly")
}

/// The options that name where the system lies.
fn roots(options: &Options) -> RootArgs {
    let value = |name| options.value(name).map(str::to_owned);
    RootArgs {
        chroot: None,
        config_root: value("config-root"),
        root: value("root"),
        sysroot: value("sysroot"),
        prefix: value("prefix"),
        accept_properties: value("accept-properties"),
        accept_restrict: value("accept-restrict"),
    }
}

/// The words of EMERGE_DEFAULT_OPTS.
fn default_opts(base: &Base) -> Result<Vec<String>> {
    let Some(assignment) = options::default_opts(base) else {
        return Ok(Vec::new());
    };
    let words = DefaultOpts::words(&assignment.value);
    words.with_context(|| format!("{DEFAULT_OPTS} ({})", assignment.source))
}

/// emerge takes no packages from a host that it cannot reach, whatever it knows of it, unless it only
/// pretends.
fn without_stale(hosts: Vec<HostState>) -> Vec<HostState> {
    let hosts = hosts.into_iter().map(|host| match host.origin {
        IndexOrigin::Stale => HostState {
            index: None,
            origin: IndexOrigin::Nothing,
            ..host
        },
        _ => host,
    });
    hosts.collect()
}
