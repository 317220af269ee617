//! The command line as it takes effect: what options put into the environment, and EMERGE_DEFAULT_OPTS.

use anyhow::Result;
use semver::Version;

use crate::cli::{Cli, DefaultOpts, RootArgs, YesNo};
use crate::emerge::version;
use crate::env::Env;
use crate::exit::Hinted;
use crate::local::Base;
use crate::local::getconfig::Assignment;
use crate::source::{Notices, Source};

/// Options that emerge puts into the environment before it reads the configuration.
pub(super) fn start(env: Env, roots: &RootArgs) -> Env {
    let options = [
        ("PORTAGE_CONFIGROOT", &roots.config_root),
        ("ROOT", &roots.root),
        ("SYSROOT", &roots.sysroot),
        ("EPREFIX", &roots.prefix),
        ("ACCEPT_PROPERTIES", &roots.accept_properties),
        ("ACCEPT_RESTRICT", &roots.accept_restrict),
    ];
    let given = options
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_ref()?)));
    given.fold(env, |env, (name, value)| env.with(name, value))
}

/// The Portage whose options are known. A later one may have more of them.
const JUDGED: Version = Version::new(3, 0, 83);

/// The variable that holds options for each command line.
pub(super) const DEFAULT_OPTS: &str = "EMERGE_DEFAULT_OPTS";

/// Its value, and where it is set.
pub(super) fn default_opts(base: &Base) -> Option<&Assignment> {
    base.vars.assignment(DEFAULT_OPTS)
}

/// The command line once more, with EMERGE_DEFAULT_OPTS prepended.
///
/// # Errors
/// EMERGE_DEFAULT_OPTS cannot be split, or has a value that an option does not take.
pub(super) fn with_default_opts(
    words: &[String],
    cli: Cli,
    base: &Base,
    notices: &Notices,
) -> Result<Cli> {
    let assignment = default_opts(base).filter(|_| !cli.emerge.ignore_default_opts);
    let mut cli = match assignment {
        None => cli,
        Some(assignment) => {
            let place = &assignment.source;
            let read = DefaultOpts::read(&assignment.value)
                .map_err(|error| wrong_default(&error.to_string(), place))?;
            if let Some(unknown) = read.unknown.first() {
                let wrong = format!("{unknown} is not an option of emerge 3.0.83");
                if version::running(base).is_none_or(|running| running <= JUDGED) {
                    return Err(wrong_default(&wrong, place));
                }
                notices.at(place, format!("{DEFAULT_OPTS}: {wrong}; ignored"));
            }
            let typed = wants_only_binary(&cli);
            let mut cli = Cli::parse(words, &read)
                .map_err(|error| wrong_default(&first_line(&error), place))?;
            let only_binary = wants_only_binary(&cli) && !typed;
            cli.implied.only_binary = only_binary.then(|| place.clone());
            cli
        }
    };
    for name in std::mem::take(&mut cli.implied.unjudged) {
        notices.general(format!(
            "--{name} changes what emerge picks in a way that bincheck does not follow"
        ));
    }
    if cli.verbose() {
        for name in std::mem::take(&mut cli.implied.ignored) {
            notices.general(format!(
                "--{name} changes neither verdicts nor the plan; ignored"
            ));
        }
    }
    Ok(cli)
}

/// What was typed, with the EMERGE_DEFAULT_OPTS of another configuration.
pub(super) fn under(base: &Base, cli: &Cli) -> Option<Cli> {
    let words = &cli.implied.words;
    let typed = Cli::parse(words, &DefaultOpts::default()).ok()?;
    with_default_opts(words, typed, base, &Notices::default()).ok()
}

fn wants_only_binary(cli: &Cli) -> bool {
    let options = [
        cli.emerge.sources.getbinpkgonly,
        cli.emerge.sources.usepkgonly,
    ];
    options.into_iter().flatten().any(YesNo::is_yes)
}

/// An error that says where EMERGE_DEFAULT_OPTS is set and what emerge would refuse in it.
fn wrong_default(wrong: &str, place: &Source) -> anyhow::Error {
    let hints = vec!["correct it there, or give --ignore-default-opts".to_owned()];
    let message = format!("{DEFAULT_OPTS} ({place}): {wrong}");
    Hinted { message, hints }.into()
}

/// What clap complains of, without the usage. The command line alone was fine, so EMERGE_DEFAULT_OPTS
/// holds what is wrong.
fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    first.trim_start_matches("error: ").to_owned()
}
