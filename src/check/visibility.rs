//! Which rules hide a package of any kind (`_emerge/Package.py:Package._eval_masks`,
//! `._eval_visibility`).

use super::{Answer, Facts, chost, eapi, invalid, keywords, license, mask, properties, restrict};
use crate::pms::Kind;

/// A rule that asks nothing but what the configuration says of one package.
type FactsRule = fn(&Facts<'_>) -> Answer;

const RULES: [(&str, FactsRule); 8] = [
    ("invalid", invalid::of),
    ("chost", chost::of),
    ("eapi", eapi::of),
    ("keywords", keywords::of),
    ("properties", properties::of),
    ("restrict", restrict::of),
    ("mask", mask::of),
    ("license", license::of),
];

/// Rules that hide installed packages too; the others only speak of what is yet to be installed.
const HIDES_INSTALLED: [&str; 4] = ["invalid", "eapi", "mask", "license"];

/// The rules that mask a package, each with its answer, evaluated one by one.
pub(crate) fn masks(facts: &Facts<'_>) -> impl Iterator<Item = (&'static str, Answer)> {
    let answers = RULES.iter().map(|(code, rule)| (*code, rule(facts)));
    answers.filter(|(_, answer)| *answer != Answer::Accept)
}

/// Whether masks of these codes hide a package of this kind.
pub(crate) fn hides(kind: Kind, codes: &[&str]) -> bool {
    let counts = |code: &&&str| kind != Kind::Installed || HIDES_INSTALLED.contains(*code);
    codes.iter().any(|code| counts(&code))
}

/// The first rule that hides a package.
pub(crate) fn hidden(facts: &Facts<'_>) -> Option<(&'static str, Answer)> {
    let installed = facts.package.kind == Kind::Installed;
    masks(facts).find(|(code, _)| !installed || HIDES_INSTALLED.contains(code))
}
