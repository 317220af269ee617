//! Package moves: names that repositories have given up for others (`profiles/updates`; `portage: update.py:grab_updates`,
//! `update.py:parse_updates`).
//!
//! emerge applies them to what is installed and to PKGDIR, not to the indexes of binhosts: there a package stands under
//! the name that it was built with.

use std::collections::HashMap;

use super::{Base, lines};
use crate::pms::Cpn;
use crate::source::Source;

/// How many moves in a row are followed.
const MOST_STEPS: usize = 16;

/// One line: `move sys-devel/llvm llvm-core/llvm`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The name that was given up.
    pub old: Cpn,
    /// The name instead.
    pub new: Cpn,
    /// The line.
    pub source: Source,
}

/// The moves of all repositories.
#[derive(Clone, Debug, Default)]
pub struct Moves {
    by_old: HashMap<Cpn, Move>,
    by_new: HashMap<Cpn, Vec<Cpn>>,
}

impl Moves {
    /// Read them. What cannot be read, or is not a move, does not count.
    pub(super) fn load(base: &Base) -> Moves {
        let mut moves = Moves::default();
        for repository in &base.repositories.list {
            let directory = repository.location.join("profiles/updates");
            for name in base.chroot.list(&directory).unwrap_or_default() {
                let path = directory.join(&name);
                let Ok(text) = base.chroot.read_text(&path) else {
                    continue;
                };
                if base.chroot.budget().take(text.len()).is_err() {
                    return moves;
                }
                lines::parse(&text, &path)
                    .iter()
                    .filter_map(of_line)
                    .for_each(|one| moves.add(one));
            }
        }
        moves
    }

    fn add(&mut self, one: Move) {
        let olds = self.by_new.entry(one.new.clone()).or_default();
        if !olds.contains(&one.old) {
            olds.push(one.old.clone());
        }
        self.by_old.insert(one.old.clone(), one);
    }

    /// The names that a package had before, the last one first.
    pub fn old_names(&self, name: &Cpn) -> Vec<&Move> {
        let mut names: Vec<&Move> = Vec::new();
        let mut open = vec![name];
        for _ in 0..MOST_STEPS {
            let olds = open
                .iter()
                .filter_map(|name| self.by_new.get(*name))
                .flatten();
            let moves = olds.filter_map(|old| self.by_old.get(old));
            let is_new = |one: &&Move| one.old != *name && !names.iter().any(|m| m.old == one.old);
            let new: Vec<&Move> = moves.filter(is_new).collect();
            if new.is_empty() {
                break;
            }
            open = new.iter().map(|one| &one.old).collect();
            names.extend(new);
        }
        names
    }

    /// The name that a package has now, and the line that gave it; `None` where it kept its own.
    pub fn new_name(&self, name: &Cpn) -> Option<(&Cpn, &Source)> {
        let first = self.by_old.get(name)?;
        let mut last = first;
        for _ in 0..MOST_STEPS {
            match self.by_old.get(&last.new) {
                Some(next) if next.new != *name => last = next,
                _ => break,
            }
        }
        Some((&last.new, &first.source))
    }
}

fn of_line(line: &lines::Line) -> Option<Move> {
    let [command, old, new] = line.words.as_slice() else {
        return None;
    };
    let (old, new) = (Cpn::parse(old)?, Cpn::parse(new)?);
    (command == "move" && old != new).then(|| Move {
        old,
        new,
        source: line.source.clone(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::path::Path;

    use super::*;

    fn moves(text: &str) -> Moves {
        let mut moves = Moves::default();
        let lines = lines::parse(text, Path::new("/updates/1Q-2025"));
        lines
            .iter()
            .filter_map(of_line)
            .for_each(|one| moves.add(one));
        moves
    }

    #[test]
    fn names_are_followed_both_ways() {
        let moves = moves(
            "move a/one b/two\nslotmove b/two 0 1\nmove b/two c/three\nmove x c/three\nmove d/d",
        );
        let cpn = |text: &str| Cpn::parse(text).unwrap();
        let new = |text: &str| moves.new_name(&cpn(text)).map(|(name, _)| name.to_string());
        assert_eq!(new("a/one").as_deref(), Some("c/three"));
        assert_eq!(new("b/two").as_deref(), Some("c/three"));
        assert_eq!(new("c/three"), None);
        let three = cpn("c/three");
        let old: Vec<String> = moves
            .old_names(&three)
            .iter()
            .map(|one| one.old.to_string())
            .collect();
        assert_eq!(old, ["b/two", "a/one"]);
    }

    #[test]
    fn names_that_go_in_circles_end() {
        let moves = moves("move a/a b/b\nmove b/b a/a");
        let name = Cpn::parse("a/a").unwrap();
        assert_eq!(moves.old_names(&name).len(), 1);
        assert!(moves.new_name(&name).is_some());
    }
}
