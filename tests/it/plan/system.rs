//! A small system, written as files from lines such as `ebuild a/b-1 RDEPEND=d/z:=`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bincheck::shlex;
use md5::{Digest, Md5};

use crate::support::{copy, project};

const REPOSITORY: &str = "var/db/repos/gentoo";

/// A system below a directory: that of the scenario `sound`, and what the lines add. What lines that begin with
/// `target` name is in another root, `/target`.
pub fn write(root: &Path, lines: &[&str]) {
    copy(&project("testdata/scenarios/sound/root"), root).expect("the base system");
    append(
        root,
        &format!("{REPOSITORY}/profiles/categories"),
        "a\nc\nd\n",
    );
    put(root, "var/lib/portage/world", "");
    let (mut index, mut hosted) = (String::new(), String::new());
    for line in lines {
        let words = shlex::split(line).expect(line);
        let (kind, rest) = words.split_first().expect("a line has a word");
        let (name, values) = rest.split_first().expect(line);
        match kind.as_str() {
            "ebuild" => ebuild(root, name, &fields(values)),
            "binary" => index.push_str(&entry(name, fields(values))),
            "hosted" => hosted.push_str(&entry(name, fields(values))),
            "installed" => installed(root, name, &fields(values)),
            "world" => append(root, "var/lib/portage/world", &rest.join("\n")),
            "conf" => append(
                root,
                "etc/portage/make.conf",
                &format!("{}\n", rest.join("\n")),
            ),
            "target" if name == "world" => {
                append(root, "target/var/lib/portage/world", &values.join("\n"));
            }
            "target" => installed(&root.join("target"), name, &fields(values)),
            "etc" => append(
                root,
                &format!("etc/portage/{name}"),
                &format!("{}\n", values.join(" ")),
            ),
            other => panic!("{other}: no such line"),
        }
    }
    put(root, "var/cache/binpkgs/Packages", &with_header(&index));
    if !hosted.is_empty() {
        put(root, "srv/site/Packages", &with_header(&hosted));
    }
}

/// An index with these entries.
fn with_header(entries: &str) -> String {
    let count = entries.matches("CPV: ").count();
    let header = format!("ARCH: amd64\nPACKAGES: {count}\nTIMESTAMP: 1760000000\nVERSION: 0\n\n");
    header + entries
}

fn put(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("a file lies in a directory")).expect("a directory");
    fs::write(path, text).expect("a file");
}

fn append(root: &Path, name: &str, text: &str) {
    let old = fs::read_to_string(root.join(name)).unwrap_or_default();
    put(root, name, &(old + text));
}

type Fields = BTreeMap<String, String>;

fn fields(words: &[String]) -> Fields {
    let defaults = [
        ("EAPI", "8"),
        ("SLOT", "0"),
        ("KEYWORDS", "amd64"),
        ("LICENSE", "MIT"),
        ("DEFINED_PHASES", "-"),
    ];
    let own = words.iter().map(|word| word.split_once('=').expect(word));
    let all = defaults.into_iter().chain(own);
    all.map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

fn ebuild(root: &Path, cpv: &str, fields: &Fields) {
    let (category, file) = cpv.split_once('/').expect(cpv);
    let name = package(file);
    let stub = format!("EAPI={}\n# {cpv}\n", fields["EAPI"]);
    put(
        root,
        &format!("{REPOSITORY}/{category}/{name}/{file}.ebuild"),
        &stub,
    );
    let digest = Md5::digest(stub.as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut cache = String::new();
    for (key, value) in fields {
        cache.push_str(&format!("{key}={value}\n"));
    }
    cache.push_str(&format!("_md5_={digest}\n"));
    put(
        root,
        &format!("{REPOSITORY}/metadata/md5-cache/{category}/{file}"),
        &cache,
    );
}

/// The name of a package in the name of its file.
fn package(file: &str) -> &str {
    let versions = file.match_indices('-').map(|(place, _)| place);
    let version = |place: &usize| file[place + 1..].starts_with(|c: char| c.is_ascii_digit());
    let end = versions.into_iter().find(version).unwrap_or(file.len());
    &file[..end]
}

fn built(fields: &mut Fields) {
    for (key, value) in [("USE", ""), ("BUILD_TIME", "1")] {
        fields
            .entry(key.to_owned())
            .or_insert_with(|| value.to_owned());
    }
    let flags = fields["USE"].clone() + " amd64 elibc_glibc kernel_linux abi_x86_64";
    fields.insert("USE".to_owned(), flags.trim().to_owned());
}

fn entry(cpv: &str, mut fields: Fields) -> String {
    built(&mut fields);
    let id = fields
        .entry("BUILD_ID".to_owned())
        .or_insert_with(|| "1".to_owned())
        .clone();
    let (category, file) = cpv.split_once('/').expect(cpv);
    let path = format!("{category}/{}/{file}-{id}.gpkg.tar", package(file));
    let more = [
        ("CPV", cpv),
        ("PATH", &path),
        ("REPO", "gentoo"),
        ("SIZE", "1024"),
        ("MTIME", "1"),
        ("MD5", "0123456789abcdef0123456789abcdef"),
    ];
    fields.extend(more.map(|(key, value)| (key.to_owned(), value.to_owned())));
    let lines = fields.iter().filter(|(_, value)| !value.is_empty());
    let text: String = lines
        .map(|(key, value)| format!("{key}: {value}\n"))
        .collect();
    text + "\n"
}

fn installed(root: &Path, cpv: &str, fields: &Fields) {
    let mut fields = fields.clone();
    built(&mut fields);
    let (category, file) = cpv.split_once('/').expect(cpv);
    let more = [
        ("CATEGORY", category),
        ("PF", file),
        ("repository", "gentoo"),
    ];
    fields.extend(more.map(|(key, value)| (key.to_owned(), value.to_owned())));
    for (key, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        put(
            root,
            &format!("var/db/pkg/{cpv}/{key}"),
            &format!("{value}\n"),
        );
    }
}
