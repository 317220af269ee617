//! When the main repository was made, as the server that it was synced from has written down.

use std::path::Path;
use std::time::UNIX_EPOCH;

use super::Repositories;
use crate::chroot::Chroot;

/// The largest file that is read.
const MAX_SIZE: u64 = 1024;

impl Repositories {
    /// Seconds since 1970, from `metadata/timestamp.x` or `timestamp.chk` of the main repository; `None` where it has
    /// neither, as one that is a checkout of git has not.
    pub fn synced(&self, chroot: &Chroot) -> Option<i64> {
        let metadata = self.list.get(self.main?)?.location.join("metadata");
        let text = |name: &str| read(chroot, &metadata.join(name));
        let seconds = text("timestamp.x").and_then(|text| parse_seconds(&text));
        seconds.or_else(|| parse_date(&text("timestamp.chk")?))
    }
}

fn read(chroot: &Chroot, file: &Path) -> Option<String> {
    let bytes = chroot.read_limited(file, MAX_SIZE).ok()?;
    String::from_utf8(bytes).ok()
}

/// `1763640001 Thu 20 Nov 2025 12:00:01 PM UTC`
fn parse_seconds(text: &str) -> Option<i64> {
    let word = text.split_whitespace().next()?;
    word.parse().ok().filter(|seconds| *seconds > 0)
}

/// `Thu, 20 Nov 2025 12:00:01 +0000`
fn parse_date(text: &str) -> Option<i64> {
    let text = text.trim().replace("+0000", "GMT");
    let since = httpdate::parse_http_date(&text)
        .ok()?
        .duration_since(UNIX_EPOCH);
    i64::try_from(since.ok()?.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let seconds = Some(1_763_640_001);
        assert_eq!(
            parse_seconds("1763640001 Thu 20 Nov 2025 12:00:01 PM UTC\n"),
            seconds
        );
        assert_eq!(parse_date("Thu, 20 Nov 2025 12:00:01 +0000\n"), seconds);
        for text in ["", "soon", "-4"] {
            assert_eq!((parse_seconds(text), parse_date(text)), (None, None));
        }
    }
}
