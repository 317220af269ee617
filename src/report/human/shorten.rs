//! A report of a few lines, whatever there is to report.

use owo_colors::OwoColorize;

/// Lines of a report before emerge's own output, for any number of merges.
const SHORT_LINES: usize = 18;

/// The fewest lines that stay of a block that is cut, the notice of the cut among them.
const LEAST: usize = 3;

/// Cut blocks to one length, so that all of them fit into what is shown before emerge's own output. What stays of a
/// block is its beginning, and of the last one, which has the totals, the end.
pub(super) fn shorten(blocks: &mut [Vec<String>]) {
    let room = SHORT_LINES.saturating_sub(blocks.len().saturating_sub(1));
    let taken = |most: usize| {
        blocks
            .iter()
            .map(|block| block.len().min(most))
            .sum::<usize>()
    };
    if taken(usize::MAX) <= room {
        return;
    }
    let most = (LEAST..=room).rev().find(|most| taken(*most) <= room);
    let most = most.unwrap_or(LEAST);
    let last = blocks.len().saturating_sub(1);
    for (number, block) in blocks.iter_mut().enumerate() {
        if block.len() <= most {
            continue;
        }
        let left = block.len() - (most - 1);
        let more = format!("     … {left} more lines (-v before --emerge)");
        let cut = if number == last {
            0..left
        } else {
            most - 1..block.len()
        };
        block.splice(cut, [more.dimmed().to_string()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(lengths: &[usize]) -> Vec<Vec<String>> {
        let block = |(name, length): (usize, &usize)| -> Vec<String> {
            (0..*length).map(|line| format!("{name}.{line}")).collect()
        };
        lengths.iter().enumerate().map(block).collect()
    }

    #[test]
    fn any_number_of_lines_becomes_a_few() {
        for lengths in [&[300, 4][..], &[40, 50, 60], &[2, 90], &[100]] {
            let mut short = blocks(lengths);
            shorten(&mut short);
            let count = short.iter().map(Vec::len).sum::<usize>() + short.len() - 1;
            assert!(count <= SHORT_LINES, "{lengths:?}: {count}");
            assert!(
                count + lengths.len() > SHORT_LINES,
                "{lengths:?}: no more than needed"
            );
            let last = short.last().and_then(|block| block.last());
            let end = format!("{}.{}", lengths.len() - 1, lengths[lengths.len() - 1] - 1);
            assert_eq!(last, Some(&end), "the totals stay");
        }
        let mut whole = blocks(&[5, 4]);
        shorten(&mut whole);
        assert_eq!(whole, blocks(&[5, 4]));
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let mut short = blocks(&[30, 3]);
        shorten(&mut short);
        let first = &short[0];
        let more = first.last().map_or("", String::as_str);
        let shown = first.len() - 1;
        assert!(
            more.contains(&format!("… {} more lines", 30 - shown)),
            "{more}"
        );
    }
}
