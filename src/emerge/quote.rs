//! Words as a shell would read them back, so that a command line can be pasted.

use std::fmt::Write;

use crate::sanitize::is_unsafe;

/// A command line.
pub fn line<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(word).collect();
    words.join(" ")
}

/// One word: bare where nothing in it is special, in quotes elsewhere. What a terminal would obey is
/// written as an escape, which bash and zsh read.
pub fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./_-".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) && !text.starts_with('=') {
        return text.to_owned();
    }
    if !text.contains(is_unsafe) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut quoted = String::from("$'");
    for character in text.chars() {
        match character {
            '\'' | '\\' => quoted.extend(['\\', character]),
            _ if is_unsafe(character) => {
                let mut buffer = [0; 4];
                for byte in character.encode_utf8(&mut buffer).bytes() {
                    // Writing to a String cannot fail.
                    let _ = write!(quoted, "\\x{byte:02x}");
                }
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::print_stderr)]

    use std::process::Command;

    use super::*;

    #[test]
    fn only_what_needs_it_is_quoted() {
        for (text, quoted) in [
            ("-avuDN", "-avuDN"),
            ("@world", "@world"),
            ("--jobs=4", "--jobs=4"),
            ("=app-misc/jq-1.8*", "'=app-misc/jq-1.8*'"),
            ("=app-misc/jq-1.8", "'=app-misc/jq-1.8'"),
            (">=a/b-1:2[c]", "'>=a/b-1:2[c]'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
            ("a b", "'a b'"),
            ("ü", "'ü'"),
            ("a\u{1b}[2J'\\", r"$'a\x1b[2J\'\\'"),
            ("~a/b-1", "'~a/b-1'"),
        ] {
            assert_eq!(word(text), quoted);
        }
    }

    /// What bash makes of it is what went in.
    #[test]
    fn bash_reads_it_back() {
        for text in [
            "a\u{1b}[2J'\\",
            "it's \"$HOME\" `x` \\",
            "\n\t\u{202e}é",
            "!x #y ;&|<>()*?[]{}~",
        ] {
            let script = format!("printf %s {}", word(text));
            let Ok(output) = Command::new("bash").args(["-c", &script]).output() else {
                eprintln!("skipped: there is no bash");
                return;
            };
            assert_eq!(String::from_utf8(output.stdout).unwrap(), text);
        }
    }
}
