//! What emerge is run with: a fake emerge writes down its arguments.

use std::path::Path;

use super::client::Client;

/// What stands for the options that are added.
const GBC: &str = "-g --binpkg-respect-use=y --binpkg-changed-deps=y";
const BC: &str = "--binpkg-respect-use=y --binpkg-changed-deps=y";

const INDEX: &str = "VERSION: 0\nTIMESTAMP: 1700000000\nPACKAGES: 1\n\n\
    CPV: app-misc/tool-2\nBUILD_ID: 1\nBUILD_TIME: 1700000000\nPATH: app-misc/tool/tool-2-1.gpkg.tar\n\
    EAPI: 8\nSLOT: 0\nIUSE: doc\nKEYWORDS: amd64\nLICENSE: MIT\nDEFINED_PHASES: install postinst\n\
    REPO: gentoo\nSIZE: 100\nMD5: d41d8cd98f00b204e9800998ecf8427e\n";

/// A system whose emerge writes its arguments, each in brackets, and PORTAGE_BINHOST.
fn client() -> Client {
    let client =
        Client::with_stand_in("#!/bin/sh\nprintf '[%s] ' \"$@\"\necho \"$PORTAGE_BINHOST\"\n");
    client.write("srv/Packages", INDEX);
    let uri = client.root().join("srv").display().to_string();
    client.hosts(&[("site", &format!("sync-uri = {uri}"))]);
    client
}

/// The words of a line, each in brackets.
fn words(line: &str) -> String {
    line.split_whitespace()
        .map(|word| format!("[{word}] "))
        .collect()
}

fn check(client: &Client, table: &[(&str, String)]) {
    for (typed, run) in table {
        let ended = client.bincheck(typed);
        assert_eq!(
            ended.stdout.trim_end(),
            words(run).trim_end(),
            "{typed}\n{}",
            ended.stderr
        );
        assert_eq!(ended.code, Some(0), "{typed}");
    }
}

/// The words as they are typed.
fn same(typed: &'static str) -> (&'static str, String) {
    (typed, typed.to_owned())
}

/// With the origin and the comparisons.
fn all(typed: &'static str) -> (&'static str, String) {
    (typed, format!("{GBC} {typed}"))
}

/// With the comparisons alone.
fn compared(typed: &'static str) -> (&'static str, String) {
    (typed, format!("{BC} {typed}"))
}

#[test]
fn what_installs_gets_more_options() {
    let client = client();
    check(
        &client,
        &[
            all("app-misc/tool"),
            all("tool"),
            all("=app-misc/tool-2"),
            all(">=app-misc/tool-1:0"),
            all("-avuDN @world"),
            all("-uDN world"),
            all("-puD @system"),
            all("-1 tool"),
            all("-1v tool"),
            all("--oneshot --verbose y tool"),
            all("-a n tool"),
            all("-an tool"),
            all("--ask tool"),
            all("-j4 tool"),
            all("-j 4 --load-average 3.5 tool"),
            all("--jobs=4 --keep-going=y tool"),
            all("-D2u tool"),
            all("-f tool"),
            all("--fetchonly tool"),
            same("-B tool"),
            same("--buildpkgonly y tool"),
            same("-F tool"),
            all("-b tool"),
            compared("-B -k tool"),
            all("-o tool"),
            all("-e tool"),
            all("-O tool"),
            all("--exclude foo tool"),
            all("-X foo tool"),
            all("--usepkg-exclude sys-apps/* tool"),
            all("--with-bdeps y tool"),
            all("--root-deps rdeps tool"),
            all("--root-deps tool"),
            all("--quiet-b n tool"),
            all("--deselect=n tool"),
            all("--color n tool"),
            all("--ignore-default-opts tool"),
            (
                "--autounmask-write tool",
                "-g --binpkg-changed-deps=y --autounmask-write tool".to_owned(),
            ),
            all("--from-the-future=3 tool"),
            all("--from-the-future tool"),
            all("-- tool"),
            all("-1 -- tool tool"),
            compared("-g tool"),
            compared("-gk tool"),
            compared("--getbinpkg y tool"),
            compared("--getbinpkg=y tool"),
            compared("-G tool"),
            compared("-1G tool"),
            compared("--getbinpkgonly tool"),
            compared("-k tool"),
            compared("-K -p tool"),
            compared("-kn tool"),
            compared("--usepkg=n -g tool"),
            (
                "--binpkg-respect-use=n tool",
                "-g --binpkg-changed-deps=y --binpkg-respect-use=n tool".to_owned(),
            ),
            (
                "--binpkg-changed-deps n tool",
                "-g --binpkg-respect-use=y --binpkg-changed-deps n tool".to_owned(),
            ),
            (
                "-G --binpkg-respect-use --binpkg-ch=n tool",
                "-G --binpkg-respect-use --binpkg-ch=n tool".to_owned(),
            ),
            ("--force -G tool", format!("{BC} -G tool")),
            ("tool --strict", format!("{GBC} tool")),
        ],
    );
}

#[test]
fn what_installs_nothing_is_left_alone() {
    let client = client();
    check(
        &client,
        &[
            same("--sync"),
            same("--sync -q"),
            same("-s tool"),
            same("--search tool"),
            same("-S tool"),
            same("--searchdesc tool"),
            same("--info"),
            same("--info app-misc/tool"),
            same("-c"),
            same("-pv --depclean"),
            same("-ac app-misc/tool"),
            same("-C app-misc/tool"),
            same("--unmerge app-misc/tool"),
            same("-P app-misc/tool"),
            same("-W app-misc/tool"),
            same("--deselect app-misc/tool"),
            same("-V"),
            same("--version"),
            same("-h"),
            same("--help"),
            same("--config app-misc/tool"),
            same("--regen"),
            same("--metadata"),
            same("--list-sets"),
            same("--check-news"),
            same("--moo"),
            same("--usepk tool"),
            same("--exclude"),
            same("--usepkg=n tool"),
            same("-k n tool"),
            same("--getbinpkg=n tool"),
        ],
    );
    let ended = client.bincheck("");
    assert_eq!(ended.stdout.trim_end(), "[]");
    assert_eq!(ended.stderr, "");
}

/// emerge prepends them on its own.
#[test]
fn emerge_default_opts_count_and_are_not_repeated() {
    for (defaults, typed, run) in [
        ("--ask --jobs=4", "tool", format!("{GBC} tool")),
        ("-g", "tool", format!("{BC} tool")),
        ("--getbinpkg=n", "tool", "tool".to_owned()),
        ("--usepkg", "tool", format!("{BC} tool")),
        ("--usepkg --ignore", "tool", format!("{BC} tool")),
        (
            "-k",
            "--ignore-default-opts tool",
            format!("{GBC} --ignore-default-opts tool"),
        ),
        (
            "--binpkg-respect-use=n",
            "tool",
            "-g --binpkg-changed-deps=y tool".to_owned(),
        ),
        (
            "--binpkg-respect-use y -g",
            "--binpkg-changed-deps=n tool",
            "--binpkg-changed-deps=n tool".to_owned(),
        ),
        ("-v --root=/nonexistent", "tool", format!("{GBC} tool")),
        ("--usepkg-exclude 'a/b c/*'", "tool", format!("{GBC} tool")),
        ("'unfinished", "tool", "tool".to_owned()),
    ] {
        let client = client();
        let line = format!("EMERGE_DEFAULT_OPTS=\"{defaults}\"\n");
        client.append("etc/portage/make.conf", &line);
        check(&client, &[(typed, run)]);
    }
}

#[test]
fn a_feature_says_it_already() {
    let client = client();
    client.append(
        "etc/portage/make.conf",
        "FEATURES=\"${FEATURES} getbinpkg\"\n",
    );
    check(&client, &[compared("tool"), same("--getbinpkg=n tool")]);
}

#[test]
fn an_old_portage_gets_what_it_knows() {
    for (version, run) in [
        ("2.2.14", "-g --binpkg-respect-use=y tool"),
        (
            "3.0.30-r1",
            "-g --binpkg-respect-use=y --binpkg-changed-deps=y tool",
        ),
    ] {
        let client = client();
        let record = format!("var/db/pkg/sys-apps/portage-{version}");
        for (file, text) in [("SLOT", "0\n"), ("EAPI", "8\n"), ("repository", "gentoo\n")] {
            client.write(&format!("{record}/{file}"), text);
        }
        let ended = client.bincheck("tool").well();
        assert_eq!(ended.stdout.trim_end(), words(run).trim_end());
        let reported = "notice: --binpkg-changed-deps is left out";
        assert_eq!(
            ended.stderr.contains(reported),
            version.starts_with('2'),
            "{}",
            ended.stderr
        );
    }
}

/// Bytes that are not text reach emerge as they were typed.
#[test]
fn words_that_are_no_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let client = client();
    let mut command = client.bincheck_command("-1");
    let output = command
        .arg(OsStr::from_bytes(b"/tmp/\xff.tbz2"))
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"[-1] [/tmp/\xff.tbz2] \n");
}

#[test]
fn what_stands_before_is_for_bincheck() {
    let client = client();
    let run = |line: &str| {
        let mut command = client.command(env!("CARGO_BIN_EXE_bincheck"));
        super::client::end(command.args(line.split(' ')))
    };
    for (line, text) in [
        (
            "-G --emerge tool",
            "--getbinpkgonly is for emerge; write it after --emerge",
        ),
        (
            "tool --emerge tool",
            "tool is for emerge; write it after --emerge",
        ),
        ("--root=/x --emerge tool", "--root is for emerge"),
        (
            "--chroot /x --emerge tool",
            "--chroot cannot be used with --emerge",
        ),
        (
            "--json --emerge tool",
            "--json cannot be used with --emerge",
        ),
        (
            "--nonsense --emerge tool",
            "unexpected argument '--nonsense'",
        ),
    ] {
        let ended = run(line).with(2);
        assert!(ended.stderr.contains(text), "{line}: {}", ended.stderr);
        assert_eq!(ended.stdout, "", "{line}");
    }
    if !super::namespace::is_possible() {
        return;
    }
    let quiet = run("-q --emerge tool").well();
    assert!(!quiet.stderr.contains("notice"), "{}", quiet.stderr);
    assert!(
        quiet.stderr.starts_with("app-misc/tool: "),
        "{}",
        quiet.stderr
    );
    let instance = "app-misc/tool-2-1  site  ";
    let verbose = run("-v --emerge tool").well();
    assert!(verbose.stderr.contains(instance), "{}", verbose.stderr);
    let of_emerge = run("--emerge -v tool").well();
    assert!(!of_emerge.stderr.contains(instance), "{}", of_emerge.stderr);
    let elsewhere = Path::new("/nonexistent");
    let added = run(&format!("--binhost {} --emerge tool", elsewhere.display())).well();
    assert_eq!(
        added.stdout.trim_end(),
        words(&format!("{GBC} tool")).trim_end(),
        "--binhost is not a PORTAGE_BINHOST"
    );
}

/// A terminal of 24 lines shows all that stands before emerge's own output, whatever is merged.
#[test]
fn any_number_of_merges_is_told_in_25_lines() {
    let client = client();
    let repository = "var/db/repos/gentoo";
    let mut index = String::from("VERSION: 0\nTIMESTAMP: 1\n\n");
    let mut names = Vec::new();
    for number in 0..337 {
        let name = format!("app-misc/many{number}");
        let use_flag = number % 3;
        let entry = format!(
            "DEFINED_PHASES=-\nEAPI=8\nIUSE=f{use_flag}\nKEYWORDS=amd64\nLICENSE=MIT\nSLOT=0\n_md5_=d41d8cd98f00b204e9800998ecf8427e\n"
        );
        client.write(&format!("{repository}/metadata/md5-cache/{name}-1"), &entry);
        client.write(&format!("{repository}/{name}/many{number}-1.ebuild"), "");
        if number % 2 == 0 {
            let built = if number % 4 == 0 { "f0 f1 f2" } else { "" };
            index += &format!(
                "CPV: {name}-1\nBUILD_ID: 1\nEAPI: 8\nIUSE: f{use_flag}\nUSE: {built}\nKEYWORDS: amd64\nLICENSE: MIT\nSLOT: 0\n\
                 DEFINED_PHASES: -\nREPO: gentoo\nPATH: {name}/many{number}-1-1.gpkg.tar\nSIZE: 100\nMD5: d41d8cd98f00b204e9800998ecf8427e\n\n"
            );
        }
        names.push(name);
    }
    client.write("srv/Packages", &index);
    client.append("etc/portage/package.use", "app-misc/none\n");
    let line = format!("--no-fetch-metadata --emerge -p -v {}", names.join(" "));
    let mut command = client.command(env!("CARGO_BIN_EXE_bincheck"));
    let ended = super::client::end(command.args(line.split_whitespace())).well();
    let lines: Vec<&str> = ended.stderr.lines().collect();
    assert!(lines.len() <= 25, "{} lines\n{}", lines.len(), ended.stderr);
    assert!(
        ended.stderr.contains("337 compiled") || ended.stderr.contains(" of 337 binary"),
        "{}",
        ended.stderr
    );
    let last = lines.last().copied().unwrap_or_default();
    assert!(last.starts_with("bincheck: emerge -g "), "{}", ended.stderr);
}
