//! repos.conf, binrepos.conf and sets.conf: strict INI with interpolation, as Python's
//! `configparser` reads it (`portage: util/configparser.py`).

mod interpolate;
mod parse;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files;
use crate::chroot::Chroot;
use crate::source::Source;

/// The section whose options stand in for those that other sections lack.
const DEFAULT: &str = "DEFAULT";

/// One option of a section, as written (before interpolation).
#[derive(Clone, Debug)]
pub struct IniOption {
    /// The key in lower case.
    pub key: String,
    /// The raw value; continuation lines are joined with a line feed.
    pub raw: String,
    /// File and line.
    pub source: Source,
}

/// All files of one configuration, merged.
#[derive(Clone, Debug, Default)]
pub struct Ini {
    defaults: IniSection,
    sections: Vec<IniSection>,
    by_name: HashMap<String, usize>,
}

/// One section, with the options of all files.
#[derive(Clone, Debug, Default)]
struct IniSection {
    name: String,
    source: Option<Source>,
    options: Vec<IniOption>,
    by_key: HashMap<String, usize>,
}

impl IniSection {
    fn set(&mut self, option: IniOption) {
        match self.by_key.get(&option.key) {
            Some(&position) => self.options[position] = option,
            None => {
                self.by_key.insert(option.key.clone(), self.options.len());
                self.options.push(option);
            }
        }
    }

    fn get(&self, key: &str) -> Option<&IniOption> {
        self.options.get(*self.by_key.get(key)?)
    }
}

impl Ini {
    /// Read files in order; later ones override keys of earlier ones. `builtin` are names that
    /// `%(name)s` may use besides `[DEFAULT]` and the section's own.
    ///
    /// # Errors
    /// As [`Ini::texts`] and [`Ini::of`].
    pub fn read(
        chroot: &Chroot,
        files: &[PathBuf],
        builtin: &[(&str, &str)],
    ) -> anyhow::Result<Ini> {
        Ini::of("", &Ini::texts(chroot, files)?, builtin)
    }

    /// The texts of files, those that do not exist left out.
    ///
    /// # Errors
    /// A file that is there cannot be read. Portage passes over it (`portage:
    /// util/configparser.py:read_configs`), and whoever may read it gets another answer.
    pub fn texts(chroot: &Chroot, files: &[PathBuf]) -> anyhow::Result<Vec<(Arc<Path>, String)>> {
        let mut texts = Vec::new();
        for file in files {
            if let Some(text) = files::read_text(chroot, file)? {
                texts.push((file.as_path().into(), text));
            }
        }
        Ok(texts)
    }

    /// Read texts in order, over one that stands in for a file which Portage ships and that is missing.
    ///
    /// # Errors
    /// What makes Portage discard all files at once: text before the first section, a section or
    /// key twice within one file, a line that is neither. The error names file and line.
    pub fn of(
        shipped: &str,
        texts: &[(Arc<Path>, String)],
        builtin: &[(&str, &str)],
    ) -> anyhow::Result<Ini> {
        let mut ini = Ini::parse(shipped, &Source::BuiltIn, builtin)?;
        for (path, text) in texts {
            parse::parse(&mut ini, text, |line| Source::Line(Arc::clone(path), line))?;
        }
        Ok(ini)
    }

    /// Read one text that came from elsewhere, such as an environment variable.
    ///
    /// # Errors
    /// As [`Ini::read`].
    pub fn parse(text: &str, source: &Source, builtin: &[(&str, &str)]) -> anyhow::Result<Ini> {
        let mut ini = Ini::with_builtin(builtin);
        parse::parse(&mut ini, text, |_| source.clone())?;
        Ok(ini)
    }

    fn with_builtin(builtin: &[(&str, &str)]) -> Ini {
        let mut ini = Ini::default();
        for (name, value) in builtin {
            ini.defaults.set(IniOption {
                key: name.to_lowercase(),
                raw: (*value).to_owned(),
                source: Source::BuiltIn,
            });
        }
        ini
    }

    /// Add a section with these values, taken literally; a percent sign is one.
    pub fn add_section(&mut self, name: &str, values: &[(&str, &str)], source: &Source) {
        let section = self.section_mut(name, source);
        for (key, value) in values {
            section.set(IniOption {
                key: (*key).to_owned(),
                raw: value.replace('%', "%%"),
                source: source.clone(),
            });
        }
    }

    /// Names of the sections but `DEFAULT`, in order of first appearance.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().map(|section| section.name.as_str())
    }

    /// Where a section begins, in the first file that has it.
    pub fn section_source(&self, section: &str) -> Option<&Source> {
        self.section(section)?.source.as_ref()
    }

    /// The keys that a section has, those of `[DEFAULT]` (and the built-in names) among them.
    pub fn keys(&self, section: &str) -> Vec<&str> {
        let own = self.section(section).filter(|_| section != DEFAULT);
        let defaults = self
            .defaults
            .options
            .iter()
            .filter(|option| own.is_none_or(|own| own.get(&option.key).is_none()));
        own.into_iter()
            .flat_map(|own| &own.options)
            .chain(defaults)
            .map(|option| option.key.as_str())
            .collect()
    }

    /// A value, interpolated, with its source; `[DEFAULT]` stands in for a missing key. The section
    /// `DEFAULT` itself is allowed.
    ///
    /// # Errors
    /// A lone `%` or an unknown name in `%(name)s` (Portage aborts there).
    pub fn get(&self, section: &str, key: &str) -> anyhow::Result<Option<(String, Source)>> {
        let Some(own) = self.section(section) else {
            return Ok(None);
        };
        let Some(option) = self.option(own, key) else {
            return Ok(None);
        };
        let lookup = |name: &str| self.option(own, name).map(|option| option.raw.as_str());
        let value = interpolate::interpolate(&option.raw, &lookup).map_err(|reason| {
            anyhow::anyhow!("{}: {key} of [{section}]: {reason}", option.source)
        })?;
        Ok(Some((value, option.source.clone())))
    }

    fn section(&self, name: &str) -> Option<&IniSection> {
        if name == DEFAULT {
            return Some(&self.defaults);
        }
        self.sections.get(*self.by_name.get(name)?)
    }

    fn option<'a>(&'a self, own: &'a IniSection, key: &str) -> Option<&'a IniOption> {
        own.get(key).or_else(|| self.defaults.get(key))
    }

    /// The section of this name, made if there is none.
    fn section_mut(&mut self, name: &str, source: &Source) -> &mut IniSection {
        if name == DEFAULT {
            return &mut self.defaults;
        }
        let position = *self.by_name.entry(name.to_owned()).or_insert_with(|| {
            self.sections.push(IniSection {
                name: name.to_owned(),
                source: Some(source.clone()),
                ..IniSection::default()
            });
            self.sections.len() - 1
        });
        &mut self.sections[position]
    }
}

#[cfg(test)]
mod tests;
