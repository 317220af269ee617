//! `--suggest`: what is printed is written into the files of a copy, and bincheck and the real emerge have to agree that
//! what was promised has come true.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::plan::system;
use crate::portage::{python, run};
use crate::support::{answer, bincheck, copy, project, scratch};

/// The document of a run.
pub fn document(root: &Path, words: &[&str]) -> Value {
    let cache = scratch();
    let mut command = bincheck(root, cache.path());
    command.arg("--json").args(words);
    serde_json::from_str(&answer(&mut command)).expect("bincheck writes JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Write the lines of a suggestion to the end of their files, as a person would.
pub fn apply(root: &Path, suggestion: &Value) {
    for (file, lines) in suggestion["lines"].as_object().expect("lines by file") {
        let path = root.join(file.trim_start_matches('/'));
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .expect("a file");
        for line in list(lines) {
            writeln!(file, "{}", line.as_str().expect("a line")).expect("it can be written");
        }
    }
}

fn options(suggestion: &Value) -> Vec<String> {
    let options = list(&suggestion["options"]).iter();
    options
        .map(|option| option.as_str().expect("an option").to_owned())
        .collect()
}

/// Packages of one kind among the merges of a plan.
pub fn merges(document: &Value, kind: &str) -> BTreeSet<String> {
    let all = list(&document["merges"]).iter();
    let of_kind = all.filter(|merge| merge["type"] == kind);
    of_kind
        .map(|merge| merge["cpv"].as_str().expect("a package").to_owned())
        .collect()
}

fn texts(value: &Value) -> BTreeSet<String> {
    list(value)
        .iter()
        .map(|text| text.as_str().expect("a text").to_owned())
        .collect()
}

/// What `--suggest` says, in few words: the lines and options of each suggestion, and what becomes binary.
fn reports(root: &Path, words: &[&str]) -> Vec<String> {
    let document = document(root, &[&["--suggest"], words].concat());
    let one = |suggestion: &Value| {
        let lines = suggestion["lines"].as_object().expect("lines by file");
        let mut changes: Vec<String> = lines.values().flat_map(texts).collect();
        changes.extend(options(suggestion));
        let binary = list(&suggestion["binary"]).iter();
        let binary: Vec<&str> = binary.filter_map(|merge| merge["cpv"].as_str()).collect();
        format!("{} => {}", changes.join("; "), binary.join(" "))
    };
    list(&document["suggestions"]).iter().map(one).collect()
}

fn on(lines: &[&str], words: &[&str]) -> Vec<String> {
    let root = scratch();
    system::write(root.path(), lines);
    reports(root.path(), words)
}

#[test]
fn a_flag_for_one_package() {
    let lines = [
        "ebuild a/x-1 IUSE=foo RDEPEND=c/y",
        "ebuild c/y-1",
        "binary a/x-1 IUSE=foo USE=foo RDEPEND=c/y",
        "binary c/y-1",
    ];
    assert_eq!(on(&lines, &["a/x"]), ["a/x foo => a/x-1"]);
    assert_eq!(
        on(&lines, &["a/x", "keywords"]),
        [""; 0],
        "other kinds only"
    );
    assert_eq!(on(&lines, &["c/y"]), [""; 0], "nothing is compiled");
}

#[test]
fn a_line_for_the_version_where_another_names_it() {
    let lines = [
        "ebuild a/x-1 IUSE=foo",
        "binary a/x-1 IUSE=foo USE=foo",
        "etc package.use =a/x-1* -foo",
    ];
    assert_eq!(on(&lines, &["a/x"]), ["=a/x-1 foo => a/x-1"]);
}

/// A parent needs the flag that the binary package lacks.
#[test]
fn nothing_that_breaks_a_use_dependency() {
    let lines = [
        "ebuild a/x-1 IUSE=+foo",
        "ebuild c/y-1 RDEPEND=a/x[foo]",
        "binary a/x-1 IUSE=+foo",
        "binary c/y-1 RDEPEND=a/x[foo]",
    ];
    assert_eq!(on(&lines, &["c/y"]), [""; 0]);
    assert_eq!(on(&lines, &["a/x"]), ["a/x -foo => a/x-1"]);
}

#[test]
fn nothing_with_which_the_ebuild_could_not_be_built() {
    let ebuild = "ebuild a/x-1 'IUSE=foo +bar' 'REQUIRED_USE=^^ ( foo bar )'";
    let both = "binary a/x-1 'IUSE=foo +bar' 'USE=foo bar'";
    let one = "binary a/x-1 'IUSE=foo +bar' USE=foo";
    assert_eq!(on(&[ebuild, both], &["a/x"]), [""; 0]);
    assert_eq!(on(&[ebuild, one], &["a/x"]), ["a/x -bar foo => a/x-1"]);
}

#[test]
fn changes_that_need_each_other_are_one() {
    let lines = [
        "ebuild a/x-1 IUSE=foo",
        "ebuild c/y-1 IUSE=foo 'RDEPEND=a/x[foo=]'",
        "binary a/x-1 IUSE=foo USE=foo",
        "binary c/y-1 IUSE=foo USE=foo 'RDEPEND=a/x[foo]'",
    ];
    let words = ["--binpkg-respect-use=y", "c/y"];
    assert_eq!(on(&lines, &words), ["a/x foo; c/y foo => a/x-1 c/y-1"]);
}

#[test]
fn versions_that_are_newer_than_those_of_the_host() {
    let mut lines = vec!["world a/x c/y"];
    for line in ["a/x-1", "a/x-2", "c/y-1", "c/y-2"].map(|cpv| format!("ebuild {cpv}")) {
        lines.push(line.leak());
    }
    lines.extend(["binary a/x-1", "binary c/y-1", "installed a/x-1"]);
    // What is installed is as new as what the host has, so only the other one becomes binary.
    assert_eq!(on(&lines, &["-uD", "@world"]), [">a/x-1; >c/y-1 => c/y-1"]);
    lines.push("installed c/y-2");
    assert_eq!(
        on(&lines, &["-e", "@world"]),
        [">a/x-1 => a/x-1"],
        "no downgrade"
    );
}

/// The host has the newer library too, but no build against it.
#[test]
fn a_library_that_a_package_was_built_against_stays() {
    let mut lines = vec!["world a/x d/lib"];
    lines.extend(["ebuild d/lib-1 SLOT=0/1", "ebuild d/lib-2 SLOT=0/2"]);
    lines.extend(["binary d/lib-1 SLOT=0/1", "binary d/lib-2 SLOT=0/2"]);
    lines.extend([
        "ebuild a/x-1 RDEPEND=d/lib:=",
        "binary a/x-1 RDEPEND=d/lib:0/1=",
    ]);
    assert_eq!(on(&lines, &["-uD", "@world"]), [">d/lib-1 => a/x-1"]);
    lines.push("installed d/lib-2 SLOT=0/2");
    assert_eq!(on(&lines, &["-uD", "@world"]), [""; 0], "no downgrade");
}

#[test]
fn flags_of_the_init_system_are_left_alone() {
    let lines = [
        "ebuild a/x-1 IUSE=systemd",
        "binary a/x-1 IUSE=systemd USE=systemd",
    ];
    assert_eq!(on(&lines, &["a/x"]), [""; 0]);
}

#[test]
fn one_line_of_make_conf_for_many() {
    let mut lines = Vec::new();
    for name in ["a/x", "a/y", "c/z"] {
        lines.push(format!("ebuild {name}-1 IUSE=foo"));
        lines.push(format!("binary {name}-1 IUSE=foo USE=foo"));
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let words = ["a/x", "a/y", "c/z"];
    assert_eq!(
        on(&lines, &words),
        ["USE=\"${USE} foo\" => a/x-1 a/y-1 c/z-1"]
    );
    assert_eq!(
        on(&lines, &[&words[..], &["use"]].concat()),
        ["a/x foo; a/y foo; c/z foo => a/x-1 a/y-1 c/z-1"]
    );
}

#[test]
fn one_variable_of_make_conf_for_many() {
    let conf = "PYTHON_TARGETS=\"python3_12 python3_13\"";
    let mut lines = vec![format!("conf '{conf}'")];
    let flags = "IUSE='python_targets_python3_12 python_targets_python3_13'";
    for name in ["a/x", "a/y", "c/z"] {
        lines.push(format!("ebuild {name}-1 {flags}"));
        lines.push(format!(
            "binary {name}-1 {flags} USE=python_targets_python3_13"
        ));
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(
        on(&lines, &["a/x", "a/y", "c/z"]),
        ["PYTHON_TARGETS=\"python3_13\" => a/x-1 a/y-1 c/z-1"]
    );
}

#[test]
fn dependencies_that_changed_and_keywords() {
    let changed = [
        "ebuild a/x-1",
        "ebuild c/y-1",
        "binary a/x-1 RDEPEND=c/y",
        "binary c/y-1",
    ];
    assert_eq!(on(&changed, &["a/x"]), ["--binpkg-changed-deps=n => a/x-1"]);
    let testing = ["ebuild a/x-1", "binary a/x-1 KEYWORDS=~amd64"];
    assert_eq!(on(&testing, &["a/x"]), ["=a/x-1 ~amd64 => a/x-1"]);
}

#[test]
fn options_of_the_configuration_that_pass_over_packages() {
    let on_with = |options: &str, words: &[&str]| {
        let conf = format!("conf 'EMERGE_DEFAULT_OPTS=\"{options}\"'");
        let lines = [
            conf.as_str(),
            "ebuild a/x-1",
            "ebuild a/z-1 BDEPEND=c/y",
            "ebuild c/y-1",
            "binary a/x-1",
            "binary a/z-1",
            "binary c/y-1",
        ];
        on(&lines, words)
    };
    for (options, words, expected) in [
        (
            "--jobs=2 --usepkg-exclude=a/x",
            &["a/x"][..],
            "EMERGE_DEFAULT_OPTS=\"--jobs=2\" => a/x-1",
        ),
        (
            "--usepkg-exclude-live=y --with-bdeps=y",
            &["a/z"],
            "EMERGE_DEFAULT_OPTS=\"--usepkg-exclude-live=y\" => a/z-1",
        ),
        (
            "--usepkg-exclude=a/x --with-bdeps=y",
            &["a/x", "a/z"],
            "EMERGE_DEFAULT_OPTS=\"\" => a/x-1 a/z-1",
        ),
    ] {
        assert_eq!(on_with(options, words), [expected], "{options}");
    }
    // They do not count, or other kinds are wanted.
    let options = "--usepkg-exclude=a/x";
    assert_eq!(on_with(options, &["a/x", "use"]), [""; 0]);
    assert_eq!(on_with(options, &["--ignore-default-opts", "a/x"]), [""; 0]);
}

#[test]
fn another_alternative_of_a_group_is_opened() {
    let mut lines = vec![
        "ebuild c/y-1 'RDEPEND=|| ( a/x a/z )'",
        "binary c/y-1 'RDEPEND=|| ( a/x a/z )'",
        "ebuild a/x-1 KEYWORDS=~amd64",
        "binary a/x-1 KEYWORDS=~amd64",
        "ebuild a/z-1",
    ];
    assert_eq!(on(&lines, &["c/y"]), ["=a/x-1 ~amd64 => "]);
    // Where neither can be had, either would do.
    lines[4] = "ebuild a/z-1 KEYWORDS=~x86";
    assert_eq!(on(&lines, &["c/y"]), ["=a/x-1 ~amd64 => "]);
    lines[0] = "ebuild c/y-1 'RDEPEND=|| ( a/z a/x )'";
    lines[1] = "binary c/y-1 'RDEPEND=|| ( a/z a/x )'";
    assert_eq!(on(&lines, &["c/y"]), ["=a/x-1 ~amd64 => "]);
}

#[test]
fn what_emerge_needs_comes_first() {
    let lines = [
        "ebuild a/x-1 IUSE=foo",
        "ebuild c/y-1 RDEPEND=a/x[foo] IUSE=bar",
        "binary c/y-1 RDEPEND=a/x[foo] IUSE=bar USE=bar",
    ];
    assert_eq!(on(&lines, &["c/y"]), ["=a/x-1 foo => ", "c/y bar => c/y-1"]);
}

/// Built while it was testing; under `-G` nothing else could satisfy the dependency.
#[test]
fn what_hides_the_only_package_is_lifted() {
    let lines = [
        "ebuild a/x-1",
        "ebuild c/y-1 RDEPEND=a/x",
        "binary a/x-1 KEYWORDS=~amd64",
        "binary c/y-1 RDEPEND=a/x",
    ];
    assert_eq!(on(&lines, &["-K", "c/y"]), ["=a/x-1 ~amd64 => "]);
}

#[test]
fn lines_are_written_where_nothing_reads_them() {
    let root = scratch();
    let lines = ["ebuild a/x-1 IUSE=foo", "binary a/x-1 IUSE=foo USE=foo"];
    system::write(root.path(), &lines);
    let output = |directory: &Path| {
        let cache = scratch();
        let mut command = bincheck(root.path(), cache.path());
        command
            .args(["--suggest", "a/x", "--output"])
            .arg(directory);
        command.output().expect("bincheck runs")
    };
    let own = root.path().join("own");
    for _ in 0..2 {
        assert_eq!(output(&own).status.code(), Some(0));
        let text = fs::read_to_string(own.join("package.use/bincheck")).expect("it is there");
        assert_eq!(text, "# suggested by bincheck\na/x foo\n");
    }
    fs::write(own.join("package.use/bincheck"), "mine\n").expect("it can be written");
    assert_eq!(output(&own).status.code(), Some(2));
    assert_eq!(
        fs::read_to_string(own.join("package.use/bincheck")).expect("it is there"),
        "mine\n"
    );
    for etc in [
        root.path().join("etc/portage"),
        "/etc/portage".into(),
        "/etc/new".into(),
    ] {
        let output = output(&etc);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("copy the files there yourself"));
    }
    assert!(!root.path().join("etc/portage/package.use").exists());
}

#[test]
fn settings_of_a_binhost_are_written_too() {
    let root = scratch();
    let scenario = project("testdata/scenarios/newer-processors-and-advice");
    crate::scenarios::set(&scenario, root.path()).expect("the system");
    let words = ["--fetch-metadata", "sys-libs/zlib"];
    assert_eq!(document(root.path(), &words)["targets"][0]["usable"], false);
    let own = root.path().join("own");
    let cache = scratch();
    let mut command = bincheck(root.path(), cache.path());
    command
        .args(words)
        .args(["--suggest", "--output"])
        .arg(&own);
    assert!(command.output().expect("bincheck runs").status.success());
    let conf = root.path().join("etc/portage/binrepos.conf");
    let hosts = fs::read_to_string(&conf).expect("the configured hosts");
    fs::remove_file(&conf).expect("it can be a directory");
    fs::create_dir(&conf).expect("a directory");
    fs::write(conf.join("hosts.conf"), hosts).expect("the same as before");
    let name = "zz-bincheck.conf";
    fs::copy(own.join("binrepos.conf").join(name), conf.join(name)).expect("the advice");
    assert_eq!(document(root.path(), &words)["targets"][0]["usable"], true);
}

/// A system with changes really made, and what both report of it.
pub fn changed(root: &Path, words: &[&str], suggestions: &[&Value]) -> Value {
    let (_directory, copied) = with_changes(root, suggestions);
    let more: Vec<String> = suggestions.iter().flat_map(|one| options(one)).collect();
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    checked(&copied, &[words, &more].concat())
}

/// A copy of a system with changes really made, and the directory that goes away with it.
fn with_changes(root: &Path, suggestions: &[&Value]) -> (TempDir, PathBuf) {
    let directory = scratch();
    let copied = directory.path().join("root");
    copy(root, &copied).expect("the system can be copied");
    suggestions
        .iter()
        .for_each(|suggestion| apply(&copied, suggestion));
    (directory, copied)
}

/// What both report of a system.
fn checked(root: &Path, words: &[&str]) -> Value {
    let cache = scratch();
    let mut command = bincheck(root, cache.path());
    command.args(["--json", "--check-plan"]).args(words);
    let python = python().expect("it was there before");
    let script = project("tests/portage/emerge.py");
    let emerge = [python, &script, root].map(|path| format!("'{}'", path.display()));
    command.env(
        "EMERGE",
        format!("{} -B {} {}", emerge[0], emerge[1], emerge[2]),
    );
    serde_json::from_str(&answer(&mut command)).expect("bincheck writes JSON")
}

/// Put the files of `--output` where they belong. What is a file there becomes a directory with it.
fn put(own: &Path, portage: &Path) {
    for kind in fs::read_dir(own).expect("a directory") {
        let kind = kind.expect("a directory");
        let place = portage.join(kind.file_name());
        if place.is_file() {
            let text = fs::read(&place).expect("a file");
            fs::remove_file(&place).expect("it can be a directory");
            fs::create_dir(&place).expect("a directory");
            fs::write(place.join("a-before.conf"), text).expect("the same as before");
        }
        fs::create_dir_all(&place).expect("a directory");
        for file in fs::read_dir(kind.path()).expect("a directory") {
            let file = file.expect("a file");
            fs::copy(file.path(), place.join(file.file_name())).expect("the advice");
        }
    }
}

/// What both report of a system to which the files of `--output` were copied.
fn with_files(root: &Path, words: &[&str], more: &[&str]) -> Value {
    let own = scratch();
    let cache = scratch();
    let mut command = bincheck(root, cache.path());
    command.arg("--suggest").args(words).arg("--output");
    command.arg(own.path().join("portage"));
    answer(&mut command);
    let (_directory, copied) = with_changes(root, &[]);
    if own.path().join("portage").exists() {
        put(&own.path().join("portage"), &copied.join("etc/portage"));
    }
    checked(&copied, &[words, more].concat())
}

/// Whether bincheck and emerge agree that a promise has come true.
fn assert_kept(after: &Value, suggestion: &Value, what: &str) {
    let found = merges(after, "binary");
    for merge in list(&suggestion["binary"]) {
        let cpv = merge["cpv"].as_str().expect("a package");
        assert!(
            found.contains(cpv),
            "{what}: {cpv} is not binary: {suggestion}\n{after}"
        );
    }
    let compiled = merges(after, "ebuild");
    for merge in list(&suggestion["kept"]) {
        let cpv = merge["cpv"].as_str().expect("a package");
        assert!(
            !compiled.contains(cpv),
            "{what}: {cpv} is compiled: {suggestion}"
        );
    }
    assert_eq!(after["plan"]["sound"], true, "{what}: {suggestion}");
    assert_eq!(
        after["check"]["agrees"], true,
        "{what}: {suggestion}\n{}",
        after["check"]
    );
}

/// How often what is suggested may lead to the next suggestions.
const MOST_ROUNDS: usize = 6;

/// Each suggestion alone, then all of them, by hand and by the files of `--output`; then the same on the system that
/// comes of them, until nothing is suggested any more. Gives how many there were.
fn promises_are_kept(root: &Path, words: &[&str], what: &str) -> usize {
    let (mut directory, mut at) = with_changes(root, &[]);
    let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let mut kept = 0;
    for round in 1..=MOST_ROUNDS {
        let what = format!("{what}, round {round}");
        let request: Vec<&str> = words.iter().map(String::as_str).collect();
        let advice = document(&at, &[&["--suggest"], &request[..]].concat());
        let all: Vec<&Value> = list(&advice["suggestions"]).iter().collect();
        // Where emerge says something else without any change, nothing can be learnt.
        if all.is_empty() || changed(&at, &request, &[])["check"]["agrees"] != true {
            return kept;
        }
        kept += in_one_round(&at, &request, &advice, &what);
        let more: Vec<String> = all.iter().flat_map(|one| options(one)).collect();
        let next = with_changes(&at, &all);
        (directory, at) = next;
        words.extend(more);
    }
    drop(directory);
    panic!("{what}: there is always something to suggest");
}

fn in_one_round(root: &Path, words: &[&str], advice: &Value, what: &str) -> usize {
    let all: Vec<&Value> = list(&advice["suggestions"]).iter().collect();
    let (needed, others): (Vec<&Value>, Vec<&Value>) =
        all.iter().partition(|one| one["needed"] == true);
    for suggestion in &others {
        let together = [&needed[..], &[suggestion]].concat();
        assert_kept(&changed(root, words, &together), suggestion, what);
    }
    let more: Vec<String> = all.iter().flat_map(|one| options(one)).collect();
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    for after in [changed(root, words, &all), with_files(root, words, &more)] {
        assert_eq!(
            merges(&after, "ebuild"),
            texts(&advice["after"]["compiled"]),
            "{what}: {advice}"
        );
        assert_eq!(after["check"]["agrees"], true, "{what}: {advice}");
    }
    others.len()
}

fn script(name: &str, arguments: &[&str]) -> Vec<u8> {
    let mut script = Command::new(python().expect("it was there before"));
    script
        .arg("-B")
        .arg(project(&format!("tests/portage/{name}")))
        .args(arguments);
    run(&mut script).expect("the script writes a system")
}

/// A system whose packages depend on each other in all ways, and the requests that are made of it.
fn on_a_random_plan(seed: &str) -> usize {
    let text = String::from_utf8(script("make_plan.py", &[seed])).expect("it is text");
    let lines = text.lines().skip(1).map(str::trim);
    let (runs, lines): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with('-'));
    let root = scratch();
    system::write(root.path(), &lines);
    let mut kept = 0;
    for run in runs {
        let words = run.trim_end_matches(": ?");
        if words.contains("-K") || words.contains("-G") {
            continue;
        }
        let words: Vec<&str> = words.split(' ').collect();
        let is_of = |word: &str, name: &str| {
            let rest = word.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        let all = || lines.iter().flat_map(|line| line.split(' '));
        let has = |name: &str| all().any(|word| is_of(word, name));
        let mut names = words.iter().filter(|word| word.contains('/'));
        // A request for a name that nothing has is refused.
        if !names.all(|word| has(word.trim_start_matches(['=', '<', '>', '~']))) {
            continue;
        }
        kept += promises_are_kept(root.path(), &words, &format!("plan {seed} {words:?}"));
    }
    kept
}

/// A system with configuration of all kinds, and a request for some packages without their dependencies.
fn on_a_random_system(seed: &str) -> usize {
    let made = scratch();
    let root = made.path().join("root");
    script(
        "make_random_system.py",
        &[seed, root.to_str().expect("text")],
    );
    let mut words = vec!["-O".to_owned()];
    let mut names = BTreeSet::new();
    for repository in ["gentoo", "lab"] {
        let trees = root.join(format!("var/db/repos/{repository}/metadata/md5-cache"));
        // Some repositories have no cache.
        for category in fs::read_dir(trees).into_iter().flatten() {
            let category = category.expect("a directory").path();
            for entry in fs::read_dir(&category).expect("a directory") {
                let file = entry
                    .expect("a file")
                    .file_name()
                    .into_string()
                    .expect("text");
                let end = file
                    .find(|c: char| c.is_ascii_digit())
                    .unwrap_or(file.len());
                let category = category.file_name().expect("a name").to_string_lossy();
                names.insert(format!("{category}/{}", file[..end].trim_end_matches('-')));
            }
        }
    }
    for name in names {
        if words.len() < 8 && document(&root, &["-O", &name])["plan"]["sound"] == true {
            words.push(name);
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    promises_are_kept(&root, &words, &format!("system {seed} {words:?}"))
}

#[test]
fn promises_on_random_systems_are_kept() {
    if python().is_none() {
        return;
    }
    let systems = ["1", "2"].into_iter().map(on_a_random_system);
    let plans = ["1", "2"].into_iter().map(on_a_random_plan);
    assert!(
        systems.chain(plans).sum::<usize>() > 0,
        "nothing was suggested"
    );
}

/// `BINCHECK_SEEDS="5 6 7" cargo test -- --ignored other_promises`
#[test]
#[ignore = "takes the seeds from BINCHECK_SEEDS"]
fn other_promises_on_random_systems_are_kept() {
    let seeds = std::env::var("BINCHECK_SEEDS").expect("BINCHECK_SEEDS holds words");
    for seed in seeds.split_whitespace() {
        let kept = (on_a_random_system(seed), on_a_random_plan(seed));
        eprintln!("seed {seed}: {kept:?} kept");
    }
}
