//! Web pages that come where an index should: of portals, of proxies, and of hosts that have moved.

/// In how many bytes a page shows what it is.
const HEAD: usize = 4096;
/// How much of its title is reported.
const TITLE: usize = 60;

/// What a web page is called, in words; `None` where these bytes are not one.
pub(super) fn describe(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).into_owned();
    let text = head.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let lower = text.to_ascii_lowercase();
    let is_page = ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|start| lower.starts_with(start))
        || lower.starts_with("<?xml") && lower.contains("<html");
    is_page.then(|| match title(text, &lower) {
        Some(title) => format!("a web page (\"{title}\")"),
        None => "a web page".to_owned(),
    })
}

/// Lower case of ASCII has the same bytes elsewhere, so places in one text are places in the other.
fn title(text: &str, lower: &str) -> Option<String> {
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let words: Vec<&str> = text.get(start..end)?.split_whitespace().collect();
    let title: String = words.join(" ").chars().take(TITLE).collect();
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_what_is_none() {
        for (text, page) in [
            (
                "<!DOCTYPE html><html><head><title>Down\n for now</title>",
                Some("a web page (\"Down for now\")"),
            ),
            ("\u{feff}\n<HTML>", Some("a web page")),
            ("<?xml version=\"1.0\"?><html>", Some("a web page")),
            ("<?xml version=\"1.0\"?><feed>", None),
            ("VERSION: 0\n\nCPV: a/b-1\n", None),
            ("", None),
            ("<html><title></title>", Some("a web page")),
            ("<html><title>é", Some("a web page")),
        ] {
            assert_eq!(describe(text.as_bytes()).as_deref(), page, "{text}");
        }
        assert_eq!(describe(&[0x1f, 0x8b, 0xff]), None);
    }
}
