//! Atoms with parts of them rewritten (`portage: dep/__init__.py:Atom.evaluate_conditionals`,
//! `_slot_operator.py:strip_slots`).

use std::fmt::Write;

use super::{Dep, SlotOperator, Span};
use crate::pms::UseDep;

impl Dep {
    /// The same atom with conditional USE dependencies evaluated by the parent's USE.
    ///
    /// As in Portage, a `::repository` goes where there was anything to evaluate, and the package
    /// must still have the flags that are not demanded any more ([`Dep::required_flags`]).
    pub fn evaluate_use(&self, enabled: impl Fn(&str) -> bool) -> Dep {
        if !self.has_conditional_use() {
            return self.clone();
        }
        let mut required = String::new();
        let mut words = String::new();
        for dep in self.use_deps() {
            match dep.evaluate(&enabled) {
                Some(dep) => push_word(&mut words, &dep),
                None if dep.default.is_none() => {
                    required.extend([if required.is_empty() { "" } else { "," }, dep.flag]);
                }
                None => {}
            }
        }
        self.with_use(&words, required)
    }

    /// The same atom with other USE dependencies, and without repository.
    fn with_use(&self, words: &str, required: String) -> Dep {
        let end = match (self.parts.repository, self.parts.use_deps) {
            (Some(repository), _) => repository.start().saturating_sub("::".len()),
            (None, Some(use_deps)) => use_deps.start().saturating_sub("[".len()),
            (None, None) => self.text.len(),
        };
        let mut text = String::with_capacity(end + words.len() + "[]".len());
        text.push_str(self.text.get(..end).unwrap_or_default());
        let mut parts = self.parts;
        (parts.repository, parts.use_deps, parts.conditional) = (None, None, false);
        if !words.is_empty() {
            text.extend(["[", words, "]"]);
            let written = text.get(end + 1..text.len() - 1).unwrap_or_default();
            parts.use_deps = Span::locate(&text, written);
        }
        Dep {
            text: text.into(),
            parts,
            required: (!required.is_empty()).then(|| required.into()),
        }
    }

    /// The same atom with `:slot/sub-slot=` and `:slot=` made `:=` (`portage: _slot_operator.py:strip_slots`).
    pub fn strip_built_slot(&self) -> Dep {
        let (Some(slot), Some(SlotOperator::Equal)) = (self.parts.slot, self.slot_operator())
        else {
            return self.clone();
        };
        let cut = self.parts.sub_slot.unwrap_or(slot).end() - slot.start();
        let mut text = String::with_capacity(self.text.len());
        text.push_str(self.text.get(..slot.start()).unwrap_or_default());
        text.push_str(self.text.get(slot.start() + cut..).unwrap_or_default());
        let mut parts = self.parts;
        (parts.slot, parts.sub_slot) = (None, None);
        parts.repository = parts.repository.and_then(|span| span.back(cut));
        parts.use_deps = parts.use_deps.and_then(|span| span.back(cut));
        Dep {
            text: text.into(),
            parts,
            required: self.required.clone(),
        }
    }
}

fn push_word(words: &mut String, dep: &UseDep<'_>) {
    if !words.is_empty() {
        words.push(',');
    }
    // writing to a string does not fail
    let _ = write!(words, "{dep}");
}
