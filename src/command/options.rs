//! The command line as it takes effect: what options put into the environment, and EMERGE_DEFAULT_OPTS.

use anyhow::{Context, Result};

use crate::cli::{Cli, DefaultOpts, RootArgs};
use crate::env::Env;
use crate::exit::Hinted;
use crate::local::Base;
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

/// The command line once more, with EMERGE_DEFAULT_OPTS in front.
///
/// # Errors
/// EMERGE_DEFAULT_OPTS cannot be split, or has a value that an option does not take.
pub(super) fn with_default_opts(
    words: &[String],
    cli: Cli,
    base: &Base,
    notices: &Notices,
) -> Result<Cli> {
    const NAME: &str = "EMERGE_DEFAULT_OPTS";
    let assignment = base
        .vars
        .assignment(NAME)
        .filter(|_| !cli.emerge.ignore_default_opts);
    let mut cli = match assignment {
        None => cli,
        Some(assignment) => {
            let place = &assignment.source;
            let read = DefaultOpts::read(&assignment.value)
                .with_context(|| format!("{NAME} ({place}) cannot be split into words"))?;
            for skipped in &read.skipped {
                notices.at(place, format!("{NAME}: {skipped}"));
            }
            Cli::parse(words, &read).map_err(|error| wrong_default(&error, place))?
        }
    };
    for name in std::mem::take(&mut cli.unjudged) {
        notices.general(format!(
            "--{name} changes what emerge picks in a way that bincheck does not follow"
        ));
    }
    if cli.verbose() {
        for name in std::mem::take(&mut cli.ignored) {
            notices.general(format!(
                "--{name} changes neither verdicts nor the plan; ignored"
            ));
        }
    }
    Ok(cli)
}

/// The command line alone was fine, so EMERGE_DEFAULT_OPTS holds what is wrong.
fn wrong_default(error: &clap::Error, place: &Source) -> anyhow::Error {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let wrong = first.trim_start_matches("error: ");
    let hints = vec!["correct it there, or give --ignore-default-opts".to_owned()];
    let message = format!("EMERGE_DEFAULT_OPTS ({place}): {wrong}");
    Hinted { message, hints }.into()
}
