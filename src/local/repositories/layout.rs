//! What a repository says about itself: name, `metadata/layout.conf`, `profiles/eapi`
//! (`portage: repository/config.py:parse_layout_conf`).

use std::collections::HashMap;
use std::path::Path;

use super::ProfileFormats;
use crate::chroot::Chroot;
use crate::local::files;
use crate::pms::Eapi;
use crate::source::Notices;

/// The part of layout.conf that bears on selection.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The repository's own name.
    pub name: Option<String>,
    /// `None` without such a line.
    pub masters: Option<Vec<String>>,
    pub aliases: Vec<String>,
    pub formats: ProfileFormats,
    pub profiles_eapi: Eapi,
    pub default_profile_eapi: Eapi,
}

impl Layout {
    /// Read the files of a repository.
    ///
    /// # Errors
    /// One that is there cannot be read.
    pub fn read(chroot: &Chroot, location: &Path, notices: &Notices) -> anyhow::Result<Layout> {
        let path = location.join("metadata/layout.conf");
        let values = pairs(chroot, &path, notices)?;
        let words = |key: &str| -> Option<Vec<String>> {
            let words = values.get(key)?.split_whitespace();
            Some(words.map(str::to_owned).collect())
        };
        let profiles_eapi =
            eapi_of_directory(chroot, &location.join("profiles"), notices)?.unwrap_or(Eapi::ZERO);
        let formats = words("profile-formats");
        let default = values
            .get("profile_eapi_when_unspecified")
            .filter(|_| {
                let formats = formats.iter().flatten();
                formats
                    .into_iter()
                    .any(|word| word == "profile-default-eapi")
            })
            .and_then(|text| {
                let eapi = Eapi::parse(text);
                if eapi.is_none() {
                    notices.file(&path, format!("EAPI {text:?} is not supported"));
                }
                eapi
            });
        let name = values.get("repo-name").and_then(|name| valid_name(name));
        Ok(Layout {
            name: match name {
                Some(name) => Some(name),
                None => name_file(chroot, location)?,
            },
            masters: words("masters"),
            aliases: words("aliases").unwrap_or_default(),
            formats: formats_of(formats.as_deref(), &path, notices),
            profiles_eapi,
            default_profile_eapi: if profiles_eapi.number() >= 9 {
                profiles_eapi
            } else {
                default.unwrap_or(Eapi::ZERO)
            },
        })
    }
}

/// `key = value` lines; the last of a key counts. A value goes up to the end of its line.
fn pairs(
    chroot: &Chroot,
    path: &Path,
    notices: &Notices,
) -> anyhow::Result<HashMap<String, String>> {
    let mut values = HashMap::new();
    for file in files::expand(chroot, path, notices)? {
        let text = files::read_text(chroot, &file)?.unwrap_or_default();
        for line in text.split(['\n', '\r']).map(str::trim) {
            match line.split_once('=') {
                Some((key, value)) if !line.starts_with('#') => {
                    values.insert(key.trim().to_owned(), value.trim().to_owned());
                }
                _ => {}
            }
        }
    }
    Ok(values)
}

fn formats_of(words: Option<&[String]>, path: &Path, notices: &Notices) -> ProfileFormats {
    let mut formats = ProfileFormats::default();
    let Some(words) = words else {
        // `portage-1`, or with an older EAPI its compatible form, which allows the same.
        formats.directories = true;
        return formats;
    };
    for word in words {
        match word.as_str() {
            "portage-1" => formats.directories = true,
            "portage-2" => {
                formats.directories = true;
                formats.colon_parents = true;
            }
            "profile-set" => formats.profile_set = true,
            "build-id" => formats.build_id = true,
            "profile-repo-deps" => formats.repo_deps = true,
            "profile-license" => formats.license = true,
            "pms" | "profile-bashrcs" | "profile-default-eapi" => {}
            _ => notices.file(
                path,
                format!("profile format {word:?} is unknown and skipped"),
            ),
        }
    }
    formats
}

/// The EAPI that a directory's `eapi` file gives. Such a file has to have exactly one line; any
/// other counts as absent (`portage: util/__init__.py:read_corresponding_eapi_file`).
pub(in crate::local) fn eapi_of_directory(
    chroot: &Chroot,
    dir: &Path,
    notices: &Notices,
) -> anyhow::Result<Option<Eapi>> {
    let path = dir.join("eapi");
    let Some(text) = files::read_text(chroot, &path)? else {
        return Ok(None);
    };
    if text.lines().count() != 1 {
        notices.file(&path, "does not have exactly one line and is skipped");
        return Ok(None);
    }
    let eapi = Eapi::parse(text.trim());
    if eapi.is_none() {
        notices.file(&path, format!("EAPI {:?} is not supported", text.trim()));
    }
    Ok(eapi)
}

/// The first line of `profiles/repo_name`.
fn name_file(chroot: &Chroot, location: &Path) -> anyhow::Result<Option<String>> {
    let text = files::read_text(chroot, &location.join("profiles/repo_name"))?;
    Ok(text.and_then(|text| valid_name(text.lines().next()?)))
}

/// A name as Portage corrects it: other characters separate words, which dashes join.
pub(super) fn valid_name(text: &str) -> Option<String> {
    let spaced: String = text
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '_' || c == '-' {
                c
            } else {
                ' '
            }
        })
        .collect();
    let joined = spaced.split_whitespace().collect::<Vec<_>>().join("-");
    let name = joined.trim_start_matches('-');
    (!name.is_empty()).then(|| name.to_owned())
}
