//! Answers about running, in one shape.

use super::{Concern, ConcernCode};

/// Whether a package runs on the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CpuCompat {
    /// The processor has all that it may use.
    Yes,
    /// It may use what the processor lacks.
    No,
    /// The data to tell are not there.
    Unknown,
}

/// What a package was built for, against what the configuration asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FlagsAnswer {
    /// The same instruction sets.
    Same,
    /// Fewer: a more generic build than it could be.
    Lower,
    /// More than was requested.
    Higher,
    /// Some more and some fewer.
    Different,
}

/// What all answers about a package come to, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Usability {
    /// It runs.
    Runs,
    /// It runs, and was built for fewer instruction sets than it could be.
    Generic,
    /// It runs, and was built for more than was requested.
    Higher,
    /// It runs, and was built for some more and some fewer.
    Different,
    /// The processor lacks what it uses.
    CannotRun,
    /// Its file is not there.
    Gone,
    /// Its file is not what the index says.
    Altered,
    /// Its file lacks the signature that it must have.
    Unsigned,
    /// Portage would not take the signature of its file here.
    Unverifiable,
    /// The data to tell are not there.
    Unknown,
}

/// Whether one instance can be used here, apart from Portage's verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compatibility {
    /// Whether it runs; `None` where nobody looked.
    pub runs: Option<CpuCompat>,
    /// What it was built for; `None` where nobody looked, it cannot be determined, or nothing was compiled.
    pub flags: Option<FlagsAnswer>,
    /// What it was built for, as it says: the value of `-march` or `-mcpu`, `generic` where it names none.
    pub built_for: Option<String>,
    /// The key that signed it, as [`crate::openpgp::SignatureFacts::issuer`]; `None` where nobody looked, or no signature can be
    /// read.
    pub signer: Option<String>,
    /// What speaks against it, or should be known.
    pub concerns: Vec<Concern>,
}

impl Compatibility {
    /// Whether emerge must not get it: it does not run here, or emerge would fail on its file in the middle of
    /// the merge.
    pub fn must_be_excluded(&self) -> bool {
        self.runs == Some(CpuCompat::No) || self.concern(ConcernCode::is_of_file).is_some()
    }

    /// Whether it is open if emerge could use it, though somebody looked.
    pub fn is_uncertain(&self) -> bool {
        self.runs == Some(CpuCompat::Unknown) && !self.must_be_excluded()
    }

    /// For a package that could not be inspected.
    pub fn unknown(code: ConcernCode, detail: String) -> Compatibility {
        Compatibility {
            runs: Some(CpuCompat::Unknown),
            concerns: vec![Concern { code, detail }],
            ..Compatibility::default()
        }
    }

    /// The first concern of some kind.
    pub fn concern(&self, is_wanted: impl Fn(ConcernCode) -> bool) -> Option<&Concern> {
        let mut concerns = self.concerns.iter();
        concerns.find(|concern| is_wanted(concern.code))
    }

    /// What it comes to; `None` where nobody looked.
    pub fn usability(&self) -> Option<Usability> {
        let has = |code| self.concern(|other| other == code).is_some();
        Some(match (self.runs?, self.flags) {
            (CpuCompat::No, _) => Usability::CannotRun,
            _ if has(ConcernCode::Gone) => Usability::Gone,
            _ if has(ConcernCode::Size) => Usability::Altered,
            _ if has(ConcernCode::Unsigned) => Usability::Unsigned,
            _ if self.concern(ConcernCode::is_of_verification).is_some() => Usability::Unverifiable,
            (CpuCompat::Unknown, _) => Usability::Unknown,
            (CpuCompat::Yes, Some(FlagsAnswer::Lower)) => Usability::Generic,
            (CpuCompat::Yes, Some(FlagsAnswer::Higher)) => Usability::Higher,
            (CpuCompat::Yes, Some(FlagsAnswer::Different)) => Usability::Different,
            (CpuCompat::Yes, Some(FlagsAnswer::Same) | None) => Usability::Runs,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_answers_come_to() {
        let runs = |runs, flags| Compatibility {
            runs,
            flags,
            ..Compatibility::default()
        };
        let file = |code| Compatibility::unknown(code, String::new());
        for (compatibility, usability, is_excluded) in [
            (Compatibility::default(), None, false),
            (
                runs(Some(CpuCompat::Yes), None),
                Some(Usability::Runs),
                false,
            ),
            (
                runs(Some(CpuCompat::Yes), Some(FlagsAnswer::Lower)),
                Some(Usability::Generic),
                false,
            ),
            (
                runs(Some(CpuCompat::No), Some(FlagsAnswer::Lower)),
                Some(Usability::CannotRun),
                true,
            ),
            (
                runs(Some(CpuCompat::Unknown), None),
                Some(Usability::Unknown),
                false,
            ),
            (file(ConcernCode::Gone), Some(Usability::Gone), true),
            (file(ConcernCode::Size), Some(Usability::Altered), true),
            (
                file(ConcernCode::Unreadable),
                Some(Usability::Unknown),
                false,
            ),
        ] {
            assert_eq!(compatibility.usability(), usability, "{compatibility:?}");
            assert_eq!(
                compatibility.must_be_excluded(),
                is_excluded,
                "{compatibility:?}"
            );
        }
    }
}
