//! The instances of a report, in its order and by their place in the store.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use crate::binhost::InstanceId;
use crate::check::Judged;

/// The place of an instance in a report, by which the JSON document refers to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Position(usize);

/// Instances in the order in which they are reported.
#[derive(Clone, Debug, Default)]
pub struct Instances<'a> {
    list: Vec<Judged<'a>>,
    positions: HashMap<InstanceId, Position>,
}

impl<'a> Instances<'a> {
    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Judged<'a>> {
        self.list.iter()
    }

    /// The same, side by side.
    pub fn as_slice(&self) -> &[Judged<'a>] {
        &self.list
    }

    /// One of them.
    pub fn get(&self, id: InstanceId) -> Option<&Judged<'a>> {
        self.list.get(self.position(id)?.0)
    }

    /// Its place in the report.
    pub fn position(&self, id: InstanceId) -> Option<Position> {
        self.positions.get(&id).copied()
    }

    /// Those before and those behind one of them, each the nearest first.
    pub fn around(
        &self,
        id: InstanceId,
    ) -> Option<(
        impl Iterator<Item = &Judged<'a>>,
        impl Iterator<Item = &Judged<'a>>,
    )> {
        let Position(place) = self.position(id)?;
        Some((
            self.list[..place].iter().rev(),
            self.list[place + 1..].iter(),
        ))
    }

    /// Those of these that are in the report, each once, in its order.
    pub fn in_order(&self, ids: impl Iterator<Item = InstanceId>) -> Vec<&Judged<'a>> {
        let positions: BTreeSet<Position> = ids.filter_map(|id| self.position(id)).collect();
        let judged = positions.into_iter().map(|position| &self.list[position.0]);
        judged.collect()
    }
}

impl<'a> FromIterator<Judged<'a>> for Instances<'a> {
    fn from_iter<I: IntoIterator<Item = Judged<'a>>>(judged: I) -> Instances<'a> {
        let list: Vec<Judged<'a>> = judged.into_iter().collect();
        let ids = list.iter().enumerate();
        Instances {
            positions: ids
                .map(|(position, judged)| (judged.id, Position(position)))
                .collect(),
            list,
        }
    }
}
