//! Variables: layers, precedence, incremental stacking (`portage: config.py:config.regenerate`).

use std::collections::{BTreeMap, HashMap};

use super::getconfig::Assignment;
use crate::source::Source;

/// Layers that set variables for all packages, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// `profile.env`
    EnvD,
    /// `make.globals`
    Globals,
    /// `make.defaults` of the profiles
    Defaults,
    /// `make.conf`, and `*/*` entries of package.env
    Conf,
    /// The calling environment
    Env,
}

/// A word of an incremental variable, with where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The word, with its sign.
    pub word: String,
    /// Where.
    pub source: Source,
}

/// Variables whose words add up over the layers, and over the profiles
/// (`portage: const.py:INCREMENTALS`).
const INCREMENTALS: [&str; 12] = [
    "ACCEPT_KEYWORDS",
    "CONFIG_PROTECT",
    "CONFIG_PROTECT_MASK",
    "ENV_UNSET",
    "FEATURES",
    "IUSE_IMPLICIT",
    "PROFILE_ONLY_VARIABLES",
    "USE",
    "USE_EXPAND",
    "USE_EXPAND_HIDDEN",
    "USE_EXPAND_IMPLICIT",
    "USE_EXPAND_UNPREFIXED",
];

/// Whether the words of a variable add up.
pub fn is_incremental(name: &str) -> bool {
    INCREMENTALS.contains(&name)
}

/// All variables of all layers. Names that Portage drops (its blacklist, `PROFILE_ONLY_VARIABLES`)
/// are gone already.
#[derive(Clone, Debug, Default)]
pub struct Vars {
    layers: Vec<(Layer, Assignment)>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Vars {
    /// Put assignments together; within a layer, and among profiles, later ones come later.
    pub fn new(mut layers: Vec<(Layer, Assignment)>) -> Vars {
        layers.sort_by_key(|(layer, _)| *layer);
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (position, (_, assignment)) in layers.iter().enumerate() {
            match by_name.get_mut(&assignment.name) {
                Some(positions) => positions.push(position),
                None => {
                    by_name.insert(assignment.name.clone(), vec![position]);
                }
            }
        }
        Vars { layers, by_name }
    }

    /// All assignments of a variable, weakest first.
    fn all(&self, name: &str) -> impl DoubleEndedIterator<Item = &(Layer, Assignment)> {
        let positions = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        positions.iter().map(|&position| &self.layers[position])
    }

    /// All assignments of one layer.
    pub fn layer(&self, layer: Layer) -> impl Iterator<Item = &Assignment> {
        let of_layer = self.layers.iter().filter(move |(of, _)| *of == layer);
        of_layer.map(|(_, assignment)| assignment)
    }

    /// The value of an ordinary variable: the strongest layer that defines it.
    pub fn get(&self, name: &str) -> Option<&str> {
        Some(self.assignment(name)?.value.as_str())
    }

    /// The same with its place.
    pub fn assignment(&self, name: &str) -> Option<&Assignment> {
        self.all(name).next_back().map(|(_, assignment)| assignment)
    }

    /// What one layer says about a variable: for `Defaults` one assignment per profile that sets it,
    /// parents first, for others at most one (the last).
    pub fn in_layer(&self, layer: Layer, name: &str) -> Vec<&Assignment> {
        let mut found: Vec<&Assignment> = self
            .all(name)
            .filter(|(of, _)| *of == layer)
            .map(|(_, assignment)| assignment)
            .collect();
        if layer != Layer::Defaults && found.len() > 1 {
            found.drain(..found.len() - 1);
        }
        found
    }

    /// All words of a variable over all layers, weakest first, unresolved. The profiles count
    /// together for an incremental variable; of any other (`ACCEPT_LICENSE` is one) only the last
    /// profile that sets it does.
    pub fn tokens(&self, name: &str) -> Vec<Token> {
        const LAYERS: [Layer; 5] = [
            Layer::EnvD,
            Layer::Globals,
            Layer::Defaults,
            Layer::Conf,
            Layer::Env,
        ];
        let mut tokens = Vec::new();
        for layer in LAYERS {
            let mut assignments = self.in_layer(layer, name);
            if !is_incremental(name) {
                assignments = assignments.pop().into_iter().collect();
            }
            for assignment in assignments {
                tokens.extend(assignment.words().map(|(word, source)| Token {
                    word: word.to_owned(),
                    source: source.clone(),
                }));
            }
        }
        tokens
    }

    /// An incremental variable: the words that remain after `-x` and `-*`, sorted, each with where
    /// it was last added. `+x` counts as `x`.
    pub fn incremental(&self, name: &str) -> Vec<Token> {
        let mut words = BTreeMap::new();
        for Token { word, source } in self.tokens(name) {
            match word.as_str() {
                "-*" => words.clear(),
                _ => match (word.strip_prefix('-'), word.strip_prefix('+')) {
                    (Some(gone), _) => {
                        words.remove(gone);
                    }
                    (None, Some("")) => {}
                    (None, Some(plain)) => {
                        words.insert(plain.to_owned(), source);
                    }
                    (None, None) => {
                        words.insert(word, source);
                    }
                },
            }
        }
        words
            .into_iter()
            .map(|(word, source)| Token { word, source })
            .collect()
    }

    /// Whether an incremental variable holds a word.
    pub fn has(&self, name: &str, word: &str) -> bool {
        self.incremental(name)
            .iter()
            .any(|token| token.word == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Layers as `d:b -c`; the number of the layer stands as its source.
    fn vars(name: &str, layers: &[(Layer, &str)]) -> Vars {
        let assignment = |(number, (layer, value)): (usize, &(Layer, &str))| {
            let source = Source::Env(number.to_string().into());
            (*layer, Assignment::new(name, *value, source))
        };
        Vars::new(layers.iter().enumerate().map(assignment).collect())
    }

    fn words(tokens: Vec<Token>) -> String {
        let words = tokens.into_iter().map(|token| match token.source {
            Source::Env(number) => format!("{}@{number}", token.word),
            _ => token.word,
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_strongest_layer_wins() {
        use Layer::{Conf, Defaults, Env, EnvD, Globals};
        for (layers, expected) in [
            (&[][..], None),
            (&[(Globals, "g"), (EnvD, "e")], Some("g")),
            (
                &[(Defaults, "1"), (Defaults, "2"), (Globals, "g")],
                Some("2"),
            ),
            (&[(Env, ""), (Conf, "c")], Some("")),
        ] {
            assert_eq!(vars("V", layers).get("V"), expected, "{layers:?}");
        }
    }

    #[test]
    fn incremental_variables_add_up() {
        use Layer::{Conf, Defaults, Env, Globals};
        for (layers, expected) in [
            (&[(Defaults, "a b"), (Defaults, "-b c")][..], "a@0 c@1"),
            (&[(Globals, "a b"), (Conf, "-* c"), (Env, "d")], "c@1 d@2"),
            (&[(Conf, "-x x"), (Globals, "x")], "x@0"),
            (&[(Globals, "+y +"), (Env, "z")], "y@0 z@1"),
        ] {
            assert_eq!(
                words(vars("FEATURES", layers).incremental("FEATURES")),
                expected
            );
        }
        assert!(vars("FEATURES", &[(Conf, "a")]).has("FEATURES", "a"));
    }

    #[test]
    fn accept_lists_stack_over_layers_and_not_over_profiles() {
        use Layer::{Conf, Defaults, Env};
        let layers = [
            (Defaults, "a"),
            (Defaults, "* -@EULA"),
            (Conf, "foo"),
            (Env, "-bar"),
        ];
        let vars = vars("ACCEPT_LICENSE", &layers);
        assert_eq!(
            words(vars.tokens("ACCEPT_LICENSE")),
            "*@1 -@EULA@1 foo@2 -bar@3"
        );
        assert_eq!(vars.in_layer(Defaults, "ACCEPT_LICENSE").len(), 2);
    }
}
