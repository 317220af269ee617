//! What a frozen configuration does not carry away.

use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use crate::redact::redact;

/// Words of options whose value is a password, as wget, curl and their like have them.
static OPTIONS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i)(--?[a-z-]*(?:pass(?:word|wd)?|token|secret)[= ]+)([^\s"'\\]+)"#).ok()
});

/// Why a file of the configuration is left out by its name; `None` where it is not.
pub(super) fn by_name(path: &Path) -> Option<&'static str> {
    let names: Vec<&str> = path.iter().filter_map(|name| name.to_str()).collect();
    let last = names.last().copied().unwrap_or_default();
    let is_key = [".key", ".pem", ".p12", ".pfx"]
        .iter()
        .any(|end| last.ends_with(end));
    match () {
        () if names.contains(&"gnupg") => Some("gpg's home may hold private keys"),
        () if names.contains(&".git") => {
            Some("what a repository of git remembers may hold passwords")
        }
        () if is_key || last.starts_with("id_") => Some("its name is that of a private key"),
        () if matches!(last, ".netrc" | "netrc" | ".pgpass") => Some("it holds passwords"),
        () => None,
    }
}

/// The file without what nobody else is to know, and what that was; `None` where it holds nothing such.
pub(super) fn cleaned(bytes: &[u8]) -> Option<(Vec<u8>, &'static str)> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return None;
    };
    if text.contains("PRIVATE KEY-----") {
        return Some((Vec::new(), "a private key; the file is empty"));
    }
    let without = redact(text);
    let without = match OPTIONS.as_ref() {
        Some(options) => options.replace_all(&without, "${1}left-out"),
        None => (&*without).into(),
    };
    (*without != *text).then(|| {
        (
            without.clone().into_owned().into_bytes(),
            "passwords of URIs and commands",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_found_and_nothing_else_changes() {
        for (text, expected) in [
            (
                "USE=\"wayland\"\nGENTOO_MIRRORS=\"https://mirror/x\"\n",
                None,
            ),
            (
                "sync-uri = https://me:word@host/x\nkey = 1\n",
                Some("sync-uri = https://…@host/x\nkey = 1\n"),
            ),
            (
                "F=\"wget --user=me --password=word -O x\"\n",
                Some("F=\"wget --user=me --password=left-out -O x\"\n"),
            ),
            ("-----BEGIN PRIVATE KEY-----\nx\n", Some("")),
        ] {
            let found = cleaned(text.as_bytes()).map(|(bytes, _)| bytes);
            let found = found.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn files_are_left_out_by_their_names() {
        for (path, is_left_out) in [
            ("/etc/portage/gnupg/pubring.kbx", true),
            ("/etc/portage/host.key", true),
            ("/etc/portage/make.conf", false),
            ("/etc/portage/package.use/keyboard", false),
        ] {
            assert_eq!(by_name(Path::new(path)).is_some(), is_left_out, "{path}");
        }
    }
}
