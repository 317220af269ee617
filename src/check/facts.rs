//! What this machine's configuration says about one package, binary or ebuild: the base that
//! the visibility rules stand on (`_emerge/Package.py:Package._eval_masks`).

use std::sync::{LazyLock, OnceLock};

use super::{Code, Finding, RULES, RuleResult, Test, dependencies};
use crate::local::Local;
use crate::local::dep_strings::DepString;
use crate::local::keywords::KeywordVerdict;
use crate::local::use_flags::PackageUse;
use crate::pms::{Key, Kind, Package, Subject};

/// A package and what the configuration makes of it.
#[derive(Debug)]
pub struct Facts<'a> {
    /// This machine.
    pub local: &'a Local,
    /// The package.
    pub package: &'a Package,
    /// Its CHOST; an ebuild has this machine's.
    pub chost: &'a str,
    /// Its keywords, judged.
    pub keywords: KeywordVerdict,
    /// USE under this configuration.
    pub flags: PackageUse<'a>,
    deps: OnceLock<DepStrings>,
    masks: OnceLock<Vec<Finding>>,
}

/// The dependency variables of a package, or why one cannot be read, in the order of [`dependencies::KEYS`].
type DepStrings = [DepString; dependencies::KEYS.len()];

impl<'a> Facts<'a> {
    /// Look the package up.
    pub fn of(local: &'a Local, package: &'a Package, chost: &'a str) -> Facts<'a> {
        let keywords = local.accepted.keywords.judge(package);
        let flags = local.use_flags.of(package, keywords.stable);
        Facts {
            local,
            package,
            chost,
            keywords,
            flags,
            deps: OnceLock::new(),
            masks: OnceLock::new(),
        }
    }

    /// Take over the dependency variables that read the same in another build.
    pub fn share_deps(&self, other: &Facts<'_>) {
        let Some(known) = other.deps.get() else {
            return;
        };
        let (one, other) = (self.package, other.package);
        let same_rules = one.kind == other.kind && one.eapi == other.eapi;
        let share = |key: Key, known: &DepString| {
            if same_rules && one.metadata.text(key) == other.metadata.text(key) {
                known.clone()
            } else {
                dependencies::read(self.local, one, key)
            }
        };
        self.deps
            .get_or_init(|| std::array::from_fn(|at| share(dependencies::KEYS[at], &known[at])));
    }

    /// Whether a flag is enabled: as built, or for an ebuild as configured.
    pub fn enabled(&self, flag: &str) -> bool {
        if self.package.is_built() {
            self.flags.built_with(flag)
        } else {
            self.flags.enabled(flag)
        }
    }

    /// The package for matching.
    pub fn subject(&self) -> Subject<'a> {
        self.package.subject()
    }

    /// A metadata value; nothing where it is absent.
    pub fn text(&self, key: Key) -> &'a str {
        self.package.metadata.text(key)
    }

    /// What masks the package (`_emerge/Package.py:Package._eval_masks`), in the order of the rules.
    pub fn masks(&self) -> &[Finding] {
        let test = |test: Test| match test {
            Test::OfAny(judge) | Test::OfNew(judge) => judge(self),
            Test::OfBinary(_) => RuleResult::Accept,
        };
        let judge = || {
            let answers = RULES.iter().map(|rule| (rule.code, test(rule.test)));
            answers.filter_map(|(code, answer)| Finding::of(code, answer))
        };
        self.masks.get_or_init(|| judge().collect())
    }

    /// The first mask that hides the package: what is installed already is not hidden by rules about what is yet
    /// to be installed (`_emerge/Package.py:Package._eval_visibility`).
    pub fn hidden(&self) -> Option<&Finding> {
        let installed = self.package.kind == Kind::Installed;
        let hides = |mask: &&Finding| !installed || is_of_any(mask.code);
        self.masks().iter().find(hides)
    }

    /// Whether Portage may see the package (`_emerge/Package.py:Package.visible`).
    pub fn is_visible(&self) -> bool {
        self.hidden().is_none()
    }

    /// One of the dependency variables, read once.
    ///
    /// # Errors
    /// The text is not a dependency string for the package's EAPI.
    pub(crate) fn deps(&self, key: Key) -> &DepString {
        static NONE: LazyLock<DepString> = LazyLock::new(|| Ok([].into()));
        let read = |key| dependencies::read(self.local, self.package, key);
        let all = self.deps.get_or_init(|| dependencies::KEYS.map(read));
        dependencies::KEYS
            .iter()
            .position(|&known| known == key)
            .map_or(&NONE, |position| &all[position])
    }
}

/// Whether a rule also speaks of what is installed.
fn is_of_any(code: Code) -> bool {
    let mut rules = RULES.iter();
    rules.any(|rule| rule.code == code && matches!(rule.test, Test::OfAny(_)))
}
