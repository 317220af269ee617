//! The manual page bincheck-json(5), made from the schema, which is made from the types that write. The page is committed
//! beside the schema.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;

use serde_json::{Map, Value};

use super::schema::{committed, generated};
use crate::roff::{RELEASED, escape, tidy};

/// What stands before the keys.
const BEFORE: &str = include_str!("before_keys.roff");

/// What stands after them.
const AFTER: &str = include_str!("after_keys.roff");

type Definitions = Map<String, Value>;

/// The whole page.
fn page(schema: &Value) -> String {
    let none = Map::new();
    let definitions = schema["$defs"].as_object().unwrap_or(&none);
    let documents: Vec<&str> = list(schema, "anyOf").iter().filter_map(reference).collect();
    let mut page = format!(
        ".TH BINCHECK-JSON 5 {RELEASED} \"bincheck {}\"\n{BEFORE}.SH DOCUMENTS\n",
        env!("CARGO_PKG_VERSION")
    );
    for name in &documents {
        definition(name, definitions, &mut page);
    }
    let (objects, codes) = others(&documents, definitions);
    page.push_str(".SH OBJECTS\n");
    for name in objects {
        definition(name, definitions, &mut page);
    }
    page.push_str(".SH CODES\n");
    for name in codes {
        definition(name, definitions, &mut page);
    }
    tidy(&(page + AFTER))
}

/// What documents refer to, in the order in which it is met: objects, and words that a key may have.
fn others<'s>(documents: &[&'s str], definitions: &'s Definitions) -> (Vec<&'s str>, Vec<&'s str>) {
    let mut seen: BTreeSet<&str> = documents.iter().copied().collect();
    let mut queue: VecDeque<&Value> = documents.iter().map(|name| &definitions[*name]).collect();
    let (mut objects, mut codes) = (Vec::new(), Vec::new());
    while let Some(value) = queue.pop_front() {
        for name in references(value) {
            if seen.insert(name) {
                let definition = &definitions[name];
                queue.push_back(definition);
                if is_code(definition) {
                    codes.push(name);
                } else if definition["type"] == "object" || has_variants(definition) {
                    objects.push(name);
                }
            }
        }
    }
    (objects, codes)
}

/// The variants of a definition.
fn variants(definition: &Value) -> impl Iterator<Item = &Value> {
    let untagged = list(definition, "anyOf").iter();
    list(definition, "oneOf").iter().chain(untagged)
}

fn has_variants(definition: &Value) -> bool {
    variants(definition).next().is_some()
}

fn is_code(definition: &Value) -> bool {
    has_variants(definition) && variants(definition).all(|one| properties(one).is_empty())
}

/// All names of definitions that a value refers to.
fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(values) => values.iter().flat_map(references).collect(),
        Value::Object(object) => {
            let own = reference(value).into_iter();
            own.chain(object.values().flat_map(references)).collect()
        }
        _ => Vec::new(),
    }
}

fn reference(value: &Value) -> Option<&str> {
    value["$ref"].as_str()?.strip_prefix("#/$defs/")
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// The keys of an object in the order in which they are written.
fn properties(value: &Value) -> Vec<(&str, &Value)> {
    let order = list(value, "required").iter().filter_map(Value::as_str);
    let order: BTreeMap<&str, usize> = order.enumerate().map(|(place, key)| (key, place)).collect();
    let keys = value["properties"].as_object().into_iter().flatten();
    let mut keys: Vec<(&str, &Value)> = keys.map(|(key, value)| (key.as_str(), value)).collect();
    // What tells variants apart stands in their heading.
    keys.retain(|(_, value)| value["const"].is_null());
    keys.sort_by_key(|(key, _)| order.get(key).copied().unwrap_or(usize::MAX));
    keys
}

fn definition(name: &str, definitions: &Definitions, page: &mut String) {
    let value = &definitions[name];
    let _ = writeln!(page, ".SS \"{}\"\n{}", title(name), text(value));
    keys(value, page);
    for variant in variants(value) {
        if let Some(word) = variant["const"].as_str() {
            let _ = writeln!(page, ".TP\n.B {}\n{}", escape(word), text(variant));
        } else if let Some(name) = reference(variant) {
            let _ = writeln!(page, ".PP\nOr a {}.", title(name));
        } else {
            let kind = variant["properties"]["kind"]["const"].as_str();
            let kind = kind.map(|word| format!("\\fBkind\\fP \\(dq{}\\(dq: ", escape(word)));
            let kind = kind.unwrap_or_default();
            let _ = writeln!(page, ".PP\n{kind}{}", text(variant));
            keys(variant, page);
        }
    }
}

fn keys(value: &Value, page: &mut String) {
    let required: Vec<&Value> = list(value, "required").iter().collect();
    for (key, property) in properties(value) {
        let sometimes = if required.contains(&&Value::from(key)) {
            ""
        } else {
            ", optional"
        };
        let (key, kind) = (escape(key), kind(property));
        let _ = writeln!(
            page,
            ".TP\n\\fB{key}\\fP (\\fI{kind}\\fP{sometimes})\n{}",
            text(property)
        );
    }
}

/// What a value of a key is, in words.
fn kind(property: &Value) -> String {
    if let Some(name) = reference(property) {
        return title(name);
    }
    let either = list(property, "anyOf");
    if !either.is_empty() {
        let kinds: Vec<String> = either.iter().map(kind).collect();
        return kinds.join(" or ");
    }
    let types: Vec<&str> = match &property["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let named = types.iter().map(|one| match *one {
        "array" => format!("list of {}", kind(&property["items"])),
        "object" => format!("object of {}", kind(&property["additionalProperties"])),
        one => one.to_owned(),
    });
    named.collect::<Vec<String>>().join(" or ")
}

/// `MatchesJson` is written about as `matches`, `FleetHostJson` as `fleet host`.
fn title(name: &str) -> String {
    let mut title = String::new();
    for letter in name.trim_end_matches("Json").chars() {
        if letter.is_uppercase() && !title.is_empty() {
            title.push(' ');
        }
        title.extend(letter.to_lowercase());
    }
    title
}

/// The description, with names of keys in bold.
fn text(value: &Value) -> String {
    let description = value["description"].as_str().unwrap_or_default();
    let parts = description.split('`').enumerate();
    let parts = parts.map(|(place, part)| match place % 2 {
        0 => escape(part),
        _ => format!("\\fB{}\\fP", escape(part)),
    });
    parts.collect::<String>().replace('\n', " ")
}

#[test]
fn the_committed_page_is_what_the_schema_says() {
    committed("man/bincheck-json.5", &page(&generated()));
}

/// A key that nothing is said about would stand bare in the manual.
#[test]
fn every_key_is_described() {
    let schema = generated();
    let definitions = schema["$defs"].as_object().into_iter().flatten();
    let bare: Vec<String> = definitions
        .flat_map(|(name, value)| {
            let objects = std::iter::once(value).chain(variants(value));
            objects
                .flat_map(properties)
                .filter(|(_, property)| text(property).is_empty())
                .map(move |(key, _)| format!("{name}.{key}"))
        })
        .collect();
    assert!(bare.is_empty(), "no doc comment: {}", bare.join(", "));
}

#[test]
fn titles_are_words() {
    assert_eq!(title("FleetHostJson"), "fleet host");
    assert_eq!(title("MergeJson"), "merge");
}
