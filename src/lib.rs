//! bincheck tells which binary packages Portage will take on this machine, and why not the others.
//!
//! Data flows one way, and every value is finished when it is made:
//!
//! `argv + Env → Cli → Local → Vec<Index> → Vec<Candidate> → Vec<Judged> → Plan → Report → stdout, Exit`
//!
//! | module | is |
//! |---|---|
//! | [`pms`] | words of the Package Manager Specification: text to values and back |
//! | [`source`] | where a setting came from; notices about lines that were skipped |
//! | [`chroot`] | reading the files of the judged system, wherever its root lies |
//! | [`cache`] | bincheck's own directory on disk, and who could have changed it |
//! | [`local`] | this machine: configuration, repositories and installed packages, as one immutable value |
//! | [`binhost`] | the other side: fetch an index, read it, make candidates |
//! | [`check`] | one file a rule, each a pure function of a candidate and this machine |
//! | [`plan`] | which package serves each need: what emerge would merge |
//! | [`cpu`] | instruction sets: what processors have, and what compiler options may use |
//! | [`runs`] | will it run here: what a package was built for, against this machine |
//! | [`emerge`] | emerge's command line for what was judged, and becoming emerge |
//! | [`report`] | what is said: the facts, then a writer for people and one for programs |
//! | [`command`] | one file an action: the only place where stages are joined |
//! | [`redact`] | texts without the passwords of URIs that they quote |
//! | [`shlex`] | a text in words, as Python's `shlex.split` makes them |
//! | [`cli`], [`env`], [`exit`] | what can be typed, the environment, every exit status |

pub mod binhost;
pub mod cache;
pub mod check;
pub mod chroot;
pub mod cli;
pub mod command;
pub mod cpu;
pub mod emerge;
pub mod env;
pub mod exit;
pub mod local;
pub mod packages;
mod parallel;
pub mod plan;
pub mod pms;
pub mod redact;
pub mod report;
pub mod runs;
pub mod shlex;
pub mod source;
