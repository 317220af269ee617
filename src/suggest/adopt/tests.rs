#![allow(clippy::unwrap_used)]

use super::*;
use crate::binhost::Pool;
use crate::report::fixture::candidate;
use crate::suggest::SuggestionKind;

/// A host with packages `0..`, each of which wants lines, and a configuration of lines.
struct Model {
    ids: Vec<InstanceId>,
    /// What each wants, in rounds: the next is seen when all before are there.
    wants: Vec<Vec<&'static str>>,
    /// A line of make.conf, and which packages it satisfies.
    common: Option<(&'static str, Vec<usize>)>,
    /// The profile that the last package needs.
    profile: Option<&'static str>,
    /// The line with which emerge refuses the request.
    breaks: Option<&'static str>,
}

fn edit(line: &str) -> Edit {
    Edit::line(SuggestionKind::Use, line.to_owned())
}

impl Model {
    fn new(wants: &[&[&'static str]]) -> Model {
        let mut pool = Pool::default();
        for _ in wants {
            pool.entries.push((candidate("a/b-1", None, None), None));
        }
        Model {
            ids: pool.ids().collect(),
            wants: wants.iter().map(|lines| lines.to_vec()).collect(),
            common: None,
            profile: None,
            breaks: None,
        }
    }

    fn adopt(mut self, profile: Option<&str>) -> (Vec<String>, bool, usize) {
        let before = self.standing(&ConfigChange::default()).unwrap();
        let adoption = adopt(before, profile.map(PathBuf::from), &mut self);
        let lines = adoption.change.edits.iter().map(|edit| match edit {
            Edit::Line { line, .. } => line.clone(),
            _ => unreachable!("only lines are proposed"),
        });
        let has_profile = adoption.change.profile.is_some();
        (lines.collect(), has_profile, adoption.after.accepted.len())
    }
}

impl AdoptionTrial for Model {
    fn standing(&mut self, change: &ConfigChange) -> Option<Standing> {
        let mut standing = Standing::default();
        let has = |line: &str| change.edits.contains(&edit(line));
        for (number, id) in self.ids.iter().enumerate() {
            let common = self.common.as_ref();
            let is_common = common.is_some_and(|(line, of)| has(line) && of.contains(&number));
            let next = self.wants[number].iter().find(|line| !has(line));
            let lacks_profile = self.profile.is_some() && number + 1 == self.ids.len();
            if lacks_profile && change.profile.is_none() {
                standing.left.insert(*id, Vec::new());
            } else if let Some(next) = next.filter(|_| !is_common) {
                // What is requested in vain stays requested.
                standing
                    .fixable
                    .insert(*id, vec![edit(next.trim_end_matches('!'))]);
            } else {
                standing.accepted.insert(*id);
            }
        }
        standing.common = self.common.iter().map(|(line, _)| edit(line)).collect();
        Some(standing)
    }

    fn is_sound(&mut self, change: &ConfigChange) -> bool {
        let breaks = self.breaks.map(edit);
        breaks.is_none_or(|line| !change.edits.contains(&line))
    }
}

#[test]
fn lines_are_added_until_nothing_is_wanted() {
    let model = Model::new(&[&["x 1"], &[], &["x 2", "x 3"]]);
    assert_eq!(
        model.adopt(None),
        (vec!["x 1".into(), "x 2".into(), "x 3".into()], false, 3)
    );
}

#[test]
fn lines_that_bring_nothing_are_left_out() {
    let model = Model::new(&[&["x 1!"], &["x 2"]]);
    assert_eq!(model.adopt(None), (vec!["x 2".into()], false, 1));
}

#[test]
fn one_line_for_many_is_taken_where_it_saves_lines() {
    let wants: [&[&str]; 4] = [&["x 1"], &["x 2"], &["x 3"], &["x 4"]];
    for (of, breaks, lines) in [
        (vec![0, 1, 2], None, vec!["USE", "x 4"]),
        (vec![0, 1, 2], Some("USE"), vec!["x 1", "x 2", "x 3", "x 4"]),
        (vec![0, 1, 2], Some("x 4"), vec!["USE"]),
        (vec![0], Some("x 2"), vec!["x 1", "x 3", "x 4"]),
    ] {
        let mut model = Model::new(&wants);
        model.common = Some(("USE", of));
        model.breaks = breaks;
        assert_eq!(model.adopt(None).0, lines);
    }
}

#[test]
fn a_profile_is_taken_where_it_helps() {
    for (needed, taken) in [(None, false), (Some("desktop"), true)] {
        let mut model = Model::new(&[&["x 1"], &[]]);
        model.profile = needed;
        let (lines, has_profile, accepted) = model.adopt(Some("/profiles/desktop"));
        assert_eq!((lines.len(), has_profile, accepted), (1, taken, 2));
    }
}
