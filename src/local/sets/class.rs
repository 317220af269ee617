//! The classes of sets: what `class = …` of a section means, and its options.

use std::path::PathBuf;

use crate::pms::Key;
use crate::source::Source;

/// How the members of a set are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// `base.DummyPackageSet`: words of its `packages` option.
    Words(String, Source),
    /// `files.StaticFileSet`: entries of a file; `greedy` adds all installed slots of each.
    File {
        /// The file (logical path).
        path: PathBuf,
        /// Whether installed slots are added.
        greedy: bool,
    },
    /// `files.ConfigFileSet`: first words of a `package.*` file.
    ConfigFile(PathBuf),
    /// `files.WorldSelectedSet`: both of the following.
    Selected,
    /// `files.WorldSelectedPackagesSet`: the world file.
    SelectedPackages,
    /// `files.WorldSelectedSetsSet`: sets listed in `world_sets`.
    SelectedSets,
    /// `profiles.PackagesSystemSet`
    System,
    /// `ProfilePackageSet.ProfilePackageSet`
    Profile,
    /// `dbapi.EverythingSet`
    Installed,
    /// `dbapi.VariableSet` over installed packages.
    Variable(VariableFilter),
    /// `dbapi.OwnerSet`
    Owner {
        /// Patterns of files below EROOT.
        files: Vec<String>,
        /// Patterns of files whose owners are left out.
        exclude: Vec<String>,
    },
    /// `libs.PreservedLibraryConsumerSet`
    PreservedLibraries,
    /// `dbapi.ChangedDepsSet`, which is always empty in Portage 3.0.83.
    Nothing,
    /// A class that bincheck cannot expand, by name.
    Unsupported(String),
    /// A section that Portage reports and drops; the text says what is wrong.
    Broken(String),
}

/// Options of `dbapi.VariableSet`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct VariableFilter {
    /// The recorded variable that is looked at.
    pub(super) variable: String,
    /// Some of these words (or packages, in a `*DEPEND`) must be there.
    pub(super) includes: Vec<String>,
    /// None of these may.
    pub(super) excludes: Vec<String>,
    /// Packages that are never members.
    pub(super) excludes_output: Vec<String>,
}

impl VariableFilter {
    /// Whether the variable holds dependencies.
    pub(super) fn is_dependency(&self) -> bool {
        self.variable.contains("DEPEND")
    }

    /// The metadata key, where there is one.
    pub(super) fn key(&self) -> Option<Key> {
        Key::parse(&self.variable)
    }
}

/// Classes that take no options, and sets that Portage's own configuration defines with them. The
/// latter stand in where that configuration is not installed.
const PLAIN: &[(&str, &str, Class)] = &[
    ("selected", "files.WorldSelectedSet", Class::Selected),
    (
        "selected-packages",
        "files.WorldSelectedPackagesSet",
        Class::SelectedPackages,
    ),
    (
        "selected-sets",
        "files.WorldSelectedSetsSet",
        Class::SelectedSets,
    ),
    ("system", "profiles.PackagesSystemSet", Class::System),
    (
        "profile",
        "ProfilePackageSet.ProfilePackageSet",
        Class::Profile,
    ),
    ("installed", "dbapi.EverythingSet", Class::Installed),
    (
        "preserved-rebuild",
        "libs.PreservedLibraryConsumerSet",
        Class::PreservedLibraries,
    ),
    ("changed-deps", "dbapi.ChangedDepsSet", Class::Nothing),
];

/// The class without options of this name.
pub(super) fn plain(name: &str) -> Option<Class> {
    let mut all = PLAIN.iter();
    all.find(|(_, class, _)| *class == name)
        .map(|(.., class)| class.clone())
}

/// Sets that are there whatever the configuration says.
pub(super) fn built_in() -> impl Iterator<Item = (&'static str, Class)> {
    let world = Class::Words("@profile @selected @system".to_owned(), Source::BuiltIn);
    PLAIN
        .iter()
        .map(|(set, _, class)| (*set, class.clone()))
        .chain([("world", world)])
}

/// A class name without the package that it may be written with.
pub(super) fn short_name(class: &str) -> &str {
    class
        .strip_prefix("portage.sets.")
        .or_else(|| class.strip_prefix("portage._sets."))
        .unwrap_or(class)
}
