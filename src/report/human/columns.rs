//! Rows under each other: columns as wide as what stands in them, with blanks between.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

use crate::report::layout;

/// Blanks between two columns.
pub(super) const GAP: u16 = 2;

/// One line a row. Cells hold one line each; styles in them take no room. Whoever fills the cells
/// sees to it that no line gets wider than the page.
pub(super) fn lines(rows: Vec<Vec<String>>, alignment: &[CellAlignment]) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(NOTHING).force_no_tty().add_rows(rows);
    for (column, alignment) in table.column_iter_mut().zip(alignment) {
        column.set_padding((0, GAP));
        column.set_cell_alignment(*alignment);
    }
    let trim = |line: String| line.trim_end().to_owned();
    table.lines().map(trim).collect()
}

/// The same, but the first column has a fixed width and no gap.
pub(super) fn flush(
    rows: Vec<Vec<String>>,
    alignment: &[CellAlignment],
    first: usize,
) -> Vec<String> {
    let pad = |mut row: Vec<String>| {
        if let Some(cell) = row.first_mut() {
            let gap = first.saturating_sub(layout::width(&plain(cell)));
            cell.push_str(&" ".repeat(gap));
            let rest = row.remove(1);
            row[0].push_str(&rest);
        }
        row
    };
    let rows: Vec<Vec<String>> = rows.into_iter().map(pad).collect();
    lines(rows, alignment.get(1..).unwrap_or_default())
}

/// A cell without styles.
fn plain(cell: &str) -> String {
    anstream::adapter::strip_str(cell).to_string()
}

/// How many columns of the page the rows take, with a gap behind each cell.
pub(super) fn width(rows: &[Vec<String>]) -> usize {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| layout::width(cell)).max().unwrap_or(0)
    };
    let gaps = columns * usize::from(GAP);
    (0..columns).map(widest).sum::<usize>() + gaps
}

#[cfg(test)]
mod tests {
    use comfy_table::CellAlignment::{Left, Right};
    use owo_colors::OwoColorize;

    use super::*;

    #[test]
    fn styles_and_wide_characters_keep_their_column() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = vec![
            row(["日本", "1", &"x".red().to_string()]),
            row(["", "100", ""]),
            row(["a", "20", "yy"]),
        ];
        let lines: Vec<String> = lines(rows, &[Left, Right, Left])
            .iter()
            .map(|line| anstream::adapter::strip_str(line).to_string())
            .collect();
        assert_eq!(lines, ["日本    1  x", "      100", "a      20  yy"]);
    }
}
