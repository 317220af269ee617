//! How old this machine's copy of the main repository is, and which profile it follows: what an index says about its
//! host in TIMESTAMP, REPO_REVISIONS and PROFILE.

use std::path::Path;

use crate::local::Base;

/// The main repository and the profile of a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeState {
    /// When the repository was made, in seconds since 1970.
    pub timestamp: Option<i64>,
    /// The commit that it is of.
    pub revision: Option<String>,
    /// The profile below `profiles`, as PROFILE of an index names it.
    pub profile: Option<String>,
}

impl TreeState {
    /// Read it, as far as the repository tells.
    pub fn load(base: &Base) -> TreeState {
        let repositories = &base.repositories;
        let main = repositories
            .main
            .and_then(|main| repositories.list.get(main));
        let metadata = main.map(|main| main.location.join("metadata"));
        let text = |name: &str| {
            let path = metadata.as_ref()?.join(name);
            base.chroot.read_text(&path).ok()
        };
        let commit = text("timestamp.commit").unwrap_or_default();
        let mut commit = commit.split_whitespace();
        let revision = commit.next().map(str::to_owned);
        let committed = commit.next().and_then(|seconds| seconds.parse().ok());
        let checked = text("timestamp.chk").and_then(|text| date(&text));
        TreeState {
            timestamp: checked.or(committed),
            revision,
            profile: profile(base),
        }
    }
}

/// `Tue, 12 Aug 2025 00:30:00 +0000`
fn date(text: &str) -> Option<i64> {
    let text = text.trim().replace("+0000", "GMT");
    let time = httpdate::parse_http_date(&text).ok()?;
    let since = time.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// The commit of the main repository in REPO_REVISIONS of an index, `{"gentoo": "…"}`.
pub(crate) fn revision(text: &str) -> Option<String> {
    let revisions: serde_json::Value = serde_json::from_str(text).ok()?;
    Some(revisions.get("gentoo")?.as_str()?.to_owned())
}

/// The last profile that is not the user's, below the `profiles` directory that holds it.
fn profile(base: &Base) -> Option<String> {
    let nodes = base.profile.nodes.iter().rev();
    let node = nodes.into_iter().find(|node| !node.is_user)?;
    let holds = |repository: &&crate::local::repositories::Repository| {
        node.dir.starts_with(repository.location.join("profiles"))
    };
    let repository = base.repositories.list.iter().find(holds)?;
    let below = node.dir.strip_prefix(repository.location.join("profiles"));
    below.ok().map(Path::to_string_lossy).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::workstation;
    use crate::source::Notices;

    #[test]
    fn dates_of_the_tree() {
        assert_eq!(date("Thu, 01 Jan 1970 00:01:00 +0000\n"), Some(60));
        assert_eq!(date("yesterday"), None);
    }

    #[test]
    fn the_profile_is_named_as_indexes_name_it() {
        let local = workstation(&Notices::default());
        let state = TreeState::load(&local.base);
        assert_eq!(state.timestamp, None);
        assert_eq!(state.profile.as_deref(), Some("desktop"));
    }
}
