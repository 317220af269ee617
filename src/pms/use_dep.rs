//! USE dependencies (PMS, "2-style and 4-style USE dependencies").

/// What a missing flag counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UseDefault {
    /// `(+)`
    Enabled,
    /// `(-)`
    Disabled,
}

/// The form in which a flag is demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UseDepKind {
    /// `flag`
    Enabled,
    /// `-flag`
    Disabled,
    /// `flag?`
    IfEnabled,
    /// `!flag?`
    IfDisabled,
    /// `flag=`
    Same,
    /// `!flag=`
    Opposite,
}

/// One USE dependency of an atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UseDep<'a> {
    /// The flag.
    pub flag: &'a str,
    /// How it is demanded.
    pub kind: UseDepKind,
    /// What it counts as where the package has no such flag.
    pub default: Option<UseDefault>,
}
