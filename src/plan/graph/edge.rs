//! What order an edge of the graph demands, and which demands are left out where no order satisfies all
//! (`portage: DepPriorityNormalRange.py`, `DepPrioritySatisfiedRange.py`).

use crate::plan::graph::dependency::Priority;

/// Demands that are left out, from none to all but the hardest. There are two scales: the first knows only
/// why a dependency is there, the second also whether something installed satisfies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) enum Ignore {
    /// None.
    Nothing,
    /// Both scales: what is optional.
    Optional,
    /// First scale: and what is needed some time after it.
    PostRuntime,
    /// First scale: and what is needed to run, unless it binds to a slot.
    Runtime,
    /// Second scale: what is optional, or needed some time after it and satisfied.
    SatisfiedPostRuntime,
    /// Second scale: and all that is needed some time after it.
    AnyPostRuntime,
    /// Second scale: and what is needed to run and satisfied.
    SatisfiedRuntime,
    /// Second scale: and what is needed to build and satisfied, unless it binds to a slot.
    SatisfiedBuildtime,
    /// Second scale: and all that is satisfied.
    Satisfied,
    /// Second scale: and what is needed to run, unless it binds to a slot.
    UnsatisfiedRuntime,
    /// No scale: all but what is needed to run, now or some time after it.
    NotRuntime,
}

impl Ignore {
    /// All of them.
    pub const ALL: [Ignore; 11] = [
        Ignore::Nothing,
        Ignore::Optional,
        Ignore::PostRuntime,
        Ignore::Runtime,
        Ignore::SatisfiedPostRuntime,
        Ignore::AnyPostRuntime,
        Ignore::SatisfiedRuntime,
        Ignore::SatisfiedBuildtime,
        Ignore::Satisfied,
        Ignore::UnsatisfiedRuntime,
        Ignore::NotRuntime,
    ];

    /// How many of them belong to a scale.
    pub const LEVELS: usize = 10;

    /// The first scale.
    pub const NORMAL: [Ignore; 4] = [
        Ignore::Nothing,
        Ignore::Optional,
        Ignore::PostRuntime,
        Ignore::Runtime,
    ];

    /// The second scale.
    pub const SATISFIED: [Ignore; 8] = [
        Ignore::Nothing,
        Ignore::Optional,
        Ignore::SatisfiedPostRuntime,
        Ignore::AnyPostRuntime,
        Ignore::SatisfiedRuntime,
        Ignore::SatisfiedBuildtime,
        Ignore::Satisfied,
        Ignore::UnsatisfiedRuntime,
    ];

    fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// Which of them leave out a dependency.
fn left_out(priority: Priority) -> [(Ignore, bool); Ignore::ALL.len()] {
    let Priority {
        buildtime,
        runtime,
        runtime_post,
        optional,
        satisfied,
        slot_operator,
        cross,
        ..
    } = priority;
    let bound_at_run_time = runtime && slot_operator && !cross;
    let only_post = !buildtime && !runtime && runtime_post;
    [
        (Ignore::Nothing, false),
        (Ignore::Optional, optional),
        (Ignore::PostRuntime, optional || runtime_post),
        (
            Ignore::Runtime,
            !bound_at_run_time && (optional || !buildtime),
        ),
        (
            Ignore::SatisfiedPostRuntime,
            optional || satisfied && only_post,
        ),
        (Ignore::AnyPostRuntime, optional || only_post),
        (
            Ignore::SatisfiedRuntime,
            optional || !buildtime && (!runtime || satisfied),
        ),
        (
            Ignore::SatisfiedBuildtime,
            optional || !(buildtime && slot_operator) && satisfied,
        ),
        (
            Ignore::Satisfied,
            optional || satisfied || !buildtime && !runtime,
        ),
        (
            Ignore::UnsatisfiedRuntime,
            (!bound_at_run_time || satisfied) && (satisfied || optional || !buildtime),
        ),
        (Ignore::NotRuntime, !runtime && !runtime_post),
    ]
}

/// The demands of all dependencies of one package on another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::plan) struct Edge(u16);

impl Edge {
    const UNINSTALL: u16 = 1 << 15;

    /// What is blocked must go before what blocks it comes; no scale leaves that out
    /// (`portage: BlockerDepPriority.py`).
    pub const BLOCKER: Edge = Edge(Edge::UNINSTALL);

    /// The demands of one dependency.
    pub fn of(priority: Priority) -> Edge {
        let all = left_out(priority).into_iter();
        Edge(all.fold(0, |bits, (ignore, is_left_out)| {
            bits | (u16::from(!is_left_out) * ignore.bit())
        }))
    }

    /// Both demands.
    pub fn and(self, other: Edge) -> Edge {
        Edge(self.0 | other.0)
    }

    /// Whether anything is left of it.
    pub fn survives(self, ignore: Ignore) -> bool {
        self.0 & (ignore.bit() | Edge::UNINSTALL) != 0
    }

    /// Whether anything but a blocker is left of it.
    pub fn survives_without_blockers(self, ignore: Ignore) -> bool {
        self.0 & ignore.bit() != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each of the scales leaves of a dependency, by the letters of [`Ignore`] in order.
    fn kept(edge: Edge) -> String {
        let letters = "-oprPARBSUn".chars().zip(Ignore::ALL);
        let kept = letters.filter(|(_, ignore)| edge.survives(*ignore));
        kept.map(|(letter, _)| letter).collect()
    }

    #[test]
    fn what_the_scales_leave() {
        let buildtime = Priority {
            buildtime: true,
            ..Priority::default()
        };
        let bound = Priority {
            slot_operator: true,
            ..Priority::RUNTIME
        };
        let satisfied = |priority| Priority {
            satisfied: true,
            ..priority
        };
        let optional = Priority {
            optional: true,
            ..buildtime
        };
        for (priority, left) in [
            (buildtime, "-oprPARBSU"),
            (satisfied(buildtime), "-oprPAR"),
            (Priority::RUNTIME, "-opPARBSn"),
            (satisfied(Priority::RUNTIME), "-opPAn"),
            (bound, "-oprPARBSUn"),
            (
                Priority {
                    cross: true,
                    ..bound
                },
                "-opPARBSn",
            ),
            (Priority::POST_RUNTIME, "-oPBn"),
            (satisfied(Priority::POST_RUNTIME), "-on"),
            (optional, "-"),
            (Priority::default(), "-opPAB"),
        ] {
            assert_eq!(kept(Edge::of(priority)), left, "{priority:?}");
        }
    }

    #[test]
    fn a_blocker_is_never_left_out() {
        assert_eq!(kept(Edge::BLOCKER), "-oprPARBSUn");
        let both = Edge::BLOCKER.and(Edge::of(Priority::RUNTIME));
        assert!(both.survives_without_blockers(Ignore::PostRuntime));
        assert!(!both.survives_without_blockers(Ignore::Runtime));
        assert!(!Edge::BLOCKER.survives_without_blockers(Ignore::Nothing));
    }
}
