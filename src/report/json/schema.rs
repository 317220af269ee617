//! The JSON Schema of all documents, made from the types that write them; it is committed beside the manual page, and
//! every scenario is held against it.

use std::fs;
use std::path::{Path, PathBuf};

use boon::{Compiler, Schemas};
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::{ReportDocument, adopt, comparison, fleet, suggest, survey, why};

/// What `--json` writes, one of these.
#[derive(schemars::JsonSchema)]
#[schemars(untagged, title = "What bincheck --json writes")]
#[expect(dead_code, reason = "only its schema is of use")]
enum AnyDocument {
    /// A report on targets, or with --all on all instances.
    Report(Box<ReportDocument<'static, 'static>>),
    /// With --why.
    Why(why::WhyDocument<'static>),
    /// With --suggest.
    Suggest(suggest::SuggestDocument<'static>),
    /// With --adopt.
    Adopt(adopt::AdoptDocument<'static>),
    /// With --hosts.
    Hosts(survey::SurveyDocument<'static>),
    /// With --fleet.
    Fleet(fleet::FleetDocument<'static>),
    /// With --compare.
    Compare(comparison::ComparisonDocument<'static>),
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The schema.
pub(super) fn generated() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let schema = settings
        .into_generator()
        .into_root_schema_for::<AnyDocument>();
    schema.to_value()
}

/// Hold a file against what is generated; with `SNAPSHOTS=overwrite` it is written.
pub(super) fn committed(path: &str, text: &str) {
    let file = project(path);
    if std::env::var("SNAPSHOTS").is_ok_and(|mode| mode == "overwrite") {
        fs::write(&file, text).unwrap_or_else(|error| panic!("{error}"));
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == text,
        "{path} is stale, run: SNAPSHOTS=overwrite cargo test --lib report::json"
    );
}

#[test]
fn the_committed_schema_is_what_the_types_say() {
    let text = serde_json::to_string_pretty(&generated()).unwrap_or_default() + "\n";
    committed("man/bincheck-json.schema.json", &text);
}

/// What differs from run to run is cut out of what is committed.
fn completed(mut document: Value) -> Value {
    document["bincheck"] = json!("0.0.0");
    let hosts = document.get_mut("hosts").and_then(Value::as_array_mut);
    for host in hosts.into_iter().flatten() {
        host["age"] = Value::Null;
    }
    document
}

#[test]
fn every_scenario_is_valid_and_a_mistake_is_not() {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    let added = compiler.add_resource("all.json", generated());
    added.unwrap_or_else(|error| panic!("{error}"));
    let compiled = compiler.compile("all.json", &mut schemas);
    let schema = compiled.unwrap_or_else(|error| panic!("{error}"));
    let mut seen = 0;
    let scenarios = fs::read_dir(project("testdata/scenarios"));
    for scenario in scenarios.into_iter().flatten().flatten() {
        let Ok(text) = fs::read_to_string(scenario.path().join("out.json")) else {
            continue;
        };
        let document: Value = serde_json::from_str(&text).unwrap_or_default();
        let document = completed(document);
        let name = scenario.file_name();
        if let Err(error) = schemas.validate(&document, schema) {
            panic!("{}: {error:#}", name.display());
        }
        // A document without one of its keys is none, whichever it is.
        for key in document
            .as_object()
            .into_iter()
            .flat_map(|object| object.keys())
        {
            let mut lacking = document.clone();
            lacking.as_object_mut().map(|object| object.remove(key));
            let valid = schemas.validate(&lacking, schema).is_ok();
            assert!(!valid, "{}: valid without {key}", name.display());
        }
        seen += 1;
    }
    assert!(seen > 40, "{seen}");
}
