//! Obstacles in one line each.

use std::fmt;

use crate::plan::result::plan::Obstacle;
use crate::pms::signed;

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Obstacle::Unsatisfied { why, .. } => write!(f, "{why}"),
            Obstacle::RequiredUse { package, unmet, .. } => {
                write!(
                    f,
                    "REQUIRED_USE of {package} does not hold: {}",
                    unmet.join(" ")
                )
            }
            Obstacle::Circular { packages, .. } => {
                let names: Vec<String> = packages.iter().map(ToString::to_string).collect();
                write!(f, "packages that wait for each other: {}", names.join(", "))
            }
            Obstacle::NeedsMerge { package, .. } => {
                write!(f, "{package} would have to be merged first")
            }
            Obstacle::UseChange { package, flags, .. } => {
                let words = flags.iter().map(|(flag, enabled)| signed(flag, *enabled));
                let words: Vec<String> = words.collect();
                write!(
                    f,
                    "USE must be changed first: ={package} {}",
                    words.join(" ")
                )
            }
            Obstacle::Unmask { package, .. } => write!(f, "{package} must be accepted first"),
            Obstacle::SlotConflict { slot, .. } => {
                write!(f, "several packages want the slot {slot}")
            }
            Obstacle::TooComplex => f.write_str("the dependencies are too complex to resolve"),
            Obstacle::Blocked(block) => {
                write!(f, "{} blocks {} ({})", block.by, block.package, block.atom)
            }
        }
    }
}
