//! `$NAME` in values.

use std::collections::HashMap;

/// The largest value; `A=$A$A` doubles.
pub(super) const MAX_VALUE: usize = 4 << 20;

/// From which byte on a text stands on which line.
pub(super) type Breaks = Vec<(usize, u32)>;

/// Expand a value with its breaks.
///
/// # Errors
/// Why Portage makes the whole value empty.
pub(super) fn expand(
    text: &str,
    breaks: &[(usize, u32)],
    map: &HashMap<String, String>,
) -> Result<(String, Breaks), &'static str> {
    let mut expansion = Expansion {
        map,
        rest: text,
        out: String::with_capacity(text.len()),
        quote: None,
    };
    let mut breaks = breaks.iter().peekable();
    let mut places = Vec::new();
    while !expansion.rest.is_empty() {
        let position = text.len() - expansion.rest.len();
        while let Some((_, line)) = breaks.next_if(|(offset, _)| *offset <= position) {
            places.push((expansion.out.len(), *line));
        }
        expansion.step()?;
        if expansion.out.len() > MAX_VALUE {
            return Ok((expansion.out, places));
        }
    }
    Ok((expansion.out, places))
}

/// A value that is being expanded.
struct Expansion<'a> {
    map: &'a HashMap<String, String>,
    rest: &'a str,
    out: String,
    /// The quotation that survived the tokeniser, and in which we are.
    quote: Option<char>,
}

impl Expansion<'_> {
    fn take(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn step(&mut self) -> Result<(), &'static str> {
        let Some(c) = self.take() else { return Ok(()) };
        match (c, self.quote) {
            ('\'' | '"', None) => self.quote = Some(c),
            ('\'' | '"', Some(quote)) if quote == c => self.quote = None,
            (_, Some('\'')) => {}
            ('\n', _) => {
                self.out.push(' ');
                return Ok(());
            }
            ('\\', _) => {
                self.escape();
                return Ok(());
            }
            ('$', _) => return self.variable(),
            _ => {}
        }
        self.out.push(c);
        Ok(())
    }

    /// What follows a backslash.
    fn escape(&mut self) {
        match self.take() {
            Some('\n') => {}
            Some('$') => self.out.push('$'),
            Some('\\') => {
                self.out.push('\\');
                if self.rest.starts_with(['\'', '"', '$']) {
                    let copied = self.take();
                    self.out.extend(copied);
                }
            }
            other => {
                self.out.push('\\');
                self.out.extend(other);
            }
        }
    }

    /// What follows a `$`.
    fn variable(&mut self) -> Result<(), &'static str> {
        if self.rest.is_empty() {
            self.out.push('$');
            return Ok(());
        }
        let braced = self.rest.strip_prefix('{');
        let text = braced.unwrap_or(self.rest);
        let end = text
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(text.len());
        let (name, mut rest) = text.split_at(end);
        if braced.is_some() {
            rest = rest.strip_prefix('}').ok_or(
                "'${' and a name must be followed by '}'; other forms of expansion are not understood",
            )?;
        }
        if name.is_empty() {
            return Err("'$' must be followed by a name; write '\\$' for a dollar sign");
        }
        self.rest = rest;
        if let Some(value) = self.map.get(name) {
            self.out.push_str(value);
        }
        Ok(())
    }
}
