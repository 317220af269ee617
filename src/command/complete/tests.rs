//! Command lines of which the last word is typed so far, and what may stand there.

use super::*;

fn answer_to(line: &str) -> Completions {
    let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    answer(&words, Env::default())
}

/// The words alone.
fn words(line: &str) -> Vec<String> {
    match answer_to(line) {
        Completions::Words(found) => found.into_iter().map(|one| one.word).collect(),
        other => vec![format!("{other:?}")],
    }
}

#[test]
fn options_begin_as_they_are_typed() {
    for (line, expected) in [
        ("bincheck --offl", &["--offline"][..]),
        ("bincheck --cpu", &["--cpu=", "--cpuinfo="]),
        // Actions, and what changes nothing, are for emerge alone.
        ("bincheck --syn", &[]),
        ("bincheck --jobs", &[]),
        ("bincheck --emerge --syn", &["--sync", "--sync-submodule="]),
        ("bincheck --emerge --offl", &[]),
        // What nobody should type.
        ("bincheck --generat", &[]),
        ("bincheck --emerge --mo", &[]),
        ("bincheck -- --offl", &[]),
    ] {
        assert_eq!(words(line), expected, "{line}");
    }
    let clusters = words("bincheck -uD");
    assert!(clusters.contains(&"-uDN".to_owned()), "{clusters:?}");
    assert!(clusters.contains(&"-uD".to_owned()), "{clusters:?}");
    assert!(!clusters.contains(&"-uDu".to_owned()), "{clusters:?}");
}

#[test]
fn every_option_that_is_offered_says_what_it_does() {
    for line in ["bincheck --", "bincheck --emerge --"] {
        let Completions::Words(found) = answer_to(line) else {
            panic!("{line}: options are words");
        };
        assert!(found.len() > 60, "{line}: {}", found.len());
        for one in found {
            assert!(
                !one.help.is_empty() && !one.help.contains(['\t', '\n']),
                "{}",
                one.word
            );
        }
    }
}

#[test]
fn values_are_those_of_the_option() {
    for (line, expected) in [
        ("bincheck --color=", &["--color=y", "--color=n"][..]),
        ("bincheck --color ", &["y", "n"]),
        ("bincheck --cpu=sandy", &["--cpu=sandybridge"]),
        ("bincheck --cpu sandy", &["sandybridge"]),
        // Names may be cut short.
        ("bincheck --chro ", &["Directories"]),
        ("bincheck --chroot=x", &["Directories"]),
        ("bincheck --cpuinfo ", &["Files"]),
        ("bincheck ./x", &["Files"]),
        // The value of an option that stands behind the name or is left out is not the next word.
        ("bincheck --verbose ", &[]),
        ("bincheck --color=y --cpu=x86-64-v3 ", &[]),
        ("bincheck --suggest bin", &["binrepos"]),
        ("bincheck --emerge --root-deps=", &["--root-deps=rdeps"]),
        ("bincheck --emerge --pkg-format tar\u{a0}", &[]),
        (
            "bincheck --emerge --quickpkg-direct-root=",
            &["Directories"],
        ),
    ] {
        let found = match line.starts_with("bincheck --emerge --root") || !line.ends_with(' ') {
            true => words(line),
            false => words_without_system(line),
        };
        assert_eq!(found, expected, "{line}");
    }
}

/// Targets of the machine that runs the tests are left out.
fn words_without_system(line: &str) -> Vec<String> {
    let typed: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let is_value = TypedLine::of(&typed).is_some_and(|line| line.value().is_some());
    if is_value { words(line) } else { Vec::new() }
}

#[test]
fn nothing_that_a_shell_could_obey_is_offered() {
    for (word, plain) in [
        ("=dev-libs/foo-1.2_rc1-r3", true),
        ("a/b:3.12/1=", true),
        ("https://host:8080/a", true),
        ("a/$(reboot)", false),
        ("a/`x`", false),
        ("a;b", false),
        ("a\u{1b}[2J", false),
        ("a\nb", false),
    ] {
        assert_eq!(is_plain(word), plain, "{word:?}");
    }
}

#[test]
fn short_and_odd_lines_complete_nothing_and_break_nothing() {
    for words in [
        &[][..],
        &["bincheck"],
        &["", "-"],
        &["x", "--="],
        &["x", "--emerge", "-\u{e4}"],
    ] {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let _ = answer(&words, Env::default());
    }
}
