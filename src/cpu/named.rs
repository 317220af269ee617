//! The processor that compiler options name.

/// Options that name a processor, the last of each kind.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NamedProcessor<'a> {
    pub(super) march: Option<&'a str>,
    pub(super) mcpu: Option<&'a str>,
}

impl<'a> NamedProcessor<'a> {
    pub(super) fn of(words: &[&'a str]) -> NamedProcessor<'a> {
        let last = |option: &str| {
            let mut values = words.iter().filter_map(|word| word.strip_prefix(option));
            values.next_back()
        };
        NamedProcessor {
            march: last("-march="),
            mcpu: last("-mcpu="),
        }
    }
}
