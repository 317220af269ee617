#![allow(clippy::unwrap_used, reason = "tests may fail")]

use super::*;
use std::fs;

const CONF: Mode = Mode {
    allow_source: true,
    expand: true,
};

/// The assignments of a text as `A=[a] B=[b]`, or `error`.
fn outcome(text: &str, mode: Mode) -> String {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("make.conf");
    fs::write(&path, text).unwrap();
    fs::write(temp.path().join("inc"), "I=1").unwrap();
    fs::write(temp.path().join("open"), "X=1 Y=").unwrap();
    fs::write(temp.path().join("last"), "L=1 source inc").unwrap();
    fs::write(temp.path().join("self"), "source self\n").unwrap();
    let notices = Notices::default();
    match read(
        &Chroot::default(),
        &path,
        &mut HashMap::new(),
        mode,
        &notices,
    ) {
        Ok(all) => all
            .iter()
            .map(|one| format!("{}=[{}]", one.name, one.value))
            .collect::<Vec<_>>()
            .join(" "),
        Err(error) => {
            assert!(
                format!("{error:#}").contains("make.conf:") || text.contains("self"),
                "{error:#}"
            );
            "error".to_owned()
        }
    }
}

#[test]
fn values_are_what_portage_makes_of_them() {
    for (text, expected) in [
        ("A=b", "A=[b]"),
        ("A = b", "A=[b]"),
        ("A= b", "A=[b]"),
        ("A=b c", "error"),
        ("A=\"b c\"", "A=[b c]"),
        ("A=b C=d", "A=[b] C=[d]"),
        ("A=b; C=d", "A=[b;] C=[d]"),
        ("A=\n", "error"),
        ("A=\nB=c", "error"),
        ("A=\"\"", "A=[]"),
        ("export A=b", "A=[b]"),
        ("export", ""),
        ("export export A=b", "error"),
        ("A=b # c", "A=[b]"),
        ("A=b#c", "A=[b]"),
        ("A=\"b # c\"", "A=[b # c]"),
        ("A=\"b\nc\"", "A=[b c]"),
        ("A=\"b \\\n c\"", "A=[b  c]"),
        ("A=b\\\nc", "A=[b c]"),
        ("A='b\nc'", "A=[b c]"),
        ("A=x\nB='$A y'", "A=[x] B=[x y]"),
        ("A=x\nB=\"'$A'\"", "A=[x] B=['$A']"),
        ("A=x\nB=\"\\\"'$A'\\\"\"", "A=[x] B=[\"'x'\"]"),
        ("A=x\nB=\"\\$A\"", "A=[x] B=[$A]"),
        ("A=x\nB=\"\\\\$A\"", "A=[x] B=[$A]"),
        ("B=\"${UNDEF}x\"", "B=[x]"),
        ("B=\"${A\"", "B=[]"),
        ("B=\"${}\"", "B=[]"),
        ("B=\"$-x\"", "B=[]"),
        ("B=\"${A:-d}\"", "B=[]"),
        ("B=\"$(cmd)\"", "B=[]"),
        ("B=\"$\"", "B=[$]"),
        ("B=\"a$\"", "B=[a$]"),
        ("B=$1", "B=[]"),
        ("B=`cmd`", "error"),
        ("A=\"a\\tb\"", "A=[a\\tb]"),
        ("A=\"a\\\"b\"", "A=[a\"b]"),
        ("A=\"a\"\"b\"", "A=[ab]"),
        ("A=a\"b\"c", "A=[abc]"),
        ("A=\"a\"'b'", "A=[ab]"),
        ("A+=b", "error"),
        ("1A=b", "error"),
        ("A-B=c", "error"),
        ("A.B=c", "error"),
        ("é=b", "é=[b]"),
        ("FOO=~x86 BAR=-* BAZ=*", "FOO=[~x86] BAR=[-*] BAZ=[*]"),
        ("A=b\r\nC=d", "A=[b] C=[d]"),
        ("A=\"a\r\nb\"", "A=[a b]"),
        ("# c\rA=b", "A=[b]"),
        ("if true; then A=b; fi", "error"),
        ("A=\"b", "error"),
        ("A=http://a/c?d=e", "error"),
        ("A=\"http://a/c?d=e\"", "A=[http://a/c?d=e]"),
        ("A=(a b)", "error"),
        ("A=a|b", "error"),
        ("A=a&b", "error"),
        ("A=<x>", "error"),
        ("A=a,b", "A=[a,b]"),
        ("A=a@b", "A=[a@b]"),
        ("A={a,b}", "A=[{a,b}]"),
        ("A=é", "A=[é]"),
        ("A=éé", "error"),
        ("A=xéy", "error"),
        ("A=[x", "error"),
        ("A=\"\"B=c", "error"),
        ("A=a\\ b", "A=[a b]"),
        ("A=b\\#c", "A=[b#c]"),
        ("A=#x\nB=c", "error"),
        ("A=x\\", "A=[x ]"),
        ("export A=b export C=d", "A=[b] C=[d]"),
        ("A=$HOME/x", "A=[/x]"),
        ("A=1 A=$A$A", "A=[11]"),
        ("source inc", "I=[1]"),
        ("P=inc source ${P} Q=2", "P=[inc] I=[1] Q=[2]"),
        ("source open 5 Z=2", "X=[1] Y=[5] Z=[2]"),
        ("source last\nZ=2", "L=[1] Z=[2]"),
        ("source self", "error"),
        ("source /nonexistent", "error"),
        ("source ''", "error"),
        ("source", "error"),
        ("A=source\n", "error"),
        (". inc", "error"),
    ] {
        assert_eq!(outcome(text, CONF), expected, "{text:?}");
    }
}

#[test]
fn modes_without_source_or_expansion() {
    let defaults = Mode {
        allow_source: false,
        expand: true,
    };
    assert_eq!(outcome("source inc", defaults), "error");
    assert_eq!(outcome("A=source", defaults), "A=[source]");
    let raw = Mode {
        allow_source: false,
        expand: false,
    };
    assert_eq!(outcome("A=\"$B\\n'c\nd'\"", raw), "A=[$B\\n'c\nd']");
}

#[test]
fn growth_has_an_end() {
    let mut text = "A=xxxxxxxxxxxxxxxx\n".to_owned();
    text.push_str(&"A=$A$A\n".repeat(60));
    assert_eq!(outcome(&text, CONF), "error");
}

#[test]
fn words_know_their_lines() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("make.conf");
    fs::write(&path, "V=v\nUSE=\"a\n b $V \\\n c\n\" # x\nX=\n\ny").unwrap();
    let notices = Notices::default();
    let mut map = HashMap::new();
    let all = read(&Chroot::default(), &path, &mut map, CONF, &notices).unwrap();
    let words = |one: &Assignment| -> Vec<(String, u32)> {
        one.words()
            .map(|(word, source)| (word.to_owned(), source.line().unwrap()))
            .collect()
    };
    let expected = [("a", 2), ("b", 3), ("v", 3), ("c", 4)];
    assert_eq!(
        words(&all[1]),
        expected.map(|(word, line)| (word.to_owned(), line))
    );
    assert_eq!(all[1].source.line(), Some(2));
    assert_eq!(words(&all[2]), [("y".to_owned(), 8)]);
    assert_eq!(all[2].source.line(), Some(6));
    let mut sum = Assignment::new("USE", "z", Source::BuiltIn);
    sum.append(&all[1]);
    assert_eq!(sum.value, "z a  b v  c ");
    assert_eq!(
        sum.words()
            .map(|(_, source)| source.line())
            .collect::<Vec<_>>(),
        [None, Some(2), Some(3), Some(3), Some(4)]
    );
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_to_its_end(text in "[ab=$\\\\{}\"'#\n source/]{0,60}") {
        outcome_of_any(&text);
    }
}

fn outcome_of_any(text: &str) {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("make.conf");
    fs::write(&path, text).unwrap();
    let notices = Notices::default();
    let mut map = HashMap::new();
    if let Ok(all) = read(&Chroot::default(), &path, &mut map, CONF, &notices) {
        assert!(all.iter().all(|one| map.get(&one.name) == Some(&one.value)));
    }
}
