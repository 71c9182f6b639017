//! A rule from outside: its own type, one line of the registry, and nothing else.

use allot::domain::{Finding, LineId, Plan, Relation, Scenario};
use allot::model::{Bound, Builder, Limits, Strength, Subject};
use allot::rules::{Family, Registry, Rule, RuleKind};
use allot::units::{Money, Ratio};
use schemars::{JsonSchema, SchemaGenerator};
use serde::Deserialize;

use crate::fixture::{added, one_year, plan, ratio};

/// No line gets more than an amount.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LargestLine {
    /// The most, counted as the tables count amounts.
    amount: Ratio,
}

impl Rule for LargestLine {
    fn tighten(&self, scenario: &Scenario, caps: &mut Limits) {
        for line in scenario.line_ids() {
            caps.limit_total(line, scenario.money.at_most(self.amount));
        }
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let most = builder.scenario().money.at_most(self.amount).as_f64();
        for line in builder.scenario().line_ids() {
            builder.require(Subject::Line(line), "", vec![(builder.total(line), 1.0)], Bound::AtMost(most));
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let most = scenario.money.at_most(self.amount);
        let finding = |line: LineId| {
            let scope = scenario.line_names(line).map(str::to_owned).to_vec();
            Finding::money(scope, plan.on(scenario, line), Relation::AtMost, most)
        };
        scenario.line_ids().map(finding).collect()
    }
}

fn registry() -> Registry {
    Registry::standard().with(RuleKind::of::<LargestLine>(
        "largest_line",
        Family::ThinSpreading,
        "No line gets more than an amount.",
    ))
}

fn parse(text: &str) -> Result<std::sync::Arc<dyn Rule>, String> {
    (registry().find("largest_line").unwrap().parse)(toml::from_str(text).unwrap())
}

#[test]
fn a_rule_from_outside_builds_and_checks() {
    let mut scenario = one_year();
    let kept = scenario.links[0].lines.clone();
    scenario.lines.truncate(kept.end);
    scenario.links.truncate(1);
    let rule = parse("amount = 12.5").unwrap();
    assert_eq!(
        added(&scenario, "largest_line", &*rule, Strength::Hard, false),
        ["largest_line[R1;E,a,h]: x[E,a,h,2024] <= 12", "largest_line[R1;E,a,r]: x[E,a,r,2024] <= 12"]
    );
    assert_eq!(
        added(&scenario, "largest_line", &*rule, Strength::Soft(ratio(0.5)), false),
        [
            "over[R1;E,a,h] in 0..inf DerivedMoney",
            "over[R1;E,a,r] in 0..inf DerivedMoney",
            "largest_line[R1;E,a,h]: x[E,a,h,2024] - over[R1;E,a,h] <= 12",
            "largest_line[R1;E,a,r]: x[E,a,r,2024] - over[R1;E,a,r] <= 12",
            "over[R1;E,a,h] costs 0.5 in largest_line[R1;E,a,h]",
            "over[R1;E,a,r] costs 0.5 in largest_line[R1;E,a,r]",
        ]
    );
    let findings =
        rule.check(&scenario, &plan(&scenario, &[("E", "a", "h", 2024, 12), ("E", "a", "r", 2024, 13)]));
    assert_eq!(findings.iter().map(Finding::passes).collect::<Vec<_>>(), [true, false]);
    assert_eq!(findings[1].shortfall(), Money(1).micro());
}

#[test]
fn its_parameters_are_its_fields() {
    assert!(parse("most = 1").unwrap_err().contains("`most`"));
    assert!(parse("amount = 'x'").unwrap_err().contains("`amount`"));
    let mut generator = SchemaGenerator::default();
    let schema = (registry().find("largest_line").unwrap().schema)(&mut generator);
    let definitions = format!("{schema:?}{:?}", generator.definitions());
    assert!(definitions.contains("The most, counted as the tables count amounts."), "{definitions}");
}

#[test]
fn kinds_have_names_of_their_own_and_say_what_they_are_for() {
    let registry = registry();
    let mut ids: Vec<&str> = registry.kinds().iter().map(|kind| kind.id).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert_eq!(count, Registry::standard().kinds().len() + 1);
    assert!(registry.kinds().iter().all(|kind| kind.purpose.ends_with('.')));
    assert!(registry.find("no_such_rule").is_none());
}

#[test]
fn every_kind_has_a_schema_that_admits_no_other_parameters() {
    for kind in Registry::standard().kinds() {
        let mut generator = SchemaGenerator::default();
        let schema = (kind.schema)(&mut generator);
        let text = format!("{schema:?}{:?}", generator.definitions());
        assert!(text.contains("additionalProperties"), "{}: {text}", kind.id);
    }
}
