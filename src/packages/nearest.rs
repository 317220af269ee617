//! Which of several instances, none of which can be used, comes nearest to it.

use crate::binhost::Absent;
use crate::check::Judged;

/// The first of those against which the least was found; they stand best first. What is reported of an instance that
/// another host delivers is reported of that one, so such twins are left aside.
pub fn nearest<'j>(instances: impl IntoIterator<Item = Judged<'j>>) -> Option<Judged<'j>> {
    let is_twin = |judged: &Judged<'_>| matches!(judged.absent, Some(Absent::Shadowed(_)));
    let key = |judged: &Judged<'_>| (is_twin(judged), judged.findings.len());
    instances.into_iter().min_by_key(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binhost::Pool;
    use crate::check::{Code, Evidence, Finding, Verdict};
    use crate::report::fixture::{candidate, finding};

    /// Which of them is the nearest, of instances with so many findings; `true` for twins.
    fn of(instances: &[(usize, bool)]) -> Option<usize> {
        let mut pool = Pool::default();
        for _ in instances {
            pool.entries.push((candidate("a/b-1", None, None), None));
        }
        let all = vec![finding(Code::Use, "x", Evidence::default()); 9];
        let shadowed = Absent::Shadowed(None);
        let judged = pool.ids().zip(instances).map(|(id, (count, twin))| {
            let findings: &[Finding] = &all[..*count];
            Judged {
                id,
                candidate: &pool.entries[id.index()].0,
                absent: twin.then_some(&shadowed),
                verdict: Verdict::of(findings),
                findings,
            }
        });
        nearest(judged).map(|judged| judged.id.index())
    }

    #[test]
    fn the_first_with_the_fewest_findings() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[(2, false), (1, false), (1, false)]), Some(1));
    }

    #[test]
    fn twins_are_left_aside() {
        assert_eq!(of(&[(1, true), (3, false), (2, false)]), Some(2));
        assert_eq!(of(&[(1, true), (1, true)]), Some(0));
    }
}
