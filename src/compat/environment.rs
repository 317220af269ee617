//! The saved environment of a build (`environment.bz2`): what `declare -p` of bash prints.

use std::collections::BTreeMap;

use crate::shlex;

/// Variables of it that name which compiler it was and what that was allowed to use.
pub const NAMES: [&str; 12] = [
    "CC",
    "CXX",
    "CFLAGS",
    "CXXFLAGS",
    "FFLAGS",
    "FCFLAGS",
    "RUSTFLAGS",
    "GOAMD64",
    "GO386",
    "GOARM64",
    "GOPPC64",
    "GORISCV64",
];

/// The longest value that is believed.
const MAX_VALUE: usize = 16 << 10;

/// The variables among [`NAMES`] that a text declares; of a repeated one the last.
pub fn variables(text: &str) -> BTreeMap<String, String> {
    text.lines().filter_map(declaration).collect()
}

/// `declare -x CFLAGS="-O2 -pipe"`
fn declaration(line: &str) -> Option<(String, String)> {
    let rest = line.strip_prefix("declare -")?;
    let (_, assignment) = rest.split_once(' ')?;
    let (name, value) = assignment.split_once('=')?;
    if !NAMES.contains(&name) || value.len() > MAX_VALUE {
        return None;
    }
    let plain = value
        .strip_prefix('$')
        .filter(|rest| rest.starts_with('\''));
    let words = shlex::split(plain.unwrap_or(value)).ok()?;
    Some((
        name.to_owned(),
        words.into_iter().next().unwrap_or_default(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_of_bash() {
        let text = "declare -x CFLAGS=\"-O2 -march=\\\"x\\\"\"\ndeclare -- GOAMD64=\"v3\"\nf () \n{ \n    \
                    CFLAGS=no\n}\ndeclare -x RUSTFLAGS=$'-C target-cpu=x'\ndeclare -x OTHER=\"x\"\n\
                    declare -x FFLAGS=\ndeclare -x FCFLAGS=\"open\ndeclare -x\n";
        let variables = variables(text);
        let pairs: Vec<(&str, &str)> = variables.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(
            pairs,
            [
                ("CFLAGS", "-O2 -march=\"x\""),
                ("FFLAGS", ""),
                ("GOAMD64", "v3"),
                ("RUSTFLAGS", "-C target-cpu=x"),
            ]
        );
    }
}
