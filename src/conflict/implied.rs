//! Rows that follow from the others because decisions are yes or no. They change no plan; with them the
//! linear relaxation sees most conflicts of money with counts, which branching would find one by one.
//!
//! A *gate* of a column is a set of binaries without which it is nothing: a line's money has the line, the
//! covered need of a site and sector all lines for it, or the one binary that says whether the sector is
//! worked on there.
//!
//! ```text
//! Σ a·c ≥ b > 0            ⇒   Σ G ≥ 1                 G: gates of all c with a > 0
//! c ≤ u                    ⇒   c ≤ u · Σ G             G: a gate of c
//! Σ a·x ≤ b, all a ≥ 0     ⇒   x ≤ b/a · y             y: the line of x; over all years together
//! ```
//!
//! A row that follows from a demand is missed as far as the demand is.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{LineId, Scenario};
use crate::model::{Bound, Built, ColumnId, ColumnKind, Model, Name, RowId, Subject, Terms};

/// Most binaries of a gate: longer sums say little.
const MOST: usize = 4_000;

/// An implied row, and the rows from which it follows where those can be switched off.
pub(super) struct Implied {
    pub row: usize,
    pub of: Vec<usize>,
}

/// Gates of each column: those of its own, and of those the next ones by what they decide.
struct Gates {
    own: Vec<Option<BTreeSet<usize>>>,
    /// For a binary: other binaries that it needs, by what they decide.
    needs: BTreeMap<usize, BTreeMap<&'static str, usize>>,
}

impl Gates {
    /// Reads them from rows `Σ c − Σ k·g ≤ 0`: each `c` needs one of the `g`.
    fn of(model: &Model, is_slack: &[bool]) -> Self {
        let is_binary = |column: usize| model.kinds[column] == ColumnKind::Binary;
        let mut gates = Self { own: vec![None; model.column_count()], needs: BTreeMap::new() };
        // Lines come first, what is defined by them after; two passes reach everything.
        for _ in 0..2 {
            for row in (0..model.row_count()).filter(|&row| model.row_upper[row] == 0.0) {
                let terms = || model.row(RowId(row)).filter(|(column, _)| !is_slack[column.0]);
                if terms().any(|(column, _)| model.lower[column.0] < 0.0) {
                    continue;
                }
                let mut below: BTreeSet<usize> = BTreeSet::new();
                let mut known = true;
                for (column, _) in terms().filter(|term| term.1 < 0.0) {
                    match &gates.own[column.0] {
                        _ if is_binary(column.0) => drop(below.insert(column.0)),
                        Some(own) => below.extend(own),
                        None => known = false,
                    }
                }
                if !known || below.is_empty() || below.len() > MOST {
                    continue;
                }
                for (column, _) in terms().filter(|term| term.1 > 0.0) {
                    if !is_binary(column.0) {
                        let own = &mut gates.own[column.0];
                        if own.as_ref().is_none_or(|own| own.len() > below.len()) {
                            *own = Some(below.clone());
                        }
                    } else if let (1, Some(&gate)) = (below.len(), below.first()) {
                        let what = model.column_names[gate].what;
                        gates.needs.entry(column.0).or_default().insert(what, gate);
                    }
                }
            }
        }
        gates
    }

    /// Every gate of some columns together.
    fn sets(&self, columns: &[usize]) -> Vec<BTreeSet<usize>> {
        let mut own = BTreeSet::new();
        for &column in columns {
            let Some(gate) = &self.own[column] else { return Vec::new() };
            own.extend(gate);
        }
        let mut sets = Vec::new();
        let nothing = BTreeMap::new();
        let next = |binary: &usize| self.needs.get(binary).unwrap_or(&nothing);
        for what in
            own.first().map(|first| next(first).keys().copied().collect::<Vec<_>>()).into_iter().flatten()
        {
            let gates: Option<BTreeSet<usize>> =
                own.iter().map(|binary| next(binary).get(what).copied()).collect();
            sets.extend(gates);
        }
        sets.push(own);
        sets
    }
}

/// Adds them to a model.
pub(super) fn add(built: &mut Built, scenario: &Scenario) -> Vec<Implied> {
    let mut is_slack = vec![false; built.model.column_count()];
    let mut slacks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for slack in &built.slacks {
        is_slack[slack.column.0] = true;
        slacks.entry(slack.row.0).or_default().push(slack.column.0);
    }
    let gates = Gates::of(&built.model, &is_slack);
    let mut rows = from_floors(&built.model, &gates, &slacks);
    rows.extend(from_limits(&built.model, &gates, scenario));
    rows.extend(from_caps(built, &slacks, scenario));
    let model = &mut built.model;
    let add = |(subject, terms, bound, of): New| {
        let name = Name { what: "implied", rule: None, subject, part: "" };
        Implied { row: model.add_row(name, terms, bound).0, of }
    };
    rows.into_iter().map(add).collect()
}

/// By year: a limit, what one unit over it allows, and the row.
type ByYear = BTreeMap<usize, (f64, f64, usize)>;
type New = (Subject, Terms, Bound, Vec<usize>);

/// A floor above nothing opens something.
fn from_floors(model: &Model, gates: &Gates, slacks: &BTreeMap<usize, Vec<usize>>) -> Vec<New> {
    let mut rows = Vec::new();
    for (&row, slack) in
        slacks.iter().filter(|(row, _)| model.row_lower[**row] > 1e-6 && model.row_lower[**row].is_finite())
    {
        let asked = model.row(RowId(row)).filter(|(column, a)| *a > 0.0 && !slack.contains(&column.0));
        let columns: Vec<usize> = asked.map(|(column, _)| column.0).collect();
        if columns.is_empty() || columns.iter().any(|&column| model.kinds[column] == ColumnKind::Binary) {
            continue;
        }
        for set in gates.sets(&columns) {
            let mut terms: Terms = set.into_iter().map(|binary| (ColumnId(binary), 1.0)).collect();
            terms.extend(slack.iter().map(|&column| (ColumnId(column), 1.0 / model.row_lower[row])));
            rows.push((model.row_names[row].subject.clone(), terms, Bound::AtLeast(1.0), vec![row]));
        }
    }
    rows
}

/// What has a limit of its own has no more than its share of the gate.
fn from_limits(model: &Model, gates: &Gates, scenario: &Scenario) -> Vec<New> {
    let loose = scenario.budget_sum().as_f64();
    let mut rows = Vec::new();
    let derived = |column: &usize| {
        model.kinds[*column] == ColumnKind::DerivedMoney && model.column_names[*column].what != "total"
    };
    for column in (0..model.column_count()).filter(derived).filter(|&column| model.upper[column] < loose) {
        for set in gates.sets(&[column]) {
            let mut terms: Terms =
                set.into_iter().map(|gate| (ColumnId(gate), -model.upper[column])).collect();
            terms.push((ColumnId(column), 1.0));
            rows.push((model.column_names[column].subject.clone(), terms, Bound::AtMost(0.0), Vec::new()));
        }
    }
    rows
}

/// What limits a sum limits each line in it.
fn from_caps(built: &Built, slacks: &BTreeMap<usize, Vec<usize>>, scenario: &Scenario) -> Vec<New> {
    let model = &built.model;
    let years = built.years();
    let mut line_of: BTreeMap<usize, (LineId, Option<usize>)> = BTreeMap::new();
    for line in scenario.line_ids() {
        line_of.insert(built.total(line).0, (line, None));
        for year in (0..years).filter(|_| years > 1) {
            line_of.insert(built.year(line, year).0, (line, Some(year)));
        }
    }
    // By rule and line: the limit, what one unit over it allows, and the row; for each year, or for all.
    let mut by_year: BTreeMap<(usize, LineId), ByYear> = BTreeMap::new();
    let mut caps: Vec<(LineId, f64, f64, Vec<usize>)> = Vec::new();
    for (&row, slack) in slacks {
        let (upper, Some(rule)) = (model.row_upper[row], model.row_names[row].rule) else { continue };
        let own = || model.row(RowId(row)).filter(|(column, _)| !slack.contains(&column.0));
        if !(upper.is_finite() && upper > 0.0) || own().any(|(_, a)| a < 0.0) {
            continue;
        }
        for (column, a) in own() {
            match line_of.get(&column.0) {
                Some((line, Some(year))) => {
                    by_year.entry((rule, *line)).or_default().insert(*year, (upper / a, 1.0 / a, row));
                }
                Some((line, None)) => caps.push((*line, upper / a, 1.0 / a, vec![row])),
                None => {}
            }
        }
    }
    for ((_, line), limits) in by_year.into_iter().filter(|(_, limits)| limits.len() == years) {
        let all = limits.values().map(|(limit, ..)| limit).sum();
        let each = limits.values().map(|(_, each, _)| *each).fold(0.0, f64::max);
        caps.push((line, all, each, limits.values().map(|(.., row)| *row).collect()));
    }
    let mut rows = Vec::new();
    for (line, cap, each, of) in caps {
        let Some(open) = built.open(line) else { continue };
        let mut terms = vec![(built.total(line), 1.0), (open, -cap)];
        let missed = of.iter().flat_map(|row| &slacks[row]);
        terms.extend(missed.map(|&column| (ColumnId(column), -each)));
        rows.push((Subject::Line(line), terms, Bound::AtMost(0.0), of));
    }
    rows
}
