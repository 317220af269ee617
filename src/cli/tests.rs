#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::cli::options::EMERGE;

fn cli(line: &str) -> Cli {
    cli_with(line, "")
}

fn cli_with(line: &str, defaults: &str) -> Cli {
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    Cli::parse(&words, &DefaultOpts::read(defaults).unwrap()).expect(line)
}

fn error(line: &str) -> String {
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    Cli::parse(&words, &DefaultOpts::default())
        .expect_err(line)
        .to_string()
}

#[test]
fn clap_agrees_with_itself() {
    Cli::command().debug_assert();
}

#[test]
fn every_option_with_an_effect_is_known_to_clap_in_the_same_shape() {
    let command = Cli::command();
    for option in EMERGE.iter().filter(|option| option.name != "help") {
        let arg = command
            .get_arguments()
            .find(|arg| arg.get_long() == Some(option.name));
        let wanted = matches!(
            option.effect,
            Effect::Verdict | Effect::Start | Effect::Colour | Effect::Display
        );
        assert_eq!(arg.is_some(), wanted, "{}", option.name);
        let Some(arg) = arg else { continue };
        assert_eq!(arg.get_short(), option.short, "{}", option.name);
        let optional = arg
            .get_num_args()
            .is_some_and(|range| range.min_values() == 0 && range.max_values() == 1);
        let shape = match option.shape {
            Shape::Flag => !arg.get_action().takes_values(),
            Shape::Required(_) => arg.get_action().takes_values() && !optional,
            Shape::Optional(_) => optional,
        };
        assert!(shape, "{}", option.name);
    }
}

#[test]
fn binhosts_are_contacted_by_default() {
    let yes = Some(YesNo::Yes);
    for (line, getbinpkg) in [
        ("a/b", yes),
        ("", yes),
        ("-k", None),
        ("-K a/b", None),
        ("-g", yes),
        ("--getbinpkg=n", Some(YesNo::No)),
        ("--all", yes),
        ("--all -K", yes),
        ("--all -K --getbinpkg n", Some(YesNo::No)),
    ] {
        assert_eq!(cli(line).emerge.sources.getbinpkg, getbinpkg, "{line}");
    }
    assert_eq!(
        cli_with("a/b", "--getbinpkg=n").emerge.sources.getbinpkg,
        yes
    );
    assert_eq!(cli_with("-k a/b", "-g").emerge.sources.getbinpkg, yes);
}

#[test]
fn defaults_come_first_and_lists_add_up() {
    let cli = cli_with(
        "--with-bdeps n -X c/d @world",
        "--with-bdeps=y --exclude='a b/c' --root-deps=rdeps -uD -j3",
    );
    assert_eq!(cli.emerge.compare.with_bdeps, Some(YesNo::No));
    assert_eq!(cli.emerge.lists.exclude, ["a b/c", "c/d"]);
    assert_eq!(cli.targets, ["@world"]);
    assert!(cli.implied.unjudged.is_empty());
    assert_eq!(cli.plan.deps.root_deps, Some(RootDepsArg::OnlyRunTime));
    assert!(cli.plan.selection.update && cli.plan.selection.deep == Some(DeepArg::All));
    assert!(cli.implied.ignored.is_empty());
}

#[test]
fn what_emerge_has_and_we_do_not_need_is_accepted() {
    let cli = cli("-avuDN --keep-going --jobs 4 --backtrack 30 =a/b-1 --quickpkg-direct y");
    assert_eq!(cli.targets, ["=a/b-1"]);
    assert!(cli.emerge.compare.newuse && cli.verbose());
    assert_eq!(cli.implied.ignored, ["ask", "keep-going", "jobs"]);
    assert_eq!(cli.implied.unjudged, ["quickpkg-direct"]);
    assert_eq!(cli.plan.autounmask.backtrack, Some(30));
}

#[test]
fn world_alone_means_an_upgrade() {
    for (line, implied) in [
        ("", true),
        ("@world", true),
        ("world -G --json -v", true),
        ("@world a/b", false),
        ("@system", false),
        ("-u @world", false),
        ("-e @world", false),
        ("-U", false),
        ("--all", false),
    ] {
        let cli = cli(line);
        assert_eq!(cli.implied.implies_update, implied, "{line}");
        let added = cli.plan.selection.update
            && cli.plan.selection.deep.is_some()
            && cli.emerge.compare.newuse;
        assert_eq!(added, implied, "{line}");
    }
}

#[test]
fn depth_is_a_number_or_none() {
    for (line, deep) in [
        ("-D a/b", Some(DeepArg::All)),
        ("--deep a/b", Some(DeepArg::All)),
        ("-D 2 a/b", Some(DeepArg::Levels(2))),
        ("-D2 a/b", Some(DeepArg::Levels(2))),
        ("--deep=0 a/b", Some(DeepArg::Levels(0))),
        ("--deep=99999999999 a/b", Some(DeepArg::Levels(u32::MAX))),
        ("a/b", None),
    ] {
        assert_eq!(cli(line).plan.selection.deep, deep, "{line}");
    }
}

#[test]
fn usage_errors_say_what_is_wrong() {
    for (line, part) in [
        ("--nonsense", "--nonsense"),
        ("--usepk", "--usepkg"),
        ("--depclean", "action of emerge"),
        ("--exclude", "--exclude needs a value"),
        ("--usepkg=maybe", "maybe"),
        ("--all a/b", "--all"),
        ("--offline --refresh", "--refresh"),
        ("--deep=x", "whole number"),
        ("-Z", "-Z"),
    ] {
        let message = error(line);
        assert!(message.contains(part), "{line}: {message}");
    }
}

#[test]
fn targets_may_look_like_anything_after_two_dashes() {
    assert_eq!(cli("-k -- --all").targets, ["--all"]);
}

/// It is one screen, each of its examples is a command line, and each option that it names exists.
#[test]
fn the_short_help_is_one_screen_of_what_there_is() {
    let lines: Vec<&str> = SHORT_HELP.lines().collect();
    assert!(lines.len() <= 24, "{}", lines.len());
    for line in &lines {
        assert!(line.chars().count() <= 80, "{line}");
        let (said, _) = line.trim_start().split_once("  ").unwrap_or((line, ""));
        let (said, table) = (said.strip_prefix("bincheck ").unwrap_or(said), table());
        for word in said.split([' ', ',']).filter(|word| word.starts_with("--")) {
            let known = table.iter().any(|known| known.name == word[2..]);
            assert!(known || word == "--emerge", "{line}");
        }
    }
    let examples = lines
        .iter()
        .filter_map(|line| line.strip_prefix("  bincheck"));
    for example in examples {
        let (line, what) = example.split_once("  ").expect("it says what it is for");
        let line = line.split(" --emerge ").next().unwrap_or_default();
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        assert!(Cli::parse_as_it_is(&words).is_ok(), "{line}");
        assert!(!what.trim().is_empty());
    }
}

/// All that `--help` has, `-h` leaves to it.
#[test]
fn help_is_short_or_long() {
    let help = |word: &str| {
        let words = [word.to_owned()];
        let error = Cli::parse(&words, &DefaultOpts::default()).expect_err("it prints help");
        error.to_string()
    };
    assert_eq!(help("-h").trim_end(), SHORT_HELP.trim_end());
    assert!(help("--help").contains("--binpkg-respect-use"));
    assert_eq!(help("--hel"), help("--help"));
}

/// Whatever is requested instead of what emerge would do goes with no run of emerge.
#[test]
fn no_action_stands_before_emerge() {
    let mut command = Cli::command();
    command.build();
    let actions = command
        .get_groups()
        .find(|group| group.get_id() == "action")
        .expect("the group of actions");
    let mut count = 0;
    for id in actions.get_args() {
        let mut args = command.get_arguments();
        let arg = args.find(|arg| arg.get_id() == id).expect("an argument");
        let name = arg.get_long().expect("a long name");
        let word = match arg.get_action().takes_values() {
            true => format!("--{name}=x"),
            false => format!("--{name}"),
        };
        let error = Cli::parse_before_emerge(&[word])
            .expect_err(name)
            .to_string();
        assert!(
            error.contains(&format!("--{name} cannot be used with --emerge")),
            "{error}"
        );
        count += 1;
    }
    assert!(count > 10, "{count}");
}
