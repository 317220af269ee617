//! Groups of options, as clap shows them.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

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

/// Running emerge. These words are taken off a command line before it is parsed; here they are described.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Running emerge")]
pub struct RunArgs {
    /// Judge what an emerge command line asks for, then run it
    ///
    /// All that follows is emerge's. Options are added: -g, --binpkg-respect-use=y and
    /// --binpkg-changed-deps=y, each unless another value was given. Binary packages that would not
    /// run here are excluded.
    #[arg(long, value_name = "ARGS", num_args = 0.., allow_hyphen_values = true)]
    pub emerge: Option<Vec<String>>,

    /// With --emerge: go on although -G will not find everything
    #[arg(long, requires = "emerge")]
    pub force: bool,

    /// With --emerge: end with an error where bincheck cannot do its part
    #[arg(long, requires = "emerge")]
    pub strict: bool,
}

/// Which binhosts, and how they are contacted.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Binhosts")]
pub struct HostArgs {
    /// Ask this binhost too, as if binrepos.conf had a section for it
    #[arg(long, value_name = "URI", value_parser = NonEmptyStringValueParser::new())]
    pub binhost: Vec<String>,

    /// Send no request; judge by the indexes in the cache
    #[arg(long, conflicts_with = "refresh")]
    pub offline: bool,

    /// Ask every binhost again, whatever its TTL
    #[arg(long)]
    pub refresh: bool,

    /// With --config-root or --root: run the fetch commands of that configuration
    ///
    /// A fetchcommand or FETCHCOMMAND may be any program, and so may what PORTAGE_SSH_OPTS names. Those
    /// of this machine's own configuration are run as Portage does it; those of another one only with
    /// this option, and those of a system under --chroot never.
    #[arg(long, conflicts_with = "chroot")]
    pub allow_fetchcommand: bool,
}

/// What packages were built for, and what they are to run on.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Processor")]
pub struct CpuArgs {
    /// Judge for this processor, named as -march or -mcpu name it
    #[arg(long, value_name = "NAME", conflicts_with = "cpuinfo")]
    pub cpu: Option<String>,

    /// Judge for the processor that this copy of /proc/cpuinfo describes
    #[arg(long, value_name = "FILE")]
    pub cpuinfo: Option<String>,

    /// Inspect packages on binhosts, with --all every one
    #[arg(long, overrides_with = "no_fetch_metadata")]
    pub fetch_metadata: bool,

    /// Inspect no package; what it was built for is known only if the index has it
    #[arg(long, overrides_with = "fetch_metadata")]
    pub no_fetch_metadata: bool,

    /// Download whole files where no part of them can be had alone
    #[arg(long)]
    pub fetch_whole: bool,
}

/// Where the judged system lies.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "System")]
pub struct RootArgs {
    /// Judge the system whose root directory is DIR, or that --freeze wrote to this file
    ///
    /// All paths and links count from DIR. What it lacks comes from this machine only if it is an
    /// ebuild repository, /usr/share/portage or the directory of a file: binhost, and never from a
    /// home directory. The environment does not count, and no command of its configuration is run.
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

    /// Write what the request comes to also to FILE, for Prometheus (node_exporter's textfile collector)
    ///
    /// For an ordinary request and for --fleet. The file is replaced as a whole.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["all", "why", "suggest", "changes", "hosts", "adopt", "compare", "freeze", "deploy", "check_plan"])]
    pub metrics: Option<String>,

    /// Write the answer also as a page to look at, which is one file that loads nothing else
    ///
    /// For an ordinary request, --hosts and --fleet.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["all", "why", "suggest", "changes", "adopt", "compare", "freeze", "deploy", "check_plan"])]
    pub html: Option<String>,

    /// Show everything: all reasons in full, all notices
    #[arg(short, long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub verbose: Option<YesNo>,

    /// Show one line per target and no notices
    #[arg(short, long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub quiet: Option<YesNo>,

    /// Put each merge below what needs it
    #[arg(short, long)]
    pub tree: bool,

    /// Colour, regardless of the terminal and NO_COLOR
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
    #[command(flatten)]
    #[allow(missing_docs)]
    pub sources: SourceArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub compare: CompareArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub lists: ListArgs,

    /// Leave EMERGE_DEFAULT_OPTS aside
    #[arg(long)]
    pub ignore_default_opts: bool,
}

/// Where packages come from.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of emerge")]
pub struct SourceArgs {
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
}

/// What is compared.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of emerge")]
pub struct CompareArgs {
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
}

/// Which packages are left out by name.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of emerge")]
pub struct ListArgs {
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
}
