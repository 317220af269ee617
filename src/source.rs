//! Where a piece of configuration came from, and lines that were skipped.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::redact::redact;

/// The place that a setting was read from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// A line of a file; the path is the one that the judged system knows, the line counts from 1.
    Line(Arc<Path>, u32),
    /// A whole file.
    File(Arc<Path>),
    /// An environment variable, by name.
    Env(Arc<str>),
    /// A command line option, as typed.
    Option(Arc<str>),
    /// A default that no file sets.
    BuiltIn,
}

impl Source {
    /// The path, where there is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Source::Line(path, _) | Source::File(path) => Some(path),
            _ => None,
        }
    }

    /// The line, counted from 1, where there is one.
    pub fn line(&self) -> Option<u32> {
        match self {
            Source::Line(_, line) => Some(*line),
            _ => None,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Line(path, line) => write!(f, "{}:{line}", path.display()),
            Source::File(path) => write!(f, "{}", path.display()),
            Source::Env(name) => write!(f, "environment variable {name}"),
            Source::Option(text) => write!(f, "option {text}"),
            Source::BuiltIn => f.write_str("built-in default"),
        }
    }
}

/// Something that was skipped, as Portage skips it with a warning.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// The place, where it is one line or file.
    pub source: Option<Source>,
    /// What is wrong and what to do, in lower case, without a full stop.
    pub text: String,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(f, "{source}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// Collects notices while text becomes values; every loader takes one by shared reference.
#[derive(Debug, Default)]
pub struct Notices(Mutex<Vec<Notice>>);

impl Notices {
    /// Add a notice about one place.
    pub fn at(&self, source: &Source, text: impl Into<String>) {
        self.push(Notice {
            source: Some(source.clone()),
            text: text.into(),
        });
    }

    /// Add a notice about a whole file or directory.
    pub fn file(&self, path: &Path, text: impl Into<String>) {
        self.at(&Source::File(PathBuf::from(path).into()), text);
    }

    /// Add a notice about no one place.
    pub fn general(&self, text: impl Into<String>) {
        self.push(Notice {
            source: None,
            text: text.into(),
        });
    }

    fn push(&self, mut notice: Notice) {
        if let Cow::Owned(text) = redact(&notice.text) {
            notice.text = text;
        }
        self.0
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .push(notice);
    }

    /// All notices so far, sorted and without repetitions.
    pub fn sorted(&self) -> Vec<Notice> {
        let mut all = self
            .0
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .clone();
        all.sort();
        all.dedup();
        all
    }
}
