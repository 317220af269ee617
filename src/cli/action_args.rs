//! What is requested, where it is not simply what emerge would do.

use clap::{Args, ValueEnum};

/// The group of which one may be given.
const ACTION: &str = "action";
/// Those that advise, and write what they advise to files.
const ADVICE: &str = "advice";

/// What is requested, where it is not simply what emerge would do.
#[derive(Args, Clone, Debug, Default)]
pub struct ActionArgs {
    /// Judge every instance of every binhost and of PKGDIR
    ///
    /// Binhosts are contacted even under -k and -K, unless --getbinpkg=n states otherwise.
    #[arg(long, group = ACTION, conflicts_with = "targets")]
    pub all: bool,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub export: ExportArgs,

    /// Explain all that decides about one package: every build and ebuild, best first
    ///
    /// It is explained as it stands in the request that the targets make; without any, the package
    /// is what is requested.
    #[arg(long, group = ACTION, value_name = "ATOM")]
    pub why: Option<String>,

    /// Suggest the smallest changes that make compiled packages binary, each of them tried
    ///
    /// Targets that are the word of a kind (use, make-conf, keywords, license, properties, restrict, mask,
    /// binrepos, option) restrict what is suggested to these kinds.
    #[arg(long, groups = [ACTION, ADVICE])]
    pub suggest: bool,

    /// Find the configuration that makes this machine want what a host built, and try it
    ///
    /// MODEL is a binhost by its name or URI, or the build host itself: a directory or what --freeze wrote. Profile,
    /// USE, keywords, licenses, CHOST and -march; the newest build of each slot counts, of a build host what it has
    /// installed. The exit status is 0 if all of it would be taken then.
    #[arg(long, groups = [ACTION, ADVICE], value_name = "MODEL")]
    pub adopt: Option<String>,

    /// With --suggest or --adopt: write the lines to files below this directory, which is not in /etc
    #[arg(
        long = "output",
        id = "output_dir",
        value_name = "DIR",
        requires = ADVICE
    )]
    pub output_dir: Option<String>,

    /// Print what the request comes to now that it did not at the last run; nothing if nothing changed
    ///
    /// What is binary that was compiled, what was withdrawn, new versions, other reasons. The exit status is 1 if
    /// something changed.
    #[arg(long, group = ACTION)]
    pub changes: bool,

    /// With --changes: compare with this file, which an earlier --json wrote
    #[arg(long, value_name = "FILE", requires = "changes")]
    pub since: Option<String>,

    /// Compare every binhost with this machine: index, signatures, what it builds with, how much it could serve
    ///
    /// Shares are of the request, @world without targets, and of what is installed. Some packages of each
    /// host are inspected. The exit status is 0 if every index could be read.
    #[arg(long, group = ACTION)]
    pub hosts: bool,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub systems: SystemArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub fleet: FleetArgs,

    /// Ask `emerge --pretend` with the same options, and show where it differs
    ///
    /// The command is that of the environment variable EMERGE, else emerge. The exit status tells
    /// whether both agree.
    #[arg(long, group = ACTION, conflicts_with = "binhost")]
    pub check_plan: bool,
}

/// Indexes of what runs somewhere.
#[derive(Args, Clone, Debug, Default)]
pub struct ExportArgs {
    /// With --all: write an index for each binhost to this directory, of what runs on the processor
    ///
    /// DIR/HOST/Packages and Packages.gz name the packages where they are. All packages are inspected. A later run
    /// writes them anew; a directory with other files is left alone.
    #[arg(long, value_name = "DIR", requires = "all")]
    pub export: Option<String>,

    /// With --export: only what this machine accepts too
    #[arg(long, requires = "export")]
    pub usable: bool,

    /// With --export: an index for each -march that packages were built for, DIR/MARCH/HOST
    #[arg(long, requires = "export")]
    pub by_march: bool,
}

/// Systems as a whole.
#[derive(Args, Clone, Debug, Default)]
pub struct SystemArgs {
    /// Compare two systems in effect: this one and the target, each a directory or what --freeze wrote
    ///
    /// For packages that either has installed: the version that each would take, USE, and the lines that decide,
    /// grouped by cause. `/` is the running system. One of both may be a binhost, by name or URI: what it built is
    /// compared with what the system would build. The exit status is 0 if they are the same, 1 if not.
    #[arg(long, group = ACTION, value_name = "SYSTEM", conflicts_with = "chroot")]
    pub compare: Option<String>,

    /// Write all that judging this system takes to FILE.tar.gz, without secrets
    ///
    /// Configuration, profiles, what repositories give of installed and wanted packages, installed packages, world
    /// and processor. --chroot=FILE.tar.gz judges such a file as a directory, --deploy writes it to one.
    #[arg(long, group = ACTION, value_name = "FILE", conflicts_with_all = ["config_root", "root", "prefix", "sysroot"])]
    pub freeze: Option<String>,

    /// With --freeze: take repositories as a whole
    #[arg(long, requires = "freeze")]
    pub with_repositories: bool,

    /// Write a frozen system to the directory that is the target, which is new or empty
    #[arg(long, group = ACTION, value_name = "FILE")]
    pub deploy: Option<String>,

    /// With --deploy: write only what lies at this path, such as etc/portage
    #[arg(long, value_name = "PATH", requires = "deploy")]
    pub only: Option<String>,
}

/// Several machines.
#[derive(Args, Clone, Debug, Default)]
pub struct FleetArgs {
    /// Judge several machines side by side; of the words, paths are machines and the others are targets
    ///
    /// A machine is a directory or what --freeze wrote, and is judged as --chroot would; `/` is the running system. A
    /// word is a machine if it begins with `/` or `.`, ends in `/` or `.tar.gz`, or names a file or the directory of a
    /// system. A machine that cannot be judged is a row that says why. The exit status is that of one request for all.
    #[arg(long, group = ACTION, conflicts_with_all = ["chroot", "config_root", "root", "prefix", "sysroot", "allow_fetchcommand", "tree"])]
    pub fleet: bool,

    /// With --fleet: which binhosts machines have besides those of --binhost, each its own or none
    #[arg(
        long,
        value_name = "each|none",
        requires = "fleet",
        hide_possible_values = true
    )]
    pub hosts_of: Option<HostsOf>,
}

/// Whose binhosts machines of a fleet have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HostsOf {
    /// Each those of its own configuration.
    Each,
    /// None but those of the command line.
    None,
}
