//! Why the installed version is merged once more (`portage: depgraph.py:depgraph._reinstall_for_flags`, and emerge's
//! marks in `resolver/output_helpers.py:_create_use_string`).

use std::fmt;

/// What is new about a package of the version that is installed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reinstall {
    /// Flags that differ from those of the installed package.
    pub flags: Vec<FlagChange>,
    /// What it was built with changes its slot or sub-slot, or is itself built again.
    pub is_rebuild: bool,
    /// It is another build than the installed one.
    pub is_other_build: bool,
}

/// A flag of which the installed package says something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagChange {
    /// The flag.
    pub flag: String,
    /// Whether it is enabled; of one that is gone, whether it was.
    pub enabled: bool,
    /// What happened to it.
    pub kind: FlagChangeKind,
}

/// What happened to a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagChangeKind {
    /// It is switched.
    Switched,
    /// It is new in IUSE.
    Added,
    /// It is gone from IUSE.
    Removed,
}

impl fmt::Display for FlagChange {
    /// As emerge marks it: `*` where it is switched, `%` where it comes or goes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.enabled { "" } else { "-" };
        let star = if self.enabled { "*" } else { "" };
        let flag = &self.flag;
        match self.kind {
            FlagChangeKind::Switched => write!(f, "{sign}{flag}*"),
            FlagChangeKind::Added => write!(f, "{sign}{flag}%{star}"),
            FlagChangeKind::Removed => write!(f, "(-{flag}%{star})"),
        }
    }
}

/// The differences between flags that were and flags that are, those that are in their order.
pub(in crate::plan) fn flag_changes(
    old: &[(String, bool)],
    new: &[(String, bool)],
) -> Vec<FlagChange> {
    let change = |flag: &str, enabled: bool, kind| FlagChange {
        flag: flag.to_owned(),
        enabled,
        kind,
    };
    let state = |flags: &[(String, bool)], wanted: &str| {
        let mut flags = flags.iter();
        flags.find(|(flag, _)| flag == wanted).map(|(_, on)| *on)
    };
    let now = new.iter().filter_map(|(flag, on)| match state(old, flag) {
        Some(was) if was == *on => None,
        Some(_) => Some(change(flag, *on, FlagChangeKind::Switched)),
        None => Some(change(flag, *on, FlagChangeKind::Added)),
    });
    let gone = old.iter().filter(|(flag, _)| state(new, flag).is_none());
    let gone = gone.map(|(flag, on)| change(flag, *on, FlagChangeKind::Removed));
    now.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_those_of_emerge() {
        let flags = |text: &str| -> Vec<(String, bool)> {
            let words = text.split_whitespace();
            let flag = |word: &str| match word.strip_prefix('-') {
                Some(flag) => (flag.to_owned(), false),
                None => (word.to_owned(), true),
            };
            words.map(flag).collect()
        };
        for (old, new, marks) in [
            ("a b", "a b", ""),
            ("a -b", "-a b", "-a* b*"),
            ("", "a -b", "a%* -b%"),
            ("a -b", "", "(-a%*) (-b%)"),
        ] {
            let changes = flag_changes(&flags(old), &flags(new));
            let text: Vec<String> = changes.iter().map(FlagChange::to_string).collect();
            assert_eq!(text.join(" "), marks, "{old} to {new}");
        }
    }
}
