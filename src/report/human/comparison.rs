//! `--compare` for people: what holds for all packages, then groups of packages by cause.

use std::io::{self, Write};

use owo_colors::OwoColorize;

use super::lines;
use crate::compare::{Cause, Comparison, DifferenceGroup, SettingDifference, Side};
use crate::sanitize::sanitize;

/// How many packages of a group are named without `-v`.
const NAMED: usize = 8;

/// How it is shown.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonPage<'n> {
    /// The names of both systems.
    pub names: [&'n str; 2],
    /// Columns of the page.
    pub columns: usize,
    /// Name all packages.
    pub verbose: bool,
}

/// Write it.
///
/// # Errors
/// Writing to the stream fails.
pub fn write(
    comparison: &Comparison,
    page: ComparisonPage<'_>,
    out: &mut impl Write,
) -> io::Result<()> {
    for SettingDifference { name, a, b } in &comparison.settings {
        writeln!(out, "{}", name.bold())?;
        for (side, value) in [(Side::A, a), (Side::B, b)] {
            let value = value.as_deref().unwrap_or("none");
            text(&format!("{}: {value}", label(page, side)), 2, page, out)?;
        }
    }
    for group in &comparison.groups {
        head(group, page, out)?;
        for line in details(&group.cause, page) {
            text(&line, 2, page, out)?;
        }
        let most = if page.verbose { usize::MAX } else { NAMED };
        text(&lines::some(&group.packages, most), 2, page, out)?;
    }
    let (one, other) = &comparison.only_installed;
    for (side, names) in [(Side::A, one), (Side::B, other)] {
        if !names.is_empty() {
            let noun = if names.len() == 1 {
                "package"
            } else {
                "packages"
            };
            text(
                &format!(
                    "only {} has {} {noun} installed",
                    label(page, side),
                    names.len()
                ),
                0,
                page,
                out,
            )?;
        }
    }
    if !comparison.unknown.is_empty() {
        let count = counted((comparison.unknown.len(), "package"));
        text(
            &format!("{count} could not be compared: a frozen system does not know them"),
            0,
            page,
            out,
        )?;
    }
    let packages: usize = comparison
        .groups
        .iter()
        .map(|group| group.packages.len())
        .sum();
    let last = match (comparison.settings.len(), packages) {
        (0, 0) => "the same in effect".to_owned(),
        (settings, packages) => {
            let [settings, packages] = [(settings, "setting"), (packages, "package")].map(counted);
            format!("{settings} and {packages} differ")
        }
    };
    writeln!(out, "{}", last.bold())
}

/// `1 setting`, `2 settings`
fn counted((count, noun): (usize, &str)) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{end}")
}

fn head(group: &DifferenceGroup, page: ComparisonPage<'_>, out: &mut impl Write) -> io::Result<()> {
    let what = match &group.cause {
        Cause::Use { flag, enabled, .. } => {
            format!("USE {flag}: only {} enables it", label(page, *enabled))
        }
        Cause::Masked { side, code, .. } => {
            format!("{code}: {} may not take the version", label(page, *side))
        }
        Cause::NoEbuild(side) => format!(
            "the repositories of {} lack the version",
            label(page, *side)
        ),
        Cause::OtherEbuild => "the ebuilds of one version differ".to_owned(),
    };
    let noun = match group.packages.len() {
        1 => "1 package".to_owned(),
        count => format!("{count} packages"),
    };
    for line in lines::hanging(&sanitize(&format!("{what}, {noun}")), 0, 2, page.columns) {
        writeln!(out, "{}", line.bold())?;
    }
    Ok(())
}

fn details(cause: &Cause, page: ComparisonPage<'_>) -> Vec<String> {
    let by = |side, source: &Option<String>| {
        let source = source.as_deref().unwrap_or("the default of the ebuild");
        format!("{}: {source}", label(page, side))
    };
    match cause {
        Cause::Use { a, b, .. } => vec![by(Side::A, a), by(Side::B, b)],
        Cause::Masked {
            side,
            source: Some(source),
            ..
        } => vec![by(*side, &Some(source.clone()))],
        Cause::Masked { .. } | Cause::NoEbuild(_) | Cause::OtherEbuild => Vec::new(),
    }
}

fn label<'n>(page: ComparisonPage<'n>, side: Side) -> &'n str {
    match side {
        Side::A => page.names[0],
        Side::B => page.names[1],
    }
}

fn text(
    text: &str,
    indent: usize,
    page: ComparisonPage<'_>,
    out: &mut impl Write,
) -> io::Result<()> {
    let lines = lines::hanging(&sanitize(text), indent, indent + 2, page.columns);
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}
