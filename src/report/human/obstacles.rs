//! Why emerge would end in an error, what blocks what, and what nothing satisfies.

use owo_colors::OwoColorize;

use super::merges::required_by_name;
use super::reasons::no_binary;
use super::{Style, lines};
use crate::plan::{Blocked, Obstacle, Plan, RequiredBy, SkippedBecause, SkippedUpdate};
use crate::pms::{Dep, Syntax, signed};
use crate::report::Report;
use crate::sanitize::sanitize;

/// Parents that are named of one package.
const PARENTS: usize = 4;

/// The blocks; those with nothing in them are empty.
pub(super) fn blocks(report: &Report<'_>, plan: &Plan<'_>, style: Style) -> Vec<Vec<String>> {
    let mut stops = Vec::new();
    for obstacle in &plan.obstacles {
        for (number, line) in texts(obstacle, report).iter().enumerate() {
            let indent = if number == 0 { 2 } else { 4 };
            let line = sanitize(line);
            stops.extend(lines::hanging(&line, indent, indent + 2, style.columns));
        }
    }
    if !stops.is_empty() {
        if let Some(source) = &report.lacking.only_binary {
            let text =
                format!("nothing but binary packages is wanted by EMERGE_DEFAULT_OPTS ({source})");
            stops.extend(lines::hanging(&sanitize(&text), 2, 4, style.columns));
        }
        let title = if plan.is_given_up() {
            "given up:"
        } else {
            "emerge would stop:"
        };
        stops.insert(0, title.red().bold().to_string());
    }
    let solvable = plan.blocks.iter().filter(|block| !block.unsolvable);
    let solvable: Vec<String> = solvable
        .map(|block| format!("{} blocks {} ({})", block.by, block.package, block.atom))
        .collect();
    let is_skipped = |atom: &&String| {
        let mut skipped = plan.skipped.iter();
        skipped.any(|update| update.package.cpn.as_str() == atom.as_str())
    };
    let orphaned = plan.orphaned.iter().filter(|atom| !is_skipped(atom));
    let orphaned: Vec<String> = orphaned.cloned().collect();
    let left_out = plan.left_out.iter();
    let left_out: Vec<String> = left_out
        .map(|one| format!("{} [{}]", one.update, one.installed.version))
        .collect();
    let skipped = plan.skipped.iter().map(|update| skipped(update, report));
    let skipped: Vec<String> = skipped.collect();
    let list = |title: &str, texts: &[String]| {
        if texts.is_empty() {
            Vec::new()
        } else {
            let lines = texts.iter().map(|text| sanitize(text));
            let lines = lines.flat_map(|text| lines::hanging(&text, 2, 4, style.columns));
            let title = lines::hanging(title, 0, 0, style.columns);
            title
                .iter()
                .map(|line| line.bold().to_string())
                .chain(lines)
                .collect()
        }
    };
    let words = |title: &str, words: &[String]| {
        list(
            title,
            &if words.is_empty() {
                Vec::new()
            } else {
                vec![words.join(" ")]
            },
        )
    };
    let left = if report.setting.policy.sources.ebuilds {
        "installed, and all their ebuilds are masked or gone:"
    } else {
        "installed, and no binary package of them that may be taken:"
    };
    vec![
        stops,
        list("blockers that an uninstall solves:", &solvable),
        list("updates that are skipped:", &skipped),
        words(
            "nothing satisfies (skipped, as emerge does):",
            &plan.missing,
        ),
        words(left, &orphaned),
        words("provided by package.provided:", &plan.provided),
        words(
            "ebuilds could not be read, so the plan is uncertain for:",
            &plan.unreadable,
        ),
        words(&left_out_title(left_out.len()), &left_out),
    ]
}

fn left_out_title(count: usize) -> String {
    let updates = if count == 1 { "update" } else { "updates" };
    format!(
        "{count} {updates} of what only builds need, left out with -g as emerge does (--with-bdeps=y has them):"
    )
}

/// An update that is skipped, with who keeps the other version.
fn skipped(skipped: &SkippedUpdate, report: &Report<'_>) -> String {
    let because = match &skipped.because {
        SkippedBecause::Dependency(lacking) if lacking.candidates.is_empty() => {
            let name = Dep::parse(&lacking.atom, Syntax::USER);
            let name = name.as_ref().map_or("", |atom| atom.name());
            let nothing = nothing_at_all(report, name).join(", ");
            format!("{lacking}: {nothing}")
        }
        SkippedBecause::Dependency(lacking) => lacking.to_string(),
        SkippedBecause::Conflict(parents) => wants(parents),
    };
    format!(
        "{} ({} instead): {because}",
        skipped.package, skipped.selected
    )
}

/// Who wants what: each once, with all atoms.
fn wants(parents: &[(RequiredBy, String)]) -> String {
    let mut by_parent: Vec<(String, Vec<&str>)> = Vec::new();
    for (parent, atom) in parents {
        let name = required_by_name(parent);
        match by_parent.iter_mut().find(|(known, _)| *known == name) {
            Some((_, atoms)) => atoms.push(atom),
            None => by_parent.push((name, vec![atom])),
        }
    }
    let named = by_parent.iter().take(PARENTS);
    let named = named.map(|(name, atoms)| format!("{name} wants {}", atoms.join(" ")));
    let more = by_parent.len().saturating_sub(PARENTS);
    let more = (more > 0).then(|| format!("{more} more"));
    named.chain(more).collect::<Vec<_>>().join("; ")
}

/// Atoms that nothing satisfies, and other obstacles in words.
pub(super) fn unmet(plan: &Plan<'_>, report: &Report<'_>) -> Vec<String> {
    let obstacles = plan.obstacles.iter().map(|obstacle| match obstacle {
        Obstacle::Unsatisfied { atom, .. } => atom.clone(),
        _ => texts(obstacle, report).swap_remove(0),
    });
    obstacles.chain(plan.missing.iter().cloned()).collect()
}

fn texts(obstacle: &Obstacle, report: &Report<'_>) -> Vec<String> {
    match obstacle {
        Obstacle::Unsatisfied {
            atom,
            parent,
            path,
            why,
        } => {
            let mut lines = vec![format!(
                "nothing satisfies {atom}{}{}",
                for_whom(parent),
                above(path)
            )];
            lines.extend(why.candidates.iter().map(ToString::to_string));
            let name = Dep::parse(atom, Syntax::USER);
            let name = name.as_ref().map_or("", |atom| atom.name());
            let is_unread = !report.indexes().unread().is_empty();
            let is_unlisted = report.lacking.unlisted.contains_key(name);
            if why.candidates.is_empty() || is_unread || is_unlisted {
                lines.extend(nothing_at_all(report, name));
            }
            lines
        }
        Obstacle::RequiredUse {
            package,
            unmet,
            flags,
            parent,
        } => vec![
            format!(
                "REQUIRED_USE of {package} does not hold{}",
                for_whom(parent)
            ),
            format!("{}, with USE {}", unmet.join(" "), words(flags)),
        ],
        Obstacle::NeedsMerge { package, parent } => vec![format!(
            "{package} would have to be merged first{}",
            for_whom(parent)
        )],
        Obstacle::Circular { packages, breaks } => {
            let names: Vec<String> = packages.iter().map(ToString::to_string).collect();
            let breaks = breaks
                .iter()
                .map(|(cpv, flag, enabled)| format!("={cpv} {}", signed(flag, *enabled)));
            let breaks: Vec<String> = breaks.collect();
            let cycle = format!("packages that wait for each other: {}", names.join(", "));
            let help = (!breaks.is_empty()).then(|| {
                format!(
                    "USE that breaks the cycle, and can be taken back afterwards: {}",
                    breaks.join(", or ")
                )
            });
            std::iter::once(cycle).chain(help).collect()
        }
        Obstacle::UseChange {
            package,
            flags,
            parents,
        } => {
            let mut lines = vec![format!(
                "USE must be changed first: ={package} {}",
                words(flags)
            )];
            // Those that need the flags come first.
            let mut parents = parents.clone();
            parents.sort_by_key(|(_, atom)| !names_any(atom, flags));
            lines.extend(wanted_by(&parents));
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
        Obstacle::TooComplex => vec![
            format!("{obstacle}, and what emerge would do is unknown"),
            "request fewer packages at once, or try --nodeps".to_owned(),
        ],
        Obstacle::Blocked(block) => {
            let Blocked { by, package, .. } = block;
            let mut lines = vec![format!("{by} blocks {package} ({})", block.atom)];
            for (cpv, parents) in [(by, &block.by_parents), (package, &block.parents)] {
                // What was typed is known.
                let is_typed = |(parent, _): &&(RequiredBy, String)| matches!(parent, RequiredBy::Target(name) if !name.starts_with('@'));
                let others = parents.iter().filter(|pair| !is_typed(pair));
                let text = wants(&others.cloned().collect::<Vec<_>>());
                lines.extend((!text.is_empty()).then(|| format!("{cpv}: {text}")));
            }
            lines
        }
    }
}

/// Whether an atom has a USE dependency on one of the flags.
fn names_any(atom: &str, flags: &[(String, bool)]) -> bool {
    let Ok(dep) = Dep::parse(atom, Syntax::USER) else {
        return false;
    };
    let mut use_deps = dep.use_deps();
    use_deps.any(|one| flags.iter().any(|(flag, _)| flag == one.flag))
}

fn words(flags: &[(String, bool)]) -> String {
    let words = flags.iter().map(|(flag, enabled)| signed(flag, *enabled));
    words.collect::<Vec<_>>().join(" ")
}

/// That there is nothing of a name, neither binary package nor ebuild.
fn nothing_at_all(report: &Report<'_>, name: &str) -> Vec<String> {
    let binary = report
        .setting
        .policy
        .sources
        .usepkg
        .then(|| no_binary(report, name));
    let ebuild = report
        .setting
        .policy
        .sources
        .ebuilds
        .then(|| "no repository has an ebuild of it".to_owned());
    binary.into_iter().chain(ebuild).collect()
}

/// Who wants something; that a target was typed is known.
fn for_whom(parent: &RequiredBy) -> String {
    match parent {
        RequiredBy::Target(name) if !name.starts_with('@') => String::new(),
        parent => format!(", which {} wants", required_by_name(parent)),
    }
}

/// Who wants the one that wants it, up to a target; of a long way the ends.
fn above(path: &[RequiredBy]) -> String {
    let mut names: Vec<String> = path.iter().map(required_by_name).collect();
    if let [RequiredBy::Target(name)] = path
        && !name.starts_with('@')
    {
        names.clear();
    }
    if names.len() > PARENTS {
        names.splice(PARENTS - 2..names.len() - 1, ["…".to_owned()]);
    }
    if names.is_empty() {
        String::new()
    } else {
        format!(" for {}", names.join(" for "))
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
