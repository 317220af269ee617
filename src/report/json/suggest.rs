//! `--suggest` for programs: changes, and what was found to follow from each.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::HeadJson;
use super::formatter::SafeFormatter;
use crate::report::suggest::{Advice, HostSetting, lines};
use crate::suggest::{Edit, SlotMerge, SlotName, Suggestion, TrialOutcome};

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct SuggestDocument<'r> {
    #[serde(flatten)]
    head: HeadJson,
    suggestions: Vec<SuggestionJson<'r>>,
    before: OutcomeJson,
    after: OutcomeJson,
    untried: usize,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SuggestionJson<'r> {
    kinds: Vec<&'static str>,
    needed: bool,
    lines: BTreeMap<String, Vec<&'r str>>,
    options: Vec<&'static str>,
    settings: Vec<SettingJson>,
    seconds: u64,
    binary: Vec<SuggestMergeJson<'r>>,
    kept: Vec<SuggestMergeJson<'r>>,
    others: Vec<OtherJson<'r>>,
    notes: Vec<String>,
}

/// A setting for a section of binrepos.conf.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SettingJson {
    file: String,
    section: String,
    line: String,
}

impl SettingJson {
    fn of(setting: HostSetting) -> SettingJson {
        let HostSetting {
            file,
            section,
            line,
        } = setting;
        SettingJson {
            file,
            section,
            line,
        }
    }
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SuggestMergeJson<'r> {
    slot: &'r str,
    cpv: String,
    host: Option<&'r str>,
    seconds: Option<u64>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct OtherJson<'r> {
    slot: &'r str,
    before: Option<String>,
    after: Option<String>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct OutcomeJson {
    sound: bool,
    merges: usize,
    binary: usize,
    unusable: usize,
    compile_seconds: u64,
    compiled: Vec<String>,
}

/// Write it, with a line feed at the end.
///
/// # Errors
/// What the stream says.
pub fn write(advice: &Advice<'_>, out: &mut impl Write) -> io::Result<()> {
    let found = advice.found;
    let needed = found.needed.iter().map(|one| (true, one));
    let all = needed.chain(found.suggestions.iter().map(|one| (false, one)));
    let document = SuggestDocument {
        head: HeadJson::CURRENT,
        suggestions: all
            .map(|(needed, one)| suggestion(advice, needed, one))
            .collect(),
        before: OutcomeJson::of(&found.before),
        after: OutcomeJson::of(&found.after),
        untried: found.untried,
    };
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, SafeFormatter);
    document.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

fn suggestion<'r>(advice: &'r Advice<'_>, needed: bool, one: &'r Suggestion) -> SuggestionJson<'r> {
    let merges = |merges: &'r BTreeMap<SlotName, SlotMerge>| {
        let merges = merges.iter();
        merges.map(|(slot, one)| merge(advice, slot, one)).collect()
    };
    let options = one.edits.iter().filter_map(|edit| match edit {
        Edit::Option(option) => Some(option.as_str()),
        Edit::Line { .. } | Edit::Exclude { .. } => None,
    });
    let gain = &one.gain;
    let text = |merge: &Option<SlotMerge>| merge.as_ref().map(|merge| merge.cpv.to_string());
    SuggestionJson {
        kinds: one.kinds().iter().map(|kind| kind.as_str()).collect(),
        needed,
        lines: lines(&one.edits, advice.local),
        options: options.collect(),
        settings: advice
            .settings(&one.edits)
            .into_iter()
            .map(SettingJson::of)
            .collect(),
        seconds: gain.seconds,
        binary: merges(&gain.binary),
        kept: merges(&gain.kept),
        others: gain
            .others
            .iter()
            .map(|(slot, (before, after))| OtherJson {
                slot: &slot.0,
                before: text(before),
                after: text(after),
            })
            .collect(),
        notes: one.notes.iter().map(ToString::to_string).collect(),
    }
}

fn merge<'r>(
    advice: &'r Advice<'_>,
    slot: &'r SlotName,
    merge: &'r SlotMerge,
) -> SuggestMergeJson<'r> {
    SuggestMergeJson {
        slot: &slot.0,
        cpv: merge.cpv.to_string(),
        host: merge.instance.map(|id| advice.host(id)),
        seconds: merge.seconds,
    }
}

impl OutcomeJson {
    pub(super) fn of(outcome: &TrialOutcome) -> OutcomeJson {
        let total = outcome.total();
        OutcomeJson {
            sound: outcome.is_sound,
            merges: total.merges,
            binary: total.binary,
            unusable: outcome.unusable(),
            compile_seconds: total.seconds,
            compiled: outcome
                .compiled()
                .map(|(_, merge)| merge.cpv.to_string())
                .collect(),
        }
    }
}
