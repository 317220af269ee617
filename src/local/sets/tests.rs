#![allow(clippy::unwrap_used, reason = "tests may fail")]

use super::*;
use crate::local::trees::testing::Machine;

fn expand(machine: &Machine, name: &str) -> Result<String, String> {
    let notices = Notices::default();
    let installed = Installed::load(machine.base(), &notices).unwrap();
    let sets = Sets::read(machine.base(), &notices).unwrap();
    let members = sets.members(machine.base(), &installed, name, &notices);
    let members = members.map_err(|error| error.to_string())?;
    let atoms: Vec<&str> = members.iter().map(|member| member.atom.as_str()).collect();
    Ok(atoms.join(" "))
}

fn assert_set(machine: &Machine, name: &str, atoms: &str) {
    assert_eq!(expand(machine, name).as_deref(), Ok(atoms), "@{name}");
}

#[test]
fn world_is_profile_selected_and_system() {
    let mut machine = Machine::new();
    machine.profile(
        "/p/1",
        true,
        "*sys-apps/baselayout\n*sys-apps/sed\ndev-libs/in-profile\n",
    );
    machine.profile(
        "/p/2",
        false,
        "-*sys-apps/sed\ndev-libs/not\n*>=sys-apps/grep-3\n",
    );
    machine.write("/var/lib/portage/world", "app-misc/jq\n");
    machine.write("/var/lib/portage/world_sets", "@mine\n");
    machine.write("/etc/portage/sets/mine", "app-misc/mine\n");
    assert_set(&machine, "system", ">=sys-apps/grep-3 sys-apps/baselayout");
    assert_set(&machine, "profile", "dev-libs/in-profile");
    assert_set(&machine, "selected-packages", "app-misc/jq");
    assert_set(&machine, "selected-sets", "app-misc/mine");
    assert_set(&machine, "selected", "app-misc/jq app-misc/mine");
    assert_set(
        &machine,
        "world",
        ">=sys-apps/grep-3 app-misc/jq app-misc/mine dev-libs/in-profile sys-apps/baselayout",
    );
}

#[test]
fn packages_of_profiles_stack() {
    let mut machine = Machine::new();
    machine.profile("/p/1", true, "*a/a\n*a/b\na/c\na/d\nbad atom\n");
    machine.profile("/p/2", true, "-a/a\n-a/c\n");
    assert_set(&machine, "system", "a/a a/b");
    assert_set(&machine, "profile", "a/d");
    machine.profile("/p/3", true, "-*\n*a/e\n");
    assert_set(&machine, "system", "a/e");
    assert_set(&machine, "profile", "");
}

#[test]
fn missing_files_are_empty_sets() {
    let machine = Machine::new();
    for name in [
        "world",
        "selected",
        "system",
        "profile",
        "installed",
        "changed-deps",
        "preserved-rebuild",
    ] {
        assert_set(&machine, name, "");
    }
}

#[test]
fn user_sets_nest_and_may_form_cycles() {
    let machine = Machine::new();
    machine.write("/etc/portage/sets/one", "@dir/two\na/one\n");
    machine.write("/etc/portage/sets/dir/two", "@one\n@two~\na/two\na/one\n");
    machine.write("/etc/portage/sets/two~", "a/backup\n");
    machine.write("/etc/portage/sets/three", "@one\n");
    machine.write("/etc/portage/sets/one.metadata", "description: x\n");
    let error = expand(&machine, "one").unwrap_err();
    assert!(
        error.starts_with("/etc/portage/sets/dir/two:2: "),
        "{error}"
    );
    assert!(error.contains("no set named \"two~\""), "{error}");
    machine.write("/etc/portage/sets/dir/two", "@one\na/two\na/one\n");
    assert_set(&machine, "three", "a/one a/two");
    let sets = Sets::read(machine.base(), &Notices::default()).unwrap();
    let user: Vec<&str> = sets.names().filter(|name| !name.contains("e.m")).collect();
    assert!(
        user.contains(&"dir/two") && !user.contains(&"two~"),
        "{user:?}"
    );
}

#[test]
fn long_chains_of_sets_end() {
    let machine = Machine::new();
    for number in 0..500 {
        let next = number + 1;
        machine.write(
            &format!("/etc/portage/sets/s{number}"),
            &format!("@s{next}\na/p{number}\n"),
        );
    }
    machine.write("/etc/portage/sets/s500", "");
    assert_eq!(expand(&machine, "s0").unwrap().split(' ').count(), 500);
}

#[test]
fn unknown_sets_are_errors() {
    let machine = Machine::new();
    let error = expand(&machine, "none").unwrap_err();
    assert!(
        error.contains("no set named \"none\"") && error.contains("world"),
        "{error}"
    );
}

#[test]
fn installed_packages() {
    let machine = Machine::new();
    machine.installed(
        "a/b-1",
        &[("EAPI", "8"), ("SLOT", "1/2"), ("PROPERTIES", "live")],
    );
    machine.installed("a/b-2", &[("SLOT", "2"), ("BDEPEND", ">=dev-lang/go-1.2")]);
    machine.installed("c/d-9999", &[("SLOT", "0"), ("INHERITED", "x git-r3")]);
    machine.write(
        "/etc/portage/sets.conf",
        "[live]\nclass = portage.sets.dbapi.VariableSet\nvariable = PROPERTIES\nincludes = live\n\
         [git]\nclass = dbapi.VariableSet\nvariable = INHERITED\nincludes = git-r3 cvs\n\
         [go]\nclass = dbapi.VariableSet\nvariable = BDEPEND\nincludes = dev-lang/go\n\
         [not-b]\nclass = dbapi.VariableSet\nvariable = BDEPEND\nincludes = dev-lang/go\n\
         excludes_output = a/b\n",
    );
    assert_set(&machine, "installed", "a/b:1 a/b:2 c/d:0");
    assert_set(&machine, "live", "a/b:1");
    assert_set(&machine, "git", "c/d:0");
    assert_set(&machine, "go", "a/b:2");
    assert_set(&machine, "not-b", "");
}

#[test]
fn sections_of_sets_conf() {
    let mut machine = Machine::new();
    machine.repository("gentoo", &[]);
    machine.write("/repos/gentoo/extra", "a/from-repository\n");
    machine.write("/lists/x", "a/x\n@file\n");
    machine.write("/lists/y", "a/y\n");
    machine.write(
        "/etc/portage/package.mask",
        "a/masked\n>=b/c-1 word\nd/e::r\n",
    );
    machine.installed("a/slotted-1", &[("SLOT", "1")]);
    machine.installed("a/slotted-2", &[("SLOT", "2")]);
    machine.write("/lists/greedy", "a/slotted\n");
    machine.write(
        "/etc/portage/sets.conf",
        "[file]\nfilename = ${repository:gentoo}/extra\n\
         [renamed section]\nname = other\nclass = portage.sets.base.DummyPackageSet\n\
         packages = @file a/word junk\n\
         [lists]\nclass = portage.sets.files.StaticFileSet\nmultiset = true\n\
         directory = /lists\nname_pattern = list-$name\n\
         [masked]\nclass = files.ConfigFileSet\nfilename = /etc/portage/package.mask\n\
         [configs]\nclass = files.ConfigFileSet\nmultiset = yes\n\
         [greedy]\nfilename = /lists/greedy\ngreedy = true\n",
    );
    assert_set(&machine, "file", "a/from-repository");
    assert_set(&machine, "other", "a/from-repository a/word");
    assert_set(&machine, "list-x", "a/from-repository a/x");
    assert_set(&machine, "list-y", "a/y");
    assert_set(&machine, "masked", ">=b/c-1 a/masked");
    assert_set(&machine, "sets/package_mask", ">=b/c-1 a/masked");
    assert_set(&machine, "greedy", "a/slotted a/slotted:1 a/slotted:2");
    assert!(expand(&machine, "renamed section").is_err());
}

#[test]
fn sections_that_cannot_be_expanded() {
    let machine = Machine::new();
    machine.write(
        "/etc/portage/sets.conf",
        "[glsa]\nclass = portage.sets.security.NewAffectedSet\n\n[empty]\n\n\
         [repo]\nfilename = ${repository:none}/x\n\
         [var]\nclass = dbapi.VariableSet\nvariable = X\n",
    );
    let table = [
        (
            "glsa",
            "/etc/portage/sets.conf:2: set \"glsa\" is of class security.NewAffectedSet",
        ),
        ("empty", "names no file"),
        ("repo", "repository none"),
        ("var", "neither what to include"),
    ];
    for (name, part) in table {
        let error = expand(&machine, name).unwrap_err();
        assert!(error.contains(part), "{name}: {error}");
    }
}

#[test]
fn owners_of_files() {
    let machine = Machine::new();
    machine.mkdir("/usr/bin");
    machine.installed("a/b-1", &[("CONTENTS", "dir /usr/lib64/xorg/modules\n")]);
    machine.installed(
        "a/x-1",
        &[(
            "CONTENTS",
            "dir /usr/lib64/xorg/modules\nobj /usr/bin/Xorg 0 1\n",
        )],
    );
    machine.write(
        "/etc/portage/sets.conf",
        "[x]\nclass = dbapi.OwnerSet\nfiles = /usr/lib*/xorg/modules\nexclude-files = /usr/bin/Xorg\n",
    );
    assert_set(&machine, "x", "a/b:0");
}

#[test]
fn preserved_libraries() {
    let machine = Machine::new();
    let registry = "/var/lib/portage/preserved_libs_registry";
    machine.write(registry, "{}");
    assert_set(&machine, "preserved-rebuild", "");
    machine.write(
        registry,
        "{\"a/b:0\": [\"a/b-1\", \"1\", [\"/usr/lib/libx.so.1\"]]}",
    );
    assert!(expand(&machine, "preserved-rebuild").is_err());
}
