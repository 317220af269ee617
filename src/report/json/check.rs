//! `check`: where emerge and the plan differ.

use serde::{Serialize, Serializer};

use crate::plan::MergeSource;
use crate::report::Report;

/// The plan beside what emerge prints.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct CheckJson<'r> {
    /// Whether emerge would merge the same.
    agrees: bool,
    /// The command that was run, word by word.
    command: &'r [String],
    /// Whether emerge would carry it out.
    emerge_succeeds: bool,
    /// Packages of which the two differ.
    differences: Vec<DifferenceJson>,
    /// The first place where the same merges come in another order; null if there is none.
    order: Option<OrderJson>,
    /// The end of emerge's output.
    #[serde(rename = "said")]
    last_lines: &'r [String],
}

/// Where two orders of the same merges part.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct OrderJson {
    /// How many merges are alike before it.
    after: usize,
    /// The next merge of emerge.
    emerge: String,
    /// The next merge of the plan.
    plan: String,
}

/// A package of which the plan and emerge differ.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct DifferenceJson {
    /// The package.
    cpv: String,
    /// Where emerge would take it from; null if it would not merge it.
    emerge: Option<OriginJson>,
    /// Where the plan takes it from; null if it does not merge it.
    plan: Option<OriginJson>,
}

/// Where a package would be taken from.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct OriginJson {
    /// `binary` or `ebuild`.
    r#type: &'static str,
    /// BUILD_ID of the binary package.
    build_id: Option<i64>,
}

impl OriginJson {
    fn of(source: MergeSource) -> OriginJson {
        match source {
            MergeSource::Ebuild => OriginJson {
                r#type: "ebuild",
                build_id: None,
            },
            MergeSource::Binary(build_id) => OriginJson {
                r#type: "binary",
                build_id,
            },
        }
    }
}

/// `check`; `null` without `--check-plan`.
pub(super) fn serialize<S: Serializer>(
    report: &&Report<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let checked = report.check.as_ref().map(|checked| CheckJson {
        agrees: checked.agrees(),
        command: &checked.command,
        emerge_succeeds: checked.succeeded,
        differences: checked
            .differences
            .iter()
            .map(|difference| DifferenceJson {
                cpv: difference.cpv.to_string(),
                emerge: difference.emerge.map(OriginJson::of),
                plan: difference.plan.map(OriginJson::of),
            })
            .collect(),
        order: checked.order.as_ref().map(|order| OrderJson {
            after: order.after,
            emerge: order.emerge.to_string(),
            plan: order.plan.to_string(),
        }),
        last_lines: &checked.last_lines,
    });
    checked.serialize(serializer)
}
