//! A part of a text, as offsets.

use std::num::NonZeroU32;

/// A stretch of a text. It does not end at 0, so that an absent one takes no more room.
#[derive(Clone, Copy)]
pub(super) struct Span {
    start: u32,
    end: NonZeroU32,
}

impl Span {
    /// Where `part`, a slice of `text`, lies in it; `None` beyond 4 GiB, or for an empty start.
    pub(super) fn locate(text: &str, part: &str) -> Option<Span> {
        let start = part.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
        let end = start.checked_add(part.len())?;
        Some(Span {
            start: start.try_into().ok()?,
            end: u32::try_from(end).ok()?.try_into().ok()?,
        })
    }

    /// The stretch between two offsets; what begins beyond 4 GiB is cut off there, and what ends at 0
    /// counts as one byte.
    pub(super) fn between(start: usize, end: usize) -> Span {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span {
            start: narrow(start),
            end: NonZeroU32::new(narrow(end)).unwrap_or(NonZeroU32::MIN),
        }
    }

    /// The part of the text; nothing where the text is another one and too short.
    pub(super) fn of(self, text: &str) -> &str {
        let range = self.start as usize..self.end.get() as usize;
        text.get(range).unwrap_or_default()
    }

    /// Where it begins.
    pub(super) fn start(self) -> usize {
        self.start as usize
    }

    /// Where it ends.
    pub(super) fn end(self) -> usize {
        self.end.get() as usize
    }

    /// The same stretch after `cut` bytes before it are gone.
    pub(super) fn back(self, cut: usize) -> Option<Span> {
        let cut = u32::try_from(cut).ok()?;
        Some(Span {
            start: self.start.checked_sub(cut)?,
            end: self.end.get().checked_sub(cut)?.try_into().ok()?,
        })
    }
}
