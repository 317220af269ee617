//! What emerge itself would ask for before it does anything.

use crate::plan::{Obstacle, Plan};
use crate::suggest::Proposal;
use crate::suggest::edit::{Edit, Kind};
use crate::suggest::note::Note;

/// The lines without which the request cannot be carried out; `None` where it can, or where no line helps.
pub(super) fn of(plan: &Plan<'_>) -> Option<Proposal> {
    let mut edits = Vec::new();
    for obstacle in &plan.obstacles {
        edits.extend(lines(obstacle)?);
    }
    (!edits.is_empty()).then(|| Proposal {
        edits,
        goals: Vec::new(),
        notes: vec![Note::Needed],
    })
}

fn lines(obstacle: &Obstacle) -> Option<Vec<Edit>> {
    match obstacle {
        Obstacle::UseChange { package, flags, .. } => {
            let sign = |on: bool| if on { "" } else { "-" };
            let flags = flags
                .iter()
                .map(|(flag, on)| format!(" {}{flag}", sign(*on)));
            let line = format!("={package}{}", flags.collect::<String>());
            Some(vec![Edit::line(Kind::Use, line)])
        }
        Obstacle::Unmask {
            package,
            keyword,
            masked: false,
            licenses,
            ..
        } => {
            let keyword = keyword
                .as_ref()
                .map(|keyword| Edit::line(Kind::Keywords, format!("={package} {keyword}")));
            let license = (!licenses.is_empty())
                .then(|| Edit::line(Kind::License, format!("={package} {}", licenses.join(" "))));
            Some(keyword.into_iter().chain(license).collect())
        }
        _ => None,
    }
}
