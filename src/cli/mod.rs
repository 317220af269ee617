//! What can be typed; no behaviour.
//!
//! [`Cli`] holds the words as given. What emerge's options among them mean is
//! [`crate::check::Policy`]'s business.

mod action_args;
mod args;
pub mod default_opts;
mod form;
pub mod options;
mod plan_args;
mod rerun;
pub mod value;
pub mod words;

use clap::{ArgAction, CommandFactory, FromArgMatches, Parser};

pub use action_args::{ActionArgs, ExportArgs, FleetArgs, HostsOf, SystemArgs};
pub use args::{
    CpuArgs, EmergeArgs, Generate, HostArgs, ListArgs, OutputArgs, RootArgs, RunArgs, YesNo,
};
pub use default_opts::{DefaultOpts, DefaultOptsError};
pub(crate) use form::emerge_form;
use form::normal_form;
pub use rerun::Rerun;

use crate::source::Source;
use options::{Effect, Shape};
pub use plan_args::{DeepArg, PlanArgs, RootDepsArg};
use words::{CommandToken, KnownOption};

const AFTER_HELP: &str = "\
Exit status: 0 if all that emerge would merge are binary packages that are there, pass the signature check and run \
here, or nothing is to be merged (with --all: if every package name has a binary package that emerge takes); 1 if \
something would be compiled, would fail, would not run, or cannot be resolved; 2 if that could not be determined.

Options of emerge have emerge's meaning, and its EMERGE_DEFAULT_OPTS count. Those not listed here \
are accepted and change nothing. Without -g, -G, -k or -K on the command line, -g is meant; @world \
without an option that says how means -uDN @world.";

/// What `-h` prints: one screen of 24 lines.
const SHORT_HELP: &str = include_str!("short_help.txt");

/// Tell which binary packages Portage will take on this machine, and why not the others
#[derive(Clone, Debug, Parser)]
#[command(name = "bincheck", version, max_term_width = 100, args_override_self = true, disable_help_flag = true, after_help = AFTER_HELP)]
pub struct Cli {
    /// Atoms, package names or @sets to judge; @world if there are none
    #[arg(value_name = "TARGET")]
    pub targets: Vec<String>,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub action: ActionArgs,

    /// Print all options; -h prints the main ones on one screen
    #[arg(long, action = ArgAction::HelpLong)]
    help: Option<bool>,

    /// Print the main options
    #[arg(short = 'h', long, hide = true, action = ArgAction::HelpShort)]
    short_help: Option<bool>,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub run: RunArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub hosts: HostArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub cpu: CpuArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub roots: RootArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub emerge: EmergeArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub plan: PlanArgs,

    /// What follows from the words as a whole.
    #[arg(skip)]
    pub implied: Implied,
}

/// What follows from the words of a command line as a whole.
#[derive(Clone, Debug, Default)]
pub struct Implied {
    /// What was typed.
    pub words: Vec<String>,

    /// Kinds of changes that were requested with `--suggest`; none for all.
    pub kinds: Vec<String>,

    /// Where EMERGE_DEFAULT_OPTS is set, if it and not what was typed wants nothing but binary packages.
    pub only_binary: Option<Source>,

    /// Whether `-uDN` was added, since nothing but @world was requested.
    pub implies_update: bool,

    /// The same for emerge.
    pub rerun: Rerun,

    /// Options of emerge that were given and change nothing here.
    pub ignored: Vec<String>,

    /// Options of emerge that change its choice in a way that bincheck does not judge.
    pub unjudged: Vec<String>,
}

impl Cli {
    /// Read a command line (without the program's name) with EMERGE_DEFAULT_OPTS prepended.
    ///
    /// # Errors
    /// Wrong usage, `--help` and `--version`, as clap reports them.
    pub fn parse(words: &[String], defaults: &DefaultOpts) -> Result<Cli, clap::Error> {
        let table = table();
        let mut tokens = words::split(words, &table);
        let mut kinds = Vec::new();
        if is_given(&tokens, &["suggest"]) {
            tokens.retain(|token| match token {
                CommandToken::Target(word) if SUGGEST_KINDS.contains(&word.as_str()) => {
                    kinds.push(word.clone());
                    false
                }
                _ => true,
            });
        }
        let mut args = defaults.args.clone();
        if implies_getbinpkg(&tokens) {
            args.push("--getbinpkg=y".to_owned());
        }
        let names_target = |token: &CommandToken<'_>| matches!(token, CommandToken::Target(_));
        let explains_alone = is_given(&tokens, &["why"]) && !tokens.iter().any(names_target);
        let implies_update = !explains_alone
            && defaults.targets.iter().all(|word| is_world(word))
            && implies_update(&tokens);
        if implies_update {
            args.extend(["--update", "--deep=y", "--newuse"].map(str::to_owned));
        }
        let mut cli = Cli::of_tokens(args, tokens)?;
        cli.targets.splice(..0, defaults.targets.iter().cloned());
        if cli.targets.is_empty() {
            cli.targets.extend(cli.action.why.clone());
        }
        cli.implied
            .unjudged
            .splice(..0, defaults.unjudged.iter().cloned());
        (cli.implied.implies_update, cli.implied.kinds) = (implies_update, kinds);
        cli.implied.words = words.to_vec();
        cli.implied.rerun = Rerun::of(words, &cli, defaults);
        Ok(cli)
    }

    /// Read a command line that means what it says and no more.
    ///
    /// # Errors
    /// As [`Cli::parse`].
    pub fn parse_as_it_is(words: &[String]) -> Result<Cli, clap::Error> {
        Cli::of_tokens(Vec::new(), words::split(words, &table()))
    }

    /// The command line that judges one machine of several: without what speaks of all of them.
    pub fn words_for_machine(words: &[String], machine: &str, targets: &[String]) -> Vec<String> {
        let table = table();
        let mut line = Vec::new();
        for token in words::split(words, &table) {
            if let CommandToken::Option(known, value) = token
                && !OF_FLEET.contains(&known.name.as_str())
            {
                line.push(emerge_form(&known.name, value.as_deref()));
            }
        }
        line.push(format!("--chroot={machine}"));
        line.push("--".to_owned());
        line.extend(targets.iter().cloned());
        line
    }

    /// Hand tokens to clap, after other arguments.
    fn of_tokens(before: Vec<String>, tokens: Vec<CommandToken<'_>>) -> Result<Cli, clap::Error> {
        let mut args = vec!["bincheck".to_owned()];
        args.extend(before);
        let (mut ignored, mut unjudged) = (Vec::new(), Vec::new());
        let mut targets = vec!["--".to_owned()];
        let mut command = Cli::command();
        if is_given(&tokens, &["short-help"]) {
            command = command.override_help(SHORT_HELP);
        }
        for token in tokens {
            match token {
                CommandToken::Target(word) => targets.push(word),
                CommandToken::Invalid { word, reason: None } => args.push(word),
                CommandToken::Invalid {
                    reason: Some(reason),
                    ..
                } => return Err(usage_error(reason)),
                CommandToken::Option(known, value) => match known.effect {
                    Some(Effect::Action) => return Err(action_error(&known.name)),
                    Some(Effect::Nothing) => ignored.push(known.name.clone()),
                    Some(Effect::Unjudged) => unjudged.push(known.name.clone()),
                    _ => args.push(normal_form(&known.name, value.as_deref())),
                },
            }
        }
        args.extend(targets);
        let mut cli = Cli::from_arg_matches(&command.try_get_matches_from(args)?)?;
        (cli.implied.ignored, cli.implied.unjudged) = (ignored, unjudged);
        Ok(cli)
    }

    /// Read what stands before `--emerge`: options that speak of the report and of how binhosts are
    /// requested, and nothing that emerge would have to know too.
    ///
    /// # Errors
    /// Wrong usage, `--help` and `--version`, as clap reports them.
    pub fn parse_before_emerge(words: &[String]) -> Result<Cli, clap::Error> {
        let known = table();
        for token in words::split(words, &known) {
            let misplaced = match token {
                CommandToken::Target(word) => word,
                CommandToken::Option(known, _) if is_emerges(known) => format!("--{}", known.name),
                _ => continue,
            };
            return Err(usage_error(format!(
                "{misplaced} is for emerge; write it after --emerge"
            )));
        }
        let cli = Cli::parse(words, &DefaultOpts::default())?;
        let foreign = [
            ("--all", cli.action.all),
            ("--check-plan", cli.action.check_plan),
            ("--why", cli.action.why.is_some()),
            ("--suggest", cli.action.suggest),
            ("--adopt", cli.action.adopt.is_some()),
            ("--hosts", cli.action.hosts),
            ("--fleet", cli.action.fleet.fleet),
            ("--changes", cli.action.changes),
            ("--compare", cli.action.systems.compare.is_some()),
            ("--freeze", cli.action.systems.freeze.is_some()),
            ("--deploy", cli.action.systems.deploy.is_some()),
            ("--chroot", cli.roots.chroot.is_some()),
            ("--json", cli.output.json),
            ("--metrics", cli.output.metrics.is_some()),
            ("--html", cli.output.html.is_some()),
        ];
        match foreign.iter().find(|(_, given)| *given) {
            Some((name, _)) => Err(usage_error(format!(
                "{name} cannot be used with --emerge, which runs emerge on this system"
            ))),
            None => Ok(cli),
        }
    }

    /// Whether everything is to be shown.
    pub fn verbose(&self) -> bool {
        self.output.verbose.is_some_and(YesNo::is_yes)
    }

    /// Whether little is to be shown.
    pub fn quiet(&self) -> bool {
        self.output.quiet.is_some_and(YesNo::is_yes)
    }
}

/// Options that say something of several machines together.
const OF_FLEET: [&str; 5] = ["fleet", "hosts-of", "html", "json", "metrics"];

/// Words that restrict what `--suggest` suggests.
pub const SUGGEST_KINDS: [&str; 9] = [
    "use",
    "make-conf",
    "keywords",
    "license",
    "properties",
    "restrict",
    "mask",
    "binrepos",
    "option",
];

/// Whether `-g` is meant: no option names where packages come from, or all are requested.
fn implies_getbinpkg(tokens: &[CommandToken<'_>]) -> bool {
    let sources = ["getbinpkg", "getbinpkgonly", "usepkg", "usepkgonly"];
    is_given(tokens, &["all"]) || !is_given(tokens, &sources)
}

/// Whether one of these options was typed.
fn is_given(tokens: &[CommandToken<'_>], names: &[&str]) -> bool {
    tokens.iter().any(
        |token| matches!(token, CommandToken::Option(known, _) if names.contains(&known.name.as_str())),
    )
}

/// Whether an option is emerge's and would change what it does.
fn is_emerges(known: &KnownOption) -> bool {
    let shown = matches!(known.effect, None | Some(Effect::Colour | Effect::Display));
    !shown
}

/// Options that choose how much of a set is to be merged; without any, @world means an upgrade.
const EXTENT: [&str; 13] = [
    "all",
    "changed-use",
    "deep",
    "emptytree",
    "newrepo",
    "newuse",
    "nodeps",
    "noreplace",
    "onlydeps",
    "reinstall",
    "selective",
    "update",
    "update-if-installed",
];

/// Whether `-uDN` is meant: @world is all that was requested, and nothing says how.
fn implies_update(tokens: &[CommandToken<'_>]) -> bool {
    tokens.iter().all(|token| match token {
        CommandToken::Target(word) => is_world(word),
        CommandToken::Option(known, _) => !EXTENT.contains(&known.name.as_str()),
        CommandToken::Invalid { .. } => true,
    })
}

fn is_world(word: &str) -> bool {
    matches!(word, "@world" | "world")
}

fn usage_error(message: String) -> clap::Error {
    Cli::command().error(clap::error::ErrorKind::InvalidValue, message)
}

fn action_error(name: &str) -> clap::Error {
    usage_error(format!(
        "--{name} is an action of emerge, and bincheck only judges binary packages; `bincheck --emerge --{name}` hands it on"
    ))
}

/// All options of the command line: bincheck's own as clap knows them, and emerge's.
pub(crate) fn table() -> Vec<KnownOption> {
    let mut command = Cli::command();
    command.build();
    let emerge = words::emerge_table();
    let is_own = |name: &str| {
        let found = emerge.iter().find(|known| known.name == name);
        found.is_none_or(|known| {
            matches!(name, "help" | "version") && known.effect == Some(Effect::Action)
        })
    };
    let own = command.get_arguments().filter_map(|arg| {
        let name = arg.get_long().filter(|name| is_own(name))?;
        Some(KnownOption {
            name: name.to_owned(),
            short: arg.get_short(),
            shape: if arg.get_action().takes_values() {
                Shape::Required(value::Value::Text)
            } else {
                Shape::Flag
            },
            effect: None,
        })
    });
    let mut table: Vec<KnownOption> = own.collect();
    table.extend(
        emerge
            .into_iter()
            .filter(|known| !matches!(known.name.as_str(), "help" | "version")),
    );
    table
}

#[cfg(test)]
mod tests;
