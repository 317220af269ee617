//! How long a package will take: the median of its last merges.

use std::cmp::Ordering;

use super::history::{History, Sample};
use crate::pms::Version;

/// How many merges count: those that ended last. Machines and packages change, so older ones prove little.
const LAST: usize = 3;

/// Merge times of a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergeTimes {
    history: History,
}

impl MergeTimes {
    /// Those of a log.
    pub fn new(history: History) -> MergeTimes {
        MergeTimes { history }
    }

    /// How long a package takes to compile, in seconds: the median of its last merges from source in this slot, else
    /// in any; `None` where it was never compiled. `slots` has the slots of versions that are known today: the log has
    /// none.
    pub fn estimate(&self, name: &str, slot: &str, slots: &[(Version, String)]) -> Option<u64> {
        let all = self.history.of(name);
        let in_slot = |sample: &&Sample| slot_of(&sample.version, slots) == Some(slot);
        let same: Vec<&Sample> = all.iter().filter(in_slot).collect();
        if same.is_empty() {
            median(all.iter())
        } else {
            median(same.into_iter())
        }
    }
}

/// The median of the last ones; of an even number the mean of the two in the middle.
fn median<'s>(samples: impl DoubleEndedIterator<Item = &'s Sample>) -> Option<u64> {
    let last = samples.rev().take(LAST);
    let mut seconds: Vec<u64> = last.map(|sample| u64::from(sample.seconds)).collect();
    seconds.sort_unstable();
    let middle = seconds.len() / 2;
    match seconds.len() {
        0 => None,
        count if count % 2 == 1 => Some(seconds[middle]),
        _ => Some((seconds[middle - 1] + seconds[middle]).div_ceil(2)),
    }
}

/// The slot of a version. One that nobody knows any more has that of the known versions that begin like it, as
/// 13.2.1 has that of 13.3.0 beside 14.1.0, where these agree.
fn slot_of<'s>(version: &str, slots: &'s [(Version, String)]) -> Option<&'s str> {
    let version = Version::parse(version)?;
    let same = |(known, _): &&(Version, String)| known.cmp_version(&version) == Ordering::Equal;
    if let Some((_, slot)) = slots.iter().find(same) {
        return Some(slot);
    }
    let likeness = |(known, _): &(Version, String)| shared(known.as_str(), version.as_str());
    let most = slots.iter().map(likeness).max()?;
    let mut like = slots.iter().filter(|known| likeness(known) == most);
    let (_, slot) = like.next()?;
    like.all(|(_, other)| other == slot).then_some(slot)
}

/// How many numbers two versions begin with alike.
fn shared(one: &str, other: &str) -> usize {
    let parts = |text: &'_ str| {
        let parts = text.split(['.', '_', '-']);
        parts.map(str::to_owned).collect::<Vec<_>>()
    };
    let (one, other) = (parts(one), parts(other));
    one.iter().zip(&other).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::emerge_log::of_text;

    /// Merges as `version seconds`, one after the other.
    fn times(merges: &[(&str, i64)]) -> MergeTimes {
        let mut text = String::new();
        let mut now = 1_700_000_000;
        for (version, seconds) in merges {
            text += &format!("{now}:  >>> emerge (1 of 1) c/p-{version} to /\n");
            now += seconds;
            text += &format!("{now}:  ::: completed emerge (1 of 1) c/p-{version} to /\n");
        }
        MergeTimes::new(of_text(text.as_bytes()))
    }

    fn slots(known: &[(&str, &str)]) -> Vec<(Version, String)> {
        let one =
            |(version, slot): &(&str, &str)| (Version::parse(version).unwrap(), (*slot).to_owned());
        known.iter().map(one).collect()
    }

    #[test]
    fn the_median_of_the_last_merges_counts() {
        let known = slots(&[("1", "0")]);
        for (seconds, expected) in [
            (&[][..], None),
            (&[60], Some(60)),
            (&[60, 100], Some(80)),
            (&[60, 9000, 100], Some(100)),
            (&[1, 1, 1, 1, 1, 50, 60, 70, 80, 90], Some(80)),
        ] {
            let merges: Vec<(&str, i64)> = seconds.iter().map(|s| ("1", *s)).collect();
            assert_eq!(times(&merges).estimate("c/p", "0", &known), expected);
        }
        assert_eq!(times(&[("1", 60)]).estimate("c/other", "0", &known), None);
    }

    #[test]
    fn the_same_slot_counts_before_others() {
        let known = slots(&[("13.3.0", "13"), ("14.1.0", "14"), ("14.2.0", "14")]);
        let times = times(&[
            ("14.1.0", 1000),
            ("13.2.1_p2", 600),
            ("13.3.0", 800),
            ("14.1.1", 1200),
        ]);
        assert_eq!(times.estimate("c/p", "14", &known), Some(1100));
        assert_eq!(times.estimate("c/p", "13", &known), Some(700));
        assert_eq!(
            times.estimate("c/p", "15", &known),
            Some(800),
            "of any slot"
        );
    }

    #[test]
    fn a_version_that_nobody_knows_has_the_slot_of_those_like_it() {
        let known = slots(&[("3.11.9", "3.11"), ("3.12.4", "3.12"), ("2.7.18", "2.7")]);
        for (version, slot) in [
            ("3.12.4", Some("3.12")),
            ("3.11.1_p2", Some("3.11")),
            ("2.6", Some("2.7")),
            ("3.13", None),
            ("4", None),
        ] {
            assert_eq!(slot_of(version, &known), slot, "{version}");
        }
        assert_eq!(slot_of("1", &[]), None);
    }
}
