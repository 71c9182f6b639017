//! Bases of earlier optima, for problems of which only bounds of rows change.
//!
//! A sweep over one limit after the other goes out from one point and back to it: the optimum before the last
//! edit is then further from the next one than an earlier optimum is. How far two problems are apart is
//! measured by their bounds, `Σ |difference|`, which costs nothing. Whether it was a good guess, the trial sees.

use std::collections::{BTreeMap, VecDeque};

use super::instance::Basis;

/// How much nearer an earlier optimum must be: its basis has to be factorised anew, which takes as long as some
/// thirty iterations. With 0.7 even changes of all budgets win a quarter, and changes that stay lose nothing.
const NEARER: f64 = 0.7;
/// Most optima that are kept, and how many bytes their bases may take.
const MOST: usize = 256;
const MOST_BYTES: usize = 1 << 26;

/// Rows whose bounds are others than when the memory began, with these bounds.
type Edits = BTreeMap<usize, (f64, f64)>;

/// Optima of one problem with different bounds of its rows.
pub(super) struct Memory {
    /// Bounds of all rows when the memory began.
    home: Vec<(f64, f64)>,
    /// How the problem stands now.
    now: Edits,
    /// How it stood when the solver's own basis came about.
    live: Edits,
    /// The first one is the last to be forgotten: sweeps go out from there.
    optima: VecDeque<(Edits, Basis)>,
}

impl Memory {
    pub(super) fn new(row_lower: &[f64], row_upper: &[f64]) -> Self {
        let home = row_lower.iter().copied().zip(row_upper.iter().copied()).collect();
        Self { home, now: Edits::new(), live: Edits::new(), optima: VecDeque::new() }
    }

    /// Something else than bounds of rows has changed: what was optimal says little now.
    pub(super) fn begin_anew(&mut self) {
        for (row, bounds) in std::mem::take(&mut self.now) {
            self.home[row] = bounds;
        }
        self.live.clear();
        self.optima.clear();
    }

    /// A row has come.
    pub(super) fn add_row(&mut self, lower: f64, upper: f64) {
        self.begin_anew();
        self.home.push((lower, upper));
    }

    /// Bounds of rows have changed.
    pub(super) fn edit(&mut self, bounds: &Edits) {
        for (&row, &new) in bounds {
            if new == self.home[row] {
                self.now.remove(&row);
            } else {
                self.now.insert(row, new);
            }
        }
    }

    /// The solver's own basis is now that of the problem as it stands.
    pub(super) fn solved(&mut self) {
        self.live.clone_from(&self.now);
    }

    /// Whether there is no optimum yet of the problem as it stands.
    pub(super) fn is_new(&self) -> bool {
        self.optima.iter().all(|(edits, _)| *edits != self.now)
    }

    /// Keeps the optimum of the problem as it stands.
    pub(super) fn keep(&mut self, basis: Basis) {
        let bytes = size_of_val(&*basis.columns) + size_of_val(&*basis.rows);
        if self.optima.len() >= (MOST_BYTES / bytes.max(1)).clamp(2, MOST) {
            self.optima.remove(1);
        }
        self.optima.push_back((self.now.clone(), basis));
    }

    /// The basis to start from, where the solver's own is not the best guess.
    pub(super) fn nearer_than_live(&self) -> Option<&Basis> {
        let distances = self.optima.iter().map(|(edits, basis)| (self.distance(edits), basis));
        let (distance, basis) = distances.min_by(|a, b| a.0.total_cmp(&b.0))?;
        (distance < NEARER * self.distance(&self.live)).then_some(basis)
    }

    fn distance(&self, edits: &Edits) -> f64 {
        let bounds = |edits: &Edits, row: usize| edits.get(&row).copied().unwrap_or(self.home[row]);
        // Infinite ones are not apart: `max` drops what is not a number.
        let apart = |a: f64, b: f64| (a - b).abs().max(0.0);
        let rows = self.now.keys().chain(edits.keys().filter(|row| !self.now.contains_key(row)));
        rows.map(|&row| {
            let (now, then) = (bounds(&self.now, row), bounds(edits, row));
            apart(now.0, then.0) + apart(now.1, then.1)
        })
        .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basis(mark: i32) -> Basis {
        Basis { columns: vec![mark], rows: vec![0; 3] }
    }

    fn upper(row: usize, upper: f64) -> Edits {
        Edits::from([(row, (0.0, upper))])
    }

    /// Marks of the bases at home, at row 0 = 12 (the live one).
    fn swept() -> Memory {
        let mut memory = Memory::new(&[0.0; 3], &[10.0; 3]);
        memory.solved();
        memory.keep(basis(0));
        memory.edit(&upper(0, 12.0));
        memory.solved();
        memory.keep(basis(1));
        memory
    }

    #[test]
    fn the_nearest_optimum_is_chosen_where_it_is_much_nearer() {
        let mut memory = swept();
        memory.edit(&upper(0, 13.0));
        assert!(memory.nearer_than_live().is_none(), "the live basis is the nearest");
        memory.edit(&upper(0, 10.0));
        memory.edit(&upper(1, 11.0));
        assert_eq!(memory.nearer_than_live().map(|basis| basis.columns[0]), Some(0), "1 away, not 3");
        memory.edit(&upper(1, 18.0));
        assert!(memory.nearer_than_live().is_none(), "8 away is not much nearer than 10");
    }

    #[test]
    fn one_optimum_is_kept_of_the_same_bounds() {
        let mut memory = swept();
        assert!(!memory.is_new());
        memory.edit(&upper(0, 10.0));
        assert!(!memory.is_new(), "home again");
        memory.edit(&upper(2, f64::INFINITY));
        assert!(memory.is_new());
    }

    #[test]
    fn another_problem_begins_anew() {
        let mut memory = swept();
        memory.add_row(0.0, 5.0);
        memory.edit(&upper(3, 6.0));
        assert!(memory.nearer_than_live().is_none() && memory.is_new());
        assert!((memory.distance(&Edits::new()) - 1.0).abs() < 1e-12);
        assert_eq!(memory.home[0], (0.0, 12.0));
    }

    #[test]
    fn the_first_optimum_outlives_the_others() {
        let mut memory = swept();
        for mark in 2..1000 {
            memory.edit(&upper(1, f64::from(mark)));
            memory.keep(basis(mark));
        }
        let marks: Vec<i32> = memory.optima.iter().map(|(_, basis)| basis.columns[0]).collect();
        assert_eq!((marks.len(), marks[0], marks[1]), (MOST, 0, 1000 - 255));
    }
}
