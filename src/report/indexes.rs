//! What the indexes of the binhosts can tell at all, for every answer that finds no package in them.

use super::{NAME_A_BINHOST, host_labels};
use crate::binhost::HostState;
use crate::check::Policy;
use crate::exit::Exit;

/// Which indexes are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Indexes {
    /// The names for people of hosts whose index is lacking.
    unread: Vec<String>,
    /// How many hosts there are.
    hosts: usize,
    /// Whether binhosts are asked at all.
    are_wanted: bool,
    /// Whether a host that was named on the command line has none.
    lacks_added: bool,
}

impl Indexes {
    /// See which of them are there.
    pub fn of(hosts: &[HostState], policy: &Policy) -> Indexes {
        let labels = host_labels::of(hosts).into_iter().zip(hosts);
        let unread = labels.filter(|(_, host)| host.index.is_none());
        let mut without = hosts.iter().filter(|host| host.index.is_none());
        Indexes {
            unread: unread.map(|(label, _)| label).collect(),
            hosts: hosts.len(),
            are_wanted: policy.sources.getbinpkg,
            lacks_added: without.any(|host| host.repo.is_added()),
        }
    }

    /// The names for people of hosts whose index is lacking.
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    /// That no host has a package, as far as that is known.
    pub fn without_package(&self) -> String {
        match (self.hosts, self.unread.len()) {
            (0, _) if self.are_wanted => "no binhost is configured".to_owned(),
            (0, _) => "PKGDIR does not have it".to_owned(),
            (_, 0) => "no binhost has it".to_owned(),
            (hosts, unread) if hosts == unread => {
                format!("no index could be read: {}", self.unread.join(", "))
            }
            _ => format!(
                "no index that could be read has it; not read: {}",
                self.unread.join(", ")
            ),
        }
    }

    /// What brings the indexes without which nothing could be asked; other changes are of no use before.
    pub fn next_step(&self, is_offline: bool) -> Option<String> {
        if !self.are_wanted || self.unread.len() < self.hosts {
            return None;
        }
        Some(match (self.hosts, is_offline) {
            (0, _) => NAME_A_BINHOST.to_owned(),
            (_, true) => "the same without --offline".to_owned(),
            (_, false) => format!(
                "the same again when the index of {} can be read",
                self.unread.join(" or ")
            ),
        })
    }

    /// How a run ends that ends so by the indexes that are there: it is open whether one that is lacking would have helped,
    /// and a host that was named on the command line must have one.
    pub fn exit(&self, answered: Exit) -> Exit {
        let is_open = answered == Exit::SomeMissing && !self.unread.is_empty();
        if is_open || self.lacks_added {
            return Exit::Unknown;
        }
        answered
    }
}
