//! What a log comes to: merges that are under way, and how long finished ones took.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::event::{Event, EventKind};

/// Merges that may be under way at once. What failed stays among them until it is begun anew.
const MAX_OPEN: usize = 1024;
/// Names of packages that are remembered; the Gentoo repository has some 20,000.
const MAX_NAMES: usize = 50_000;
/// Merges that are remembered of one name: those that ended last.
const MAX_OF_NAME: usize = 32;
/// Merges that are remembered in all.
const MAX_SAMPLES: usize = 200_000;
/// What takes longer, in seconds, was not compiling all the time: a month.
const LONGEST: i64 = 31 * 86_400;

/// What was read of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Begun and not ended, by step and package.
    open: HashMap<String, OpenMerge>,
    /// Finished merges from source by package name, oldest first.
    by_name: HashMap<String, Vec<Sample>>,
    /// How many these are.
    samples: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct OpenMerge {
    since: i64,
    binary: bool,
}

/// One merge from source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sample {
    /// The version.
    pub version: String,
    /// How long it took, in seconds.
    pub seconds: u32,
}

impl History {
    /// Take the next line into account.
    pub(super) fn apply(&mut self, event: Event<'_>) {
        let key = format!("{} {}", event.step, event.cpv);
        match event.kind {
            EventKind::Begun => {
                self.make_room();
                let open = OpenMerge {
                    since: event.at,
                    binary: false,
                };
                self.open.insert(key, open);
            }
            EventKind::Binary => {
                if let Some(open) = self.open.get_mut(&key) {
                    open.binary = true;
                }
            }
            EventKind::Completed => {
                let from_source = self.open.remove(&key).filter(|open| !open.binary);
                if let Some(open) = from_source {
                    self.finish(&event, open.since);
                }
            }
        }
    }

    /// Forget the older half of what was begun, where that is more than can be under way.
    fn make_room(&mut self) {
        if self.open.len() < MAX_OPEN {
            return;
        }
        let mut times: Vec<i64> = self.open.values().map(|open| open.since).collect();
        times.sort_unstable();
        let middle = times[times.len() / 2];
        self.open.retain(|_, open| open.since > middle);
    }

    fn finish(&mut self, event: &Event<'_>, since: i64) {
        // A clock that was set back tells nothing.
        let seconds = event.at - since;
        let Some(seconds) = u32::try_from(seconds).ok().filter(|_| seconds <= LONGEST) else {
            return;
        };
        let name = event.cpv.cpn.as_str();
        let is_full = self.by_name.len() >= MAX_NAMES || self.samples >= MAX_SAMPLES;
        if is_full && !self.by_name.contains_key(name) {
            return;
        }
        let samples = self.by_name.entry(name.to_owned()).or_default();
        if samples.len() == MAX_OF_NAME || self.samples >= MAX_SAMPLES {
            samples.remove(0);
            self.samples -= 1;
        }
        samples.push(Sample {
            version: event.cpv.version.to_string(),
            seconds,
        });
        self.samples += 1;
    }

    /// A log that makes the same of finished merges, and holds nothing else; nothing where there are none.
    pub fn to_log(&self) -> String {
        let mut names: Vec<(&String, &Vec<Sample>)> = self.by_name.iter().collect();
        names.sort_unstable();
        let mut log = String::new();
        for (name, samples) in names {
            for Sample { version, seconds } in samples {
                log += &format!("0:  >>> emerge (1 of 1) {name}-{version} to /\n");
                log +=
                    &format!("{seconds}:  ::: completed emerge (1 of 1) {name}-{version} to /\n");
            }
        }
        log
    }

    /// Finished merges of a package from source, oldest first.
    pub fn of(&self, name: &str) -> &[Sample] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }
}
