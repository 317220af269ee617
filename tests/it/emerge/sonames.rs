//! Libraries that an update takes away from what stays installed, with the real Portage.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::builds::Builds;
use super::client::{Client, end};

/// Two versions of a library whose soname differs, and what links to the first.
const LIBRARY: &str = r#"EAPI=8
SLOT=0
KEYWORDS=amd64
LICENSE=MIT
S="${WORKDIR}"
src_install() {
	echo "int kept(void) { return ${PV}; }" > kept.c || die
	gcc -shared -fPIC -Wl,-soname,libkept.so.${PV} -o libkept.so.${PV} kept.c || die
	insinto /usr/lib
	insopts -m0755
	doins libkept.so.${PV}
}
"#;
const PROGRAM: &str = r#"EAPI=8
SLOT=0
KEYWORDS=amd64
LICENSE=MIT
RDEPEND="app-misc/library"
S="${WORKDIR}"
src_install() {
	echo "int kept(void); int main(void) { return kept(); }" > uses.c || die
	gcc -o uses uses.c "${EPREFIX}"/usr/lib/libkept.so.1 || die
	exeinto /usr/bin
	doexe uses
}
"#;

/// What reads the sonames of files for Portage.
fn scanelf() -> Option<PathBuf> {
    let named = std::env::var_os("SCANELF").map(PathBuf::from);
    let found = named.unwrap_or_else(|| PathBuf::from("/usr/bin/scanelf"));
    let has_gcc = Command::new("gcc").arg("--version").output().is_ok();
    (found.exists() && has_gcc).then_some(found)
}

/// A client with version 1 and the program that links to it, and version 2 as a binary package.
fn client(builds: &Builds, scanelf: &Path) -> Client {
    let client = Client::with_portage(builds.python);
    symlink(scanelf, client.root().join("usr/bin/scanelf")).unwrap();
    let library = client.root().join("usr/lib");
    // Portage makes ld.so.conf of this.
    let paths = format!("LDPATH=\"{}\"\n", library.display());
    client.write("etc/env.d/00test", &paths);
    let repository = "var/db/repos/gentoo/app-misc";
    for version in ["1", "2"] {
        let file = format!("{repository}/library/library-{version}.ebuild");
        client.write(&file, LIBRARY);
    }
    client.write(&format!("{repository}/program/program-1.ebuild"), PROGRAM);
    client.run("egencache --update --repo gentoo").well();
    client.emerge("-q1 =app-misc/library-1").well();
    client.emerge("-q1 app-misc/program").well();
    client.emerge("-Bq =app-misc/library-2").well();
    client
}

/// What bincheck says that the update takes away: soname, who needs it, whether it is kept.
fn lost(client: &Client) -> Value {
    let mut command = client.command(env!("CARGO_BIN_EXE_bincheck"));
    command.args(["--json", "-k", "-u", "app-misc/library"]);
    let ended = end(&mut command);
    let document: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    document["plan"]["lost_libraries"].clone()
}

#[test]
fn libraries_are_lost_and_kept_as_portage_does_it() {
    let Some(builds) = Builds::get() else { return };
    let Some(scanelf) = scanelf() else {
        eprintln!("skipped: scanelf (SCANELF names another) or gcc is not here");
        return;
    };
    for is_preserved in [true, false] {
        let client = client(builds, &scanelf);
        if !is_preserved {
            let off = "FEATURES=\"${FEATURES} -preserve-libs\"\n";
            client.append("etc/portage/make.conf", off);
        }
        let found = lost(&client);
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
        let (found, soname) = (&found[0], &found[0]["soname"]);
        assert!(
            soname.as_str().unwrap().ends_with(": libkept.so.1"),
            "{found}"
        );
        assert_eq!(found["had_by"], "app-misc/library-1");
        assert_eq!(found["needed_by"][0], "app-misc/program-1");
        assert_eq!(found["preserved"], is_preserved);
        let ended = client.emerge("-ku1 app-misc/library").well();
        assert!(client.installed("library-2", "SLOT").is_some());
        let file = client.root().join("usr/lib/libkept.so.1");
        assert_eq!(file.exists(), is_preserved, "{ended:?}");
    }
}
