//! emerge's option parser and bincheck's refuse the same command lines.

use std::io::Write;
use std::process::{Command, Stdio};

use bincheck::cli::options::{EMERGE, Shape};
use bincheck::cli::value::Allowed;
use bincheck::cli::words::{self, CommandToken};

use crate::portage::python;
use crate::support::project;

/// Values of every kind that some option takes, and some that none does.
const VALUES: &[&str] = &[
    "",
    "y",
    "True",
    "0",
    "7",
    "-7",
    "1.5",
    "nan",
    "CORES",
    "text",
    "rdeps",
    "changed-use",
    "deep",
    "glsa",
    "foo",
    "=a/b-1",
    "a/b[c]",
    "a/b c/d",
    "a/b::r",
];

/// Every option with every value, joined by `=` and as the next word, and what only the grammar decides.
fn lines() -> Vec<Vec<String>> {
    let mut lines: Vec<Vec<String>> = Vec::new();
    for option in EMERGE {
        let name = format!("--{}", option.name);
        lines.push(vec![name.clone()]);
        for value in VALUES {
            lines.push(vec![format!("{name}={value}")]);
            // What follows an option in a word of its own may not begin with a dash, or is an option.
            if !value.starts_with('-') && option.shape != Shape::Optional(Allowed::YesNo) {
                lines.push(vec![name.clone(), (*value).to_owned()]);
            }
        }
    }
    let more = "-avuDN @world|-D2 a/b|-j4 a/b|-jx a/b|-l x|-l 1.5|-X a/b|-X|-Xa/b|-y|-kn|-DN2|--usep|--newu|--nonsense|--jobs=|--exc a/b";
    let more = more
        .split('|')
        .map(|line| line.split(' ').map(str::to_owned).collect());
    lines.extend(more);
    lines
}

fn is_refused(line: &[String]) -> bool {
    let table = words::emerge_table();
    let tokens = words::split(line, &table);
    tokens
        .iter()
        .any(|token| matches!(token, CommandToken::Invalid { .. }))
}

#[test]
fn emerge_refuses_the_same_lines() {
    let Some(python) = python() else { return };
    let lines = lines();
    let mut parser = Command::new(python)
        .arg("-B")
        .arg(project("tests/portage/options.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut input = parser.stdin.take().expect("a pipe");
    let text: Vec<String> = lines
        .iter()
        .map(|line| serde_json::to_string(line).expect("words"))
        .collect();
    let writer = std::thread::spawn(move || {
        input
            .write_all((text.join("\n") + "\n").as_bytes())
            .expect("it reads");
    });
    let output = parser.wait_with_output().expect("it ends");
    writer.join().expect("all was written");
    let answers = String::from_utf8(output.stdout).expect("text");
    let answers: Vec<bool> = answers.lines().map(|line| line == "true").collect();
    assert_eq!(answers.len(), lines.len());
    let differing: Vec<String> = lines
        .iter()
        .zip(answers)
        .filter(|(line, refused)| is_refused(line) != *refused)
        .map(|(line, refused)| format!("{line:?}: emerge refuses it: {refused}"))
        .collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
