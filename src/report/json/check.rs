//! `check`: where emerge and the plan differ.

use serde::{Serialize, Serializer};

use crate::plan::MergeSource;
use crate::report::Report;

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct CheckJson<'r> {
    agrees: bool,
    command: &'r [String],
    emerge_succeeds: bool,
    differences: Vec<DifferenceJson>,
    order: Option<OrderJson>,
    #[serde(rename = "said")]
    last_lines: &'r [String],
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct OrderJson {
    after: usize,
    emerge: String,
    plan: String,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct DifferenceJson {
    cpv: String,
    emerge: Option<OriginJson>,
    plan: Option<OriginJson>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct OriginJson {
    r#type: &'static str,
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
