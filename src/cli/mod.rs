//! What can be typed; no behaviour.
//!
//! [`Cli`] holds the words as given. What emerge's options among them mean is
//! [`crate::check::Policy`]'s business.

pub mod default_opts;
pub mod options;
pub mod words;

use clap::{Args, CommandFactory, Parser, ValueEnum};

pub use default_opts::DefaultOpts;
use options::{Effect, Shape};
use words::{Known, Piece};

/// `y` or `n`, as emerge spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum YesNo {
    /// On.
    #[value(name = "y", alias = "True")]
    Yes,
    /// Off.
    #[value(name = "n")]
    No,
}

impl YesNo {
    /// As a truth value.
    pub fn is_yes(self) -> bool {
        self == YesNo::Yes
    }
}

/// What `--generate` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Generate {
    /// The manual page.
    Man,
    /// Completions for bash.
    Bash,
    /// Completions for zsh.
    Zsh,
    /// Completions for fish.
    Fish,
}

const AFTER_HELP: &str = "\
Exit status: 0 if every target has a usable binary package (with --all: every package name), 1 if \
some has none, 2 if that could not be told.

Options of emerge have emerge's meaning, and its EMERGE_DEFAULT_OPTS count. Those not listed here \
are accepted and change nothing. Without -g, -G, -k or -K on the command line, -g is meant.";

/// Tell which binary packages Portage will take on this machine, and why not the others
#[derive(Clone, Debug, Parser)]
#[command(name = "bincheck", version, max_term_width = 100, args_override_self = true, after_help = AFTER_HELP)]
pub struct Cli {
    /// Atoms, package names or @sets to judge; @world if there are none
    #[arg(value_name = "TARGET")]
    pub targets: Vec<String>,

    /// Judge every instance of every binhost and of PKGDIR
    ///
    /// Binhosts are asked even under -k and -K, unless --getbinpkg=n says otherwise.
    #[arg(long, conflicts_with = "targets")]
    pub all: bool,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub hosts: HostArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub roots: RootArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub emerge: EmergeArgs,

    /// Options of emerge that were given and change nothing here.
    #[arg(skip)]
    pub ignored: Vec<String>,

    /// Options of emerge that change its choice in a way that bincheck does not judge.
    #[arg(skip)]
    pub unjudged: Vec<String>,
}

/// Which binhosts, and how they are asked.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Binhosts")]
pub struct HostArgs {
    /// Ask this binhost too, as if PORTAGE_BINHOST named it
    #[arg(long, value_name = "URI")]
    pub binhost: Vec<String>,

    /// Send no request; judge by the indexes in the cache
    #[arg(long, conflicts_with = "refresh")]
    pub offline: bool,

    /// Ask every binhost again, whatever its TTL
    #[arg(long)]
    pub refresh: bool,
}

/// Where the judged system lies.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "System")]
pub struct RootArgs {
    /// Judge the system whose root directory is DIR
    #[arg(long, value_name = "DIR")]
    pub chroot: Option<String>,

    /// Directory that holds etc/portage (PORTAGE_CONFIGROOT)
    #[arg(long, value_name = "DIR")]
    pub config_root: Option<String>,

    /// Target root (ROOT)
    #[arg(long, value_name = "DIR")]
    pub root: Option<String>,

    /// Root of build dependencies (SYSROOT)
    #[arg(long, value_name = "DIR")]
    pub sysroot: Option<String>,

    /// Installation prefix (EPREFIX)
    #[arg(long, value_name = "DIR")]
    pub prefix: Option<String>,

    /// Override ACCEPT_PROPERTIES
    #[arg(long, value_name = "WORDS")]
    pub accept_properties: Option<String>,

    /// Override ACCEPT_RESTRICT
    #[arg(long, value_name = "WORDS")]
    pub accept_restrict: Option<String>,
}

/// How results are shown.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Write JSON
    #[arg(long)]
    pub json: bool,

    /// Show everything: all reasons in full, all notices
    #[arg(short, long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub verbose: Option<YesNo>,

    /// Show one line a target and no notices
    #[arg(short, long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub quiet: Option<YesNo>,

    /// Colour, whatever the terminal and NO_COLOR say
    #[arg(long, value_name = "y|n", hide_possible_values = true)]
    pub color: Option<YesNo>,

    /// Write a manual page or completions
    #[arg(long, hide = true, value_name = "WHAT")]
    pub generate: Option<Generate>,
}

/// Options of emerge that change verdicts.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of emerge")]
pub struct EmergeArgs {
    /// Use binhosts (and PKGDIR)
    #[arg(short = 'g', long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub getbinpkg: Option<YesNo>,

    /// Use binhosts and PKGDIR, and no ebuilds
    #[arg(short = 'G', long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub getbinpkgonly: Option<YesNo>,

    /// Use PKGDIR
    #[arg(short = 'k', long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub usepkg: Option<YesNo>,

    /// Use PKGDIR, and no ebuilds
    #[arg(short = 'K', long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub usepkgonly: Option<YesNo>,

    /// Reject packages whose USE differs
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub binpkg_respect_use: Option<YesNo>,

    /// Reject packages whose dependencies differ from the ebuild's
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub binpkg_changed_deps: Option<YesNo>,

    /// Reject packages whose user patches differ
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub binpkg_respect_user_patches: Option<YesNo>,

    /// Compare build dependencies too
    #[arg(long, value_name = "y|n", hide_possible_values = true)]
    pub with_bdeps: Option<YesNo>,

    /// Whether build dependencies are compared where binary packages are not used
    #[arg(long, value_name = "y|n", hide_possible_values = true)]
    pub with_bdeps_auto: Option<YesNo>,

    /// Compare USE and IUSE, whatever --binpkg-respect-use says
    #[arg(short = 'N', long)]
    pub newuse: bool,

    /// The same, leaving out flags that changed without effect
    #[arg(short = 'U', long)]
    pub changed_use: bool,

    /// The same as --changed-use
    #[arg(long, value_name = "changed-use", value_parser = ["changed-use"], hide_possible_values = true, hide = true)]
    pub reinstall: Option<String>,

    /// Judge by the status of the ebuild of the same version
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub use_ebuild_visibility: Option<YesNo>,

    /// Reject packages of live ebuilds
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub usepkg_exclude_live: Option<YesNo>,

    /// Never install these (names and slot atoms, repeatable)
    #[arg(short = 'X', long, value_name = "ATOMS")]
    pub exclude: Vec<String>,

    /// Take no binary packages of these
    #[arg(long, value_name = "ATOMS")]
    pub usepkg_exclude: Vec<String>,

    /// Take binary packages of these only
    #[arg(long, value_name = "ATOMS")]
    pub usepkg_include: Vec<String>,

    /// Fetch no binary packages of these
    #[arg(long, value_name = "ATOMS")]
    pub getbinpkg_exclude: Vec<String>,

    /// Fetch binary packages of these only
    #[arg(long, value_name = "ATOMS")]
    pub getbinpkg_include: Vec<String>,

    /// Prefer binary packages of these even to newer ebuilds, with fewer checks
    #[arg(long, value_name = "ATOMS")]
    pub useoldpkg_atoms: Vec<String>,

    /// Take binary packages of the targets only
    #[arg(long)]
    pub nobindeps: bool,

    /// Leave EMERGE_DEFAULT_OPTS aside
    #[arg(long)]
    pub ignore_default_opts: bool,
}

impl Cli {
    /// Read a command line (without the program's name) with EMERGE_DEFAULT_OPTS in front.
    ///
    /// # Errors
    /// Wrong usage, `--help` and `--version`, as clap reports them.
    pub fn parse(words: &[String], defaults: &DefaultOpts) -> Result<Cli, clap::Error> {
        let table = table();
        let pieces = words::split(words, &table);
        let mut args = vec!["bincheck".to_owned()];
        args.extend(defaults.args.iter().cloned());
        if implies_getbinpkg(&pieces) {
            args.push("--getbinpkg=y".to_owned());
        }
        let (mut ignored, mut unjudged) = (Vec::new(), defaults.unjudged.clone());
        let mut targets = vec!["--".to_owned()];
        for piece in pieces {
            match piece {
                Piece::Target(word) => targets.push(word),
                Piece::Bad { word, reason: None } => args.push(word),
                Piece::Bad {
                    reason: Some(reason),
                    ..
                } => return Err(usage_error(reason)),
                Piece::Option(known, value) => match known.effect {
                    Some(Effect::Action) => return Err(action_error(&known.name)),
                    Some(Effect::Nothing) => ignored.push(known.name.clone()),
                    Some(Effect::Unjudged) => unjudged.push(known.name.clone()),
                    _ => args.push(normal_form(&known.name, value.as_deref())),
                },
            }
        }
        args.extend(targets);
        let mut cli = Cli::try_parse_from(args)?;
        (cli.ignored, cli.unjudged) = (ignored, unjudged);
        Ok(cli)
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

/// `--name` or `--name=value`.
fn normal_form(name: &str, value: Option<&str>) -> String {
    match value {
        Some(value) => format!("--{name}={value}"),
        None => format!("--{name}"),
    }
}

/// Whether `-g` is meant: nothing was said of where packages come from, or all are asked for.
fn implies_getbinpkg(pieces: &[Piece<'_>]) -> bool {
    let given = |names: &[&str]| {
        pieces.iter().any(
            |piece| matches!(piece, Piece::Option(known, _) if names.contains(&known.name.as_str())),
        )
    };
    given(&["all"]) || !given(&["getbinpkg", "getbinpkgonly", "usepkg", "usepkgonly"])
}

fn usage_error(message: String) -> clap::Error {
    Cli::command().error(clap::error::ErrorKind::InvalidValue, message)
}

fn action_error(name: &str) -> clap::Error {
    usage_error(format!(
        "--{name} is an action of emerge; bincheck only judges binary packages"
    ))
}

/// All options of the command line: bincheck's own as clap knows them, and emerge's.
fn table() -> Vec<Known> {
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
        Some(Known {
            name: name.to_owned(),
            short: arg.get_short(),
            shape: if arg.get_action().takes_values() {
                Shape::Required
            } else {
                Shape::Flag
            },
            effect: None,
        })
    });
    let mut table: Vec<Known> = own.collect();
    table.extend(
        emerge
            .into_iter()
            .filter(|known| !matches!(known.name.as_str(), "help" | "version")),
    );
    table
}

#[cfg(test)]
mod tests;
