//! A report of a few lines, whatever there is to say.

use owo_colors::OwoColorize;

/// Lines of a report in front of emerge's own output, for any number of merges.
const SHORT_LINES: usize = 14;

/// Cut blocks, the longest first, until all of them fit into what is shown in front of emerge's own output. What stays of
/// a block is its beginning, and of the last one, which has the totals, the end.
pub(super) fn shorten(blocks: &mut [Vec<String>]) {
    let gaps = blocks.len().saturating_sub(1);
    let length = |blocks: &[Vec<String>]| blocks.iter().map(Vec::len).sum::<usize>() + gaps;
    let mut left = vec![0; blocks.len()];
    while length(blocks) > SHORT_LINES {
        let longest = blocks
            .iter()
            .enumerate()
            .max_by_key(|(_, block)| block.len());
        let Some((place, block)) = longest.filter(|(_, block)| block.len() > 3) else {
            return;
        };
        let is_last = place + 1 == blocks.len();
        let cut = if is_last { 0 } else { block.len() - 1 };
        if left[place] > 0 {
            // Where lines are left out one says how many.
            let next = if is_last { 1 } else { cut - 1 };
            blocks[place].remove(next);
            left[place] += 1;
        } else {
            blocks[place].remove(cut);
            left[place] = 2;
        }
        let more = format!("     … {} more lines (-v before --emerge)", left[place]);
        let at = if is_last { 0 } else { blocks[place].len() - 1 };
        blocks[place][at] = more.dimmed().to_string();
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
            assert_eq!(count, SHORT_LINES, "{lengths:?}");
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
