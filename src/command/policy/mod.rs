//! The options that change a verdict, as they take effect (`portage: actions.py:run_action`,
//! `create_depgraph_params.py:create_depgraph_params`).

mod lists;

use super::options;
use crate::check::{Compare, Comparisons, DefaultOptions, PackageLists, PackageSources, Policy};
use crate::cli::{DefaultOpts, EmergeArgs, YesNo};
use crate::exit::Hinted;
use crate::local::Base;
use crate::source::Notices;

pub(super) use lists::selection;

/// What the options mean under this configuration.
///
/// # Errors
/// An atom list with anything but names and slot atoms; options that use no binary packages.
pub fn read(args: &EmergeArgs, base: &Base, notices: &Notices) -> anyhow::Result<Policy> {
    let lists = lists::read(&args.lists, &base.repositories.list, notices)?;
    let mut policy = effective(args, base.vars.has("FEATURES", "getbinpkg"), lists);
    if !args.ignore_default_opts {
        policy.defaults = defaults(base);
    }
    if !policy.sources.usepkg {
        return Err(Hinted {
            message: "these options use no binary packages".to_owned(),
            hints: vec![
                "give -g, -G, -k or -K, or leave out --usepkg=n and --getbinpkg=n".to_owned(),
            ],
        }
        .into());
    }
    Ok(policy)
}

/// What EMERGE_DEFAULT_OPTS gives.
fn defaults(base: &Base) -> DefaultOptions {
    let assignment = options::default_opts(base);
    let read = assignment.and_then(|assignment| {
        let options = DefaultOpts::read(&assignment.value).ok()?.args;
        let source = Some(assignment.source.clone());
        Some(DefaultOptions { options, source })
    });
    read.unwrap_or_default()
}

/// Implications and defaults of the options; `feature` is FEATURES=getbinpkg.
fn effective(args: &EmergeArgs, feature: bool, lists: PackageLists) -> Policy {
    let yes = |option: Option<YesNo>| option.is_some_and(YesNo::is_yes);
    let only = yes(args.sources.getbinpkgonly);
    let getbinpkg =
        only || yes(args.sources.getbinpkg) || (feature && args.sources.getbinpkg.is_none());
    let usepkgonly = only || yes(args.sources.usepkgonly);
    let usepkg_key = args.sources.usepkg.is_some() || getbinpkg || usepkgonly;
    let ebuilds = !only && args.sources.usepkgonly.is_none();
    let automatic_bdeps = args.compare.with_bdeps_auto != Some(YesNo::No) && !usepkg_key;
    Policy {
        sources: PackageSources {
            getbinpkg,
            usepkg: yes(args.sources.usepkg) || getbinpkg || usepkgonly,
            usepkgonly,
            ebuilds,
        },
        compare: Comparisons {
            respect_use: compare(args.compare.binpkg_respect_use, ebuilds),
            changed_deps: compare(args.compare.binpkg_changed_deps, ebuilds),
            user_patches: args.compare.binpkg_respect_user_patches != Some(YesNo::No),
            bdeps: args
                .compare
                .with_bdeps
                .map_or(automatic_bdeps, YesNo::is_yes),
            newuse: args.compare.newuse,
            changed_use: args.compare.changed_use || args.compare.reinstall.is_some(),
            use_ebuild_visibility: yes(args.compare.use_ebuild_visibility),
        },
        lists,
        defaults: DefaultOptions::default(),
    }
}

/// The option's value; else automatic, or off where the key `--usepkgonly` is present.
fn compare(given: Option<YesNo>, automatic: bool) -> Compare {
    match given {
        Some(YesNo::Yes) => Compare::Yes,
        Some(YesNo::No) => Compare::No,
        None if automatic => Compare::Auto,
        None => Compare::No,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::cli::Cli;

    /// The options without what bincheck implies.
    fn emerge_args(line: &str) -> EmergeArgs {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let typed = |name: &str| words.iter().any(|word| word.starts_with(name));
        let mut args = Cli::parse(&words, &DefaultOpts::default()).unwrap().emerge;
        if !["--getbinpkg", "-g", "-G", "-k", "-K", "--usepkg"]
            .iter()
            .any(|name| typed(name))
        {
            args.sources.getbinpkg = None;
        }
        args
    }

    fn flag(value: bool) -> char {
        if value { 'T' } else { '-' }
    }

    fn word(value: Compare) -> &'static str {
        match value {
            Compare::Auto => "auto",
            Compare::Yes => "y",
            Compare::No => "-",
        }
    }

    /// The table of observed parameters: usepkg, usepkgonly, getbinpkg, ebuilds, USE, deps, bdeps.
    #[test]
    fn parameters_as_portage_computes_them() {
        for (line, feature, wanted) in [
            ("a/b", false, "- - - T auto auto T"),
            ("-k", false, "T - - T auto auto -"),
            ("-K", false, "T T - - - - -"),
            ("-g", false, "T - T T auto auto -"),
            ("-G", false, "T T T - - - -"),
            ("--usepkg=n", false, "- - - T auto auto -"),
            ("--usepkgonly=n", false, "- - - - - - T"),
            ("-k --usepkgonly=n", false, "T - - - - - -"),
            ("a/b", true, "T - T T auto auto -"),
            ("--getbinpkg=n", true, "- - - T auto auto T"),
            ("--usepkg=n", true, "T - T T auto auto -"),
            ("--getbinpkgonly=n", true, "T - T T auto auto -"),
            ("-K -uD @world", false, "T T - - - - -"),
            ("-k --binpkg-respect-use", false, "T - - T y auto -"),
            ("-K --binpkg-respect-use=y", false, "T T - - y - -"),
            ("-k --binpkg-changed-deps=n", false, "T - - T auto - -"),
            ("-k --with-bdeps=y", false, "T - - T auto auto T"),
            ("a/b --with-bdeps-auto=n", false, "- - - T auto auto -"),
            ("-g --usepkg n", false, "T - T T auto auto -"),
        ] {
            let p = effective(&emerge_args(line), feature, PackageLists::default());
            let found = format!(
                "{} {} {} {} {} {} {}",
                flag(p.sources.usepkg),
                flag(p.sources.usepkgonly),
                flag(p.sources.getbinpkg),
                flag(p.sources.ebuilds),
                word(p.compare.respect_use),
                word(p.compare.changed_deps),
                flag(p.compare.bdeps),
            );
            assert_eq!(found, wanted, "{line} {feature}");
        }
    }

    #[test]
    fn options_that_are_on_or_off_by_default() {
        let compare = |line| effective(&emerge_args(line), false, PackageLists::default()).compare;
        let plain = compare("-g a/b");
        assert!(plain.user_patches && !plain.use_ebuild_visibility);
        assert!(!plain.newuse && !plain.changed_use);
        assert!(!compare("-g --binpkg-respect-user-patches=n").user_patches);
        assert!(!compare("-g --use-ebuild-visibility=n").use_ebuild_visibility);
        assert!(compare("-gU").changed_use && compare("-g --reinstall changed-use").changed_use);
        assert!(compare("-gN a/b").newuse && compare("-g @world").newuse);
    }
}
