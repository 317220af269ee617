//! A file that takes the place of another in one step: whoever reads it meanwhile has the old one or the new one.

use std::fs::{self, File, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Who may read the new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Readers {
    /// The owner alone.
    Owner,
    /// Whom the umask lets, as with any program that makes a file.
    Anyone,
}

/// Write a file with all that it is to have, or none; gives what comes of writing, and its size.
///
/// # Errors
/// Its directory cannot be written, or something that is not a file would be replaced.
pub(super) fn write<T>(
    name: &str,
    readers: Readers,
    write: impl FnOnce(&mut File) -> Result<T>,
) -> Result<(T, u64)> {
    let target = Path::new(name);
    check(name, target)?;
    let directory = target.parent().filter(|path| !path.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".bincheck-");
    if readers == Readers::Anyone {
        builder.permissions(Permissions::from_mode(0o666));
    }
    let mut temporary = builder
        .tempfile_in(directory.unwrap_or(Path::new(".")))
        .with_context(|| format!("cannot write to the directory of {name}"))?;
    let written = write(temporary.as_file_mut())?;
    let size = temporary.as_file().metadata()?.len();
    let kept = temporary.persist(target).map_err(|error| error.error);
    kept.with_context(|| format!("cannot write {name}"))?;
    Ok((written, size))
}

/// Renaming replaces whatever is there: root's `--html /dev/stdout` would leave the machine without it.
fn check(name: &str, target: &Path) -> Result<()> {
    if name.is_empty() {
        bail!("the name of the file to write is empty; give a path");
    }
    match fs::metadata(target) {
        Ok(there) if there.is_dir() => {
            bail!("cannot write {name}: it is a directory; give the path of a file in it")
        }
        Ok(there) if !there.is_file() => {
            bail!("cannot write {name}: it is not a regular file, and would be replaced by one")
        }
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot write {name}"))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Write;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    fn put(path: &Path) -> Result<(), String> {
        let written = write(path.to_str().unwrap(), Readers::Anyone, |out| {
            Ok(out.write_all(b"new")?)
        });
        written.map(drop).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn only_files_are_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        let _socket = UnixListener::bind(path("socket")).unwrap();
        symlink("socket", path("link")).unwrap();
        fs::create_dir(path("directory")).unwrap();
        for (name, message) in [
            ("socket", "not a regular file"),
            ("link", "not a regular file"),
            ("directory", "it is a directory"),
            ("missing/file", "cannot write to the directory"),
        ] {
            let error = put(&path(name)).unwrap_err();
            assert!(error.contains(message), "{name}: {error}");
        }
        assert!(path("link").is_symlink() && path("socket").exists());
        assert!(put(Path::new("")).unwrap_err().contains("is empty"));
        // Nothing is left beside them.
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 3);
    }

    #[test]
    fn what_a_link_leads_to_stays() {
        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("file"), directory.path().join("link"));
        fs::write(&file, "old").unwrap();
        symlink("file", &link).unwrap();
        put(&link).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        assert_eq!(fs::read_to_string(&link).unwrap(), "new");
    }
}
