//! Files of a repository's own `profiles/` directory, which count for its packages only.

use crate::chroot::FileKind;
use crate::local::lines::Line;
use crate::local::repositories::Repository;
use crate::local::{Base, files};
use crate::pms::Syntax;
use crate::source::Notices;

/// What atoms in these files may look like.
pub(in crate::local) fn repository_syntax(repository: &Repository) -> Syntax {
    Syntax {
        eapi: Some(repository.profiles_eapi),
        repository: repository.formats.repo_deps,
        wildcard: false,
        build_id: repository.formats.build_id,
    }
}

/// Whether `package.mask` and `package.unmask` may be directories here.
pub(in crate::local) fn allows_directories(repository: &Repository) -> bool {
    repository.formats.directories || repository.profiles_eapi.number() >= 7
}

/// The lines of `profiles/NAME`, or of the files below it.
///
/// # Errors
/// They cannot be read.
pub(in crate::local) fn repository_lines(
    base: &Base,
    repository: &Repository,
    name: &str,
    notices: &Notices,
) -> anyhow::Result<Vec<Line>> {
    let path = repository.location.join("profiles").join(name);
    files::lines(&base.chroot, &path, notices)
}

/// The same for a file that may be a directory only where the repository allows it.
///
/// # Errors
/// A directory where there may be none, or what cannot be read; both make Portage abort.
pub(in crate::local) fn strict_repository_lines(
    base: &Base,
    repository: &Repository,
    name: &str,
    notices: &Notices,
) -> anyhow::Result<Vec<Line>> {
    if allows_directories(repository) {
        return repository_lines(base, repository, name, notices);
    }
    let path = repository.location.join("profiles").join(name);
    match files::kind(&base.chroot, &path)? {
        Some(FileKind::Dir) => anyhow::bail!(
            "{} is a directory, which repository {} does not allow; \
             add \"profile-formats = portage-2\" to its metadata/layout.conf",
            path.display(),
            repository.name
        ),
        _ => files::read_lines(&base.chroot, &path),
    }
}
