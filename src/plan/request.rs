//! What is to be resolved: the targets with their sets opened, and @world.

use crate::local::Local;
use crate::local::sets::{Member, Sets};
use crate::local::targets::Target;
use crate::plan::argument::Argument;
use crate::plan::packages::atom::Atom;
use crate::source::Notices;

/// The targets of a run.
#[derive(Clone, Debug, Default)]
pub struct PlanRequest {
    /// What was requested, sets opened.
    pub(super) arguments: Vec<Argument>,
    /// The sets of world, which must not break.
    pub(super) world: Vec<Argument>,
    /// @world of the running system, where packages go to another root.
    pub(super) running_world: Vec<Argument>,
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
                .map(|(name, members)| set(name, members))
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
                    .map(|member| Argument::atom(&target.word, Atom::plain(member.atom.clone())))
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
            let opened = opened.iter().map(|(name, members)| set(name, members));
            self.running_world = opened.collect();
        }
        Ok(self)
    }

    /// A request for what packages of another root need here.
    pub(super) fn for_running(arguments: Vec<Argument>, world: Vec<Argument>) -> PlanRequest {
        PlanRequest {
            arguments,
            world,
            running_world: Vec::new(),
        }
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

fn set(name: &str, members: &[Member]) -> Argument {
    let atoms = members
        .iter()
        .map(|member| Atom::plain(member.atom.clone()));
    Argument::set(&format!("@{name}"), atoms.collect())
}
