//! The roots of one plan.

use std::ops::{Index, IndexMut};

/// A root that packages are merged to, and in which dependencies are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Root {
    /// That of the request, mostly `/`.
    #[default]
    Target,
    /// The running system, where the request is for another: what builds or installs packages there.
    Running,
}

impl Root {
    /// Its name in the JSON report.
    pub fn as_str(self) -> &'static str {
        match self {
            Root::Target => "target",
            Root::Running => "running",
        }
    }
}

/// A value for each root.
#[derive(Debug, Default)]
pub(in crate::plan) struct ByRoot<T> {
    target: T,
    running: T,
}

impl<T> Index<Root> for ByRoot<T> {
    type Output = T;

    fn index(&self, root: Root) -> &T {
        match root {
            Root::Target => &self.target,
            Root::Running => &self.running,
        }
    }
}

impl<T> IndexMut<Root> for ByRoot<T> {
    fn index_mut(&mut self, root: Root) -> &mut T {
        match root {
            Root::Target => &mut self.target,
            Root::Running => &mut self.running,
        }
    }
}
