//! All candidates of all hosts and of the local PKGDIR, as Portage's database would hold them
//! (`portage: bintree.py:binarytree._populate_local`, `._populate_remote_repo`).

use std::collections::HashMap;

use super::local_packages::{self, LocalEntry};
use super::{BinRepo, Candidate, HostId, HostState, Index};
use crate::local::Base;
use crate::pms::{Dep, Key, Metadata};
use crate::source::Notices;

/// Options that decide what enters.
#[derive(Clone, Debug, Default)]
pub struct PoolOptions {
    /// Remote instances count (`--getbinpkg`).
    pub getbinpkg: bool,
    /// `--getbinpkg-exclude`
    pub exclude: Vec<Dep>,
    /// `--getbinpkg-include`
    pub include: Vec<Dep>,
    /// Entries that bincheck itself hides from emerge.
    pub hidden: Vec<HiddenEntry>,
    /// More atoms for `getbinpkg-exclude` of one host.
    pub host_exclude: Vec<(HostId, Dep)>,
    /// Excluded atoms that bincheck itself has added, and why.
    pub own_exclude: Vec<(Dep, String)>,
}

/// An entry of a host that bincheck hides from the emerge that it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HiddenEntry {
    /// Its host; `None` for the local PKGDIR, whose packages only a list excludes.
    pub host: Option<HostId>,
    /// Which build it is.
    pub build: super::candidate::InstanceKey,
    /// Its path below the host's base.
    pub path: String,
    /// Whether every copy of the build is excluded: without the first emerge would take the next.
    pub every_copy: bool,
    /// Why.
    pub why: String,
}

impl HiddenEntry {
    /// Whether another entry is excluded with this one.
    pub fn covers(&self, candidate: &Candidate) -> bool {
        let same_build = self.build == candidate.instance_key();
        let same_entry = self.host == candidate.host && self.path == candidate.path();
        same_build && (same_entry || self.every_copy)
    }
}

/// Why an entry never becomes a candidate for emerge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absent {
    /// `getbinpkg-exclude` or `-include`; which list and atom, for people.
    Excluded(String),
    /// bincheck itself excludes it, and why.
    OwnExclusion(String),
    /// The same instance was taken from this host (`None`: the local PKGDIR).
    Shadowed(Option<HostId>),
    /// Signatures are required and the file cannot carry one.
    Signature(String),
}

/// An entry of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstanceId(u32);

impl InstanceId {
    /// The place in the pool, for tables with a row for each entry.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// All entries of all indexes: those that count, in the order of Portage's database, and the others.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    /// Every entry; `None` for one that counts.
    pub entries: Vec<(Candidate, Option<Absent>)>,
}

impl Pool {
    /// The entries in Portage's order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = InstanceId> + use<> {
        (0..u32::try_from(self.entries.len()).unwrap_or(u32::MAX)).map(InstanceId)
    }

    /// What one host has, whoever delivers it.
    pub fn of_host(&self, host: HostId) -> Pool {
        let own = self.entries.iter();
        let own = own.filter(|(candidate, _)| candidate.host == Some(host));
        let delivered = own.map(|(candidate, absent)| {
            let absent = absent.clone();
            let absent = absent.filter(|absent| !matches!(absent, Absent::Shadowed(_)));
            (candidate.clone(), absent)
        });
        Pool {
            entries: delivered.collect(),
        }
    }

    /// Collect local instances first (unless there is no PKGDIR), then hosts in order.
    ///
    /// An entry with an unreadable CPV is a notice that names host and entry.
    pub fn collect(
        base: &Base,
        hosts: &[HostState],
        options: &PoolOptions,
        notices: &Notices,
    ) -> Pool {
        let own_chost = base.vars.get("CHOST").unwrap_or("");
        let request_signature = base.vars.has("FEATURES", "binpkg-request-signature");
        let local = local_packages::load(base, request_signature, notices);
        let hosts = if options.getbinpkg { hosts } else { &[] };
        let mut collector = InstanceCollector::with_room(&local, hosts);
        collector.add_local(&local, own_chost, notices);
        for (id, host) in HostId::number(hosts) {
            if let Some(index) = &host.index {
                let verified = host.repo.verify_signature == Some(true);
                let admission = Admission::of(id, host, options, request_signature || verified);
                let chost = default_chost(index, own_chost);
                collector.add_remote(id, host, index, &admission, chost, notices);
            }
        }
        collector.finish()
    }
}

/// CHOST of entries that name none: the client's, unless the header says explicitly that there is none.
fn default_chost<'a>(index: &Index, own_chost: &'a str) -> &'a str {
    match index.header("CHOST") {
        Some(_) => "",
        None => own_chost,
    }
}

/// What tells two instances apart, borrowed: [`super::candidate::InstanceKey`] without its copies.
type BorrowedKey<'a> = (&'a str, Option<i64>, Option<i64>, i64, Option<i64>);

fn key<'a>(metadata: &'a Metadata, candidate: &Candidate) -> BorrowedKey<'a> {
    let package = &candidate.package;
    (
        metadata.text(Key::Cpv),
        package.build_id,
        candidate.size,
        package.build_time,
        candidate.mtime,
    )
}

/// Which entries of one host may enter.
struct Admission<'a> {
    repo: &'a BinRepo,
    exclude: Vec<Dep>,
    include: Vec<Dep>,
    must_be_signed: bool,
    hidden: &'a [HiddenEntry],
    own_exclude: &'a [(Dep, String)],
}

impl Admission<'_> {
    /// The lists of the host and of the command line together; an atom that the command line names in
    /// one list is removed from the other.
    fn of<'a>(
        id: HostId,
        host: &'a HostState,
        options: &'a PoolOptions,
        must_be_signed: bool,
    ) -> Admission<'a> {
        let mut exclude = [&host.repo.exclude[..], &options.exclude].concat();
        let mut include = [&host.repo.include[..], &options.include].concat();
        let of_host = options.host_exclude.iter().filter(|(of, _)| *of == id);
        exclude.extend(of_host.map(|(_, atom)| atom.clone()));
        exclude.retain(|atom| !options.include.contains(atom));
        include.retain(|atom| !options.exclude.contains(atom));
        Admission {
            repo: &host.repo,
            exclude,
            include,
            must_be_signed,
            hidden: &options.hidden,
            own_exclude: &options.own_exclude,
        }
    }

    fn excluded(&self, candidate: &Candidate) -> Option<Absent> {
        let mut hidden = self.hidden.iter();
        if let Some(kept) = hidden.find(|kept| kept.covers(candidate)) {
            return Some(Absent::OwnExclusion(kept.why.clone()));
        }
        let subject = candidate.package.subject();
        let is_own =
            |(atom, _): &&(Dep, String)| atom.matches(&subject) && self.exclude.contains(atom);
        if let Some((_, why)) = self.own_exclude.iter().find(is_own) {
            return Some(Absent::OwnExclusion(why.clone()));
        }
        if let Some(atom) = self.exclude.iter().find(|atom| atom.matches(&subject)) {
            let place = self.place("getbinpkg-exclude", self.repo.exclude.contains(atom));
            return Some(Absent::Excluded(format!("getbinpkg-exclude {atom}{place}")));
        }
        let missing =
            !self.include.is_empty() && !self.include.iter().any(|atom| atom.matches(&subject));
        missing.then(|| {
            let place = self.place("getbinpkg-include", !self.repo.include.is_empty());
            Absent::Excluded(format!("not in getbinpkg-include{place}"))
        })
    }

    /// Where a list stands, if it is that of the host: ` of [site] in /etc/portage/binrepos.conf:4`.
    fn place(&self, key: &str, is_of_host: bool) -> String {
        let source = self.repo.place(key);
        match source.path().filter(|_| is_of_host) {
            Some(_) => format!(" of [{}] in {source}", self.repo.name),
            None => String::new(),
        }
    }

    fn unsigned(&self, candidate: &Candidate) -> Option<Absent> {
        let path = candidate.path();
        if !self.must_be_signed || path.ends_with(".gpkg.tar") {
            return None;
        }
        let is_xpak = path.ends_with(".xpak") || path.ends_with(".tbz2");
        let reason = if is_xpak {
            "xpak files carry no signature"
        } else {
            "PATH does not end in .gpkg.tar"
        };
        Some(Absent::Signature(reason.to_owned()))
    }
}

/// Puts entries into a pool and knows which instances are in it.
struct InstanceCollector<'a> {
    taken: HashMap<BorrowedKey<'a>, Option<HostId>>,
    /// Entries that lack a signature; a host further down may have the same instance.
    unsigned: Vec<(usize, BorrowedKey<'a>)>,
    pool: Pool,
}

impl<'a> InstanceCollector<'a> {
    fn with_room(local: &[LocalEntry], hosts: &[HostState]) -> InstanceCollector<'a> {
        let remote = hosts.iter().filter_map(|host| host.index.as_ref());
        let room = local.len() + remote.map(|index| index.entries.len()).sum::<usize>();
        InstanceCollector {
            taken: HashMap::with_capacity(room),
            unsigned: Vec::new(),
            pool: Pool {
                entries: Vec::with_capacity(room),
            },
        }
    }

    /// Of two entries of the local index for one instance, the later one counts.
    fn add_local(&mut self, local: &'a [LocalEntry], own_chost: &str, notices: &Notices) {
        let mut bad = BadEntries::default();
        let start = self.pool.entries.len();
        let mut places = HashMap::new();
        for entry in local {
            let chost = entry.default_chost.as_deref().unwrap_or(own_chost);
            let candidate = match Candidate::new(entry.metadata.clone(), None, chost) {
                Ok(candidate) => candidate,
                Err(error) => {
                    bad.add(&error.0);
                    continue;
                }
            };
            if let Some(reason) = &entry.unsigned {
                let absent = Absent::Signature(reason.clone());
                self.pool.entries.push((candidate, Some(absent)));
                continue;
            }
            let key = key(&entry.metadata, &candidate);
            self.taken.insert(key, None);
            let place = self.pool.entries.len();
            if let Some(earlier) = places.insert(key, place) {
                let earlier: usize = earlier;
                debug_assert!(earlier >= start);
                self.pool.entries[earlier].1 = Some(Absent::Shadowed(None));
            }
            self.pool.entries.push((candidate, None));
        }
        bad.report("the local PKGDIR", notices);
    }

    /// Of two entries for one instance, the one that came first counts.
    fn add_remote(
        &mut self,
        id: HostId,
        host: &HostState,
        index: &'a Index,
        admission: &Admission<'_>,
        chost: &str,
        notices: &Notices,
    ) {
        let mut bad = BadEntries::default();
        for metadata in &index.entries {
            let candidate = match Candidate::new(metadata.clone(), Some(id), chost) {
                Ok(candidate) => candidate,
                Err(error) => {
                    bad.add(&error.0);
                    continue;
                }
            };
            let key = key(metadata, &candidate);
            let shadowed = || self.taken.get(&key).map(|host| Absent::Shadowed(*host));
            let absent = admission
                .excluded(&candidate)
                .or_else(shadowed)
                .or_else(|| admission.unsigned(&candidate));
            match absent {
                None => {
                    self.taken.insert(key, Some(id));
                }
                Some(Absent::Signature(_)) => self.unsigned.push((self.pool.entries.len(), key)),
                Some(_) => {}
            }
            self.pool.entries.push((candidate, absent));
        }
        bad.report(&format!("binhost {}", host.repo.sync_uri), notices);
    }

    /// What one host may not deliver unsigned and another does, is taken from the other.
    fn finish(mut self) -> Pool {
        for (place, key) in self.unsigned {
            if let Some(host) = self.taken.get(&key) {
                self.pool.entries[place].1 = Some(Absent::Shadowed(*host));
            }
        }
        self.pool
    }
}

/// Entries whose CPV is none. Portage gives up at the first.
#[derive(Default)]
struct BadEntries {
    first: Vec<String>,
    count: usize,
}

impl BadEntries {
    /// How many are named.
    const NAMED: usize = 3;

    fn add(&mut self, cpv: &str) {
        self.count += 1;
        if self.first.len() < Self::NAMED {
            self.first.push(format!("{:?}", shorten(cpv)));
        }
    }

    fn report(&self, place: &str, notices: &Notices) {
        if self.count == 0 {
            return;
        }
        let names = self.first.join(", ");
        let more = match self.count - self.first.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        notices.general(format!(
            "the index of {place} has entries whose CPV cannot be read, which makes emerge abort; they are \
             left out here: {names}{more}"
        ));
    }
}

fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests;
