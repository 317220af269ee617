//! One accept list: a variable whose `*` and `-*` are resolved for each package, and the `package.*`
//! entries behind it (`portage: config.py:config.regenerate`, `helper.py:prune_incremental`).

use crate::local::atom_map::{AtomMap, NameMap};
use crate::local::getconfig::Assignment;
use crate::local::vars::{Layer, Token, Vars};
use crate::pms::Subject;
use crate::source::Source;

/// All layers, weakest first.
const LAYERS: [Layer; 5] = [
    Layer::EnvD,
    Layer::Globals,
    Layer::Defaults,
    Layer::Conf,
    Layer::Env,
];

/// An accept list, compiled: for each word the last token that speaks of it.
#[derive(Debug, Default)]
pub(in crate::local) struct AcceptList {
    words: NameMap<Acceptance>,
    /// The last `*` or `-*`.
    all: Option<Acceptance>,
    /// The last token, whatever it is: the place that answers for what nothing speaks of.
    end: Option<Source>,
    entries: AtomMap<Vec<Token>>,
}

/// What a token says, and how late it stands.
#[derive(Clone, Debug)]
struct Acceptance {
    place: usize,
    accept: bool,
    source: Source,
}

/// The list as it is for one package.
#[derive(Debug)]
pub(in crate::local) struct PackageAccept<'a> {
    list: &'a AcceptList,
    /// Tokens of matching entries, least specific entry first.
    entries: Vec<&'a [Token]>,
}

impl AcceptList {
    /// Whether any atom names a build, so that it tells two builds of one version apart.
    pub(in crate::local) fn names_builds(&self) -> bool {
        self.entries.names_builds()
    }

    /// Compile tokens, weakest first, and entries by atom.
    pub(in crate::local) fn new(tokens: Vec<Token>, entries: AtomMap<Vec<Token>>) -> AcceptList {
        let mut list = AcceptList {
            end: tokens.last().map(|token| token.source.clone()),
            entries,
            ..AcceptList::default()
        };
        for (place, Token { word, source }) in tokens.into_iter().enumerate() {
            let (word, accept) = sign(&word);
            let answer = Acceptance {
                place,
                accept,
                source,
            };
            if word == "*" {
                list.all = Some(answer);
            } else {
                list.words.insert(word.into(), answer);
            }
        }
        list
    }

    /// The list for one package.
    pub(in crate::local) fn of(&self, subject: &Subject<'_>) -> PackageAccept<'_> {
        let entries = self.entries.by_specificity(subject);
        PackageAccept {
            list: self,
            entries: entries
                .iter()
                .map(|(_, tokens)| tokens.as_slice())
                .collect(),
        }
    }
}

impl<'a> PackageAccept<'a> {
    /// Whether a word is accepted.
    pub(in crate::local) fn accepts(&self, word: &str) -> bool {
        self.decide(word).is_some_and(|(accept, _)| accept)
    }

    /// The place that refused a word: the token's, or the end of the list where no token speaks of it.
    pub(in crate::local) fn refusal(&self, word: &str) -> Option<&'a Source> {
        match self.decide(word) {
            Some((_, source)) => Some(source),
            None => self.list.end.as_ref(),
        }
    }

    /// The last token that speaks of a word.
    fn decide(&self, word: &str) -> Option<(bool, &'a Source)> {
        let later = self
            .entries
            .iter()
            .rev()
            .flat_map(|tokens| tokens.iter().rev());
        for token in later {
            let (named, accept) = sign(&token.word);
            if named == word || named == "*" {
                return Some((accept, &token.source));
            }
        }
        let by_name = self.list.words.get(word);
        let answer = by_name
            .into_iter()
            .chain(&self.list.all)
            .max_by_key(|answer| answer.place)?;
        Some((answer.accept, &answer.source))
    }
}

/// `x` or `-x`.
fn sign(word: &str) -> (&str, bool) {
    match word.strip_prefix('-') {
        Some(word) => (word, false),
        None => (word, true),
    }
}

/// The words of a variable over all layers, weakest first, as a list that still has `*`, `-*` and `-x`.
/// `builtin` stands in for `make.globals`, and `global` are words of `*/*` lines, which belong to
/// make.conf. Tokens before the last `*` or `-*` are left out.
pub(in crate::local) fn layered(
    vars: &Vars,
    name: &str,
    builtin: Option<&str>,
    global: Vec<Token>,
) -> Vec<Token> {
    let mut global = Some(global);
    let mut tokens = Vec::new();
    for layer in LAYERS {
        // Not one of Portage's incremental variables: only the last profile that sets it counts.
        let assignment = vars.in_layer(layer, name).pop();
        let shipped = (layer == Layer::Globals).then_some(builtin).flatten();
        match (assignment, shipped) {
            (Some(assignment), _) => tokens.extend(words_of(assignment)),
            (None, Some(value)) => tokens.extend(split(value, &Source::BuiltIn)),
            (None, None) => {}
        }
        if layer == Layer::Conf {
            tokens.extend(global.take().into_iter().flatten());
        }
    }
    prune(tokens)
}

/// The words of a variable in one layer, unresolved; those of all profiles together.
pub(in crate::local) fn of_layer(vars: &Vars, layer: Layer, name: &str) -> Vec<Token> {
    let assignments = vars.in_layer(layer, name);
    assignments.into_iter().flat_map(words_of).collect()
}

/// The words of a value, each with its line.
pub(in crate::local) fn words_of(assignment: &Assignment) -> impl Iterator<Item = Token> + '_ {
    assignment.words().map(|(word, source)| Token {
        word: word.to_owned(),
        source: source.clone(),
    })
}

/// The words of a value that all stand at one place.
pub(in crate::local) fn split<'a>(
    value: &'a str,
    source: &'a Source,
) -> impl Iterator<Item = Token> + 'a {
    value.split_whitespace().map(|word| Token {
        word: word.to_owned(),
        source: source.clone(),
    })
}

/// Leave out what a later `*` or `-*` makes void; the list ends up empty only where it was.
fn prune(mut tokens: Vec<Token>) -> Vec<Token> {
    let reset = tokens
        .iter()
        .rposition(|token| token.word == "*" || token.word == "-*");
    let Some(reset) = reset else { return tokens };
    let at_end = reset + 1 == tokens.len();
    let keep_reset = at_end || tokens.get(reset).is_some_and(|token| token.word == "*");
    tokens.drain(..if keep_reset { reset } else { reset + 1 });
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        split(text, &Source::BuiltIn).collect()
    }

    #[test]
    fn pruned() {
        for (list, expected) in [
            ("", ""),
            ("a b", "a b"),
            ("a * b", "* b"),
            ("a -* b -c", "b -c"),
            ("a -*", "-*"),
            ("* -@EULA foo -bar", "* -@EULA foo -bar"),
            ("* a -* b * c", "* c"),
        ] {
            let left: Vec<String> = prune(tokens(list))
                .into_iter()
                .map(|token| token.word)
                .collect();
            assert_eq!(left.join(" "), expected, "{list}");
        }
    }

    #[test]
    fn last_token_decides() {
        for (list, accepted, refused) in [
            ("", "", "a"),
            ("*", "a b", ""),
            ("* -a", "b", "a"),
            ("-a *", "a b", ""),
            ("a -*", "", "a b"),
            ("-* a", "a", "b"),
            ("a -a a", "a", "b"),
            ("a --a", "a", ""),
        ] {
            let list = AcceptList::new(tokens(list), AtomMap::default());
            let view = PackageAccept {
                list: &list,
                entries: Vec::new(),
            };
            for word in accepted.split_whitespace() {
                assert!(view.accepts(word), "{list:?} {word}");
            }
            for word in refused.split_whitespace() {
                assert!(!view.accepts(word), "{list:?} {word}");
            }
        }
    }

    #[test]
    fn entries_come_after_the_list() {
        let list = AcceptList::new(tokens("* -a"), AtomMap::default());
        for (entries, accepted, refused) in [
            (vec!["a"], "a b", ""),
            (vec!["-*"], "", "a b"),
            (vec!["-*", "b"], "b", "a"),
            (vec!["-b", "*"], "a b", ""),
        ] {
            let entries: Vec<Vec<Token>> = entries.into_iter().map(tokens).collect();
            let view = PackageAccept {
                list: &list,
                entries: entries.iter().map(Vec::as_slice).collect(),
            };
            for word in accepted.split_whitespace() {
                assert!(view.accepts(word), "{entries:?} {word}");
            }
            for word in refused.split_whitespace() {
                assert!(!view.accepts(word), "{entries:?} {word}");
            }
        }
    }
}
