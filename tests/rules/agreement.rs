//! Rows and check are two readings of one rule, written apart. For random small programmes and plans:
//!
//! * hard, the rows have a solution at the plan's point exactly when the check passes;
//! * soft, the rows always have one, and their least slack is what the check says the plan is short of.
//!
//! At the plan's point the programme's own columns (`x`, `total`, `open`, `active`, `placed`) are fixed. What is left
//! are the columns that a rule derives (focus sites, carry-over, met need …); microlp finds the best of
//! those, so that the property holds for any rule without knowing its columns by name.

use allot::domain::{Finding, LineId, Plan, Scenario};
use allot::model::{Built, ColumnKind, RowId, Strength};
use allot::units::{Micro, Ratio};
use good_lp::{Expression, ProblemVariables, ResolutionError, Solution, SolverModel, constraint, variable};
use proptest::prelude::*;

use crate::fixture::{built, rule};
use crate::samples::{Sample, sample};

const TOLERANCE: f64 = 1e-6;

/// Values of the columns that belong to no rule.
fn fixed(scenario: &Scenario, plan: &Plan, built: &Built) -> Vec<Option<f64>> {
    let mut point = vec![None; built.model.column_count()];
    let funded = |line: LineId| plan.on(scenario, line).0 != 0;
    let yes = |yes: bool| Some(if yes { 1.0 } else { 0.0 });
    for line in scenario.line_ids() {
        let names = &scenario.lines[line.0];
        let funding = plan.find(names.province, names.site, names.sector);
        for year in 0..scenario.years.len() {
            point[built.year(line, year).0] = Some(funding.map_or(0.0, |f| f.by_year[year].as_f64()));
        }
        if let Some(open) = built.open(line) {
            point[open.0] = yes(funded(line));
        }
    }
    for (l, link) in scenario.links.iter().enumerate() {
        if let Some(active) = built.active(allot::domain::LinkId(l)) {
            point[active.0] = yes(link.lines.clone().map(LineId).any(funded));
        }
    }
    for (candidate, column) in scenario.talent.candidates.iter().zip(built.placed()) {
        let key = (candidate.secondees, candidate.posts);
        let placed = plan.placements().iter().find(|placement| placement.key() == key);
        point[column.0] = Some(placed.map_or(0.0, |placement| placement.number as f64));
    }
    // A line's total is defined by a row of its own: its other terms are the years.
    for (r, name) in built.model.row_names.iter().enumerate().filter(|(_, name)| name.what == "total") {
        assert_eq!(name.rule, None);
        let row: Vec<_> = built.model.row(RowId(r)).collect();
        let sum = row.iter().filter_map(|(column, factor)| Some(factor * point[column.0]?)).sum();
        let total = row.iter().find(|(column, _)| point[column.0].is_none()).unwrap().0;
        point[total.0] = Some(sum);
    }
    point
}

/// The least slack with which the rows hold at a plan, each unit of it at 1; `None` when they cannot hold.
fn least_slack(scenario: &Scenario, plan: &Plan, built: &Built) -> Option<f64> {
    let model = &built.model;
    let point = fixed(scenario, plan, built);
    let mut variables = ProblemVariables::new();
    let mut columns = Vec::new();
    // What is carried over is whole units in a plan, and so is all that goes with it; else what is derived
    // need not be.
    let counts_units =
        point.iter().zip(&model.kinds).any(|(p, kind)| p.is_none() && *kind == ColumnKind::Money);
    for (c, value) in point.iter().enumerate() {
        let (lower, upper) = (model.lower[c], model.upper[c]);
        columns.push(match value {
            Some(value) if *value < lower - TOLERANCE || *value > upper + TOLERANCE => return None,
            Some(_) => None,
            None => {
                let column = variable().min(lower).max(upper);
                let whole = matches!(model.kinds[c], ColumnKind::Binary | ColumnKind::Money) || counts_units;
                Some(variables.add(if whole { column.integer() } else { column }))
            }
        });
    }
    let mut rows = Vec::new();
    for r in 0..model.row_count() {
        let (mut constant, mut free, mut any) = (0.0, Expression::from(0.0), false);
        for (column, factor) in model.row(RowId(r)) {
            match (columns[column.0], point[column.0]) {
                (Some(variable), _) => (free, any) = (free + factor * variable, true),
                (None, value) => constant += factor * value.unwrap(),
            }
        }
        let (lower, upper) = (model.row_lower[r] - constant, model.row_upper[r] - constant);
        if any {
            rows.push((free, lower, upper));
        } else if lower > TOLERANCE || upper < -TOLERANCE {
            return None;
        }
    }
    let objective: Expression = built.slacks.iter().filter_map(|slack| columns[slack.column.0]).sum();
    let mut problem = variables.minimise(&objective).using(good_lp::microlp);
    for (free, lower, upper) in rows {
        if lower.is_finite() {
            problem.add_constraint(constraint!(free.clone() >= lower));
        }
        if upper.is_finite() {
            problem.add_constraint(constraint!(free <= upper));
        }
    }
    match problem.solve() {
        Ok(solution) => Some(solution.eval(&objective)),
        Err(ResolutionError::Infeasible) => None,
        Err(other) => panic!("{other}"),
    }
}

fn agrees(kind: &'static str, Sample { scenario, plan, parameters }: &Sample) -> Result<(), TestCaseError> {
    let rule = rule(kind, parameters);
    let findings = rule.check(scenario, plan);
    for finding in &findings {
        prop_assert_eq!(finding.passes(), finding.shortfall() == Micro::ZERO, "{:?}", finding);
    }
    let passes = findings.iter().all(Finding::passes);
    let hard = built(scenario, kind, &*rule, Strength::Hard);
    prop_assert_eq!(least_slack(scenario, plan, &hard).is_some(), passes, "{:?}", findings);
    let soft = built(scenario, kind, &*rule, Strength::Soft(Ratio::ONE));
    let slack = least_slack(scenario, plan, &soft);
    let short = findings.iter().map(Finding::shortfall).sum::<Micro>().as_f64();
    prop_assert!(
        slack.is_some_and(|slack| (slack - short).abs() < 1e-4),
        "{slack:?} for {short}: {findings:?}"
    );
    Ok(())
}

macro_rules! agreement {
    ($($kind:ident)*) => {
        proptest! {
            #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]
            $(
                #[test]
                fn $kind(sample in sample(stringify!($kind))) {
                    agrees(stringify!($kind), &sample)?;
                }
            )*
        }

        #[test]
        fn every_rule_is_here() {
            let here = [$(stringify!($kind)),*];
            let all = allot::rules::Registry::standard();
            assert_eq!(here.to_vec(), all.kinds().iter().map(|kind| kind.id).collect::<Vec<_>>());
        }
    };
}

agreement! {
    province_budget budget_use sector_capacity absorption minimum_ticket maximum_lines
    maximum_provinces_per_site maximum_sites_per_province maximum_sectors_per_site focus_share dominance_cap
    group_share need_cap need_floor region_floor per_capita_floor equity_band phasing ramp continuity no_duplication
    cluster_minimum park_capacity park_share enclave scale_cap profession_share team_size maximum_vacancy
    team_continuity requires exclusion
}
