//! Where things lie: config root, ROOT, EPREFIX and what follows from them
//! (`portage: LocationsManager.py:LocationsManager`).

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::chroot::{Chroot, FileKind, normal};
use crate::env::Env;

/// Absolute logical paths (`portage: _config/LocationsManager.py:LocationsManager`).
#[derive(Clone, Debug)]
pub struct Roots {
    /// Prefix of every `/etc/…` configuration path.
    pub config_root: PathBuf,
    /// Target root.
    pub root: PathBuf,
    /// Root of build dependencies.
    pub sysroot: PathBuf,
    /// Offset prefix; empty on ordinary systems.
    pub eprefix: PathBuf,
    /// `ROOT` + `EPREFIX`: installed packages and world file.
    pub eroot: PathBuf,
    /// `/usr/share/portage/config`: make.globals and shipped defaults.
    pub global_config: PathBuf,
    /// `<config root>/etc/portage`.
    pub user_config: PathBuf,
}

impl Roots {
    /// From the environment. `ROOT` may still come from make.conf ([`Roots::with_root`]).
    ///
    /// # Errors
    /// The config root is not a directory.
    pub(super) fn of(env: &Env, chroot: &Chroot) -> anyhow::Result<Roots> {
        let running = running_prefix(env);
        let config_root = match set(env, "PORTAGE_CONFIGROOT") {
            Some(path) => normal(Path::new(path)),
            None => root_or(&running),
        };
        if chroot.kind(&config_root) != Some(FileKind::Dir) {
            bail!(
                "{}: the config root is not a directory; correct --config-root or PORTAGE_CONFIGROOT",
                config_root.display()
            );
        }
        let eprefix = set(env, "EPREFIX").map_or(running.clone(), prefix);
        let roots = Roots {
            user_config: config_root.join("etc/portage"),
            global_config: root_or(&running).join("usr/share/portage/config"),
            sysroot: set(env, "SYSROOT").map_or("/".into(), |path| normal(Path::new(path))),
            root: "/".into(),
            eroot: root_or(&eprefix),
            config_root,
            eprefix,
        };
        roots.with_root(set(env, "ROOT").unwrap_or("/"), chroot)
    }

    /// The same with another `ROOT`.
    ///
    /// # Errors
    /// It is not a directory.
    pub(super) fn with_root(mut self, root: &str, chroot: &Chroot) -> anyhow::Result<Roots> {
        self.root = normal(Path::new(root));
        self.eroot = join(&self.root, &self.eprefix);
        // A ROOT that does not exist yet is made by emerge.
        if !matches!(chroot.kind(&self.root), Some(FileKind::Dir) | None) {
            bail!("{}: ROOT is not a directory", self.root.display());
        }
        Ok(self)
    }

    /// Whether packages go to another root than that of the Portage that runs.
    pub fn is_other(&self, env: &Env) -> bool {
        self.eroot != running_root(env)
    }

    /// Whether what is needed to build lies in the root that packages go to (`ESYSROOT`).
    pub fn is_own_sysroot(&self) -> bool {
        self.sysroot == self.root
    }

    /// Last, when `ROOT` is known.
    ///
    /// # Errors
    /// `SYSROOT` is set where `ROOT` is `/`.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        if self.sysroot != Path::new("/") && self.root == Path::new("/") {
            bail!(
                "SYSROOT is {} while ROOT is /; set both, or neither",
                self.sysroot.display()
            );
        }
        Ok(())
    }

    /// Where the build dependencies lie, as `ESYSROOT` has it.
    pub(super) fn esysroot(&self, running: &Path) -> PathBuf {
        if self.sysroot == self.root {
            join(&self.sysroot, &self.eprefix)
        } else if self.sysroot == Path::new("/") {
            root_or(running)
        } else {
            self.sysroot.clone()
        }
    }
}

/// The prefix of the Portage that runs; empty on ordinary systems.
pub(super) fn running_prefix(env: &Env) -> PathBuf {
    set(env, "PORTAGE_OVERRIDE_EPREFIX").map_or(PathBuf::new(), prefix)
}

/// The root of the Portage that runs: `/` on ordinary systems.
pub fn running_root(env: &Env) -> PathBuf {
    root_or(&running_prefix(env))
}

/// A prefix as a path; `/` is none.
fn prefix(text: &str) -> PathBuf {
    let path = normal(Path::new(text));
    if path == Path::new("/") || text.is_empty() {
        PathBuf::new()
    } else {
        path
    }
}

/// The root that a prefix makes.
pub(super) fn root_or(prefix: &Path) -> PathBuf {
    join(Path::new("/"), prefix)
}

fn join(root: &Path, prefix: &Path) -> PathBuf {
    root.join(prefix.strip_prefix("/").unwrap_or(prefix))
}

/// A variable that is set and not empty.
fn set<'a>(env: &'a Env, name: &str) -> Option<&'a str> {
    env.get(name).filter(|value| !value.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may fail")]
mod tests {
    use super::*;

    fn roots(pairs: &[(&str, &str)]) -> anyhow::Result<Roots> {
        let env: Env = pairs.iter().copied().collect();
        let roots = Roots::of(&env, &Chroot::default())?;
        roots.check()?;
        Ok(roots)
    }

    #[test]
    fn roots_follow_from_the_environment() {
        for (env, expected) in [
            (
                &[][..],
                ["/", "/", "/", "/usr/share/portage/config", "/etc/portage"],
            ),
            (
                &[("ROOT", "/none/"), ("EPREFIX", "/p/")],
                [
                    "/",
                    "/none",
                    "/none/p",
                    "/usr/share/portage/config",
                    "/etc/portage",
                ],
            ),
            (
                &[("PORTAGE_OVERRIDE_EPREFIX", "/usr")],
                [
                    "/usr",
                    "/",
                    "/usr",
                    "/usr/usr/share/portage/config",
                    "/usr/etc/portage",
                ],
            ),
            (
                &[("PORTAGE_CONFIGROOT", "/usr//."), ("EPREFIX", "/")],
                [
                    "/usr",
                    "/",
                    "/",
                    "/usr/share/portage/config",
                    "/usr/etc/portage",
                ],
            ),
        ] {
            let roots = roots(env).unwrap();
            let found = [
                &roots.config_root,
                &roots.root,
                &roots.eroot,
                &roots.global_config,
                &roots.user_config,
            ];
            assert_eq!(
                found.map(|path| path.to_str().unwrap()),
                expected,
                "{env:?}"
            );
        }
    }

    #[test]
    fn impossible_roots_are_errors() {
        assert!(roots(&[("PORTAGE_CONFIGROOT", "/nonexistent")]).is_err());
        assert!(roots(&[("SYSROOT", "/usr")]).is_err());
        assert!(roots(&[("SYSROOT", "/usr"), ("ROOT", "/usr")]).is_ok());
        assert!(roots(&[("ROOT", "/etc/passwd")]).is_err());
    }
}
