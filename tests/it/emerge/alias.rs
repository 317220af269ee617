//! `alias emerge='bincheck --emerge'`: whatever is typed reaches emerge as it was typed, with nothing added where nothing
//! would be installed, and emerge's exit status comes back.

use super::builds::Builds;
use super::client::Client;

const G: &str = "-g";
const BOTH: &str = "-g --binpkg-respect-use=y --binpkg-changed-deps=y";

/// Command lines, and what is put before them.
const LINES: [(&str, &str); 50] = [
    // What installs nothing.
    ("", ""),
    ("--sync", ""),
    ("--info", ""),
    ("--info app-misc/tool", ""),
    ("-s tool", ""),
    ("--searchdesc tool", ""),
    ("-c", ""),
    ("-pc app-misc/tool", ""),
    ("--depclean --with-bdeps=n", ""),
    ("-C app-misc/tool", ""),
    ("-aC app-misc/tool", ""),
    ("--prune", ""),
    ("--config app-misc/tool", ""),
    ("--metadata", ""),
    ("--regen", ""),
    ("--list-sets", ""),
    ("-V", ""),
    ("-h", ""),
    ("--help -v", ""),
    ("--check-news", ""),
    ("--moo", ""),
    ("--clean", ""),
    ("--deselect app-misc/tool", ""),
    ("-W app-misc/tool", ""),
    ("--rage-clean app-misc/tool", ""),
    // What is to come from ebuilds.
    ("--usepkg=n app-misc/tool", ""),
    ("--getbinpkg n app-misc/tool", ""),
    ("-B app-misc/tool", ""),
    ("--buildpkgonly y app-misc/tool", ""),
    ("-F app-misc/tool", ""),
    // What installs, or might with another Portage.
    ("--nosuchoption app-misc/tool", BOTH),
    ("app-misc/tool", BOTH),
    ("tool", BOTH),
    ("=app-misc/tool-1", BOTH),
    ("-1 app-misc/tool", BOTH),
    ("-av app-misc/tool", BOTH),
    ("-p app-misc/tool", BOTH),
    ("-uDN @world", BOTH),
    ("-1q --jobs 4 app-misc/tool", BOTH),
    ("-j4 --load-average=3 app-misc/tool", BOTH),
    ("--ask=n app-misc/tool", BOTH),
    ("--nodeps app-misc/tool", BOTH),
    ("-f app-misc/tool", BOTH),
    ("-b app-misc/tool", BOTH),
    ("-o app-misc/tool", BOTH),
    ("--keep-going --exclude app-misc/other app-misc/tool", BOTH),
    (
        "-g app-misc/tool",
        "--binpkg-respect-use=y --binpkg-changed-deps=y",
    ),
    (
        "-k --binpkg-changed-deps=n app-misc/tool",
        "--binpkg-respect-use=y",
    ),
    (
        "--autounmask-write app-misc/tool",
        "-g --binpkg-changed-deps=y",
    ),
    (
        "--binpkg-respect-use=n --binpkg-changed-deps=n app-misc/tool",
        G,
    ),
];

#[test]
fn what_is_typed_reaches_emerge() {
    let Some(builds) = Builds::get() else { return };
    let server = builds.serve("site");
    let client = builds.client_with_stand_in("#!/bin/sh\necho \"ran:$*\"\nexit 42\n");
    client.hosts(&[("site", &format!("sync-uri = {}", server.uri("")))]);
    for (line, added) in LINES {
        let ended = client.bincheck(line).with(42);
        let words: Vec<&str> = [added, line]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        assert_eq!(
            ended.stdout,
            format!("ran:{}\n", words.join(" ")),
            "{line}: {}",
            ended.stderr
        );
    }
}

/// The same with what a person sets for all runs.
#[test]
fn default_options_stay_where_they_are() {
    let client = Client::with_stand_in("#!/bin/sh\necho \"ran:$*\"\nexit 42\n");
    client.append(
        "etc/portage/make.conf",
        "EMERGE_DEFAULT_OPTS=\"--usepkg=n --jobs 2\"\n",
    );
    for line in ["app-misc/tool", "--sync", "-c", "--nosuchoption"] {
        let ended = client.bincheck(line).with(42);
        assert_eq!(ended.stdout, format!("ran:{line}\n"), "{}", ended.stderr);
    }
}
