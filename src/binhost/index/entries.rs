//! The entries of an index.

use std::sync::Arc;

use super::bounds::Bounds;
use super::error::IndexError;
use super::header::{Header, translate};
use super::lines::{Lines, offset};
use crate::pms::metadata::Spans;
use crate::pms::{Key, Metadata};

/// An index in parts: entries, and the block that each was read from.
pub(super) type Entries = (Vec<Metadata>, Vec<(u32, u32)>);

/// All blocks after the header, up to one that yields no key.
pub(super) fn read(
    text: &Arc<String>,
    lines: &mut Lines<'_>,
    header: &Header<'_>,
    mut bounds: Bounds,
) -> Result<Entries, IndexError> {
    let inherited = [Key::Chost, Key::Repository].map(|key| (key, header.inherited(key)));
    let (mut entries, mut blocks) = (Vec::new(), Vec::new());
    let mut spans: Spans = [None; Key::COUNT];
    let mut start = lines.at;
    while read_block(lines, &mut spans) {
        let end = lines.at.min(text.len());
        let named = spans[Key::Cpv as usize].is_some_and(|(start, end)| start < end);
        if named {
            let own = length(&spans);
            for (key, span) in inherited {
                spans[key as usize] = spans[key as usize].or(span);
            }
            bounds.add(own, length(&spans).saturating_sub(own))?;
            entries.push(Metadata::of_spans(Arc::clone(text), &spans));
            blocks.push((offset(start), offset(end)));
        }
        start = end;
    }
    entries.shrink_to_fit();
    blocks.shrink_to_fit();
    Ok((entries, blocks))
}

/// Bytes of all values.
fn length(spans: &Spans) -> usize {
    let lengths = spans.iter().flatten();
    lengths.map(|(start, end)| (end - start) as usize).sum()
}

/// Read one block into `spans`; false if it has no key that an entry may have.
fn read_block(lines: &mut Lines<'_>, spans: &mut Spans) -> bool {
    *spans = [None; Key::COUNT];
    let mut any = false;
    while let Some((key, start, end)) = lines.next_pair() {
        match EntryKey::parse(key) {
            EntryKey::Kept(key) => {
                spans[key as usize] = Some((start, end));
                any = true;
            }
            EntryKey::Extra(key) => spans[key as usize] = Some((start, end)),
            EntryKey::Ignored => any = true,
            EntryKey::Unknown => {}
        }
    }
    any
}

/// What a key of an entry means.
enum EntryKey {
    /// Read by some rule.
    Kept(Key),
    /// One that Portage drops, so that a block of nothing else ends the index, and that is read here.
    Extra(Key),
    /// One that Portage knows and no rule reads; it only shows that the block is an entry.
    Ignored,
    /// Dropped as if the line were not there.
    Unknown,
}

impl EntryKey {
    fn parse(key: &str) -> EntryKey {
        match translate(key) {
            "DESCRIPTION" | "BASE_URI" | "PKGINDEX_URI" | "FETCHCOMMAND" | "RESUMECOMMAND" => {
                EntryKey::Ignored
            }
            "CFLAGS" => EntryKey::Extra(Key::Cflags),
            "CXXFLAGS" => EntryKey::Extra(Key::Cxxflags),
            // Keys of ebuild caches, which an index cannot set.
            "_eclasses_" | "_md5_" | "REQUIRED_USE" => EntryKey::Unknown,
            name => Key::parse(name).map_or(EntryKey::Unknown, EntryKey::Kept),
        }
    }
}
