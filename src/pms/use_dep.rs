//! USE dependencies (PMS, "2-style and 4-style USE dependencies").

use std::fmt;

use super::name;

/// What a missing flag counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

impl UseDepKind {
    /// What stands before and behind the flag.
    fn signs(self) -> (&'static str, &'static str) {
        match self {
            UseDepKind::Enabled => ("", ""),
            UseDepKind::Disabled => ("-", ""),
            UseDepKind::IfEnabled => ("", "?"),
            UseDepKind::IfDisabled => ("!", "?"),
            UseDepKind::Same => ("", "="),
            UseDepKind::Opposite => ("!", "="),
        }
    }
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

impl<'a> UseDep<'a> {
    /// Read one of the words between the brackets, such as `!flag(+)?`.
    pub fn parse(text: &'a str) -> Option<UseDep<'a>> {
        let dep = UseDep::split(text);
        name::is_use_flag(dep.flag).then_some(dep)
    }

    /// Read one as Portage's native parser of dependency strings does.
    pub(super) fn parse_native(text: &'a str) -> Option<UseDep<'a>> {
        let dep = UseDep::split(text);
        name::is_native_use_flag(dep.flag).then_some(dep)
    }

    /// Take apart a word whose flag is known to be valid, or will be checked.
    pub(super) fn split(text: &'a str) -> UseDep<'a> {
        let (kind, text) = match text.as_bytes() {
            [b'-', ..] => (UseDepKind::Disabled, &text[1..]),
            [b'!', .., b'?'] => (UseDepKind::IfDisabled, &text[1..text.len() - 1]),
            [b'!', .., b'='] => (UseDepKind::Opposite, &text[1..text.len() - 1]),
            [.., b'?'] => (UseDepKind::IfEnabled, &text[..text.len() - 1]),
            [.., b'='] => (UseDepKind::Same, &text[..text.len() - 1]),
            _ => (UseDepKind::Enabled, text),
        };
        let (flag, default) = if let Some(flag) = text.strip_suffix("(+)") {
            (flag, Some(UseDefault::Enabled))
        } else if let Some(flag) = text.strip_suffix("(-)") {
            (flag, Some(UseDefault::Disabled))
        } else {
            (text, None)
        };
        UseDep {
            flag,
            kind,
            default,
        }
    }

    /// Whether what it demands depends on the USE of the package that the atom stands in.
    pub fn is_conditional(&self) -> bool {
        !matches!(self.kind, UseDepKind::Enabled | UseDepKind::Disabled)
    }

    /// What it demands when the parent's USE is known; nothing where `flag?` does not hold.
    pub fn evaluate(self, enabled: impl FnOnce(&str) -> bool) -> Option<UseDep<'a>> {
        let kind = match (self.kind, self.is_conditional() && enabled(self.flag)) {
            (kind @ (UseDepKind::Enabled | UseDepKind::Disabled), _) => kind,
            (UseDepKind::IfEnabled | UseDepKind::Same, true) => UseDepKind::Enabled,
            (UseDepKind::IfDisabled | UseDepKind::Same, false) => UseDepKind::Disabled,
            (UseDepKind::Opposite, true) => UseDepKind::Disabled,
            (UseDepKind::Opposite, false) => UseDepKind::Enabled,
            (UseDepKind::IfEnabled, false) | (UseDepKind::IfDisabled, true) => return None,
        };
        Some(UseDep { kind, ..self })
    }

    /// Whether a package fits whose flag has this state, `None` where it has no such flag.
    ///
    /// A conditional that is not evaluated demands only that the flag is there or has a default.
    pub fn is_met(&self, state: Option<bool>) -> bool {
        let default = self.default.map(|default| default == UseDefault::Enabled);
        match (state.or(default), self.kind) {
            (None, _) => false,
            (Some(enabled), UseDepKind::Enabled) => enabled,
            (Some(enabled), UseDepKind::Disabled) => !enabled,
            (Some(_), _) => true,
        }
    }
}

impl fmt::Display for UseDep<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, behind) = self.kind.signs();
        let default = match self.default {
            Some(UseDefault::Enabled) => "(+)",
            Some(UseDefault::Disabled) => "(-)",
            None => "",
        };
        write!(f, "{before}{}{default}{behind}", self.flag)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn text_survives() {
        let valid = "foo -foo foo? !foo? foo= !foo= foo(+) -foo(-) foo(+)? !foo(-)? foo(+)= !foo(-)= a@b 7z";
        for text in valid.split(' ') {
            assert_eq!(UseDep::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn malformed() {
        let invalid = "!foo -foo? -foo= foo?= !-foo? foo(+)(-) foo(+ (+) foo?(+) fo.o _a @ +c - ! ? = !? -(+) é !";
        for text in invalid.split(' ').chain([" foo", ""]) {
            assert_eq!(UseDep::parse(text), None, "{text:?}");
        }
    }

    /// Written, with the flag enabled in the parent, without.
    #[test]
    fn conditionals_follow_the_parent() {
        for (text, with, without) in [
            ("foo", Some("foo"), Some("foo")),
            ("-foo", Some("-foo"), Some("-foo")),
            ("foo?", Some("foo"), None),
            ("!foo?", None, Some("-foo")),
            ("foo=", Some("foo"), Some("-foo")),
            ("!foo=", Some("-foo"), Some("foo")),
            ("foo(-)?", Some("foo(-)"), None),
            ("foo(+)=", Some("foo(+)"), Some("-foo(+)")),
        ] {
            let evaluate = |enabled| {
                let evaluated = UseDep::parse(text).unwrap().evaluate(|_| enabled);
                evaluated.map(|dep| dep.to_string())
            };
            assert_eq!(evaluate(true).as_deref(), with, "{text}");
            assert_eq!(evaluate(false).as_deref(), without, "{text}");
        }
    }
}
