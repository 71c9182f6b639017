//! What is funded is funded with a substantial amount: `m·y ≤ Σₜ x ≤ U·y`.
//!
//! The amount may be asked of a line `(p,s,k)`, of all lines of a link `(p,s)`, or of a line in each
//! year in which it is paid (a project year). It is the rule against thin spreading (撒胡椒面); the
//! semi-continuous form is written out, because solvers' own semi-continuous columns have been seen
//! to break it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule, plan_line_ids};
use crate::diagnostics::Code;
use crate::domain::{Finding, LineId, LinkId, Mask, Plan, Relation, Scenario, SectorId, Selection};
use crate::model::{Bound, Builder, ColumnKind, Subject};
use crate::units::{Money, Ratio};

pub(super) const PURPOSE: &str = "What is funded is funded with at least a minimum amount, or not at all.";

/// What the minimum is asked of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Of {
    /// A line over the horizon.
    #[default]
    Line,
    /// All lines of a link over the horizon.
    Link,
    /// A line in each year in which it is paid.
    LineYear,
}

/// Parameters of `minimum_ticket`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinimumTicket {
    /// The minimum, counted as the tables count amounts.
    amount: Ratio,
    /// What it is asked of.
    #[serde(default)]
    of: Of,
    /// Another minimum for some sectors (not with `of = "link"`).
    #[serde(default)]
    by_sector: BTreeMap<String, Ratio>,
    /// Which lines.
    #[serde(default)]
    select: Selection,
}

impl MinimumTicket {
    fn of_sector(&self, scenario: &Scenario, sector: SectorId) -> Money {
        let id = &scenario.sectors[sector.0].id;
        scenario.money.at_least(self.by_sector.get(id).copied().unwrap_or(self.amount))
    }

    fn selected(&self, scenario: &Scenario) -> (Mask, Vec<LineId>) {
        let mask = self.select.mask(scenario);
        let lines = scenario.line_ids().filter(|line| mask.admits_line(&scenario.lines[line.0])).collect();
        (mask, lines)
    }

    fn build_lines(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        for line in self.selected(scenario).1 {
            let ticket = self.of_sector(scenario, scenario.lines[line.0].sector).as_f64();
            let open = builder.open(line);
            let terms = [(builder.total(line), 1.0), (open, -ticket)];
            builder.require(Subject::Line(line), "lower", terms, Bound::AtLeast(0.0));
        }
    }

    fn build_links(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let ticket = scenario.money.at_least(self.amount).as_f64();
        let mask = self.select.mask(scenario);
        for (position, link) in scenario.links.iter().enumerate() {
            let lines: Vec<LineId> =
                link.lines.clone().map(LineId).filter(|l| mask.admits_line(&scenario.lines[l.0])).collect();
            if lines.is_empty() {
                continue;
            }
            // Where the rule looks at some sectors only, the link counts when one of those is funded.
            let paid = if lines.len() == link.lines.len() {
                builder.active(LinkId(position))
            } else {
                let subject = Subject::Link(LinkId(position));
                let paid = builder.column("paid", subject, ColumnKind::Binary, 0.0, 1.0);
                for &line in &lines {
                    let open = builder.open(line);
                    builder.define(
                        "paid",
                        Subject::Line(line),
                        "",
                        vec![(open, 1.0), (paid, -1.0)],
                        Bound::AtMost(0.0),
                    );
                }
                paid
            };
            let mut terms: Vec<_> = lines.iter().map(|&line| (builder.total(line), 1.0)).collect();
            terms.push((paid, -ticket));
            builder.require(Subject::Link(LinkId(position)), "lower", terms, Bound::AtLeast(0.0));
        }
    }

    fn build_line_years(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        for line in self.selected(scenario).1 {
            let ticket = self.of_sector(scenario, scenario.lines[line.0].sector).as_f64();
            for year in 0..scenario.years.len() {
                let subject = Subject::LineYear(line, year);
                let money = builder.year(line, year);
                let most = builder.line_year_cap(line, year);
                let paid = builder.column("paid", subject.clone(), ColumnKind::Binary, 0.0, 1.0);
                let upper = vec![(money, 1.0), (paid, -most)];
                builder.define("paid", subject.clone(), "", upper, Bound::AtMost(0.0));
                builder.require(subject, "lower", vec![(money, 1.0), (paid, -ticket)], Bound::AtLeast(0.0));
            }
        }
    }
}

impl Rule for MinimumTicket {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
        for id in self.by_sector.keys().filter(|id| scenario.sector(id).is_none()) {
            notes.push(
                Code::UnknownSelection,
                format!("by_sector names the sector '{id}', which the scenario does not have"),
                "use an id of the table sectors",
            );
        }
        for (label, amount) in std::iter::once(("amount", &self.amount))
            .chain(self.by_sector.iter().map(|(id, amount)| (id.as_str(), amount)))
        {
            let currency = i128::from(amount.micros()) * i128::from(scenario.money.amounts_in);
            if *amount > Ratio::ZERO && currency < i128::from(scenario.money.unit) * 1_000_000 {
                notes.push(
                    Code::UnitCoarserThanTicket,
                    format!(
                        "the ticket {label} = {amount} is smaller than one unit of money ({} {})",
                        scenario.money.unit, scenario.money.currency
                    ),
                    "use a finer [money] unit in scenario.toml, or a larger ticket",
                );
            }
        }
        if self.of == Of::Link && !self.by_sector.is_empty() {
            notes.push(
                Code::ThresholdHasNoEffect,
                "by_sector has no effect with of = \"link\"",
                "take by_sector out, or ask the minimum of lines",
            );
        }
        let (_, lines) = self.selected(scenario);
        let reachable = |line: &&LineId| {
            let candidate = &scenario.lines[line.0];
            let ticket = self.of_sector(scenario, candidate.sector);
            ticket <= scenario.budget_total(candidate.province)
        };
        if lines.is_empty() {
            notes.push(
                Code::NothingToCount,
                "the rule selects no candidate line",
                "widen select, or take the rule out",
            );
        } else if self.of != Of::Link && !lines.iter().any(|line| reachable(&line)) {
            notes.push(
                Code::ThresholdOutOfReach,
                format!("no province's whole capacity reaches the ticket of {}", self.amount),
                "lower the ticket",
            );
        }
    }

    fn ticket(&self, scenario: &Scenario) -> Option<Money> {
        (self.of == Of::Line).then(|| scenario.money.at_least(self.amount))
    }

    fn dials(&self, _: &Scenario, ids: &[String], _: &str) -> Vec<Dial> {
        match ids.get(2).filter(|sector| self.by_sector.contains_key(*sector)) {
            Some(sector) => vec![Dial::less(&["by_sector", sector])],
            None => vec![Dial::less(&["amount"])],
        }
    }

    fn build(&self, builder: &mut Builder<'_>) {
        match self.of {
            Of::Line => self.build_lines(builder),
            Of::Link => self.build_links(builder),
            Of::LineYear => self.build_line_years(builder),
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let mask = self.select.mask(scenario);
        let lines = plan.lines().iter().filter(|line| mask.admits_plan_line(line));
        match self.of {
            Of::Line => lines
                .map(|line| {
                    let ticket = self.of_sector(scenario, line.sector);
                    Finding::money(plan_line_ids(scenario, line), line.total(), Relation::AtLeast, ticket)
                })
                .collect(),
            Of::LineYear => lines
                .flat_map(|line| {
                    let ticket = self.of_sector(scenario, line.sector);
                    let paid = line.by_year.iter().enumerate().filter(|(_, amount)| **amount != Money::ZERO);
                    paid.map(move |(year, amount)| {
                        let mut scope = plan_line_ids(scenario, line);
                        scope.push(scenario.years[year].to_string());
                        Finding::money(scope, *amount, Relation::AtLeast, ticket)
                    })
                })
                .collect(),
            Of::Link => {
                let mut links: BTreeMap<_, Money> = BTreeMap::new();
                for line in lines {
                    *links.entry((line.province, line.site)).or_default() += line.total();
                }
                let ticket = scenario.money.at_least(self.amount);
                links
                    .into_iter()
                    .map(|((p, s), money)| {
                        let scope = vec![scenario.provinces[p.0].id.clone(), scenario.sites[s.0].id.clone()];
                        Finding::money(scope, money, Relation::AtLeast, ticket)
                    })
                    .collect()
            }
        }
    }
}
