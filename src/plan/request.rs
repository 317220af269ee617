//! What is to be resolved: the targets with their sets opened, and @world.

use crate::local::Local;
use crate::local::sets::{Member, Sets};
use crate::local::targets::Target;
use crate::plan::argument::Argument;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::root::Root;
use crate::source::Notices;

/// The targets of a run.
#[derive(Clone, Debug, Default)]
pub struct PlanRequest {
    /// What was requested, sets opened.
    pub(super) arguments: Vec<Argument>,
    /// The sets of world, of the running system too where packages go to another root. They must not break.
    pub(super) world: Vec<Argument>,
}

impl PlanRequest {
    /// Open the sets among the targets, and @world.
    ///
    /// # Errors
    /// A set that cannot be expanded.
    pub fn of(
        targets: &[Target],
        local: &Local,
        sets: &Sets,
        notices: &Notices,
    ) -> anyhow::Result<PlanRequest> {
        let open = |name: &str| -> anyhow::Result<Vec<Argument>> {
            let sets = sets.open(local, name, notices)?;
            Ok(sets
                .iter()
                .map(|(name, members)| set(name, Root::Target, members))
                .collect())
        };
        let mut request = PlanRequest {
            world: open("world")?,
            ..PlanRequest::default()
        };
        for target in targets {
            let opened = match set_name(&target.word) {
                Some(name) => open(name)?,
                None => target
                    .atoms
                    .iter()
                    .map(|member| {
                        let atom = Atom::plain(member.atom.clone(), Root::Target);
                        Argument::atom(&target.word, atom)
                    })
                    .collect(),
            };
            for argument in opened {
                let known = |other: &Argument| !other.is_atom && other.name == argument.name;
                if argument.is_atom || !request.arguments.iter().any(known) {
                    request.arguments.push(argument);
                }
            }
        }
        Ok(request)
    }

    /// The same with @world of the running system.
    ///
    /// # Errors
    /// A set of it cannot be read.
    pub fn with_running(
        mut self,
        running: Option<&Local>,
        notices: &Notices,
    ) -> anyhow::Result<PlanRequest> {
        if let Some(local) = running {
            let sets = Sets::load(local, notices)?;
            let opened = sets.open(local, "world", notices)?;
            let opened = opened.iter();
            self.world
                .extend(opened.map(|(name, members)| set(name, Root::Running, members)));
        }
        Ok(self)
    }

    /// Whether these targets can be resolved: emerge takes no wildcards.
    pub fn is_possible(targets: &[Target]) -> bool {
        let mut atoms = targets.iter().flat_map(|target| &target.atoms);
        atoms.all(|member| !member.atom.is_wildcard())
    }
}

/// The name of the set that a word means.
fn set_name(word: &str) -> Option<&str> {
    match word {
        "world" | "system" => Some(word),
        _ => word.strip_prefix('@'),
    }
}

fn set(name: &str, root: Root, members: &[Member]) -> Argument {
    let atoms = members
        .iter()
        .map(|member| Atom::plain(member.atom.clone(), root));
    Argument::set(&format!("@{name}"), root, atoms.collect())
}
