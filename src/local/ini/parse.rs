//! The lines of one INI text.

use std::collections::HashSet;

use anyhow::bail;

use super::{DEFAULT, Ini, IniOption};
use crate::source::Source;

/// An option whose value may go on.
struct OpenValue {
    section: String,
    option: IniOption,
    /// Columns before its key; deeper lines continue it.
    indent: usize,
}

/// Add a text to what is there.
///
/// # Errors
/// Text before the first section, a section or key twice, a line that is neither.
pub(super) fn parse(
    ini: &mut Ini,
    text: &str,
    place: impl Fn(u32) -> Source,
) -> anyhow::Result<()> {
    let mut seen = HashSet::new();
    let mut section = None;
    let mut open: Option<OpenValue> = None;
    // A carriage return ends a line too, as in files that Python opens as text.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for (number, line) in (1..).zip(text.split('\n')) {
        let value = line.trim();
        if value.starts_with(['#', ';']) {
            continue;
        }
        let indent = line.chars().take_while(|c| c.is_whitespace()).count();
        if let Some(open) = &mut open
            && (value.is_empty() || indent > open.indent)
        {
            open.option.raw.push('\n');
            open.option.raw.push_str(value);
            continue;
        }
        if value.is_empty() {
            continue;
        }
        close(ini, open.take());
        let source = place(number);
        if let Some(name) = header(value) {
            if !seen.insert((name.to_owned(), String::new())) && name != DEFAULT {
                bail!("{source}: section [{name}] stands twice in one file; merge the two");
            }
            ini.section_mut(name, &source);
            section = Some(name.to_owned());
            continue;
        }
        let Some(section) = &section else {
            bail!("{source}: {value:?} stands before the first [section]");
        };
        let option = option(value, &source)?;
        if !seen.insert((section.clone(), option.key.clone())) {
            bail!(
                "{source}: {} stands twice in [{section}]; remove one",
                option.key
            );
        }
        open = Some(OpenValue {
            section: section.clone(),
            option,
            indent,
        });
    }
    close(ini, open);
    Ok(())
}

fn close(ini: &mut Ini, open: Option<OpenValue>) {
    if let Some(OpenValue {
        section,
        mut option,
        ..
    }) = open
    {
        option.raw.truncate(option.raw.trim_end().len());
        let source = option.source.clone();
        ini.section_mut(&section, &source).set(option);
    }
}

/// The name in `[name]`; what follows the last `]` is ignored.
fn header(value: &str) -> Option<&str> {
    let (name, _) = value.strip_prefix('[')?.rsplit_once(']')?;
    (!name.is_empty()).then_some(name)
}

fn option(value: &str, source: &Source) -> anyhow::Result<IniOption> {
    match value.split_once(['=', ':']) {
        Some((key, raw)) if !key.trim_end().is_empty() => Ok(IniOption {
            key: key.trim_end().to_lowercase(),
            raw: raw.trim().to_owned(),
            source: source.clone(),
        }),
        _ => bail!("{source}: {value:?} is neither a [section] nor 'key = value'"),
    }
}
