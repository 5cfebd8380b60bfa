//! Sums without small cells, and without letting them be reckoned back from the totals and their neighbours.
//!
//! A table has rows (places), columns (weeks, or steps), and the totals of both. A cell of 1 … n−1 is left out (primary
//! suppression); then more are left out until no cell that is left out follows from what is shown (complementary
//! suppression). In a table whose rows and columns add up, a cell that is left out can be reckoned back exactly when
//! it is a bridge of the graph whose nodes are the lines (rows, columns, totals among them) and whose edges are the
//! cells left out; so cells are added until there is no bridge. And the cells left out of one line must together come
//! to n, or their sum would tell of few people again.

/// A table with its totals, some cells left out (`None`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    /// One row a place, the totals last; in each one cell a column, the total last.
    pub cells: Vec<Vec<Option<u64>>>,
}

/// Leaves small cells out of a table of whole numbers; `least` is the smallest number that is shown (besides 0).
/// Every row must have as many cells as the first.
pub fn suppressed(table: &[Vec<u64>], least: u64) -> Sums {
    let width = table.first().map_or(0, Vec::len);
    let mut full: Vec<Vec<u64>> =
        table.iter().map(|row| row.iter().copied().chain([row.iter().sum()]).collect()).collect();
    full.push((0..=width).map(|c| full.iter().map(|row| row[c]).sum()).collect());
    let mut hidden: Vec<Vec<bool>> =
        full.iter().map(|row| row.iter().map(|v| (1..least).contains(v)).collect()).collect();
    while let Some((r, c)) = next_to_hide(&full, &hidden, least) {
        hidden[r][c] = true;
    }
    let cells = full
        .iter()
        .zip(&hidden)
        .map(|(row, h)| row.iter().zip(h).map(|(v, h)| (!h).then_some(*v)).collect())
        .collect();
    Sums { cells }
}

/// The cell to leave out next, the smallest that helps; `None` when nothing follows from what is shown.
fn next_to_hide(full: &[Vec<u64>], hidden: &[Vec<bool>], least: u64) -> Option<(usize, usize)> {
    let (rows, columns) = (full.len(), full.first().map_or(0, Vec::len));
    let cells = || (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c)));
    let smallest = |among: &dyn Fn(usize, usize) -> bool| {
        cells()
            .filter(|&(r, c)| !hidden[r][c] && among(r, c))
            .min_by_key(|&(r, c)| (full[r][c] == 0, full[r][c], r, c))
    };
    if let Some((r, c)) = cells().find(|&(r, c)| hidden[r][c] && is_bridge(hidden, (r, c))) {
        return smallest(&|r2, c2| r2 == r || c2 == c).or_else(|| smallest(&|_, _| true));
    }
    // A line whose cells left out come to less than the least: one more of it.
    let sum = |line: &[(usize, usize)]| -> Option<u64> {
        let out: Vec<_> = line.iter().filter(|&&(r, c)| hidden[r][c]).collect();
        // The total is one of them: then no sum is told.
        let told = line.last().is_some_and(|&(r, c)| !hidden[r][c]);
        (told && !out.is_empty()).then(|| out.iter().map(|&&(r, c)| full[r][c]).sum())
    };
    let lines = (0..rows)
        .map(|r| (0..columns).map(|c| (r, c)).collect::<Vec<_>>())
        .chain((0..columns).map(|c| (0..rows).map(|r| (r, c)).collect()));
    for line in lines {
        if sum(&line).is_some_and(|s| (1..least).contains(&s)) {
            return smallest(&|r, c| line.contains(&(r, c)));
        }
    }
    None
}

/// Whether the two lines of a cell are no longer joined by other cells left out: then it can be reckoned back.
fn is_bridge(hidden: &[Vec<bool>], (r, c): (usize, usize)) -> bool {
    let (rows, columns) = (hidden.len(), hidden.first().map_or(0, Vec::len));
    let mut seen = vec![false; rows + columns];
    let mut waiting = vec![r];
    seen[r] = true;
    while let Some(node) = waiting.pop() {
        let next: Vec<usize> = if node < rows {
            (0..columns).filter(|&k| hidden[node][k] && (node, k) != (r, c)).map(|k| rows + k).collect()
        } else {
            let k = node - rows;
            (0..rows).filter(|&i| hidden[i][k] && (i, k) != (r, c)).collect()
        };
        for n in next {
            if !std::mem::replace(&mut seen[n], true) {
                waiting.push(n);
            }
        }
    }
    !seen[rows + c]
}
