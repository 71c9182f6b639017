//! A demand that nobody's policy makes: that some lines get money, or none. It asks "what if".

use std::sync::Arc;

use schemars::Schema;

use crate::diagnostics::Place;
use crate::domain::{Finding, LineId, Plan, Relation, Scenario, Text};
use crate::model::{Bound, Builder, Limits, Strength, Subject, Terms};
use crate::policy::RuleInstance;
use crate::rules::{Family, Resource, Rule, RuleKind};
use crate::units::Money;

/// Lines that get at least one unit together, or nothing.
#[derive(Debug)]
struct Forced {
    lines: Vec<LineId>,
    funded: bool,
}

impl Rule for Forced {
    fn tighten(&self, _: &Scenario, limits: &mut Limits) {
        for line in self.lines.iter().filter(|_| !self.funded) {
            limits.limit_total(*line, Money::ZERO);
        }
    }

    fn build(&self, builder: &mut Builder<'_>) {
        // A line that gets money is open, where there is such a decision: it then has its whole ticket.
        let terms: Terms = self.lines.iter().map(|&line| (builder.total(line), 1.0)).collect();
        let bound = if self.funded { Bound::AtLeast(1.0) } else { Bound::AtMost(0.0) };
        builder.require(Subject::All, "", terms, bound);
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let money = self.lines.iter().map(|&line| plan.on(scenario, line)).sum();
        let (relation, threshold) =
            if self.funded { (Relation::AtLeast, Money(1)) } else { (Relation::AtMost, Money::ZERO) };
        vec![Finding::money(Vec::new(), money, relation, threshold)]
    }
}

/// Such a demand as a rule of a policy.
pub(super) fn forced(lines: Vec<LineId>, funded: bool) -> RuleInstance {
    let kind = RuleKind {
        id: "what_if",
        family: Family::Safeguards,
        resource: Resource::Money,
        purpose: "Some lines get money, or none, to see what gives way.",
        parse: |_| Err("what_if is asked by allot explain; a policy cannot use it".to_owned()),
        schema: |_| Schema::from(false),
    };
    let (zh, en) = if funded {
        ("须安排资金", "What was asked about is funded")
    } else {
        ("不安排资金", "What was asked about is not funded")
    };
    let title = Text { zh: zh.to_owned(), en: en.to_owned() };
    RuleInstance {
        id: "WHAT-IF".to_owned(),
        kind,
        title,
        source: String::new(),
        strength: Strength::Hard,
        rule: Arc::new(Forced { lines, funded }),
        parameters: toml::Table::new(),
        place: Place::file("allot explain"),
    }
}
