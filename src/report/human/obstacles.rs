//! Why emerge would end in an error, what blocks what, and what nothing satisfies.

use std::io::{self, Write};

use owo_colors::OwoColorize;

use super::plan::required_by_name;
use crate::plan::{Blocked, Obstacle, Plan, RequiredBy};
use crate::report::layout::{WIDTH, wrap};
use crate::sanitize::sanitize;

/// Parents that are named of one package.
const PARENTS: usize = 4;

/// Write it; nothing if there is nothing to say.
pub(super) fn write(plan: &Plan<'_>, out: &mut impl Write) -> io::Result<()> {
    if !plan.obstacles.is_empty() {
        writeln!(out, "\n{}", "cannot be resolved:".red().bold())?;
        for obstacle in &plan.obstacles {
            for (number, line) in told(obstacle).iter().enumerate() {
                paragraph(line, if number == 0 { 2 } else { 4 }, out)?;
            }
        }
    }
    let solvable: Vec<&Blocked> = plan
        .blocks
        .iter()
        .filter(|block| !block.unsolvable)
        .collect();
    if !solvable.is_empty() {
        writeln!(out, "\n{}", "blockers that an uninstall solves:".bold())?;
        for block in solvable {
            paragraph(
                &format!("{} blocks {} ({})", block.by, block.package, block.atom),
                2,
                out,
            )?;
        }
    }
    list(
        "nothing satisfies (skipped, as emerge does):",
        &plan.missing,
        out,
    )?;
    list(
        "installed, but neither ebuild nor binary package is left:",
        &plan.orphaned,
        out,
    )?;
    list("provided by package.provided:", &plan.provided, out)?;
    list(
        "ebuilds could not be read; the plan is uncertain for:",
        &plan.unreadable,
        out,
    )
}

fn list(title: &str, words: &[String], out: &mut impl Write) -> io::Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", title.bold())?;
    paragraph(&words.join(" "), 2, out)
}

fn paragraph(text: &str, indent: usize, out: &mut impl Write) -> io::Result<()> {
    let lines = wrap(&sanitize(text), WIDTH - indent - 2);
    for (number, line) in lines.iter().enumerate() {
        let indent = if number == 0 { indent } else { indent + 2 };
        writeln!(out, "{:indent$}{line}", "")?;
    }
    Ok(())
}

/// Atoms that nothing satisfies, and other obstacles in words.
pub(super) fn unmet(plan: &Plan<'_>) -> Vec<String> {
    let obstacles = plan.obstacles.iter().map(|obstacle| match obstacle {
        Obstacle::Unsatisfied { atom, .. } => atom.clone(),
        _ => told(obstacle).swap_remove(0),
    });
    obstacles.chain(plan.missing.iter().cloned()).collect()
}

fn told(obstacle: &Obstacle) -> Vec<String> {
    match obstacle {
        Obstacle::Unsatisfied { atom, parent } => {
            vec![format!(
                "nothing satisfies {atom}{}",
                for_whom(parent, atom)
            )]
        }
        Obstacle::RequiredUse { package, parent } => vec![format!(
            "REQUIRED_USE of {package} does not hold{}",
            for_whom(parent, "")
        )],
        Obstacle::NeedsMerge { package, parent } => vec![format!(
            "{package} would have to be merged first{}",
            for_whom(parent, "")
        )],
        Obstacle::Circular { packages } => {
            let names: Vec<String> = packages.iter().map(ToString::to_string).collect();
            vec![format!(
                "packages that wait for each other: {}",
                names.join(", ")
            )]
        }
        Obstacle::UseChange {
            package,
            flags,
            parents,
        } => {
            let flags: Vec<String> = flags.iter().map(signed).collect();
            let mut lines = vec![format!(
                "USE must be changed first: ={package} {}",
                flags.join(" ")
            )];
            lines.extend(wanted_by(parents));
            lines
        }
        Obstacle::Unmask {
            package,
            keyword,
            masked,
            licenses,
            parents,
        } => {
            let mut changes = Vec::new();
            if let Some(keyword) = keyword {
                changes.push(format!("package.accept_keywords: ={package} {keyword}"));
            }
            if *masked {
                changes.push(format!("package.unmask: ={package}"));
            }
            if !licenses.is_empty() {
                changes.push(format!(
                    "package.license: ={package} {}",
                    licenses.join(" ")
                ));
            }
            let mut lines = vec![format!("must be accepted first: {}", changes.join("; "))];
            lines.extend(wanted_by(parents));
            lines
        }
        Obstacle::SlotConflict { slot, packages } => {
            let mut lines = vec![format!("several packages want the slot {slot}:")];
            for (package, parents) in packages {
                lines.push(format!("{package}"));
                lines.extend(wanted_by(parents));
            }
            lines
        }
        Obstacle::Blocked(block) => {
            vec![format!(
                "{} blocks {} ({})",
                block.by, block.package, block.atom
            )]
        }
    }
}

fn signed((flag, enabled): &(String, bool)) -> String {
    match enabled {
        true => flag.clone(),
        false => format!("-{flag}"),
    }
}

fn for_whom(parent: &RequiredBy, atom: &str) -> String {
    match parent {
        RequiredBy::Target(name) if name == atom => String::new(),
        parent => format!(", which {} wants", required_by_name(parent)),
    }
}

fn wanted_by(parents: &[(RequiredBy, String)]) -> Vec<String> {
    let named = |(required_by, atom): &(RequiredBy, String)| {
        format!("required by {} ({atom})", required_by_name(required_by))
    };
    let mut lines: Vec<String> = parents.iter().take(PARENTS).map(named).collect();
    match parents.len().saturating_sub(PARENTS) {
        0 => {}
        left => lines.push(format!("and by {left} more")),
    }
    lines
}
