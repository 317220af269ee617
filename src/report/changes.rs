//! `--changes`: what a request comes to now against an earlier run of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Concerns for which emerge would fail on a binary package, or that keep it from running.
const UNUSABLE: [&str; 8] = [
    "cpu",
    "gone",
    "size",
    "unsigned",
    "no-keyring",
    "unknown-key",
    "expired-key",
    "bad-signature",
];

/// What a request came to: for each package by name and slot what would be merged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestState {
    merges: BTreeMap<String, MergeRecord>,
}

/// One merge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct MergeRecord {
    cpv: String,
    how: How,
    /// Why it is compiled, or of no use.
    codes: Vec<String>,
}

/// How a package comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum How {
    Binary,
    Unusable,
    Compiled,
}

/// One thing that has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestChange {
    /// What has: `binary`, `withdrawn`, `version`, `new`, `done` or `reason`.
    pub what: &'static str,
    /// The package, as it would be merged now, or was to be.
    pub cpv: String,
    /// What it was before, where that matters.
    pub before: Option<String>,
    /// Why it is compiled now, or of no use.
    pub reasons: Vec<String>,
}

impl RequestState {
    /// That of a document of `--json`; `None` for one that has no merges.
    pub fn of_document(document: &Value) -> Option<RequestState> {
        let merges = document.get("merges")?.as_array()?;
        let instances = document.get("instances").and_then(Value::as_array);
        let record = |merge: &Value| {
            let cpv = merge.get("cpv")?.as_str()?.to_owned();
            let slot = merge.get("slot").and_then(Value::as_str).unwrap_or("0");
            let slot = slot.split('/').next().unwrap_or("0");
            let name = crate::pms::Cpv::parse(&cpv)?.cpn;
            let place = merge.get("instance").and_then(Value::as_u64);
            let place = place.and_then(|place| usize::try_from(place).ok());
            let instance = place.and_then(|place| instances?.get(place));
            let concerns = instance.and_then(|instance| instance.get("concerns"));
            let mut unusable = codes(concerns);
            unusable.retain(|code| UNUSABLE.contains(&code.as_str()));
            let (how, codes) = match merge.get("type")?.as_str()? {
                "binary" if unusable.is_empty() => (How::Binary, unusable),
                "binary" => (How::Unusable, unusable),
                _ => (How::Compiled, codes(merge.get("reasons"))),
            };
            Some((format!("{name}:{slot}"), MergeRecord { cpv, how, codes }))
        };
        Some(RequestState {
            merges: merges.iter().filter_map(record).collect(),
        })
    }

    /// What has changed since an earlier state, in order of name.
    pub fn since(&self, earlier: &RequestState) -> Vec<RequestChange> {
        let mut changes = Vec::new();
        for (slot, now) in &self.merges {
            changes.extend(change(earlier.merges.get(slot), now));
        }
        for (slot, before) in &earlier.merges {
            if !self.merges.contains_key(slot) {
                changes.push(RequestChange {
                    what: "done",
                    cpv: before.cpv.clone(),
                    before: None,
                    reasons: Vec::new(),
                });
            }
        }
        changes
    }
}

fn change(before: Option<&MergeRecord>, now: &MergeRecord) -> Option<RequestChange> {
    let changed = |what, before: Option<String>| {
        Some(RequestChange {
            what,
            cpv: now.cpv.clone(),
            before,
            reasons: now.codes.clone(),
        })
    };
    let Some(before) = before else {
        return changed("new", None);
    };
    match (before.how, now.how) {
        (How::Compiled | How::Unusable, How::Binary) => {
            changed("binary", Some(before.codes.join(", ")))
        }
        (How::Binary, How::Compiled | How::Unusable) => {
            changed("withdrawn", Some(before.cpv.clone()))
        }
        _ if before.cpv != now.cpv => changed("version", Some(before.cpv.clone())),
        _ if before.codes != now.codes => changed("reason", Some(before.codes.join(", "))),
        _ => None,
    }
}

/// The codes of a list of reasons or concerns.
fn codes(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    let codes = list.filter_map(|one| one.get("code")?.as_str());
    let mut codes: Vec<String> = codes.map(str::to_owned).collect();
    codes.sort();
    codes.dedup();
    codes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    /// Merges as `cpv how codes…`, of slot 0.
    fn state(merges: &[&str]) -> RequestState {
        let mut instances = Vec::new();
        let merge = |text: &&str| {
            let words: Vec<&str> = text.split(' ').collect();
            let codes: Vec<Value> = words[2..]
                .iter()
                .map(|code| json!({"code": code}))
                .collect();
            let kind = if words[1] == "compiled" {
                "ebuild"
            } else {
                "binary"
            };
            instances
                .push(json!({"concerns": if kind == "binary" { codes.clone() } else { vec![] }}));
            let reasons = if kind == "ebuild" { codes } else { vec![] };
            let instance = instances.len() - 1;
            json!({"cpv": words[0], "slot": "0/1", "type": kind, "reasons": reasons, "instance": instance})
        };
        let merges: Vec<Value> = merges.iter().map(merge).collect();
        RequestState::of_document(&json!({"merges": merges, "instances": instances})).unwrap()
    }

    #[test]
    fn each_kind_of_change() {
        for (before, now, expected) in [
            ("a/b-1 compiled use", "a/b-1 binary", Some("binary")),
            ("a/b-1 binary gone", "a/b-1 binary", Some("binary")),
            ("a/b-1 binary", "a/b-1 compiled use", Some("withdrawn")),
            ("a/b-1 binary", "a/b-1 binary cpu", Some("withdrawn")),
            ("a/b-1 binary", "a/b-2 binary", Some("version")),
            (
                "a/b-1 compiled use",
                "a/b-1 compiled deps use",
                Some("reason"),
            ),
            ("a/b-1 compiled use", "a/b-1 compiled use", None),
            ("a/b-1 binary flags-lower", "a/b-1 binary", None),
        ] {
            let changes = state(&[now]).since(&state(&[before]));
            let found = changes.first().map(|change| change.what);
            assert_eq!(found, expected, "{before} → {now}");
        }
        let none = state(&[]);
        let one = state(&["a/b-1 binary"]);
        assert_eq!(one.since(&none)[0].what, "new");
        assert_eq!(none.since(&one)[0].what, "done");
        assert!(one.since(&one).is_empty());
    }

    #[test]
    fn what_is_no_document_has_no_state() {
        for text in ["{}", "[]", "{\"merges\": null}", "{\"merges\": 1}"] {
            let value = serde_json::from_str(text).unwrap();
            assert_eq!(RequestState::of_document(&value), None, "{text}");
        }
        let odd = json!({"merges": [1, {"cpv": "no"}, {"cpv": "a/b-1"}]});
        assert_eq!(
            RequestState::of_document(&odd),
            Some(RequestState::default())
        );
    }
}
