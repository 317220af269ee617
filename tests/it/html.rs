//! `--html`: the page, in headless Chromium where there is one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::binhost::server::{Request, Server, ok, status};
use crate::fleet::{Machines, append, text};
use crate::support::{bincheck, copy, project, scratch};

const MARKUP: &str = "<img src=x onerror=alert(1)>";

/// Debian's and others' names of a Chromium that can run without a screen.
const BROWSERS: [&str; 4] = [
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
];

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let directories: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let files = BROWSERS
        .iter()
        .flat_map(|name| directories.iter().map(move |dir| dir.join(name)));
    files.into_iter().find(|file| file.is_file())
}

/// The document as it is after the script ran at `hash`; `None` (and the reason) without a browser.
fn dom(page: &Path, hash: &str) -> Option<String> {
    let Some(browser) = browser() else {
        eprintln!("skipped: there is no Chromium ({})", BROWSERS.join(", "));
        return None;
    };
    let profile = scratch();
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--enable-logging=stderr",
            "--v=0",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(["--virtual-time-budget=2000", "--dump-dom"])
        .arg(format!("file://{}#{hash}", page.display()))
        .output()
        .expect("the browser runs");
    let errors = text(&output.stderr);
    assert!(!errors.contains("CONSOLE"), "{errors}");
    let dom = text(&output.stdout);
    assert!(!dom.contains("<img"), "markup of others became an element");
    Some(dom)
}

/// Names of the machines in the table's order, without those that are hidden.
fn rows(dom: &str) -> Vec<String> {
    let row =
        regex::Regex::new(r#"<tr data-for="m[0-9]+"([^>]*)><th scope="row" data-value="([^"]*)""#);
    let row = row.expect("an expression");
    let found = row
        .captures_iter(dom)
        .filter(|row| !row[1].contains("hidden"));
    found.map(|row| row[2].to_owned()).collect()
}

/// A fleet whose machines differ, one of which cannot be judged; its page.
fn page(machines: &Machines) -> PathBuf {
    append(
        &machines.root("web2"),
        "etc/portage/make.conf",
        "\nUSE=\"${USE} -X wayland\"\n",
    );
    fs::write(
        machines.root("web1/var/lib/portage/world"),
        "app-editors/vim\n",
    )
    .expect("world");
    let page = machines.root("page.html");
    let words = [
        "web1",
        "web2",
        "gone/",
        "--no-fetch-metadata",
        "--html",
        "page.html",
    ];
    machines.run(&words);
    page
}

#[test]
fn a_page_is_sorted_and_searched_without_an_error() {
    let machines = Machines::new(&["web1", "web2"]);
    let page = page(&machines);
    let written = fs::read_to_string(&page).expect("a page");
    assert!(written.starts_with("<!DOCTYPE html>") && written.contains("data-for=\"m2\""));
    let Some(plain) = dom(&page, "") else { return };
    assert_eq!(rows(&plain), ["web1", "web2", "gone"]);
    // By how much is compiled, the most first; what was not judged stands last either way.
    for (hash, wanted) in [
        ("sort=3", ["web1", "web2", "gone"]),
        ("sort=3&descending=1", ["web2", "web1", "gone"]),
        ("sort=0&descending=1", ["web2", "web1", "gone"]),
    ] {
        let sorted = dom(&page, hash).expect("a document");
        assert_eq!(rows(&sorted), wanted, "{hash}");
    }
    let found = dom(&page, "search=web2").expect("a document");
    assert_eq!(rows(&found), ["web2"]);
    assert!(found.contains("1 of 3"), "the number of machines is told");
    // A package is found in the report of its machine, which unfolds.
    let found = dom(&page, "search=x265").expect("a document");
    assert_eq!(rows(&found), ["web2"]);
    assert!(
        found.contains("<details id=\"m1\" data-section=\"web2 web2\" open=\"\">"),
        "{found}"
    );
    assert_eq!(
        rows(&dom(&page, "search=nothing-has-this").expect("a document")),
        [""; 0]
    );
    // A link to a machine unfolds it.
    let linked = dom(&page, "m1").expect("a document");
    assert!(linked.contains("data-section=\"web2 web2\" open=\"\">"));
}

#[test]
fn an_ordinary_request_has_a_page_too() {
    let machines = Machines::new(&["web1"]);
    let page = machines.root("page.html");
    let mut command = bincheck(&machines.root("web1"), machines.cache.path());
    let output = command
        .arg("--html")
        .arg(&page)
        .output()
        .expect("bincheck runs");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let written = fs::read_to_string(&page).expect("a page");
    assert!(written.contains("@world on web1") && written.contains("media-video/ffmpeg"));
    dom(&page, "search=ffmpeg");
}

/// An index may hold anything, and its header is shown.
#[test]
fn markup_of_an_index_is_text() {
    let index = format!(
        "VERSION: 0\nTIMESTAMP: 100\nPROFILE: {MARKUP}\nACCEPT_KEYWORDS: {MARKUP}\nREPO_REVISIONS: {MARKUP}\n\nCPV: app-editors/vim-9.1.1652\nCHOST: {MARKUP}\nUSE: {MARKUP}\nLICENSE: {MARKUP}\nPATH: {MARKUP}\n\n"
    );
    let server = Server::start(move |request: &Request| match request.path.as_str() {
        "/x/Packages" => ok(&index),
        _ => status("404 Not Found"),
    });
    let root = scratch();
    copy(&project("testdata/workstation"), root.path()).expect("the system");
    let cache = scratch();
    let page = cache.path().join("page.html");
    for action in [&["--hosts"][..], &["app-editors/vim"], &[]] {
        let mut command = bincheck(root.path(), cache.path());
        command
            .args(["--binhost", &server.uri("x"), "--html"])
            .arg(&page)
            .args(action);
        command.output().expect("bincheck runs");
        let written = fs::read_to_string(&page).expect("a page");
        assert!(!written.contains("<img"), "{action:?}");
        if action == ["--hosts"] {
            assert!(written.contains("&lt;img src=x"), "the profile is shown");
        }
        dom(&page, "sort=1");
        fs::remove_file(&page).expect("a page");
    }
}

#[test]
fn a_page_is_for_requests_hosts_and_fleets() {
    let (root, cache) = (scratch(), scratch());
    for action in ["--all", "--suggest", "--changes"] {
        let mut command = bincheck(root.path(), cache.path());
        let output = command.args(["--html", "x.html", action]).output();
        assert_eq!(
            output.expect("bincheck runs").status.code(),
            Some(2),
            "{action}"
        );
    }
}
