//! bincheck tells which binary packages Portage will take on this machine, and why not the others.
//!
//! This page is the map: what depends on what, how data flows, what the words mean, and how to add things.
//!
//! # What depends on what
//!
//! ```text
//!                    command            joins the stages, one file per action
//!                   /   |    \
//!                cli  emerge  report    what is typed; becoming emerge; what is reported
//!                       |    / |
//!                       |  plan |       what emerge would merge
//!                       |   |  /
//!                      packages         one store of all packages, each judged once
//!                          |
//!                        check          one file per rule
//!                       /     \
//!                 binhost     local     the other side; this machine
//!                       \     /
//!                 pms, chroot, source   words of the specification; files; where settings stand
//! ```
//!
//! Dependence goes down. [`compat`] and [`cpu`] stand beside `check`: Portage never compares what they compare, so
//! nothing of theirs changes a verdict. Four idioms of Rust go up: a module's tests use `report::fixture`, a
//! module names its parent's types, `Chroot`'s lock is shared by its clones, and in `plan` the methods of
//! `Depgraph`, `Selector` and `Serializer` lie in files that name the type, which has parts that they define.
//!
//! | module | is |
//! |---|---|
//! | [`pms`] | words of the Package Manager Specification: text to values and back |
//! | [`source`] | where a setting came from; notices about lines that were skipped |
//! | [`chroot`] | reading the files of the judged system, wherever its root lies |
//! | [`cache`] | bincheck's own directory on disk, and who could have changed it |
//! | [`local`] | this machine: configuration, repositories and installed packages, as one immutable value |
//! | [`binhost`] | the other side: fetch an index, read it, make candidates |
//! | [`check`] | one file per rule, each a pure function of a package and this machine |
//! | [`packages`] | the store: everything that may be merged or is installed, read and judged once |
//! | [`plan`] | which package satisfies each dependency: what emerge would merge |
//! | [`cpu`] | instruction sets: what processors have, and what compiler options may use |
//! | [`compat`] | will it run here: what a package was built for, against this machine |
//! | [`openpgp`] | will the signature hold: gpg's keys, and signatures of package files |
//! | `compare` | two systems against each other, in effect |
//! | [`emerge`] | emerge's command line for what was judged, and becoming emerge |
//! | [`freeze`] | frozen machines: what judging a system takes, as an archive, and back |
//! | [`emerge_log`] | how long packages took to compile here: emerge.log, and an index of it in the cache |
//! | `suggest` | changes of configuration that turn compiled packages into binary ones, or into what a host built, each tried in memory |
//! | [`report`] | what is reported: the facts, then a writer for people and one for programs |
//! | [`command`] | one file per action: the only place where stages are joined |
//! | `hash` | hashes by which files are named and compared |
//! | `interrupt` | signals that end a run, held back until what is half made is removed |
//! | `redact` | texts without the passwords of URIs that they quote |
//! | `roff` | lines of manual pages |
//! | [`sanitize`] | texts of others without what a terminal would obey |
//! | [`shlex`] | a text in words, as Python's `shlex.split` makes them |
//! | [`cli`], [`mod@env`], [`exit`] | what can be typed, the environment, every exit status |
//!
//! # How data flows
//!
//! `argv + Env → Cli → Local → Vec<Index> → Packages → Plan → Report → stdout, Exit`
//!
//! 1. [`cli::Cli`] is what was typed, with EMERGE_DEFAULT_OPTS prepended. `command::policy` and
//!    `command::resolve_options` make of it what it means: [`check::Policy`] and [`plan::ResolveOptions`].
//! 2. [`local::Local`] is this machine. Every file of configuration is read once; a line that Portage would skip is
//!    a [`source::Notice`].
//! 3. [`binhost::fetch_all`] gets the indexes, and [`binhost::Pool`] has all their entries as Portage's database
//!    would hold them; what never enters it is kept with the reason ([`binhost::Absent`]).
//! 4. [`packages::Packages`] stands on these. Nothing is worked out before somebody asks: ebuilds are read by
//!    name, a package's USE, keywords and masks are one [`check::Record`], an instance's findings one slice.
//!    `--all` asks about everything at once, on all processors.
//! 5. [`plan::resolve`] follows emerge's resolver. It asks the store for packages, and says for each merge where it
//!    comes from ([`plan::Origin`]) and, if it is compiled, why ([`plan::BuildReason`]).
//! 6. [`report::Report`] holds the facts: the instances that match the targets, the plan, what runs here, how long
//!    what is compiled takes ([`emerge_log::MergeTimes`]).
//!    [`report::human`] and [`report::json`] write it, [`report::html`] and [`report::metrics`] what it comes to.
//!    [`report::Report::exit`] tells how the run ends.
//!
//! `--fleet` takes steps 1 to 6 for each machine on a thread of its own; indexes, ebuilds and dependency strings that
//! machines have in common are read once ([`binhost::SharedIndexes`], [`local::SharedTrees`], [`local::DepStrings`]), and of
//! each report only a [`report::fleet::JudgedMachine`] is kept. What a machine was asked for and answered is a
//! [`chroot::Trace`]: one that answers the same comes to the same, and is not judged again.
//!
//! `--why` ends with a [`report::why::Explanation`] instead. `--suggest` goes from the plan back to the start: what
//! `suggest::propose` reads from it is added to the files of [`chroot::Chroot`] in memory, and steps 2, 4 and 5 are
//! taken again with it (`suggest::search`); indexes, ebuilds and installed packages are not read again.
//!
//! Every value is finished when it is made. Errors stop the run and carry file and line or URL; findings are data.
//!
//! # What is public
//!
//! [`command::run`] is the interface: the program is a line around it. The other public modules are there for the
//! integration tests, benches and fuzz targets, which are crates of their own, and for this page; what none of them
//! calls is private to the crate, so that the compiler finds what is dead. Versions promise nothing about them: they
//! are about the command line, the exit status, the JSON and the files.
//!
//! # Words
//!
//! | word | means |
//! |---|---|
//! | index | a binhost's `Packages` file ([`binhost::Index`]) |
//! | candidate | one entry of an index or of PKGDIR, typed ([`binhost::Candidate`]) |
//! | instance | a candidate by its place in the pool ([`binhost::InstanceId`]): what is judged |
//! | finding | what a rule says against an instance, or that it cannot tell ([`check::Finding`]) |
//! | verdict | what findings come to: accepted, rejected, unknown ([`check::Verdict`]) |
//! | evidence | what is required, what was found, the deciding lines, the change that helps ([`check::Evidence`]) |
//! | mask | a finding of a rule about any package, also an ebuild or an installed one |
//! | host id | a binhost by its place among those that were fetched; none is the local PKGDIR ([`binhost::HostId`]) |
//! | concern | what speaks against running an instance here, with its code ([`compat::Concern`]) |
//! | twin | an instance that another host delivers ([`binhost::Absent::Shadowed`]) |
//! | matches | the instances that an atom or name stands for, and the choice among them ([`packages::Matches`]) |
//! | merge | a package that emerge would install ([`plan::Merge`]) |
//! | obstacle | why emerge would end in an error ([`plan::Obstacle`]) |
//! | target | what was requested: an atom, a name, a set, a file ([`local::targets::Target`]) |
//!
//! # How to add
//!
//! **A rule.** Write `check/NAME.rs` with a `RULE` and tests beside it (accept, reject, unknown; `check::testing`
//! has the builders), add a `Code`, put the rule into `RULES` in the order in which Portage asks. A rule about any
//! package is `Test::OfAny` or, where it does not hide what is installed, `Test::OfNew`; one that compares with
//! ebuilds or options is `Test::OfBinary`. Add a scenario below `testdata/scenarios`, and a row to the table
//! of `man/guide.md`; the manual page is made by `bincheck --generate`.
//!
//! **An option.** Add it to `cli::args`, `cli::plan_args` or, where bincheck need not know its value, to the table in
//! `cli::options`; state what it means in `command::policy` or `command::resolve_options`, and let a rule or the plan
//! ask. `tests/it/cli.rs` tells if the manual page is stale. Completions ask
//! `bincheck --complete`, which knows options by these tables and what their values are by the name of the value (`DIR`,
//! `FILE`, `ATOM`, `URI`).
//!
//! **A reason** why something is compiled: a variant of [`plan::BuildReason`] with its code, found in
//! `plan::result::build_reason`; words for it in `report::human::plan`, and its JSON in `report::json::plan`.
//!
//! **A compression** of packages: its ending in `binhost::package_file::unpack`, which both formats of packages
//! use, and a file of that kind in the tests beside it.
//!
//! **A processor.** A row in the table of its family in [`cpu`]: the name as `-march` or `-mcpu` has it, and its
//! features; where the family is new, a file beside the others and a variant of `cpu::family`.

pub mod binhost;
pub mod cache;
pub mod check;
pub mod chroot;
pub mod cli;
pub mod command;
mod compare;
pub mod compat;
pub mod cpu;
pub mod emerge;
pub mod emerge_log;
pub mod env;
pub mod exit;
pub mod freeze;
mod hash;
pub mod inspect;
mod interrupt;
pub mod local;
pub mod openpgp;
pub mod packages;
mod parallel;
pub mod plan;
pub mod pms;
mod redact;
pub mod report;
mod roff;
pub mod sanitize;
pub mod shlex;
pub mod source;
mod suggest;
