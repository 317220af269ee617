//! `%(name)s` in values.

/// How deep values may name one another; Python's limit.
const MAX_DEPTH: usize = 10;

/// How large a value may grow, and how many names may be looked up for it.
const MAX_LENGTH: usize = 1 << 20;
const MAX_NAMES: usize = 10_000;

/// Put values in place of names; `lookup` knows them in lower case.
///
/// # Errors
/// What is wrong with the value, or with one that it names.
pub(super) fn interpolate<'a>(
    raw: &'a str,
    lookup: &dyn Fn(&str) -> Option<&'a str>,
) -> Result<String, String> {
    let mut interpolation = Interpolation {
        lookup,
        out: String::new(),
        names: 0,
    };
    interpolation.add(raw, 1)?;
    Ok(interpolation.out)
}

struct Interpolation<'a, 'l> {
    lookup: &'l dyn Fn(&str) -> Option<&'a str>,
    out: String,
    names: usize,
}

impl<'a> Interpolation<'a, '_> {
    fn add(&mut self, mut rest: &'a str, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err("the value names itself, or names nest too deeply".to_owned());
        }
        while let Some((text, after)) = rest.split_once('%') {
            self.push(text)?;
            rest = if let Some(after) = after.strip_prefix('%') {
                self.push("%")?;
                after
            } else {
                self.name(after, depth)?
            };
        }
        self.push(rest)
    }

    /// What follows a `%`: a name in the form `(name)s`. Gives the text after it.
    fn name(&mut self, text: &'a str, depth: usize) -> Result<&'a str, String> {
        let Some((name, rest)) = text
            .strip_prefix('(')
            .and_then(|text| text.split_once(')'))
            .filter(|(name, _)| !name.is_empty())
            .and_then(|(name, rest)| Some((name, rest.strip_prefix('s')?)))
        else {
            return Err(
                "'%' must be followed by '%' or '(name)s'; write '%%' for a percent sign"
                    .to_owned(),
            );
        };
        self.names += 1;
        if self.names > MAX_NAMES {
            return Err("the value names too many others".to_owned());
        }
        let value = (self.lookup)(&name.to_lowercase())
            .ok_or_else(|| format!("%({name})s is not set in its section or [DEFAULT]"))?;
        self.add(value, depth + usize::from(value.contains('%')))?;
        Ok(rest)
    }

    fn push(&mut self, text: &str) -> Result<(), String> {
        self.out.push_str(text);
        if self.out.len() > MAX_LENGTH {
            return Err("the value grows too large".to_owned());
        }
        Ok(())
    }
}
