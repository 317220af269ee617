//! `--suggest` for programs: changes, and what was found to follow from each.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::HeadJson;
use super::formatter::SafeFormatter;
use crate::report::suggest::{Advice, HostSetting, lines};
use crate::suggest::{Edit, SlotMerge, SlotName, Suggestion, TrialOutcome};

/// With --suggest: changes of configuration, each tried.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct SuggestDocument<'r> {
    #[serde(flatten)]
    head: HeadJson,
    /// The changes, most compile time saved first.
    suggestions: Vec<SuggestionJson<'r>>,
    /// What the request comes to today.
    before: OutcomeJson,
    /// What it comes to with all of them.
    after: OutcomeJson,
    /// How many changes were not tried for want of time.
    untried: usize,
}

/// A change of configuration.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SuggestionJson<'r> {
    /// What is changed, as for --suggest.
    kinds: Vec<&'static str>,
    /// Whether emerge stops without it.
    needed: bool,
    /// Lines to add, by file.
    lines: BTreeMap<String, Vec<&'r str>>,
    /// Options of emerge to add.
    options: Vec<&'static str>,
    /// Settings of binhosts to add.
    settings: Vec<SettingJson>,
    /// How much less is compiled, as far as known.
    seconds: u64,
    /// What becomes a usable binary package.
    binary: Vec<SuggestMergeJson<'r>>,
    /// What stays as it is installed.
    kept: Vec<SuggestMergeJson<'r>>,
    /// What else changes.
    others: Vec<OtherJson<'r>>,
    /// Settings that the change overrides, and the like.
    notes: Vec<String>,
}

/// A setting for a section of binrepos.conf.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SettingJson {
    /// The file.
    file: String,
    /// The section.
    section: String,
    /// The line to add.
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

/// A merge, before and after a change.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SuggestMergeJson<'r> {
    /// Name and slot.
    slot: &'r str,
    /// The package.
    cpv: String,
    /// Where it comes from.
    host: Option<&'r str>,
    /// How long it compiled, as far as known.
    seconds: Option<u64>,
}

/// What happens to a slot besides.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct OtherJson<'r> {
    /// Name and slot.
    slot: &'r str,
    /// What was merged.
    before: Option<String>,
    /// What is merged with the change.
    after: Option<String>,
}

/// What a request comes to.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct OutcomeJson {
    /// Whether emerge would carry it out.
    sound: bool,
    /// Packages that would be merged.
    merges: usize,
    /// How many of them are usable binary packages.
    binary: usize,
    /// How many are binary packages of no use.
    unusable: usize,
    /// How long compiling takes, as far as known.
    compile_seconds: u64,
    /// What is compiled.
    compiled: Vec<String>,
}

/// Write it, with a line feed at the end.
///
/// # Errors
/// Writing to the stream fails.
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
    let others = gain.others.iter().map(|(slot, (before, after))| OtherJson {
        slot: &slot.0,
        before: text(before),
        after: text(after),
    });
    let dropped = gain.dropped.iter().map(|(slot, before)| OtherJson {
        slot: &slot.0,
        before: Some(before.cpv.to_string()),
        after: None,
    });
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
        others: dropped.chain(others).collect(),
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
