//! `--fleet`: several machines side by side, with servers on loopback.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::binhost::server::{Request, Server, ok, status};
use crate::support::{bincheck, bincheck_on_machines, copy, project, scratch};

/// A copy of some /proc/cpuinfo.
const CPUINFO: &str = "skylake_avx512";

/// Machines that are copies of the workstation, with its binhosts on a server, and how often an index was fetched.
pub struct Machines {
    pub directory: tempfile::TempDir,
    pub cache: tempfile::TempDir,
    server: Server,
    indexes: Arc<AtomicUsize>,
}

impl Machines {
    pub fn new(names: &[&str]) -> Machines {
        let indexes = Arc::new(AtomicUsize::new(0));
        let hosts = project("testdata/workstation/srv/binhost");
        let counter = Arc::clone(&indexes);
        let server = Server::start(move |request: &Request| {
            let found = fs::read(hosts.join(request.path.trim_start_matches('/')));
            let is_index = request.path.contains("/Packages");
            counter.fetch_add(usize::from(is_index && found.is_ok()), Ordering::SeqCst);
            found.map_or_else(|_| status("404 Not Found"), ok)
        });
        let machines = Machines {
            directory: scratch(),
            cache: scratch(),
            server,
            indexes,
        };
        names.iter().for_each(|name| machines.add(name));
        machines
    }

    fn add(&self, name: &str) {
        let root = self.directory.path().join(name);
        copy(&project("testdata/workstation"), &root).expect("the system");
        for host in ["site", "gentoo"] {
            let conf = root.join(format!("etc/portage/binrepos.conf/{host}.conf"));
            let text = fs::read_to_string(&conf).expect("a section");
            let here = text.replace("file:///srv/binhost/", &self.server.uri(""));
            fs::write(conf, here).expect("a section");
        }
    }

    pub fn root(&self, name: &str) -> std::path::PathBuf {
        self.directory.path().join(name)
    }

    /// bincheck, started where the machines are.
    fn command(&self) -> Command {
        let mut command = bincheck_on_machines(self.cache.path());
        command.current_dir(self.directory.path());
        command
    }

    pub fn run(&self, words: &[&str]) -> Output {
        self.command().args(words).output().expect("bincheck runs")
    }

    fn document(&self, words: &[&str]) -> (Value, Option<i32>) {
        let output = self.run(&[words, &["--json"]].concat());
        let document = serde_json::from_slice(&output.stdout);
        let document = document.unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)));
        (document, output.status.code())
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn append(root: &Path, file: &str, line: &str) {
    let path = root.join(file);
    let mut text = fs::read_to_string(&path).unwrap_or_default();
    text.push_str(line);
    fs::write(path, text).expect("a file of the configuration");
}

/// What one machine alone comes to.
fn alone(machines: &Machines, name: &str, words: &[&str]) -> Value {
    let mut command = bincheck(&machines.root(name), machines.cache.path());
    let output = command.args(words).arg("--json").output();
    serde_json::from_slice(&output.expect("bincheck runs").stdout).expect("JSON")
}

#[test]
fn each_machine_is_judged_as_it_is_alone_and_indexes_are_fetched_once() {
    let machines = Machines::new(&["web1", "web2", "db1"]);
    append(
        &machines.root("db1"),
        "etc/portage/make.conf",
        "\nUSE=\"${USE} -X wayland\"\n",
    );
    let (document, code) = machines.document(&["web1", "web2/", "./db1", "--no-fetch-metadata"]);
    assert_eq!(
        machines.indexes.load(Ordering::SeqCst),
        2,
        "one for each host"
    );
    assert_eq!(code, Some(1));
    let list = document["machines"].as_array().expect("machines");
    let names: Vec<&Value> = list.iter().map(|machine| &machine["name"]).collect();
    assert_eq!(names, ["web1", "web2", "db1"]);
    for machine in list {
        let name = machine["name"].as_str().expect("a name");
        let alone = alone(&machines, name, &["--no-fetch-metadata"]);
        for key in [
            "merges", "usable", "source", "coverage", "download", "sound",
        ] {
            assert_eq!(machine["plan"][key], alone["plan"][key], "{name}: {key}");
        }
        let of = |document: &Value| -> Vec<String> {
            let merges = document["merges"].as_array().expect("merges").iter();
            merges.map(|merge| merge["cpv"].to_string()).collect()
        };
        assert_eq!(of(machine), of(&alone), "{name}");
        assert_eq!(machine["status"], alone["status"], "{name}");
        assert_eq!(machine["hosts"].as_array().map(Vec::len), Some(2));
    }
    // The same configuration, and another one.
    let groups = document["groups"].as_array().expect("groups");
    let places: Vec<&Value> = groups.iter().map(|group| &group["machines"]).collect();
    assert_eq!(
        places,
        [&serde_json::json!([0, 1]), &serde_json::json!([2])]
    );
    assert_ne!(groups[1]["differing"], 0);
    // What all of them compile comes first, and one build serves those with one configuration.
    let compiled = document["compiled"].as_array().expect("packages");
    assert_eq!(compiled[0]["machines"], serde_json::json!([0, 1, 2]));
    assert!(
        compiled.iter().any(|build| build["builds"] == 1),
        "{compiled:?}"
    );
}

#[test]
fn a_machine_that_fails_is_a_row() {
    let machines = Machines::new(&["web1", "broken"]);
    append(
        &machines.root("broken"),
        "etc/portage/make.conf",
        "\nUSE=\"unfinished\n",
    );
    fs::write(machines.root("no.tar.gz"), "not an archive").expect("a file");
    let words = [
        "web1",
        "broken",
        "no.tar.gz",
        "gone/",
        "app-editors/vim",
        "--nodeps",
    ];
    let (document, code) = machines.document(&words);
    let list = document["machines"].as_array().expect("machines");
    let is_judged: Vec<bool> = list
        .iter()
        .map(|machine| machine["error"].is_null())
        .collect();
    assert_eq!(is_judged, [true, false, false, false], "{document}");
    let error = list[1]["error"].as_str().expect("an error");
    assert!(error.contains("make.conf"), "{error}");
    assert_eq!(list[3]["status"], 2);
    assert_eq!(document["request"], serde_json::json!(["app-editors/vim"]));
    assert_eq!(
        code,
        list[0]["status"].as_i64().map(|code| {
            let code = i32::try_from(code).expect("a status");
            if code == 0 { 2 } else { code }
        })
    );
    let page = text(&machines.run(&words).stdout);
    assert!(page.contains("3 not judged"), "{page}");
    assert!(
        page.lines().all(|line| line.chars().count() <= 80),
        "{page}"
    );
}

#[test]
fn frozen_machines_count_as_their_directories_and_a_shared_processor_is_found() {
    let machines = Machines::new(&["web1", "web2"]);
    for (name, march) in [("web1", "x86-64-v4"), ("web2", "haswell")] {
        let line = format!("\nCFLAGS=\"-O2 -march={march}\"\n");
        append(&machines.root(name), "etc/portage/make.conf", &line);
    }
    let root = machines.root("web2");
    let mut command = bincheck(&root, machines.cache.path());
    let frozen = command
        .arg("--freeze")
        .arg(machines.root("copy.tar.gz"))
        .output();
    assert_eq!(frozen.expect("bincheck runs").status.code(), Some(0));
    let (document, _) = machines.document(&["web1", "web2", "copy.tar.gz", "@world"]);
    let [_, web2, copy] = [0, 1, 2].map(|place| &document["machines"][place]);
    assert_eq!(copy["name"], "copy");
    for key in ["plan", "hosts", "merges", "profile", "chost"] {
        assert_eq!(web2[key], copy[key], "{key}");
    }
    let group = &document["groups"][0];
    assert_eq!(group["machines"], serde_json::json!([0, 1, 2]));
    let march = group["march"].as_str().expect("an option");
    assert!(
        ["-march=haswell", "-march=x86-64-v3"].contains(&march),
        "{march}"
    );
    let features = group["gives_up"][0]["features"].to_string();
    assert_eq!(group["gives_up"][0]["machine"], 0);
    assert!(features.contains("avx512f"), "{features}");
}

/// Machines with the same files are judged once; what names one of them does not name another.
#[test]
fn machines_with_the_same_files_come_to_the_same() {
    let machines = Machines::new(&["web1", "web2"]);
    let cpuinfo = fs::read(project("testdata/cpuinfo").join(CPUINFO)).expect("a cpuinfo");
    for name in ["web1", "web2"] {
        let directory = machines.root(name).join(".bincheck");
        fs::create_dir(&directory).expect("a directory");
        fs::write(directory.join("cpuinfo"), &cpuinfo).expect("a file");
    }
    // What no judgement reads may differ, and what one reads may not.
    append(&machines.root("web2"), "etc/hostname", "web2");
    let mut command = bincheck(&machines.root("web1"), machines.cache.path());
    let frozen = machines.root("one.tar.gz");
    let output = command.arg("--freeze").arg(&frozen).output();
    assert_eq!(output.expect("bincheck runs").status.code(), Some(0));
    fs::copy(&frozen, machines.root("two.tar.gz")).expect("a copy");
    let names = ["web1", "web2", "one.tar.gz", "two.tar.gz"];
    let (document, _) = machines.document(&[&names[..], &["--no-fetch-metadata"]].concat());
    let list = document["machines"].as_array().expect("machines");
    for (name, machine) in names.iter().zip(list) {
        let (alone, _) = machines.document(&[name, "--no-fetch-metadata"]);
        let mut alone = alone["machines"][0].clone();
        let mut machine = machine.clone();
        for hosts in [&mut alone["hosts"], &mut machine["hosts"]] {
            *hosts = Value::Null;
        }
        assert_eq!(machine, alone, "{name}");
    }
    append(
        &machines.root("web2"),
        "etc/portage/make.conf",
        "\nUSE=\"${USE} -X\"\n",
    );
    let words = [&names[..2], &["--no-fetch-metadata"]].concat();
    let (document, _) = machines.document(&words);
    let of = |place: usize| document["machines"][place]["merges"].to_string();
    assert_ne!(of(0), of(1));
}

/// Machines of one kind that were set up at other times have other logs and run at other speeds.
#[test]
fn machines_that_differ_in_log_and_speed_keep_their_own() {
    let machines = Machines::new(&["web1", "web2"]);
    let cpuinfo = fs::read_to_string(project("testdata/cpuinfo").join(CPUINFO)).expect("a cpuinfo");
    let package = "media-libs/x265-4.1";
    for (name, seconds) in [("web1", 60), ("web2", 120)] {
        let text = format!(
            "0:  >>> emerge (1 of 1) {package} to /\n{seconds}:  ::: completed emerge (1 of 1) {package} to /\n"
        );
        fs::create_dir_all(machines.root(name).join("var/log")).expect("a directory");
        append(&machines.root(name), "var/log/emerge.log", &text);
        let directory = machines.root(name).join(".bincheck");
        fs::create_dir(&directory).expect("a directory");
        let cpuinfo = format!("cpu MHz\t\t: {seconds}.5\n{cpuinfo}");
        fs::write(directory.join("cpuinfo"), cpuinfo).expect("a file");
        let mut command = bincheck(&machines.root(name), machines.cache.path());
        let frozen = machines.root(&format!("frozen-{name}.tar.gz"));
        let output = command.arg("--freeze").arg(&frozen).output();
        assert_eq!(output.expect("bincheck runs").status.code(), Some(0));
    }
    let names = ["web1", "web2", "frozen-web1.tar.gz", "frozen-web2.tar.gz"];
    let (document, _) = machines.document(&[&names[..], &["--no-fetch-metadata"]].concat());
    for (place, seconds) in [60, 120, 60, 120].into_iter().enumerate() {
        let machine = &document["machines"][place];
        let merges = machine["merges"].as_array().expect("merges");
        let merge = merges.iter().find(|merge| merge["cpv"] == package);
        let known = &merge.expect("it is compiled")["compile_seconds"];
        assert_eq!(known, seconds, "{}", names[place]);
        assert_eq!(machine["plan"]["compile_seconds"], seconds);
    }
}

/// What is read of a repository for one machine is wrong for the others as well.
#[test]
fn all_machines_are_told_what_is_wrong_with_their_repository() {
    let machines = Machines::new(&["web1", "web2"]);
    let repository = scratch();
    let shared = repository.path().join("gentoo");
    for name in ["web1", "web2"] {
        let own = machines.root(name).join("var/db/repos/gentoo");
        match shared.exists() {
            true => fs::remove_dir_all(&own).expect("its own one"),
            false => fs::rename(&own, &shared).expect("a repository"),
        }
        std::os::unix::fs::symlink(&shared, &own).expect("a link");
    }
    append(&shared, "media-libs/x265/x265-4.1.ebuild", "\n# changed\n");
    append(
        &machines.root("web2"),
        "etc/portage/make.conf",
        "\nUSE=\"${USE} -X\"\n",
    );
    let (document, _) = machines.document(&["web1", "web2", "--no-fetch-metadata"]);
    for machine in document["machines"].as_array().expect("machines") {
        let notices = machine["notices"].to_string();
        assert!(
            notices.contains("stale metadata cache entry for 1 ebuild"),
            "{machine}"
        );
    }
}

/// Its row, its series of metrics and its share of what compiles would else be there twice.
#[test]
fn a_machine_that_is_named_twice_counts_once() {
    let machines = Machines::new(&["web1", "web2"]);
    let words = ["web1", "web2", "web1/", "web2/../web1"];
    let (document, _) = machines.document(&words);
    assert_eq!(document["machines"].as_array().map(Vec::len), Some(2));
    let errors = text(&machines.run(&words).stderr);
    assert!(
        errors.contains("web1/ is the machine that web1 names"),
        "{errors}"
    );
}

/// What took minutes is not lost because a file of it cannot be written.
#[test]
fn the_report_is_there_where_metrics_cannot_be_written() {
    let machines = Machines::new(&["web1"]);
    for option in ["--metrics", "--html"] {
        let output = machines.run(&["web1", option, "web1"]);
        assert_eq!(output.status.code(), Some(2), "{option}");
        assert!(
            text(&output.stdout).contains("1 not all binary"),
            "{option}"
        );
        let errors = text(&output.stderr);
        assert_eq!(errors.matches("it is a directory").count(), 1, "{errors}");
    }
}

/// What was gathered without bincheck on the machine has its processor as a file.
#[test]
fn a_directory_may_have_the_processor_of_its_machine() {
    let machines = Machines::new(&["web1", "web2"]);
    let root = machines.root("web2");
    fs::create_dir(root.join(".bincheck")).expect("a directory");
    let cpuinfo = project("testdata/cpuinfo").join(CPUINFO);
    fs::copy(cpuinfo, root.join(".bincheck/cpuinfo")).expect("a copy");
    let (document, _) = machines.document(&["web1", "web2"]);
    let processor = |place: usize| document["machines"][place]["processor"].as_str();
    let own = processor(1).expect("a processor");
    assert!(own.contains("CPU") || own.contains("Processor"), "{own}");
    assert!(processor(0).is_some_and(|text| text.contains("of its configuration")));
}

#[test]
fn machines_may_be_judged_by_the_hosts_of_the_command_line_alone() {
    let machines = Machines::new(&["web1"]);
    let site = machines.server.uri("site");
    let hosts = |words: &[&str]| {
        let (document, _) = machines.document(&[&["web1", "--binhost", &site], words].concat());
        document["hosts"].as_array().map(Vec::len)
    };
    assert_eq!(hosts(&["--hosts-of", "none"]), Some(1));
    assert_eq!(hosts(&[]), Some(2), "the same host by another name is one");
}

#[test]
fn metrics_of_one_machine_and_of_several() {
    let machines = Machines::new(&["web1", "web2"]);
    let file = machines.root("all.prom");
    fs::write(&file, "old").expect("an old file");
    let words = ["web1", "web2", "gone/", "--metrics", "all.prom"];
    let (document, _) = machines.document(&words);
    let metrics = fs::read_to_string(&file).expect("metrics");
    let compiled = &document["machines"][1]["plan"]["source"];
    for line in [
        "bincheck_judged{machine=\"gone\"} 0".to_owned(),
        format!("bincheck_merges{{machine=\"web2\",state=\"compiled\"}} {compiled}"),
    ] {
        assert!(
            metrics.lines().any(|known| known == line),
            "{line}: {metrics}"
        );
    }
    let mut command = bincheck(&machines.root("web1"), machines.cache.path());
    let output = command
        .arg("--metrics")
        .arg(&file)
        .output()
        .expect("bincheck runs");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let metrics = fs::read_to_string(&file).expect("metrics");
    let line = format!("bincheck_merges{{state=\"compiled\"}} {compiled}");
    assert!(metrics.lines().any(|known| known == line), "{metrics}");
    // Nothing else is left in the directory.
    let entries = fs::read_dir(machines.directory.path())
        .expect("a directory")
        .count();
    assert_eq!(entries, 3);
    let words = ["web1", "--metrics", "none/all.prom"];
    assert_eq!(machines.run(&words).status.code(), Some(2));
}

#[test]
fn passwords_are_in_nothing_that_is_written() {
    let machines = Machines::new(&["web1", "web2"]);
    for (name, host) in [
        ("web1", "u:hunter2@127.0.0.1:9"),
        ("web2", "u:hunter2@[bad"),
    ] {
        let conf = machines
            .root(name)
            .join("etc/portage/binrepos.conf/site.conf");
        let section = format!("[site]\nsync-uri = http://{host}/x?token=hunter2\n");
        fs::write(conf, section).expect("a section");
    }
    let words = [
        "web1",
        "web2",
        "--html",
        "p.html",
        "--metrics",
        "p.prom",
        "-v",
    ];
    let output = machines.run(&words);
    let (document, _) = machines.document(&words[..6]);
    let read = |name: &str| fs::read_to_string(machines.root(name)).expect("a file");
    let written = [
        text(&output.stdout),
        text(&output.stderr),
        document.to_string(),
        read("p.html"),
        read("p.prom"),
    ];
    assert!(written[3].contains("127.0.0.1:9"), "the host is named");
    for text in written {
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn wrong_usage() {
    let machines = Machines::new(&[]);
    for (words, wanted) in [
        (
            &["app-misc/jq"][..],
            "--fleet needs machines, and app-misc/jq is neither",
        ),
        (&[], "--fleet needs machines"),
        (&["./x", "--chroot", "/y"], "cannot be used with"),
        (&["./x", "--all"], "cannot be used with"),
    ] {
        let output = machines.run(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        let errors = text(&output.stderr);
        assert!(errors.contains(wanted), "{words:?}: {errors}");
    }
}
