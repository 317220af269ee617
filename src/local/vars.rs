//! Variables: layers, precedence, incremental stacking (`portage: config.py:config.regenerate`).

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

/// All variables of all layers. Names that Portage drops (its blacklist, `PROFILE_ONLY_VARIABLES`)
/// are gone already.
#[derive(Clone, Debug, Default)]
pub struct Vars {
    layers: Vec<(Layer, Assignment)>,
}

impl Vars {
    /// Put assignments together; within a layer, and among profiles, later ones come later.
    pub fn new(layers: Vec<(Layer, Assignment)>) -> Vars {
        Vars { layers }
    }

    /// The value of an ordinary variable: the strongest layer that defines it.
    pub fn get(&self, _name: &str) -> Option<&str> {
        todo!()
    }

    /// The same with its place.
    pub fn assignment(&self, _name: &str) -> Option<&Assignment> {
        todo!()
    }

    /// What one layer says of a variable: for `Defaults` one assignment a profile that sets it,
    /// for others at most one (the last).
    pub fn in_layer(&self, _layer: Layer, _name: &str) -> Vec<&Assignment> {
        todo!()
    }

    /// All words of a variable over all layers, weakest first, unresolved.
    pub fn tokens(&self, _name: &str) -> Vec<Token> {
        let _ = &self.layers;
        todo!()
    }

    /// An incremental variable: the words that remain after `-x` and `-*`, sorted, each with where
    /// it was last added.
    pub fn incremental(&self, _name: &str) -> Vec<Token> {
        todo!()
    }

    /// Whether an incremental variable holds a word.
    pub fn has(&self, name: &str, word: &str) -> bool {
        self.incremental(name)
            .iter()
            .any(|token| token.word == word)
    }
}
