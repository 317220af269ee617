//! Rows that Portage 3.0.83 itself answered: a sample under `testdata/vectors`, and all of them
//! where the full files lie beside the source tree.

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bincheck::pms::depspec::reduced_text;
use bincheck::pms::{
    Blocker, Cpv, Dep, DepSpec, Eapi, Operator, Slot, SlotOperator, Subject, Syntax, Version,
    reduce, reduce_dependencies,
};

/// The fields of a row, and what is wrong with our answer, if anything.
type Check = fn(&[&str]) -> Result<(), String>;

#[test]
fn versions() {
    check_rows("versions", check_version);
}

#[test]
fn atoms() {
    check_rows("atoms", check_atom);
}

#[test]
fn matches() {
    check_rows("match", check_match);
}

#[test]
fn made_dependencies() {
    check_rows("dependencies-made", check_dependencies);
}

#[test]
fn real_dependencies() {
    check_rows("dependencies-real", check_dependencies);
}

fn check_rows(name: &str, check: Check) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sample = root.join("testdata/vectors").join(format!("{name}.tsv"));
    check_text(
        name,
        &fs::read_to_string(&sample).expect("the sample is committed"),
        check,
    );
    match read_all(
        &root
            .join("../shared/vectors")
            .join(format!("{name}.tsv.xz")),
    ) {
        Ok(text) => check_text(name, &text, check),
        Err(reason) => eprintln!("{name}: only the sample was checked: {reason}"),
    }
}

fn check_text(name: &str, text: &str, check: Check) {
    let mut wrong = Vec::new();
    let mut rows = 0;
    for (number, row) in text.lines().enumerate() {
        let fields: Vec<&str> = row.split('\t').collect();
        rows += 1;
        if let Err(difference) = check(&fields) {
            wrong.push(format!("{name}:{}: {difference}\n    {row}", number + 1));
        }
    }
    assert!(rows > 0, "{name} has no rows");
    let shown = wrong[..wrong.len().min(20)].join("\n");
    assert!(
        wrong.is_empty(),
        "{} of {rows} rows differ:\n{shown}",
        wrong.len()
    );
}

/// Unpack with `xz`, or with Python where there is no `xz`.
fn read_all(packed: &PathBuf) -> Result<String, String> {
    if !packed.exists() {
        return Err("the full file is not there".to_owned());
    }
    const SCRIPT: &str = "import lzma, sys; sys.stdout.buffer.write(lzma.open(sys.argv[1]).read())";
    let programs: [(&str, &[&str]); 2] = [("xz", &["-dc"]), ("python3", &["-c", SCRIPT])];
    for (program, arguments) in programs {
        let output = Command::new(program).args(arguments).arg(packed).output();
        if let Some(output) = output.ok().filter(|output| output.status.success()) {
            return String::from_utf8(output.stdout).map_err(|error| error.to_string());
        }
    }
    Err("neither xz nor python3 could unpack it".to_owned())
}

fn expect(what: impl Display, ours: impl Display, portage: impl Display) -> Result<(), String> {
    let (ours, portage) = (ours.to_string(), portage.to_string());
    match ours == portage {
        true => Ok(()),
        false => Err(format!("{what}: {ours:?}, Portage says {portage:?}")),
    }
}

fn check_version(row: &[&str]) -> Result<(), String> {
    let (left, right) = (Version::parse(row[0]), Version::parse(row[1]));
    expect("left is valid", u8::from(left.is_some()), row[2])?;
    expect("right is valid", u8::from(right.is_some()), row[3])?;
    let order = match (left, right) {
        (Some(left), Some(right)) => (left.cmp_version(&right) as i8).to_string(),
        _ => "N".to_owned(),
    };
    expect("order", order, row[4])
}

fn check_atom(row: &[&str]) -> Result<(), String> {
    let dependency = |eapi| Syntax::dependency(Eapi::parse(eapi));
    let configuration = Syntax {
        wildcard: false,
        ..Syntax::USER
    };
    let syntaxes = [
        dependency("5"),
        dependency("8"),
        configuration,
        Syntax::USER,
    ];
    for (number, syntax) in syntaxes.into_iter().enumerate() {
        let ours = Dep::parse(row[0], syntax).map_or("INVALID".to_owned(), |dep| fields(&dep));
        expect(format!("column {}", number + 2), ours, row[number + 1])?;
    }
    Ok(())
}

/// The eleven fields of a parsed atom, joined by `|`.
fn fields(dep: &Dep) -> String {
    let operator = match dep.operator() {
        None => "",
        Some(Operator::Less) => "<",
        Some(Operator::LessOrEqual) => "<=",
        Some(Operator::Equal) => "=",
        Some(Operator::EqualGlob | Operator::Contains) => "=*",
        Some(Operator::Approximate) => "~",
        Some(Operator::GreaterOrEqual) => ">=",
        Some(Operator::Greater) => ">",
    };
    let version = dep.version().unwrap_or_default();
    let version = match dep.operator() {
        Some(Operator::Contains) => format!("*{version}*"),
        _ => version.to_owned(),
    };
    let words: Vec<String> = dep.use_deps().map(|word| word.to_string()).collect();
    // the reference leaves the build id 0 away
    let build_id = dep.build_id().filter(|id| *id != 0);
    let fields = [
        dep.blocker().map_or("", |blocker| match blocker {
            Blocker::Weak => "!",
            Blocker::Strong => "!!",
        }),
        operator,
        dep.name(),
        &version,
        dep.slot().unwrap_or_default(),
        dep.sub_slot().unwrap_or_default(),
        dep.slot_operator().map_or("", |operator| match operator {
            SlotOperator::Equal => "=",
            SlotOperator::Any => "*",
        }),
        dep.repository().unwrap_or_default(),
        &words.join(","),
        if dep.is_wildcard() { "X" } else { "" },
        &build_id.map_or(String::new(), |id| id.to_string()),
    ];
    fields.join("|")
}

fn check_match(row: &[&str]) -> Result<(), String> {
    let [atom, cpv, slot, repository, iuse, enabled, expected] = row else {
        return Err("not seven fields".to_owned());
    };
    let dep = Dep::parse(atom, Syntax::USER).map_err(|error| error.reason)?;
    let cpv = Cpv::parse(cpv).ok_or("the cpv is not valid")?;
    let slot = Slot::parse(slot, None).ok_or("the slot is not valid")?;
    let subject = Subject {
        cpn: &cpv.cpn,
        version: &cpv.version,
        slot: Some(&slot),
        repository: Some(*repository).filter(|name| !name.is_empty()),
        build_id: None,
    };
    let has = |flags: &str, flag: &str| flags.split_whitespace().any(|word| word == flag);
    let fits = dep.matches(&subject)
        && dep.use_matches(|flag| has(iuse, flag).then(|| has(enabled, flag)));
    expect("matches", u8::from(fits), expected)
}

fn check_dependencies(row: &[&str]) -> Result<(), String> {
    let [eapi, text, enabled, flat, tree, evaluated] = row else {
        return Err("not six fields".to_owned());
    };
    let eapi = Eapi::parse(eapi);
    let Ok(nodes) = DepSpec::parse_dependencies(text, eapi) else {
        return expect("validity", "INVALID", flat);
    };
    let judged = DepSpec::parse_checked(text, eapi, &|_| true);
    expect("validity when judged", judged.is_ok(), *flat != "INVALID")?;
    let flags: Vec<&str> = enabled.split_whitespace().collect();
    let is_enabled = |flag: &str| flags.contains(&flag);
    let active = DepSpec::active_leaves(&nodes, &is_enabled);
    expect("flat list", join(active.iter()), flat)?;
    let leaves = active.iter().map(|dep| dep.evaluate_use(is_enabled));
    expect("evaluated list", join(leaves), evaluated)?;
    // the reference marks nested all-of groups, and shows no group around a single atom
    let ours = reduced_text(&reduce(&nodes, eapi, &is_enabled));
    let ours = ours.replace("( __const__/empty-any-of )", "__const__/empty-any-of");
    expect("tree", ours, tree.replace("&& (", "("))?;
    let reduced = reduce_dependencies(&nodes, eapi, &is_enabled);
    let evaluated_tree = join(
        reduced_text(&reduced)
            .split(' ')
            .filter(|word| is_atom(word)),
    );
    expect(
        "evaluated tree",
        evaluated_tree,
        evaluated_leaves(evaluated),
    )
}

fn is_atom(word: &str) -> bool {
    word.contains('/') && !word.starts_with("__const__")
}

fn evaluated_leaves(list: &str) -> String {
    join(list.split(' ').filter(|word| is_atom(word)))
}

fn join(words: impl Iterator<Item = impl Display>) -> String {
    words
        .map(|word| word.to_string())
        .collect::<Vec<_>>()
        .join(" ")
}
