//! Atoms as the resolver handles them: evaluated for a parent, with the form before evaluation kept.

use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;

use foldhash::SharedSeed;
use foldhash::fast::SeedableRandomState;

use crate::plan::packages::root::Root;
use crate::pms::{Blocker, Dep, SlotOperator, Syntax};

/// An atom with its conditional USE dependencies evaluated, for a root. A copy is the same atom: edges, answers and
/// records of a graph have each atom many times.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Atom(Rc<AtomParts>);

/// What there is to an atom.
#[derive(Debug)]
pub(in crate::plan) struct AtomParts {
    /// As it is matched.
    pub dep: Dep,
    /// The root in which it is looked for.
    pub root: Root,
    /// As it was written, where that is something else.
    written: Option<Box<Dep>>,
    /// For one version of a virtual: the atom that the version stands in for.
    pub original: Option<Rc<Atom>>,
    /// A shared library that any package may have, in the place of a package.
    pub soname: Option<Box<str>>,
    /// Hash of the text as it is matched, by which most look-ups go.
    hash: u64,
}

/// The package that the atom of a shared library names; there is none.
const NO_PACKAGE: &str = "__const__/soname";

impl Atom {
    fn new(dep: Dep, root: Root, written: Option<Dep>) -> Atom {
        let hasher = SeedableRandomState::with_seed(0, SharedSeed::global_random());
        Atom(Rc::new(AtomParts {
            hash: hasher.hash_one(dep.as_str()),
            dep,
            root,
            written: written.map(Box::new),
            original: None,
            soname: None,
        }))
    }

    /// An atom without conditionals.
    pub fn plain(dep: Dep, root: Root) -> Atom {
        Atom::new(dep, root, None)
    }

    /// A dependency on a shared library, `category: soname`.
    pub fn soname(soname: &str, root: Root) -> Option<Atom> {
        let atom = Atom::plain(Dep::parse(NO_PACKAGE, Syntax::USER).ok()?, root);
        let parts = Rc::into_inner(atom.0)?;
        Some(Atom(Rc::new(AtomParts {
            soname: Some(soname.into()),
            ..parts
        })))
    }

    /// One version of a virtual, in the place of the atom that it was selected for.
    pub fn of_version(version: &Dep, enabled: &dyn Fn(&str) -> bool, original: &Rc<Atom>) -> Atom {
        let mut atom = Atom::evaluated(version, original.root, enabled);
        if let Some(parts) = Rc::get_mut(&mut atom.0) {
            parts.original = Some(Rc::clone(original));
        }
        atom
    }

    /// Whether it is bound to what it was built with: a slot and sub-slot, or a shared library.
    pub fn is_bound(&self) -> bool {
        self.soname.is_some() || self.is_built()
    }

    /// Evaluate an atom with the parent's USE.
    pub fn evaluated(written: &Dep, root: Root, enabled: &dyn Fn(&str) -> bool) -> Atom {
        if !written.has_conditional_use() {
            return Atom::plain(written.clone(), root);
        }
        Atom::new(written.evaluate_use(enabled), root, Some(written.clone()))
    }

    /// The same atom, looked for in a root.
    pub fn in_root(&self, root: Root) -> Atom {
        if self.root == root {
            return self.clone();
        }
        let AtomParts {
            dep,
            written,
            original,
            soname,
            hash,
            ..
        } = &*self.0;
        let original = original.as_ref();
        Atom(Rc::new(AtomParts {
            dep: dep.clone(),
            root,
            written: written.clone(),
            original: original.map(|atom| Rc::new(atom.in_root(root))),
            soname: soname.clone(),
            hash: *hash,
        }))
    }

    /// The same atom without USE dependencies.
    pub fn without_use(&self) -> Atom {
        let has_use = |dep: &Dep| dep.use_deps().next().is_some();
        if has_use(&self.dep) || has_use(self.unevaluated()) {
            Atom::plain(self.dep.without_use(), self.root)
        } else {
            self.clone()
        }
    }

    /// As it was written.
    pub fn unevaluated(&self) -> &Dep {
        self.written.as_deref().unwrap_or(&self.dep)
    }

    /// Whether USE of a package counts at all.
    pub fn asks_for_use(&self) -> bool {
        self.dep.asks_for_use() || self.unevaluated().asks_for_use()
    }

    /// `category/package`, or the shared library.
    pub fn name(&self) -> &str {
        self.soname.as_deref().unwrap_or(self.dep.name())
    }

    /// Whether it is a blocker.
    pub fn is_blocker(&self) -> bool {
        self.dep.blocker().is_some()
    }

    /// Whether it is a strong blocker.
    pub fn is_strong_blocker(&self) -> bool {
        self.dep.blocker() == Some(Blocker::Strong)
    }

    /// `:=` in any form.
    pub fn has_slot_operator(&self) -> bool {
        self.dep.slot_operator() == Some(SlotOperator::Equal)
    }

    /// `:slot/sub-slot=`, as builds write it.
    pub fn is_built(&self) -> bool {
        self.has_slot_operator() && self.dep.sub_slot().is_some()
    }

    /// Whether the name is in category `virtual`.
    pub fn is_virtual(&self) -> bool {
        self.name().starts_with("virtual/")
    }

    /// The atom as a key of what depends on nothing but how it is matched.
    pub fn matched(&self) -> Matched<'_> {
        Matched(self)
    }

    fn key(&self) -> (&str, &str, Option<&str>, Root) {
        let soname = self.soname.as_deref();
        (
            self.dep.as_str(),
            self.unevaluated().as_str(),
            soname,
            self.root,
        )
    }
}

impl Deref for Atom {
    type Target = AtomParts;

    fn deref(&self) -> &AtomParts {
        &self.0
    }
}

impl PartialEq for Atom {
    fn eq(&self, other: &Atom) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.hash == other.hash && self.key() == other.key()
    }
}

impl Eq for Atom {}

impl Hash for Atom {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // the form before evaluation and the root hardly ever tell two apart
        state.write_u64(self.hash);
    }
}

/// An atom that equals those that are matched as it is, whatever they were before evaluation.
#[derive(Clone, Copy, Debug)]
pub(in crate::plan) struct Matched<'q>(&'q Atom);

impl PartialEq for Matched<'_> {
    fn eq(&self, other: &Matched<'_>) -> bool {
        self.0.hash == other.0.hash && self.0.root == other.0.root && self.0.dep == other.0.dep
    }
}

impl Eq for Matched<'_> {}

impl Hash for Matched<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash);
    }
}

impl PartialOrd for Atom {
    fn partial_cmp(&self, other: &Atom) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Atom {
    fn cmp(&self, other: &Atom) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.soname {
            Some(soname) => f.write_str(soname),
            None => fmt::Display::fmt(&self.dep, f),
        }
    }
}
