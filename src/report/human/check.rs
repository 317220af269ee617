//! Where emerge and the plan differ.

use std::io::{self, Write};

use owo_colors::OwoColorize;

use crate::plan::MergeSource;
use crate::report::check::Checked;
use crate::report::layout::{elide, wrap};
use crate::sanitize::sanitize;

/// Write it.
pub(super) fn write(checked: &Checked, columns: usize, out: &mut impl Write) -> io::Result<()> {
    let command = checked.command.join(" ");
    for line in wrap(&format!("checked with: {}", sanitize(&command)), columns) {
        writeln!(out, "{line}")?;
    }
    if checked.agrees() {
        return writeln!(out, "{}", "emerge says the same".green());
    }
    writeln!(out, "{}", "emerge and this plan differ:".red().bold())?;
    for difference in &checked.differences {
        let text = format!(
            "  {}: emerge {}, here {}",
            sanitize(&difference.cpv.to_string()),
            source(difference.emerge),
            source(difference.plan)
        );
        writeln!(out, "{}", elide(&text, columns))?;
    }
    if let Some(order) = &checked.order {
        let text = format!(
            "  another order after {} merges: emerge has {}, here {}",
            order.after,
            sanitize(&order.emerge.to_string()),
            sanitize(&order.plan.to_string())
        );
        writeln!(out, "{}", elide(&text, columns))?;
    }
    match (checked.succeeded, checked.plan_is_sound) {
        (true, false) => writeln!(out, "  emerge resolves it, this plan does not"),
        (false, true) => {
            writeln!(
                out,
                "  emerge fails, this plan does not expect it; emerge says:"
            )?;
            checked.last_lines.iter().try_for_each(|line| {
                let line = sanitize(line);
                writeln!(out, "    {}", elide(line.trim_end(), columns - 4).dimmed())
            })
        }
        _ => Ok(()),
    }
}

fn source(source: Option<MergeSource>) -> String {
    match source {
        None => "nothing".to_owned(),
        Some(MergeSource::Ebuild) => "ebuild".to_owned(),
        Some(MergeSource::Binary(None)) => "binary".to_owned(),
        Some(MergeSource::Binary(Some(id))) => format!("binary {id}"),
    }
}
