//! Years taken together. Most rules see a line's years only in sums over whole links: a province's yearly
//! budget, a site's yearly absorption. Lines whose year columns stand in the same rows with the same
//! coefficients can share one set of year columns, a *bundle*; the model loses most of its columns and
//! nothing else. It is found from the rows, not from any rule's name.
//!
//! The way back is exact: with `w[t]` the bundle's money by year and `X[l]` its lines' totals,
//! `x[l,t] = X[l] · w[t] / Σ w` keeps every row, because each row sees only `Σ_l x[l,t] = w[t]`.

use std::collections::HashMap;

use super::{Formulation, StageModel};
use crate::domain::LineId;
use crate::model::{Bound, ColumnId, Model, RowId, Terms};

/// A model with bundled years, and the way back to the whole one.
#[derive(Debug, Clone)]
pub struct Bundled {
    /// Rows and columns.
    pub model: Model,
    /// The stages that do not only break ties: those look at single cells.
    pub stages: Vec<StageModel>,
    /// For each column of the whole model its column here.
    column_of: Vec<ColumnId>,
    /// Bundles of more than one line.
    bundles: Vec<Bundle>,
}

#[derive(Debug, Clone)]
struct Bundle {
    /// Columns of the bundle by year, here.
    years: Vec<ColumnId>,
    /// For each line: its total here, and its year columns in the whole model.
    lines: Vec<(ColumnId, Vec<ColumnId>)>,
}

/// What a year column is seen in: rows, then stages, with the bits of the coefficients.
type Seen = Vec<(usize, u64)>;

impl Bundled {
    /// Bundles the years of a model with several.
    pub fn of(formulation: &Formulation) -> Self {
        let whole = &formulation.built.model;
        let stages = formulation.stages.iter().filter(|stage| !stage.only_breaks_ties);
        let groups = groups(formulation);
        let mut this = Self {
            model: Model::new(),
            stages: Vec::new(),
            column_of: vec![ColumnId(usize::MAX); whole.column_count()],
            bundles: Vec::new(),
        };
        this.add_bundles(formulation, &groups);
        this.add_other_columns(whole);
        let dropped = this.add_totals(formulation, &groups);
        for row in (0..whole.row_count()).filter(|row| !dropped[*row]) {
            let terms = this.terms(whole.row(RowId(row)));
            let (lower, upper) = (whole.row_lower[row], whole.row_upper[row]);
            this.add_row(whole, row, terms, lower, upper);
        }
        this.stages = stages
            .map(|stage| StageModel { terms: this.terms(stage.terms.iter().copied()), ..stage.clone() })
            .collect();
        this
    }

    /// The column here of a column of the whole model.
    pub fn column(&self, whole: ColumnId) -> ColumnId {
        self.column_of[whole.0]
    }

    /// A point of the whole model from a point here.
    pub fn expand(&self, point: &[f64]) -> Vec<f64> {
        let mut whole: Vec<f64> = self.column_of.iter().map(|column| point[column.0]).collect();
        for bundle in &self.bundles {
            let money: f64 = bundle.years.iter().map(|year| point[year.0]).sum();
            for (total, cells) in &bundle.lines {
                for (cell, year) in cells.iter().zip(&bundle.years) {
                    let share = if money > 0.0 { point[year.0] / money } else { 0.0 };
                    whole[cell.0] = point[total.0] * share;
                }
            }
        }
        whole
    }

    fn add_bundles(&mut self, formulation: &Formulation, groups: &[Vec<LineId>]) {
        let built = &formulation.built;
        let whole = &built.model;
        for group in groups {
            for year in 0..built.years() {
                let cells: Vec<ColumnId> = group.iter().map(|&line| built.year(line, year)).collect();
                let first = cells[0].0;
                // The rows limit the sum; this only keeps the column bounded.
                let most = cells.iter().map(|cell| whole.upper[cell.0]).sum();
                let name = whole.column_names[first].clone();
                let column = self.model.add_column(name, whole.kinds[first], 0.0, most);
                for cell in cells {
                    self.column_of[cell.0] = column;
                }
            }
        }
    }

    fn add_other_columns(&mut self, whole: &Model) {
        for column in 0..whole.column_count() {
            if self.column_of[column].0 == usize::MAX {
                self.column_of[column] = self.model.add_column(
                    whole.column_names[column].clone(),
                    whole.kinds[column],
                    whole.lower[column],
                    whole.upper[column],
                );
            }
        }
    }

    /// One row of totals for each bundle; marks the rows of the whole model that it stands for.
    fn add_totals(&mut self, formulation: &Formulation, groups: &[Vec<LineId>]) -> Vec<bool> {
        let built = &formulation.built;
        let mut dropped = vec![false; built.model.row_count()];
        for group in groups.iter().filter(|group| group.len() > 1) {
            let years = (0..built.years()).map(|year| self.column_of[built.year(group[0], year).0]);
            let years: Vec<ColumnId> = years.collect();
            let mut terms: Terms = years.iter().map(|&year| (year, 1.0)).collect();
            let mut lines = Vec::with_capacity(group.len());
            for &line in group {
                let Some(row) = built.total_row(line) else { continue };
                dropped[row.0] = true;
                let total = self.column_of[built.total(line).0];
                terms.push((total, -1.0));
                lines.push((total, (0..built.years()).map(|year| built.year(line, year)).collect()));
            }
            let name = built.total_row(group[0]).map(|row| built.model.row_names[row.0].clone());
            if let Some(name) = name {
                self.model.add_row(name, terms, Bound::Exactly(0.0));
            }
            self.bundles.push(Bundle { years, lines });
        }
        dropped
    }

    /// An expression here: a bundle stands once for all its lines' cells.
    fn terms(&self, terms: impl Iterator<Item = (ColumnId, f64)>) -> Terms {
        let mut here: Terms = terms.map(|(column, factor)| (self.column_of[column.0], factor)).collect();
        here.sort_unstable_by_key(|&(column, _)| column);
        here.dedup_by_key(|&mut (column, _)| column);
        here
    }

    fn add_row(&mut self, whole: &Model, row: usize, terms: Terms, lower: f64, upper: f64) {
        let name = whole.row_names[row].clone();
        let id = self.model.add_row(name, terms, Bound::AtLeast(lower));
        self.model.row_upper[id.0] = upper;
    }
}

/// Lines whose years are seen alike, in the order of their first line; every line is in one group.
fn groups(formulation: &Formulation) -> Vec<Vec<LineId>> {
    let built = &formulation.built;
    let lines = built.lines();
    if built.years() < 2 {
        return (0..lines).map(|line| vec![LineId(line)]).collect();
    }
    let mut seen: Vec<Seen> = vec![Vec::new(); built.model.column_count()];
    let total_rows: Vec<Option<RowId>> = (0..lines).map(|line| built.total_row(LineId(line))).collect();
    let mut is_total = vec![false; built.model.row_count()];
    total_rows.iter().flatten().for_each(|row| is_total[row.0] = true);
    for row in (0..built.model.row_count()).filter(|row| !is_total[*row]) {
        for (column, coefficient) in built.model.row(RowId(row)) {
            seen[column.0].push((row, coefficient.to_bits()));
        }
    }
    let stages = formulation.stages.iter().filter(|stage| !stage.only_breaks_ties);
    for (position, stage) in stages.enumerate() {
        for (column, coefficient) in &stage.terms {
            seen[column.0].push((built.model.row_count() + position, coefficient.to_bits()));
        }
    }
    let mut group_of: HashMap<Vec<&Seen>, usize> = HashMap::new();
    let mut groups: Vec<Vec<LineId>> = Vec::new();
    for line in (0..lines).map(LineId) {
        let key: Vec<&Seen> = (0..built.years()).map(|year| &seen[built.year(line, year).0]).collect();
        let next = groups.len();
        let group = *group_of.entry(key).or_insert(next);
        if group == next {
            groups.push(Vec::new());
        }
        groups[group].push(line);
    }
    groups
}
