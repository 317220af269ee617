//! Orders of small graphs.

use std::collections::HashMap;

use crate::plan::effort::Effort;
use crate::plan::graph::dependency::Priority;
use crate::plan::graph::edge::Edge;
use crate::plan::merge_order::{
    MergeOrder, OrderEntry, OrderInput, OrderNode, OrderTask, Uninstall, serialize,
};
use crate::plan::packages::package_db::PackageDb;
use crate::plan::packages::plan_package::Id;
use crate::plan::testing::database;

/// Packages `a` to `f`; each may also be installed.
struct World {
    packages: PackageDb<'static>,
    input: OrderInput,
}

impl World {
    /// Words such as `a>b` (a runs with b), `a=b` (a is built with b), `a~b` (b comes some time after a) and
    /// `a>>b` (the same as `a>b`, but something installed satisfies it). Nodes come in order of mention; an
    /// upper case letter is a package that stays installed.
    fn new(words: &str) -> World {
        let lines: Vec<String> = ('a'..='f')
            .flat_map(|name| {
                [
                    format!("ebuild x/{name}-1"),
                    format!("installed x/{name}-0"),
                ]
            })
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let packages = database(&lines);
        let mut world = World {
            packages,
            input: OrderInput {
                implicit_system_deps: true,
                ..OrderInput::default()
            },
        };
        for word in words.split_whitespace() {
            world.edge(word);
        }
        world
    }

    fn edge(&mut self, word: &str) {
        let (Some(parent), kind) = (word.chars().next(), word.trim_matches(char::is_alphabetic))
        else {
            return;
        };
        let parent = self.node(parent);
        let Some(child) = word.chars().nth(kind.len() + 1) else {
            return;
        };
        let buildtime = Priority {
            buildtime: true,
            ..Priority::default()
        };
        let satisfied = Priority {
            satisfied: true,
            ..Priority::RUNTIME
        };
        let priority = match kind {
            "=" => buildtime,
            "~" => Priority::POST_RUNTIME,
            ">>" => satisfied,
            _ => Priority::RUNTIME,
        };
        let child = self.node(child);
        let child = self.input.nodes[child].task.id();
        self.input.nodes[parent]
            .children
            .push((child, Edge::of(priority)));
    }

    fn id(&self, name: char) -> Id {
        let lower = name.to_ascii_lowercase();
        if name == lower {
            self.packages.ebuild(&format!("x/{lower}-1")).id
        } else {
            self.packages.installed(&format!("x/{lower}-0")).id
        }
    }

    fn node(&mut self, name: char) -> usize {
        let id = self.id(name);
        let mut nodes = self.input.nodes.iter();
        if let Some(known) = nodes.position(|node| node.task.id() == id) {
            return known;
        }
        self.input.nodes.push(OrderNode {
            task: if name.is_ascii_lowercase() {
                OrderTask::Merge(id)
            } else {
                OrderTask::Installed(id)
            },
            rank: name as usize,
            is_system: false,
            children: Vec::new(),
        });
        self.input.nodes.len() - 1
    }

    /// An installed package (by its lower case letter) that goes before another is merged.
    fn blocked(&mut self, name: char, parents: &str, replacement: Option<char>) {
        let number = self.input.uninstalls.len();
        self.input.uninstalls.push(Uninstall {
            package: self.id(name.to_ascii_uppercase()),
            rank: name as usize,
            parents: parents.chars().map(|name| self.id(name)).collect(),
            blockers: vec![number],
            is_allowed: true,
            replacements: replacement.map(|name| self.id(name)).into_iter().collect(),
        });
    }

    fn order(&self) -> MergeOrder {
        serialize(&self.input, &Effort::default())
    }

    /// The list: merges by their letters, uninstalls as `-a`, solved blockers as `!`, `; waiting` at the end.
    fn text(&self) -> String {
        let order = self.order();
        let names: HashMap<Id, char> = ('a'..='f')
            .flat_map(|name| [name, name.to_ascii_uppercase()])
            .map(|name| (self.id(name), name.to_ascii_lowercase()))
            .collect();
        let mut text = String::new();
        for entry in &order.entries {
            match entry {
                OrderEntry::Merge(id) => text.push(names[id]),
                OrderEntry::Uninstall(id) => text.extend(['-', names[id]]),
                OrderEntry::Solved(_) => text.push('!'),
            }
        }
        if !order.waiting.is_empty() {
            text.push(';');
            text.extend(order.waiting.iter().map(|id| names[id]));
        }
        text
    }
}

fn text(words: &str) -> String {
    World::new(words).text()
}

#[test]
fn dependencies_come_first() {
    assert_eq!(text("a=b b=c"), "cba");
    assert_eq!(text("a b c"), "abc", "in the order of the graph");
    assert_eq!(text("a>b a>c d>c"), "cbad", "what most depend on is first");
}

#[test]
fn what_comes_later_comes_soon() {
    assert_eq!(text("a~b b>a c=a"), "abc");
    assert_eq!(text("a~b b=a b=d c=a"), "dabc");
}

#[test]
fn groups_are_merged_together() {
    assert_eq!(text("a>b b>a"), "ab");
    assert_eq!(
        text("a>b b=a"),
        ";ab",
        "not where one is built with the other"
    );
    assert_eq!(
        text("a>b b>a a>c c>d d>c"),
        "cdab",
        "smaller groups go first"
    );
    assert_eq!(text("a>>b b=a"), "ab");
}

#[test]
fn what_waits_for_itself_has_no_order() {
    assert_eq!(text("a=b b=a c=a d"), "d;abc");
    let order = World::new("a=b b=a c=a").order();
    assert_eq!(
        order.cycles.len(),
        2,
        "one through each: {:?}",
        order.cycles
    );
}

#[test]
fn what_is_installed_is_not_listed() {
    assert_eq!(text("A>b a>A"), "ba");
    assert_eq!(text("A>b"), "b");
}

#[test]
fn room_is_made_after_what_needs_it() {
    let mut world = World::new("a b");
    world.blocked('c', "a", None);
    assert_eq!(world.text(), "ba-c!");
    assert!(world.order().uninstalls() && world.order().unsolved.is_empty());
    world.input.uninstalls[0].is_allowed = false;
    assert_eq!(world.text(), "ba");
    assert_eq!(world.order().unsolved, [0]);
}

#[test]
fn a_replacement_makes_room() {
    let mut world = World::new("a c");
    world.blocked('c', "a", Some('c'));
    assert_eq!(world.text(), "ca");
    assert!(world.order().unsolved.is_empty());
    let mut world = World::new("a c=a");
    world.blocked('c', "a", Some('c'));
    assert_eq!(world.text(), "ac!", "merged on top of it");
}

#[test]
fn a_blocker_that_nothing_solves_stays() {
    let mut world = World::new("a b");
    world.input.unsolvable.push(7);
    assert_eq!(world.order().unsolved, [7]);
}

#[test]
fn the_c_library_is_early() {
    let mut world = World::new("a b=a c");
    world.input.early.push(world.id('c'));
    assert_eq!(world.text(), "cab");
}

#[test]
fn what_system_needs_goes_first() {
    let mut world = World::new("a b>c d=a e=a");
    let place = world.node('b');
    world.input.nodes[place].is_system = true;
    assert_eq!(world.text(), "cabde");
    world.input.implicit_system_deps = false;
    assert_eq!(world.text(), "acbde");
}

#[test]
fn a_tree_takes_one_at_a_time() {
    let mut world = World::new("a>b b>c d");
    assert_eq!(world.text(), "cdba");
    world.input.tree = true;
    assert_eq!(world.text(), "cbad");
}
