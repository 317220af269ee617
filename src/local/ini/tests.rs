#![allow(clippy::unwrap_used, reason = "tests may fail")]

use super::*;

/// All sections of some files with their interpolated values, `[DEFAULT]` first.
fn outcome(files: &[&str]) -> String {
    let temp = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (number, text) in files.iter().enumerate() {
        let path = temp.path().join(number.to_string());
        std::fs::write(&path, text).unwrap();
        paths.push(path);
    }
    let builtin = [("EPREFIX", "/p"), ("ROOT", "/")];
    let ini = match Ini::read(&Chroot::default(), &paths, &builtin) {
        Ok(ini) => ini,
        Err(error) => {
            let text = error.to_string();
            return format!(
                "error {}",
                text.rsplit_once('/').unwrap().1.split(' ').next().unwrap()
            );
        }
    };
    let mut out = Vec::new();
    for section in ini.sections() {
        let mut values = Vec::new();
        for key in ini.keys(section) {
            match ini.get(section, key) {
                Ok(Some((_, Source::BuiltIn))) => {}
                Ok(value) => values.push(format!("{key}={:?}", value.unwrap().0)),
                Err(_) => values.push(format!("{key}!")),
            }
        }
        out.push(format!("[{section}] {}", values.join(" ")));
    }
    out.join(" ")
}

#[test]
fn texts_are_read_as_configparser_does() {
    for (text, expected) in [
        ("[a]\nk = v", "[a] k=\"v\""),
        ("[a]\nk: v = w : x", "[a] k=\"v = w : x\""),
        ("[a]\nKey-Name=V", "[a] key-name=\"V\""),
        (
            "[a]\nk = v # no comment ; no",
            "[a] k=\"v # no comment ; no\"",
        ),
        ("# c\n; c\n  # c\n[a] # ignored\nk=", "[a] k=\"\""),
        (
            "[a]\nk = v\n  w\n\n  x\n# c\n  y\n\nl=1",
            "[a] k=\"v\\nw\\n\\nx\\ny\" l=\"1\"",
        ),
        ("[a]\n k = v\n l = w", "[a] k=\"v\" l=\"w\""),
        ("[a]\nk =\n  [b]\n  l = m", "[a] k=\"\\n[b]\\nl = m\""),
        ("[a]b]c\nk=v", "[a]b] k=\"v\""),
        ("[a]\nk=v\r\nl=w\rm=x", "[a] k=\"v\" l=\"w\" m=\"x\""),
        ("", ""),
        (
            "[DEFAULT]\nd = x\n[a]\n[b]\nd = y",
            "[a] d=\"x\" [b] d=\"y\"",
        ),
        ("[DEFAULT]\nd=1\n[DEFAULT]\ne=2\n[a]", "[a] d=\"1\" e=\"2\""),
        ("[DEFAULT]\nd=1\n[DEFAULT]\nd=2\n[a]", "error 0:4:"),
        ("[default]\nd=1\n[a]\n", "[default] d=\"1\" [a] "),
        ("k=v\n[a]", "error 0:1:"),
        ("[a]\nk=v\n[b]\n[a]", "error 0:4:"),
        ("[a]\nk=v\nK=w", "error 0:3:"),
        ("[a]\nword", "error 0:2:"),
        ("[a]\n= v", "error 0:2:"),
        ("[]\nk=v", "error 0:1:"),
        ("[a]\nx=%(eprefix)s%(EPREFIX)s%%\n", "[a] x=\"/p/p%\""),
        (
            "[a]\nx=%(y)s/%(z)s\ny=1%(z)s\nz=%%",
            "[a] x=\"1%/%\" y=\"1%\" z=\"%\"",
        ),
        (
            "[a]\nx=100%\ny=%40\nz=%(u)s\nw=%(x\nv=%()s\nu=%(x)d",
            "[a] x! y! z! w! v! u!",
        ),
        ("[a]\nx=%(y)s\ny=%(x)s", "[a] x! y!"),
        (
            "[DEFAULT]\nx=%(y)s\n[a]\ny=1\n[b]\ny=2",
            "[a] y=\"1\" x=\"1\" [b] y=\"2\" x=\"2\"",
        ),
        (
            "[DEFAULT]\nROOT=/r\n[a]\nx=%(ROOT)s",
            "[a] x=\"/r\" root=\"/r\"",
        ),
    ] {
        assert_eq!(outcome(&[text]), expected, "{text:?}");
    }
}

#[test]
fn later_files_override_keys() {
    let files = ["[a]\nk=1\nl=1\n[b]\n", "[c]\n[a]\nk=2\n"];
    assert_eq!(outcome(&files), "[a] k=\"2\" l=\"1\" [b]  [c] ");
}

#[test]
fn values_know_their_place() {
    let source = Source::Env("PORTAGE_REPOSITORIES".into());
    let ini = Ini::parse("[DEFAULT]\nd=1\n[a]", &source, &[]).unwrap();
    assert_eq!(
        ini.get("a", "d").unwrap(),
        Some(("1".to_owned(), source.clone()))
    );
    assert_eq!(
        ini.get("DEFAULT", "d").unwrap(),
        Some(("1".to_owned(), source))
    );
    assert_eq!(ini.get("a", "x").unwrap(), None);
    assert_eq!(ini.get("x", "d").unwrap(), None);
}

#[test]
fn growth_has_an_end() {
    let mut text = "[a]\nk0=%%\n".to_owned();
    for level in 1..10 {
        let line = format!("k{level}={}\n", format!("%(k{})s", level - 1).repeat(50));
        text.push_str(&line);
    }
    let ini = Ini::parse(&text, &Source::BuiltIn, &[]).unwrap();
    assert!(ini.get("a", "k9").is_err());
    assert!(ini.get("a", "k2").is_ok());
}
