//! What `--check-plan` found out.

use crate::exit::Exit;
use crate::plan::{Difference, OrderDifference};

/// The plan against what emerge reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The command that was run.
    pub command: Vec<String>,
    /// Whether emerge ended well.
    pub succeeded: bool,
    /// Whether the plan expected that.
    pub plan_is_sound: bool,
    /// Packages that emerge lists otherwise.
    pub differences: Vec<Difference>,
    /// Where emerge lists the same packages in another order. Not looked at under `--tree`, which shows
    /// another order than it has.
    pub order: Option<OrderDifference>,
    /// The end of what emerge reported, for where it failed and should not have.
    pub last_lines: Vec<String>,
}

impl Checked {
    /// Whether emerge does what the plan says.
    pub fn agrees(&self) -> bool {
        self.differences.is_empty() && self.order.is_none() && self.succeeded == self.plan_is_sound
    }

    /// How the run ends.
    pub fn exit(&self) -> Exit {
        if self.agrees() {
            Exit::AllUsable
        } else {
            Exit::SomeMissing
        }
    }
}
