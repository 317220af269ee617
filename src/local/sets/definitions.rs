//! sets.conf: from sections to sets (`portage: _sets/__init__.py:SetConfig._parse`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::Base;
use super::super::files;
use super::super::ini::Ini;
use super::Definition;
use super::class::{self, Class, VariableFilter};
use crate::shlex;
use crate::source::{Notices, Source};

/// All sets by name; of two with one name the later one counts.
pub(super) fn read(base: &Base, notices: &Notices) -> anyhow::Result<BTreeMap<String, Definition>> {
    let ini = read_files(base, notices)?;
    let mut sets = BTreeMap::new();
    for (name, class) in class::built_in() {
        let source = Source::BuiltIn;
        sets.insert(name.to_owned(), Definition::new(class, source));
    }
    let user_sets = base.roots.user_config.join("sets");
    add_directory(base, &mut sets, &user_sets, "${name}", false, notices)?;
    for name in ini.sections() {
        SetSection {
            base,
            ini: &ini,
            name,
        }
        .define(&mut sets, notices)?;
    }
    Ok(sets)
}

fn read_files(base: &Base, notices: &Notices) -> anyhow::Result<Ini> {
    let mut places = vec![base.roots.global_config.join("sets")];
    for repository in &base.repositories.list {
        places.push(repository.location.join("sets.conf"));
    }
    places.push(base.roots.user_config.join("sets.conf"));
    let files = files::expand_all(&base.chroot, &places, notices)?;
    let slash = |path: &Path| format!("{}/", path.to_string_lossy().trim_end_matches('/'));
    let roots = &base.roots;
    let builtin = [
        ("EPREFIX", roots.eprefix.to_string_lossy().into_owned()),
        ("EROOT", slash(&roots.eroot)),
        ("PORTAGE_CONFIGROOT", slash(&roots.config_root)),
        ("ROOT", slash(&roots.root)),
    ];
    let builtin = builtin
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    Ini::read(&base.chroot, &files, &builtin)
}

/// Every file below a directory as a set named after it.
fn add_directory(
    base: &Base,
    sets: &mut BTreeMap<String, Definition>,
    directory: &Path,
    pattern: &str,
    greedy: bool,
    notices: &Notices,
) -> anyhow::Result<()> {
    for path in files::expand(&base.chroot, directory, notices)? {
        let Some(name) = path.strip_prefix(directory).ok().and_then(Path::to_str) else {
            continue;
        };
        // `expand` gives the path itself where it is a file, which is not a directory of sets.
        if name.is_empty() || name.ends_with(".metadata") {
            continue;
        }
        let name = pattern.replace("${name}", name).replace("$name", name);
        let source = Source::File(path.as_path().into());
        let class = Class::File { path, greedy };
        sets.insert(name, Definition::new(class, source));
    }
    Ok(())
}

/// One section of sets.conf.
struct SetSection<'a> {
    base: &'a Base,
    ini: &'a Ini,
    name: &'a str,
}

/// An option is missing or cannot be used: Portage drops the section.
type SectionResult<T> = Result<T, String>;

impl SetSection<'_> {
    fn option(&self, key: &str) -> anyhow::Result<Option<String>> {
        Ok(self.ini.get(self.name, key)?.map(|(value, _)| value))
    }

    fn words(&self, key: &str) -> anyhow::Result<Vec<String>> {
        let value = self.option(key)?.unwrap_or_default();
        Ok(value.split_whitespace().map(str::to_owned).collect())
    }

    fn shell_words(&self, key: &str) -> anyhow::Result<Option<Vec<String>>> {
        let value = self.option(key)?;
        Ok(value.and_then(|value| shlex::split(&value).ok()))
    }

    fn flag(&self, key: &str) -> anyhow::Result<SectionResult<bool>> {
        let value = self.option(key)?;
        Ok(match value.as_deref().map(str::to_lowercase).as_deref() {
            None | Some("0" | "no" | "off" | "false") => Ok(false),
            Some("1" | "yes" | "on" | "true") => Ok(true),
            Some(other) => Err(format!("{key} is neither true nor false but \"{other}\"")),
        })
    }

    fn define(
        &self,
        sets: &mut BTreeMap<String, Definition>,
        notices: &Notices,
    ) -> anyhow::Result<()> {
        let class = self.option("class")?;
        let class = class.as_deref().map(class::short_name);
        let source = self.source()?;
        if self.flag("multiset")? == Ok(true) {
            if let Err(reason) = self.define_many(sets, class, &source, notices)? {
                let section = self.name;
                notices.at(&source, format!("section \"{section}\" {reason}, skipped"));
            }
            return Ok(());
        }
        let name = self.option("name")?.unwrap_or_else(|| self.name.to_owned());
        if class.is_none() && self.option("filename")?.is_none() && sets.contains_key(&name) {
            return Ok(());
        }
        let class = match self.class(class.unwrap_or("files.StaticFileSet"))? {
            Ok(class) => class,
            Err(reason) => Class::Broken(reason),
        };
        sets.insert(name, Definition::new(class, source));
        Ok(())
    }

    fn source(&self) -> anyhow::Result<Source> {
        for key in ["class", "filename", "name", "multiset"] {
            if let Some((_, source)) = self.ini.get(self.name, key)? {
                return Ok(source);
            }
        }
        Ok(Source::BuiltIn)
    }

    /// A section that makes many sets.
    fn define_many(
        &self,
        sets: &mut BTreeMap<String, Definition>,
        class: Option<&str>,
        source: &Source,
        notices: &Notices,
    ) -> anyhow::Result<SectionResult<()>> {
        match class.unwrap_or("files.StaticFileSet") {
            "files.StaticFileSet" => self.define_directory(sets, notices),
            "files.ConfigFileSet" => self.define_config_files(sets, source),
            class => Ok(Err(format!(
                "is of class {class}, which bincheck cannot expand to many sets"
            ))),
        }
    }

    /// A set of every file of a directory.
    fn define_directory(
        &self,
        sets: &mut BTreeMap<String, Definition>,
        notices: &Notices,
    ) -> anyhow::Result<SectionResult<()>> {
        let pattern = self.option("name_pattern")?;
        let pattern = pattern.as_deref().unwrap_or("${name}");
        if !pattern.contains("$name") && !pattern.contains("${name}") {
            return Ok(Err("has a name_pattern without ${name}".to_owned()));
        }
        let user_sets = self.base.roots.user_config.join("sets");
        let directory = match self.path("directory")? {
            Ok(directory) => directory.unwrap_or(user_sets),
            Err(reason) => return Ok(Err(reason)),
        };
        let greedy = self.flag("greedy")? == Ok(true);
        add_directory(self.base, sets, &directory, pattern, greedy, notices)?;
        Ok(Ok(()))
    }

    /// A set of each of the `package.*` files.
    fn define_config_files(
        &self,
        sets: &mut BTreeMap<String, Definition>,
        source: &Source,
    ) -> anyhow::Result<SectionResult<()>> {
        let pattern = self.option("name_pattern")?;
        let pattern = pattern.as_deref().unwrap_or("sets/package_$suffix");
        if !pattern.contains("$suffix") && !pattern.contains("${suffix}") {
            return Ok(Err("has a name_pattern without ${suffix}".to_owned()));
        }
        let directory = self.option("directory")?.map(PathBuf::from);
        let directory = directory.unwrap_or_else(|| self.base.roots.user_config.clone());
        for suffix in ["keywords", "use", "mask", "unmask"] {
            let name = pattern
                .replace("${suffix}", suffix)
                .replace("$suffix", suffix);
            let class = Class::ConfigFile(directory.join(format!("package.{suffix}")));
            let source = source.clone();
            sets.insert(name, Definition::new(class, source));
        }
        Ok(Ok(()))
    }

    fn class(&self, name: &str) -> anyhow::Result<SectionResult<Class>> {
        if let Some(class) = class::plain(name) {
            return Ok(Ok(class));
        }
        Ok(match name {
            "base.DummyPackageSet" => {
                let packages = self.ini.get(self.name, "packages")?;
                let (words, source) = packages.unwrap_or((String::new(), Source::BuiltIn));
                Ok(Class::Words(words, source))
            }
            "files.StaticFileSet" => match (self.path("filename")?, self.flag("greedy")?) {
                (Ok(Some(path)), Ok(greedy)) => Ok(Class::File { path, greedy }),
                (Ok(None), _) => Err("names no file; add filename = …".to_owned()),
                (Err(reason), _) | (_, Err(reason)) => Err(reason),
            },
            "files.ConfigFileSet" => match self.option("filename")? {
                Some(path) => Ok(Class::ConfigFile(path.into())),
                None => Err("names no file; add filename = …".to_owned()),
            },
            "dbapi.VariableSet" => self.variable_filter()?,
            "dbapi.OwnerSet" => match self.shell_words("files")? {
                Some(files) => {
                    let exclude = self.shell_words("exclude-files")?.unwrap_or_default();
                    Ok(Class::Owner { files, exclude })
                }
                None => Err("names no files; add files = …".to_owned()),
            },
            other => Ok(Class::Unsupported(other.to_owned())),
        })
    }

    fn variable_filter(&self) -> anyhow::Result<SectionResult<Class>> {
        let filter = VariableFilter {
            variable: self.option("variable")?.unwrap_or_default(),
            includes: self.words("includes")?,
            excludes: self.words("excludes")?,
            excludes_output: self.words("excludes_output")?,
        };
        let source = self.option("metadata-source")?;
        Ok(if filter.variable.is_empty() {
            Err("names no variable; add variable = …".to_owned())
        } else if filter.includes.is_empty() && filter.excludes.is_empty() {
            Err("says neither what to include nor what to exclude".to_owned())
        } else if !filter.excludes_output.is_empty() && !filter.is_dependency() {
            Err("has excludes_output, which only works with a *DEPEND variable".to_owned())
        } else if source.is_some_and(|source| source != "vartree") {
            Ok(Class::Unsupported(
                "dbapi.VariableSet over ebuilds".to_owned(),
            ))
        } else {
            Ok(Class::Variable(filter))
        })
    }

    /// A path in which `${repository:NAME}` stands for the directory of a repository.
    fn path(&self, key: &str) -> anyhow::Result<SectionResult<Option<PathBuf>>> {
        let Some(value) = self.option(key)? else {
            return Ok(Ok(None));
        };
        let Some((before, rest)) = value.split_once("${repository:") else {
            return Ok(Ok(Some(value.into())));
        };
        let Some((repository, after)) = rest.rsplit_once('}') else {
            return Ok(Ok(Some(value.into())));
        };
        Ok(match self.base.repositories.get(repository) {
            Some(found) => {
                let location = found.location.to_string_lossy();
                Ok(Some(format!("{before}{location}{after}").into()))
            }
            None => Err(format!(
                "names repository {repository}, which does not exist"
            )),
        })
    }
}
