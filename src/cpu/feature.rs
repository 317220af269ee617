//! Features and sets of them.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use super::Family;

/// Words of a set: room for all rows of the table, which a test checks.
const WORDS: usize = 6;

/// One instruction set extension, as a row of `features.tsv`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Feature(u16);

/// A row of the table.
struct FeatureRow {
    family: Family,
    name: &'static str,
    /// Words in /proc/cpuinfo.
    cpuinfo: &'static str,
    /// Words in CPU_FLAGS_*.
    cpu_flags: &'static str,
    /// `yes`, or why not.
    decides: &'static str,
}

/// All rows, and where each feature stands.
struct Table {
    rows: Vec<FeatureRow>,
    by_name: HashMap<(Family, &'static str), Feature>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let rows: Vec<FeatureRow> = include_str!("features.tsv")
        .lines()
        .filter_map(row)
        .collect();
    let place = |(row, number): (&FeatureRow, u16)| ((row.family, row.name), Feature(number));
    Table {
        by_name: rows.iter().zip(0..).map(place).collect(),
        rows,
    }
});

/// A line of the table; comments are none.
fn row(line: &'static str) -> Option<FeatureRow> {
    let mut cells = line.split('\t');
    Some(FeatureRow {
        family: Family::parse(cells.next()?)?,
        name: cells.next()?,
        cpuinfo: cells.next()?,
        cpu_flags: cells.next()?,
        decides: cells.next()?,
    })
}

impl Feature {
    /// The feature of this name.
    pub fn parse(family: Family, name: &str) -> Option<Feature> {
        // The table's lifetime is that of the program; a lookup by a shorter one needs no copy.
        TABLE.by_name.get(&(family, name)).copied()
    }

    /// All features of a family.
    pub fn all(family: Family) -> impl Iterator<Item = Feature> {
        let rows = TABLE.rows.iter().zip(0..);
        rows.filter(move |(row, _)| row.family == family)
            .map(|(_, number)| Feature(number))
    }

    fn row(self) -> &'static FeatureRow {
        &TABLE.rows[usize::from(self.0)]
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Its words in /proc/cpuinfo, any of which tells that it is there.
    pub(super) fn cpuinfo(self) -> impl Iterator<Item = &'static str> {
        words(self.row().cpuinfo)
    }

    /// Its words in CPU_FLAGS_*.
    pub(super) fn cpu_flags(self) -> impl Iterator<Item = &'static str> {
        words(self.row().cpu_flags)
    }

    /// When it decides whether code runs.
    pub fn decides(self) -> Decides {
        match self.row().decides {
            "yes" => Decides::Always,
            reason if reason.starts_with("when named") => Decides::WhenNamed,
            _ => Decides::Never,
        }
    }
}

/// Whether code that runs without asking may hold a feature, and stops the program where it is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decides {
    /// Compilers use it on their own.
    Always,
    /// Only code that was written for it does: where an option or extension names it, not where the name of a
    /// processor brings it.
    WhenNamed,
    /// A hint, for kernels, or nothing without asking them.
    Never,
}

fn words(cell: &'static str) -> impl Iterator<Item = &'static str> {
    cell.split(' ').filter(|word| *word != "-")
}

impl fmt::Debug for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of features.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Features([u64; WORDS]);

impl Features {
    /// The empty set.
    pub const NONE: Features = Features([0; WORDS]);

    /// Features by name; names that no table knows come back.
    pub fn of<'a>(
        family: Family,
        names: impl IntoIterator<Item = &'a str>,
    ) -> (Features, Vec<&'a str>) {
        let (mut features, mut unknown) = (Features::NONE, Vec::new());
        for name in names {
            match Feature::parse(family, name) {
                Some(feature) => features.insert(feature),
                None => unknown.push(name),
            }
        }
        (features, unknown)
    }

    /// Put one in.
    pub fn insert(&mut self, feature: Feature) {
        let number = usize::from(feature.0);
        self.0[number / 64] |= 1 << (number % 64);
    }

    /// Whether one is in.
    pub fn has(&self, feature: Feature) -> bool {
        let number = usize::from(feature.0);
        self.0[number / 64] & (1 << (number % 64)) != 0
    }

    fn zip(self, other: Features, join: impl Fn(u64, u64) -> u64) -> Features {
        let mut words = self.0;
        for (word, other) in words.iter_mut().zip(other.0) {
            *word = join(*word, other);
        }
        Features(words)
    }

    /// What is in either.
    #[must_use]
    pub fn or(self, other: Features) -> Features {
        self.zip(other, |a, b| a | b)
    }

    /// What is in both.
    #[must_use]
    pub fn and(self, other: Features) -> Features {
        self.zip(other, |a, b| a & b)
    }

    /// What is in this one only.
    #[must_use]
    pub fn without(self, other: Features) -> Features {
        self.zip(other, |a, b| a & !b)
    }

    /// Whether nothing is in.
    pub fn is_empty(self) -> bool {
        self == Features::NONE
    }

    /// Whether all of it is in another one.
    pub fn is_within(self, other: Features) -> bool {
        self.without(other).is_empty()
    }

    /// Those that decide, whoever brings them.
    #[must_use]
    pub fn deciding(self) -> Features {
        self.that_decide(Decides::Always)
    }

    /// Those that decide so.
    #[must_use]
    pub(super) fn that_decide(self, when: Decides) -> Features {
        let features = self.iter();
        features
            .filter(|feature| feature.decides() == when)
            .collect()
    }

    /// All of them, in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = Feature> {
        let numbers = 0..u16::try_from(TABLE.rows.len()).unwrap_or(u16::MAX);
        numbers
            .map(Feature)
            .filter(move |feature| self.has(*feature))
    }

    /// Their names, with blanks between.
    pub fn names(self) -> String {
        let names: Vec<&str> = self.iter().map(Feature::name).collect();
        names.join(" ")
    }
}

impl FromIterator<Feature> for Features {
    fn from_iter<I: IntoIterator<Item = Feature>>(features: I) -> Features {
        let mut set = Features::NONE;
        features.into_iter().for_each(|feature| set.insert(feature));
        set
    }
}

impl Extend<Feature> for Features {
    fn extend<I: IntoIterator<Item = Feature>>(&mut self, features: I) {
        features
            .into_iter()
            .for_each(|feature| self.insert(feature));
    }
}

impl fmt::Debug for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}", self.names())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_fits_and_is_read_whole() {
        let text = include_str!("features.tsv");
        let lines = text.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(TABLE.rows.len(), lines);
        assert!(TABLE.rows.len() <= WORDS * 64);
        assert_eq!(TABLE.by_name.len(), lines, "a feature is there twice");
        assert!(TABLE.rows.iter().all(|row| !row.decides.is_empty()));
    }

    #[test]
    fn sets() {
        let set = |names: &str| Features::of(Family::X86, names.split_whitespace()).0;
        let (a, b) = (set("sse sse2 avx pku"), set("avx avx2"));
        assert_eq!(a.and(b), set("avx"));
        assert_eq!(a.or(b), set("avx2 pku sse2 avx sse"));
        assert_eq!(a.without(b).deciding(), set("sse sse2"));
        assert!(a.and(b).is_within(b) && !a.is_within(b));
        assert_eq!(set("avx2 aes").names(), "aes avx2");
        assert_eq!(Features::of(Family::X86, ["avx", "neon"]).1, ["neon"]);
        assert!(Features::NONE.is_empty() && Features::NONE.is_within(a));
    }
}
