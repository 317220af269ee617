//! Options in the form in which they are handed on.

use super::options::{EMERGE, EmergeOption, Shape};

/// `--name` or `--name=value`.
pub(super) fn normal_form(name: &str, value: Option<&str>) -> String {
    match value {
        Some(value) => format!("--{name}={value}"),
        None => format!("--{name}"),
    }
}

/// An option as emerge reads it: where an argument was left out that cannot be written as `y`, it is left out
/// again (`--deep`, `--root-deps`).
pub(crate) fn emerge_form(name: &str, value: Option<&str>) -> String {
    let takes_no_y = |option: &EmergeOption| {
        option.name == name && matches!(option.shape, Shape::Optional(allowed) if !allowed.has("y"))
    };
    match value {
        Some("y") if EMERGE.iter().any(takes_no_y) => format!("--{name}"),
        value => normal_form(name, value),
    }
}
