//! Files that one of several machines found to be gone or unreadable, so that the others need not ask again. What could
//! be read is in the cache, as far as an index names hashes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{InspectedFile, Inspection};
use crate::binhost::Uri;

/// What came of them, by URI of the host, path, and size by the index.
#[derive(Debug, Default)]
pub struct FailedFiles(Mutex<HashMap<FileOfHost, InspectedFile>>);

/// A file as an index names it.
type FileOfHost = (Uri, String, Option<u64>);

impl FailedFiles {
    /// What is known of a file, else what `read` brings; that is kept where it is not a package that could be read.
    pub(super) fn or_read(
        &self,
        file: FileOfHost,
        read: impl FnOnce() -> InspectedFile,
    ) -> InspectedFile {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failed) = known().get(&file) {
            return failed.clone();
        }
        let found = read();
        if !matches!(found.inspection, Inspection::Built(_)) {
            known().insert(file, found.clone());
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::Built;

    #[test]
    fn what_failed_is_read_once_and_what_did_not_each_time() {
        let failed = FailedFiles::default();
        let read = |path: &str, inspection: Inspection| {
            let mut asked = false;
            let file = (Uri::new("http://h/x"), path.to_owned(), Some(7));
            let found = failed.or_read(file, || {
                asked = true;
                InspectedFile {
                    inspection: inspection.clone(),
                    size: None,
                }
            });
            (asked, found.inspection)
        };
        let built = || Inspection::Built(Built::default());
        for (path, inspection, asked) in [
            ("a", Inspection::Gone, true),
            ("a", Inspection::Gone, false),
            ("b", built(), true),
            ("b", built(), true),
            ("c", Inspection::Unreadable("cut".to_owned()), true),
            ("c", Inspection::Unreadable("cut".to_owned()), false),
        ] {
            assert_eq!(
                read(path, inspection.clone()),
                (asked, inspection),
                "{path}"
            );
        }
    }
}
