//! What `--resume` goes on with: the list that an earlier run left in `var/cache/edb/mtimedb`
//! (`portage: actions.py:action_build`).
//!
//! Before Portage 3.0.83 the list named packages without their builds. emerge then chooses builds anew,
//! which may be those that the earlier run excluded.

use serde_json::Value;

use crate::local::Base;

/// Atoms of the binary packages that would be merged; none where nothing can be read.
pub fn binaries(base: &Base) -> Vec<String> {
    let file = base.roots.eroot.join("var/cache/edb/mtimedb");
    base.chroot
        .read_text(&file)
        .map_or(Vec::new(), |text| listed(&text))
}

fn listed(text: &str) -> Vec<String> {
    let Ok(Value::Object(database)) = serde_json::from_str(text) else {
        return Vec::new();
    };
    let list = ["resume", "resume_backup"]
        .iter()
        .find_map(|name| database.get(*name)?.get("mergelist")?.as_array());
    let list = list.map_or(&[][..], Vec::as_slice);
    list.iter().filter_map(atom).collect()
}

/// `["binary", "/", "app-misc/jq-1.8.1", "merge"]`
fn atom(entry: &Value) -> Option<String> {
    match entry.as_array()?.as_slice() {
        [kind, _root, cpv, action, ..] if kind == "binary" && action == "merge" => {
            Some(format!("={}", cpv.as_str()?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_packages_of_the_list() {
        const LIST: &str = r#"[["binary", "/", "a/b-1", "merge"], ["ebuild", "/", "a/c-1", "merge"],
            ["binary", "/", "a/d-2-r1", "merge"], ["binary", "/", "a/e-1", "uninstall"], ["binary"], 3]"#;
        for (text, atoms) in [
            (
                format!(r#"{{"resume": {{"mergelist": {LIST}}}}}"#),
                "=a/b-1 =a/d-2-r1",
            ),
            (
                format!(r#"{{"resume_backup": {{"mergelist": {LIST}, "myopts": {{}}}}}}"#),
                "=a/b-1 =a/d-2-r1",
            ),
            (r#"{"resume": {}}"#.to_owned(), ""),
            ("{}".to_owned(), ""),
            ("[]".to_owned(), ""),
            ("\u{80}pickle".to_owned(), ""),
        ] {
            assert_eq!(listed(&text).join(" "), atoms, "{text}");
        }
    }
}
