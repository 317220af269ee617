//! What is said: the facts, then a writer for people and one for programs.

use crate::binhost::HostState;
use crate::check::Judged;
use crate::local::targets::Target;
use crate::source::Notice;

/// All facts of a run that judges instances.
#[derive(Debug)]
pub struct Report<'a> {
    /// What was asked; empty for `--all`.
    pub targets: &'a [Target],
    /// For each target, positions in `instances` of the instances that serve it, best first as
    /// emerge would try them.
    pub serving: Vec<Vec<usize>>,
    /// Every instance that was asked for, in order of name, then best first.
    pub instances: Vec<Judged<'a>>,
    /// All hosts, in Portage's order.
    pub hosts: &'a [HostState],
    /// Lines that were skipped.
    pub notices: Vec<Notice>,
}
