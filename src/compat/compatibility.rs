//! Answers about running, in one shape.

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
    /// More than was asked for.
    Higher,
    /// Some more and some fewer.
    Different,
}

/// Something that a user should know and that Portage does not look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// A stable word: `cpu`, `cpu-unknown`, `flags-lower`, `flags-higher`, `flags-different`, `gone`, `size`,
    /// `unreadable`.
    pub code: &'static str,
    /// What it is, in words.
    pub detail: String,
}

/// Whether one instance can be used here, apart from Portage's verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compatibility {
    /// Whether it runs; `None` where nobody looked.
    pub runs: Option<CpuCompat>,
    /// What it was built for; `None` where nobody looked, it cannot be told, or nothing was compiled.
    pub flags: Option<FlagsAnswer>,
    /// What it was built for, as it says: the value of `-march` or `-mcpu`, `generic` where it names none.
    pub built_for: Option<String>,
    /// What speaks against it, or should be known.
    pub concerns: Vec<Concern>,
}

impl Compatibility {
    /// Whether emerge must not be let near it: it does not run here, or its file is not what the index
    /// says, over which emerge would stumble in the middle of the merge.
    pub fn must_be_excluded(&self) -> bool {
        let is_unusable = |concern: &Concern| matches!(concern.code, "gone" | "size");
        self.runs == Some(CpuCompat::No) || self.concerns.iter().any(is_unusable)
    }

    /// For a package that could not be looked into.
    pub fn unknown(code: &'static str, detail: String) -> Compatibility {
        Compatibility {
            runs: Some(CpuCompat::Unknown),
            concerns: vec![Concern { code, detail }],
            ..Compatibility::default()
        }
    }

    /// One word about it, for a column.
    pub fn word(&self) -> &'static str {
        let has = |code: &str| self.concerns.iter().any(|concern| concern.code == code);
        match (self.runs, self.flags) {
            (None, _) => "",
            (Some(CpuCompat::No), _) => "no",
            _ if has("gone") => "gone",
            _ if has("size") => "altered",
            (Some(CpuCompat::Unknown), _) => "unknown",
            (Some(CpuCompat::Yes), Some(FlagsAnswer::Lower)) => "lower",
            (Some(CpuCompat::Yes), Some(FlagsAnswer::Higher)) => "higher",
            (Some(CpuCompat::Yes), Some(FlagsAnswer::Different)) => "differs",
            (Some(CpuCompat::Yes), _) => "yes",
        }
    }
}
