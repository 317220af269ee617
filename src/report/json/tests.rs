#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::{Value, json};

use super::*;
use crate::report::fixture::{LONG, fixture, report};

fn document(words: &[&str]) -> (String, Value) {
    let fixture = fixture(words);
    let mut out = Vec::new();
    write(&report(&fixture), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let value = serde_json::from_str(&text).unwrap();
    (text, value)
}

#[test]
fn a_rejected_instance() {
    let (_, value) = document(&[]);
    let mut instance = value["instances"][0].clone();
    instance["reasons"][0]["sources"] = json!([]);
    assert_eq!(
        instance,
        json!({
            "host": "site", "cpv": "app-misc/jq-1.8.1", "build_id": 2, "path": "some/path.gpkg.tar",
            "build_time": 100, "size": 2048, "mtime": 7, "repo": "gentoo", "slot": "0",
            "verdict": "rejected",
            "reasons": [{
                "code": "use", "detail": "-oniguruma doc", "certain": true,
                "wanted": "oniguruma -doc", "found": "-oniguruma doc", "sources": [],
                "remedy": {"kind": "line", "line": "app-misc/jq -oniguruma doc",
                    "file": "/etc/portage/package.use/bincheck"},
            }],
            "runs": null, "flags": null, "built_for": null, "concerns": [],
        })
    );
    assert_eq!(
        value["instances"][0]["reasons"][0]["sources"][0],
        json!({"file": "/etc/portage/package.use/all", "line": 1})
    );
}

#[test]
fn the_frame() {
    let (_, value) = document(&["app-misc/jq", "dev-libs/none"]);
    assert_eq!(value["format"], 2);
    assert_eq!(value["status"], 2);
    assert_eq!(value["portage"], "3.0.83");
    assert_eq!(value["mode"]["binpkg_respect_use"], "auto");
    assert_eq!(
        value["hosts"][1]["name"],
        "0123456789abcdef0123456789abcdef"
    );
    assert_eq!(value["hosts"][0]["origin"], "fetched");
    assert_eq!(value["instances"][2]["host"], "local");
    assert_eq!(value["instances"][1]["build_id"], Value::Null);
    assert_eq!(value["targets"][0]["chosen"], 1);
    assert_eq!(value["targets"][0]["instances"], json!([0, 1]));
    assert_eq!(value["targets"][1]["usable"], false);
    assert_eq!(
        value["summary"]["reasons"],
        json!({"deps": 1, "invalid": 1, "keywords": 1, "use": 2})
    );
}

#[test]
fn harmful_text_is_escaped_and_kept() {
    let (text, value) = document(&[]);
    assert!(!text.trim_end().contains(crate::sanitize::is_unsafe));
    let odd = &value["instances"][3];
    assert_eq!(odd["cpv"], LONG);
    let detail = odd["reasons"][0]["detail"].as_str().unwrap();
    assert!(
        detail.contains("\u{1b}[31m") && detail.contains('\u{9b}') && detail.contains('\u{202E}')
    );
}
