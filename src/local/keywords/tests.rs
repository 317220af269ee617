#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;

use super::*;
use crate::local::getconfig::Assignment;
use crate::local::lines;
use crate::pms::{Cpv, Slot};

/// A profile with ACCEPT_KEYWORDS=amd64 and what else a row sets.
#[derive(Clone, Copy, Default)]
struct Config {
    conf: &'static str,
    env: &'static str,
    user: &'static str,
    changes: &'static str,
    profile: &'static str,
}

impl Config {
    fn keywords(self) -> Keywords {
        let layer = |layer, value: &str| {
            let assignment = Assignment::new(VARIABLE, value, Source::BuiltIn);
            (layer, assignment)
        };
        let mut layers = vec![layer(Layer::Defaults, "amd64")];
        if !self.conf.is_empty() {
            layers.push(layer(Layer::Conf, self.conf));
        }
        if !self.env.is_empty() {
            layers.push(layer(Layer::Env, self.env));
        }
        let vars = Vars::new(layers);
        let mut keywords = Keywords::of_vars(&vars);
        keywords.add_changes(0, entries(self.changes));
        keywords.add_profile(0, entries(self.profile));
        keywords.add_user(
            entries(self.user),
            &of_layer(&vars, Layer::Defaults, VARIABLE),
        );
        keywords
    }
}

fn entries(text: &str) -> Vec<AtomEntry> {
    let lines = lines::parse(text, Path::new("/f"));
    dictionary(lines, Syntax::USER, UseDeps::Rejected, &Notices::default())
}

fn judge(keywords: &Keywords, text: &str, repository: Option<&str>) -> String {
    let cpv = Cpv::parse("a/b-1").unwrap();
    let slot = Slot::parse("0", None).unwrap();
    let subject = Subject {
        cpn: &cpv.cpn,
        version: &cpv.version,
        slot: Some(&slot),
        repository,
        build_id: None,
    };
    let verdict = keywords.judge_text(&subject, text);
    match (verdict.missing.as_slice(), verdict.stable) {
        ([], true) => "S".to_owned(),
        ([], false) => "ok".to_owned(),
        (missing, _) => missing.join(" "),
    }
}

/// Observed: KEYWORDS `amd64`, `~amd64`, none, `x86`, `~x86` under each configuration; `S` accepted and
/// stable, `ok` accepted, else what is missing.
#[test]
fn configurations() {
    const NONE: Config = Config {
        conf: "",
        env: "",
        user: "",
        changes: "",
        profile: "",
    };
    for (id, config, expected) in [
        ("K1", NONE, "S, ~amd64, **, x86, ~x86"),
        (
            "K2",
            Config {
                conf: "~amd64",
                ..NONE
            },
            "ok, ok, **, x86, ~x86",
        ),
        (
            "K2b",
            Config {
                env: "~amd64",
                ..NONE
            },
            "ok, ok, **, x86, ~x86",
        ),
        (
            "K2c",
            Config {
                conf: "~amd64",
                env: "-~amd64",
                ..NONE
            },
            "S, ~amd64, **, x86, ~x86",
        ),
        (
            "K2d",
            Config {
                conf: "-amd64 ~amd64",
                ..NONE
            },
            "amd64, ok, **, x86, ~x86",
        ),
        (
            "K3",
            Config {
                user: "a/b",
                ..NONE
            },
            "ok, ok, **, x86, ~x86",
        ),
        (
            "K3b",
            Config {
                user: "a/b",
                conf: "x86",
                ..NONE
            },
            "ok, ok, **, S, ~x86",
        ),
        (
            "K4",
            Config {
                user: "a/b **",
                ..NONE
            },
            "ok, ok, ok, ok, ok",
        ),
        (
            "K5",
            Config {
                conf: "~amd64",
                user: "a/b -~amd64",
                ..NONE
            },
            "S, ~amd64, **, x86, ~x86",
        ),
        (
            "K6",
            Config {
                user: "a/b ~*",
                ..NONE
            },
            "ok, ok, **, x86, ok",
        ),
        (
            "K6b",
            Config {
                user: "a/b *",
                ..NONE
            },
            "S, ~amd64, **, S, ~x86",
        ),
        (
            "K7",
            Config {
                user: "a/b ~amd64\na/b -~amd64",
                ..NONE
            },
            "S, ~amd64, **, x86, ~x86",
        ),
        (
            "K8",
            Config {
                changes: "a/b -amd64 ~amd64",
                ..NONE
            },
            "~amd64, ~amd64, ~amd64, x86 ~amd64, ~x86 ~amd64",
        ),
        (
            "K9",
            Config {
                profile: "a/b",
                ..NONE
            },
            "ok, ok, **, x86, ~x86",
        ),
        (
            "K10",
            Config {
                user: "a/b -* x86",
                ..NONE
            },
            "amd64, ~amd64, **, S, ~x86",
        ),
        (
            "K11",
            Config {
                user: "a/b ~amd64",
                env: "-~amd64",
                ..NONE
            },
            "S, ~amd64, **, x86, ~x86",
        ),
    ] {
        let keywords = config.keywords();
        let columns = ["amd64", "~amd64", "", "x86", "~x86"];
        let row = columns.map(|text| judge(&keywords, text, Some("gentoo")));
        assert_eq!(row.join(", "), expected, "{id}");
    }
}

#[test]
fn repository_and_build_id() {
    let keywords = Config {
        user: "*/*::ovl ~amd64",
        ..Config::default()
    }
    .keywords();
    assert_eq!(judge(&keywords, "~amd64", Some("ovl")), "ok");
    assert_eq!(judge(&keywords, "~amd64", None), "ok");
    assert_eq!(judge(&keywords, "~amd64", Some("gentoo")), "~amd64");
    let keywords = Config {
        user: "=a/b-1-3 ~amd64",
        ..Config::default()
    }
    .keywords();
    assert_eq!(judge(&keywords, "~amd64", Some("gentoo")), "~amd64");
}

/// Words with `-` in KEYWORDS vanish with what they take back; observed with `getMissingKeywords`.
#[test]
fn negative_keywords() {
    let keywords = Config::default().keywords();
    for (text, expected) in [
        ("-*", "**"),
        ("-x86", "**"),
        ("-* ~amd64", "~amd64"),
        ("-* amd64", "S"),
        ("-x86 amd64", "S"),
        ("amd64 -amd64", "**"),
        ("~amd64 ~amd64 x86", "~amd64 x86"),
    ] {
        assert_eq!(judge(&keywords, text, None), expected, "{text}");
    }
}

#[test]
fn accepted_words_name_their_lines() {
    let keywords = Config {
        user: "# x\na/b\n",
        ..Config::default()
    }
    .keywords();
    let cpv = Cpv::parse("a/b-1").unwrap();
    let subject = Subject {
        cpn: &cpv.cpn,
        version: &cpv.version,
        slot: None,
        repository: None,
        build_id: None,
    };
    let accepted: Vec<String> = keywords
        .judge_text(&subject, "amd64")
        .accepted
        .into_iter()
        .map(|(word, source)| format!("{word} {source}"))
        .collect();
    assert_eq!(accepted, ["amd64 built-in default", "~amd64 /f:2"]);
}
