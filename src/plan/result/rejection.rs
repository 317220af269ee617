//! The facts behind what a plan could not use: which sub-slot moved, which dependency cannot be had and why not, and
//! which packages pull the other way.

use std::fmt;
use std::rc::Rc;

use crate::binhost::{Absent, InstanceId};
use crate::check::{Code, Finding, Remedy};
use crate::local::moves::Move;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::PlanPackage;
use crate::plan::select::selector::Selector;
use crate::pms::{Cpn, Cpv, DepSpec, Key, Kind, signed};
use crate::source::Source;

/// How many packages are named that an atom could mean.
const NAMED: usize = 3;

/// A package was built against a slot and sub-slot, and another will be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedSlot {
    /// What it was built against: `dev-libs/icu:0/74.2=`.
    pub built: String,
    /// The package that will be there, and its slot with sub-slot.
    pub present: Option<(Cpv, String)>,
    /// A package with the slot that it was built against, and why that does not count.
    pub hidden: Option<Box<Hidden>>,
}

impl fmt::Display for MovedSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "built against {}, here ",
            self.built.trim_end_matches('=')
        )?;
        match &self.present {
            Some((cpv, slot)) => write!(f, "it will be {slot} ({cpv})"),
            None => write!(f, "nothing has that slot"),
        }?;
        match &self.hidden {
            Some(hidden) => write!(f, "; {hidden}"),
            None => Ok(()),
        }
    }
}

/// Why nothing satisfies an atom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsatisfied {
    /// The atom.
    pub atom: String,
    /// Packages that it could mean, and why each does not count; empty where there is none of the name.
    pub candidates: Vec<Hidden>,
}

/// A package that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// The package.
    pub package: Cpv,
    /// Which build of it, where it is a binary package that has one.
    pub build_id: Option<i64>,
    /// Whether it is an ebuild, a binary package or installed.
    pub kind: Kind,
    /// Why, in words.
    pub why: String,
    /// The lines that decided.
    pub sources: Vec<Source>,
}

impl fmt::Display for Unsatisfied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing satisfies {}", self.atom)?;
        for (number, hidden) in self.candidates.iter().enumerate() {
            let start = if number == 0 { ": " } else { "; " };
            write!(f, "{start}{hidden}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Ebuild => "the ebuild of ",
            Kind::Binary => "the binary of ",
            Kind::Installed => "installed ",
        };
        write!(f, "{kind}{}", self.package)?;
        if let Some(id) = self.build_id {
            write!(f, "-{id}")?;
        }
        write!(f, " {}", self.why)?;
        let source = self.sources.first().map(ToString::to_string);
        match source.filter(|source| !self.why.contains(source)) {
            Some(source) => write!(f, " ({source})"),
            None => Ok(()),
        }
    }
}

/// The slot that moved under a package that was built against it.
pub(in crate::plan) fn moved_slot<'a>(
    select: &Selector<'_, 'a>,
    package: &PlanPackage<'a>,
) -> Option<MovedSlot> {
    let atoms = dependencies(select, package);
    let mut bound = atoms.iter().filter(|atom| atom.is_built());
    bound.find_map(|atom| {
        let slot = atom.dep.slot()?;
        let graph = select.graph.packages().iter().map(|id| select.get(*id));
        let installed = select.packages.known_installed(atom.root, atom.name());
        let mut all = graph
            .chain(installed)
            .filter(|other| other.root() == atom.root && other.name() == atom.name());
        let present = all.find(|other| other.slot() == slot);
        let fits =
            |other: &std::rc::Rc<PlanPackage<'a>>| Some(other.sub_slot()) == atom.dep.sub_slot();
        if present.as_ref().is_some_and(fits) {
            return None;
        }
        let describe = |other: std::rc::Rc<PlanPackage<'a>>| {
            (other.cpv().clone(), format!("{slot}/{}", other.sub_slot()))
        };
        let present = present.map(describe);
        // Older versions are behind, whatever speaks against them.
        let is_ahead = |hidden: &Hidden| {
            present.as_ref().is_none_or(|(cpv, _)| {
                let version = &hidden.package.version;
                version.cmp_version(&cpv.version).is_gt()
            })
        };
        let hidden = matching_but_hidden(select, atom).filter(is_ahead);
        Some(MovedSlot {
            built: atom.to_string(),
            hidden: hidden.map(Box::new),
            present,
        })
    })
}

/// A package that an atom means, and that does not count.
fn matching_but_hidden<'a>(select: &Selector<'_, 'a>, atom: &Atom) -> Option<Hidden> {
    let known = known(select, atom);
    let matching = known
        .iter()
        .filter(|package| atom.dep.matches(&package.subject()));
    // Where one counts, something else keeps it from being there.
    let hidden: Option<Vec<Hidden>> = matching.map(|one| hidden(select, atom, one)).collect();
    hidden?.into_iter().next()
}

/// All that an atom could mean, by its name.
fn known<'a>(select: &Selector<'_, 'a>, atom: &Atom) -> Vec<Rc<PlanPackage<'a>>> {
    let versions = select.packages.versions(atom.root, atom.name());
    let sources = &select.packages.policy.sources;
    let kinds = [
        (Kind::Binary, sources.usepkg),
        (Kind::Ebuild, sources.ebuilds),
        (Kind::Installed, true),
    ];
    let kinds = kinds.iter().filter(|(_, counts)| *counts);
    let all = kinds.flat_map(|(kind, _)| versions.of(*kind));
    all.cloned().collect()
}

/// Whether anything satisfies an atom, and what does not count for it.
pub(in crate::plan) fn unsatisfied<'a>(
    select: &Selector<'_, 'a>,
    atom: &Atom,
) -> (bool, Unsatisfied) {
    let mut found = false;
    let mut candidates = Vec::new();
    for package in known(select, atom) {
        match hidden(select, atom, &package) {
            None => found = true,
            Some(hidden) => candidates.push(hidden),
        }
    }
    candidates.extend(absent(select, atom));
    candidates.extend(renamed(select, atom));
    // Two hosts with the same build have the same to report of it.
    let mut known = Vec::new();
    candidates.retain(|one: &Hidden| {
        let is_new = !known.contains(one);
        known.extend(is_new.then(|| one.clone()));
        is_new
    });
    candidates.truncate(NAMED);
    let atom = atom.to_string();
    (found, Unsatisfied { atom, candidates })
}

/// Binary packages that never enter Portage's database: what a host may not deliver.
fn absent(select: &Selector<'_, '_>, atom: &Atom) -> Vec<Hidden> {
    let store = select.packages.store(atom.root);
    let sources = &select.packages.policy.sources;
    let all = if sources.usepkg {
        store.instances_of(atom.name())
    } else {
        &[]
    };
    let is_hidden = |id: &&InstanceId| {
        let (candidate, absent) = store.entry(**id);
        absent.is_some_and(|absent| !matches!(absent, Absent::Shadowed(_)))
            && atom.dep.matches(&candidate.package.subject())
    };
    let hidden = |id: &InstanceId| {
        let judged = store.judged(*id);
        let finding = judged.findings.first()?;
        Some(Hidden {
            package: judged.candidate.package.cpv.clone(),
            build_id: judged.candidate.package.build_id,
            kind: Kind::Binary,
            why: format!("is excluded: {}", finding.detail),
            sources: finding.evidence.sources.clone(),
        })
    };
    all.iter().filter(is_hidden).filter_map(hidden).collect()
}

/// Binary packages that stand under a name that was given up for that of the atom.
fn renamed(select: &Selector<'_, '_>, atom: &Atom) -> Vec<Hidden> {
    let store = select.packages.store(atom.root);
    let usepkg = select.packages.policy.sources.usepkg;
    let Some(name) = Cpn::parse(atom.name()).filter(|_| usepkg) else {
        return Vec::new();
    };
    let moves = store.local().moves().old_names(&name);
    let of_move = |one: &&Move| {
        let id = *store.instances_of(one.old.as_str()).first()?;
        Some(Hidden {
            package: store.entry(id).0.package.cpv.clone(),
            build_id: store.entry(id).0.package.build_id,
            kind: Kind::Binary,
            why: format!("stands under the old name of {name}"),
            sources: vec![one.source.clone()],
        })
    };
    moves.iter().filter_map(of_move).collect()
}

/// Why a package of the name does not count; `None` where it does.
fn hidden<'a>(select: &Selector<'_, 'a>, atom: &Atom, package: &PlanPackage<'a>) -> Option<Hidden> {
    let hidden = |why: String, sources: Vec<Source>| {
        Some(Hidden {
            package: package.cpv().clone(),
            build_id: package
                .package
                .build_id
                .filter(|_| package.kind() == Kind::Binary),
            kind: package.kind(),
            why,
            sources,
        })
    };
    if !atom.dep.matches(&package.subject()) {
        return hidden(mismatch(select, atom, package)?, Vec::new());
    }
    let masks = select.packages.facts(package).masks();
    if let Some(mask) = masks.first().filter(|_| !package.is_installed()) {
        let why = format!("is masked by: {}", mask_words(mask));
        return hidden(why, mask.evidence.sources.clone());
    }
    if select.is_excluded(package) && !package.is_installed() {
        return hidden("is excluded: --exclude".to_owned(), Vec::new());
    }
    if let Some(why) = mismatch(select, atom, package) {
        return hidden(why, Vec::new());
    }
    let instance = package.source.instance()?;
    let judged = select.packages.store(package.root()).judged(instance);
    let finding = judged.findings.first().filter(|finding| finding.certain)?;
    let why = format!("is rejected: {} {}", finding.code, finding.detail);
    hidden(why, finding.evidence.sources.clone())
}

/// What keeps an atom from matching a package of its name: its slot, its repository, its version, or its USE.
pub(in crate::plan) fn mismatch<'a>(
    select: &Selector<'_, 'a>,
    atom: &Atom,
    package: &PlanPackage<'a>,
) -> Option<String> {
    if select.matches(atom, package) {
        return None;
    }
    let dep = &atom.dep;
    if !dep.matches(&package.subject()) {
        let has_slot = dep.slot().is_none_or(|slot| slot == package.slot())
            && dep
                .sub_slot()
                .is_none_or(|sub_slot| sub_slot == package.sub_slot());
        let repository = package.package.repository.as_deref();
        return Some(match repository {
            _ if !has_slot => format!("has slot {}/{}", package.slot(), package.sub_slot()),
            Some(name) if dep.repository().is_some_and(|wanted| wanted != name) => {
                format!("is of repository {name}")
            }
            _ => "does not match".to_owned(),
        });
    }
    let required = atom.unevaluated().required_flags();
    let lacking: Vec<&str> = required
        .filter(|flag| !select.has_flag(package, flag))
        .collect();
    if !lacking.is_empty() {
        return Some(format!("has no flag {}", lacking.join(" ")));
    }
    let state = |flag: &str| {
        select
            .has_flag(package, flag)
            .then(|| select.enabled(package, flag))
    };
    let unmet = dep
        .use_deps()
        .filter(|wanted| !wanted.is_met(state(wanted.flag)));
    let flags = unmet.map(|wanted| match state(wanted.flag) {
        Some(state) => signed(wanted.flag, state),
        None => format!("no flag {}", wanted.flag),
    });
    Some(format!("has USE {}", flags.collect::<Vec<_>>().join(" ")))
}

/// A mask as emerge names it (`portage: actions.py:get_mask_info`, `Package.py:Package._eval_masks`).
fn mask_words(mask: &Finding) -> String {
    let detail = &mask.detail;
    match mask.code {
        Code::Keywords => format!("{detail} keyword"),
        Code::Mask => "package.mask".to_owned(),
        Code::License => format!("{detail} license(s)"),
        Code::Chost => match &mask.evidence.remedy {
            Some(Remedy::Line { line, .. }) => format!("CHOST: {detail}, which {line} lets in"),
            _ => format!("CHOST: {detail}"),
        },
        Code::Eapi => format!("EAPI {detail}"),
        code => format!("{code} {detail}"),
    }
}

/// What a package depends on for certain: alternatives are left out.
fn dependencies<'a>(select: &Selector<'_, 'a>, package: &PlanPackage<'a>) -> Vec<Atom> {
    let facts = select.packages.facts(package);
    let enabled = |flag: &str| select.enabled(package, flag);
    let keys: &[Key] = if package.is_built() {
        &[Key::Rdepend, Key::Pdepend]
    } else {
        &[Key::Depend, Key::Bdepend, Key::Rdepend, Key::Pdepend]
    };
    let mut atoms = Vec::new();
    for key in keys {
        let Ok(specs) = facts.deps(*key).as_ref() else {
            continue;
        };
        let certain = specs
            .iter()
            .filter(|spec| !matches!(spec, DepSpec::AnyOf(_)));
        let leaves =
            certain.flat_map(|spec| DepSpec::active_leaves(std::slice::from_ref(spec), &enabled));
        let leaves = leaves.filter(|dep| dep.blocker().is_none());
        let root = select.packages.dep_root(package, *key);
        atoms.extend(leaves.map(|dep| Atom::evaluated(dep, root, &enabled)));
    }
    atoms
}

#[cfg(test)]
mod tests {
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::plan;

    #[test]
    fn what_does_not_count_is_named() {
        let lines = [
            "ebuild a/a-1; RDEPEND=>=b/b-2:1",
            "ebuild b/b-1",
            "ebuild b/b-3; KEYWORDS=~amd64; SLOT=1",
        ];
        let text = plan(&lines, &["a/a"], &ResolveOptions::default());
        assert!(text.contains("is masked by: ~amd64 keyword"), "{text}");
        assert!(text.contains("has slot 0/0"), "{text}");
    }
}
