//! Atoms as the resolver handles them: evaluated for a parent, with the form before evaluation kept.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::pms::{Blocker, Dep, SlotOperator, Syntax};

/// An atom with its conditional USE dependencies evaluated.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Atom {
    /// As it is matched.
    pub dep: Rc<Dep>,
    /// As it was written.
    pub unevaluated: Rc<Dep>,
    /// For one version of a virtual: the atom that the version stands in for.
    pub original: Option<Rc<Atom>>,
    /// A shared library that any package may have, in the place of a package.
    pub soname: Option<Rc<str>>,
}

/// The package that the atom of a shared library names; there is none.
const NO_PACKAGE: &str = "__const__/soname";

impl Atom {
    /// An atom without conditionals.
    pub fn plain(dep: Dep) -> Atom {
        let dep = Rc::new(dep);
        Atom {
            unevaluated: Rc::clone(&dep),
            dep,
            original: None,
            soname: None,
        }
    }

    /// A dependency on a shared library, `category: soname`.
    pub fn soname(soname: &str) -> Option<Atom> {
        let atom = Atom::plain(Dep::parse(NO_PACKAGE, Syntax::USER).ok()?);
        Some(Atom {
            soname: Some(soname.into()),
            ..atom
        })
    }

    /// Whether it is bound to what it was built with: a slot and sub-slot, or a shared library.
    pub fn is_bound(&self) -> bool {
        self.soname.is_some() || self.is_built()
    }

    /// Evaluate an atom with the parent's USE.
    pub fn evaluated(written: &Dep, enabled: &dyn Fn(&str) -> bool) -> Atom {
        if !written.has_conditional_use() {
            return Atom::plain(written.clone());
        }
        Atom {
            dep: Rc::new(written.evaluate_use(enabled)),
            unevaluated: Rc::new(written.clone()),
            original: None,
            soname: None,
        }
    }

    /// The same atom without USE dependencies.
    pub fn without_use(&self) -> Atom {
        let has_use = |dep: &Dep| dep.use_deps().next().is_some();
        if has_use(&self.dep) || has_use(&self.unevaluated) {
            Atom::plain(self.dep.without_use())
        } else {
            self.clone()
        }
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

    fn key(&self) -> (&str, &str, Option<&str>) {
        let soname = self.soname.as_deref();
        (self.dep.as_str(), self.unevaluated.as_str(), soname)
    }
}

impl PartialEq for Atom {
    fn eq(&self, other: &Atom) -> bool {
        Rc::ptr_eq(&self.dep, &other.dep)
            && Rc::ptr_eq(&self.unevaluated, &other.unevaluated)
            && self.soname == other.soname
            || self.key() == other.key()
    }
}

impl Eq for Atom {}

impl Hash for Atom {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // the form before evaluation hardly ever tells two apart
        self.dep.hash(state);
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
