//! Each site, region or level gets at least an amount a person: `Σ X ≥ F · population`.
//!
//! Sites without a population are left out, and a region's population is that of its sites.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{Finding, LineId, Per, Plan, Relation, Scenario, Selection, SiteId};
use crate::model::{Bound, Builder, Subject, Terms};
use crate::units::{Micro, Money, Ratio};

pub(super) const PURPOSE: &str = "Each site, region or level gets at least an amount a person.";

/// Parameters of `per_capita_floor`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PerCapitaFloor {
    /// Least money a person over the horizon, counted as the tables count amounts.
    amount: Ratio,
    /// What it is asked of: `site` (the default), `region`, `level` or `all`.
    #[serde(default = "site")]
    per: Per,
    /// Which money counts, and which sites are looked at.
    #[serde(default)]
    select: Selection,
}

fn site() -> Per {
    Per::Site
}

struct Group {
    scope: Vec<String>,
    population: i64,
    lines: Vec<LineId>,
}

impl PerCapitaFloor {
    fn groups(&self, scenario: &Scenario) -> Vec<Group> {
        let sites = self.select.partition(scenario, self.per);
        let mut groups: Vec<Group> = sites
            .scopes()
            .iter()
            .map(|scope| Group { scope: scope.clone(), population: 0, lines: Vec::new() })
            .collect();
        // Provinces and sectors choose money, not people.
        let part = |site: SiteId| sites.part_of_site(site);
        for (s, site) in scenario.sites.iter().enumerate() {
            if let (Some(part), Some(population)) = (part(SiteId(s)), site.population) {
                groups[part].population += population;
            }
        }
        let mask = self.select.mask(scenario);
        for id in scenario.line_ids() {
            let line = &scenario.lines[id.0];
            let counted = mask.admits_line(line) && scenario.sites[line.site.0].population.is_some();
            if let (true, Some(part)) = (counted, part(line.site)) {
                groups[part].lines.push(id);
            }
        }
        groups.retain(|group| group.population > 0);
        groups
    }

    fn per_person(&self, scenario: &Scenario) -> Micro {
        scenario.money.per_person(self.amount)
    }
}

impl Rule for PerCapitaFloor {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.select);
        if matches!(self.per, Per::Province | Per::Sector) {
            notes.push(
                Code::BadPolicy,
                "people belong to sites, not to provinces or sectors",
                "use per = \"site\", \"region\", \"level\" or \"all\"",
            );
            return;
        }
        let groups = self.groups(scenario);
        if groups.is_empty() {
            notes.push(
                Code::NothingToCount,
                "no selected site has a population",
                "fill the column population of sites, or take the rule out",
            );
        }
        let all: Micro =
            groups.iter().map(|g| Micro(self.per_person(scenario).0 * i128::from(g.population))).sum();
        if all > scenario.budget_sum().micro() {
            notes.push(
                Code::FloorAboveBudget,
                format!(
                    "the floors add up to {} units; all provinces have {}",
                    all.ceil(),
                    scenario.budget_sum()
                ),
                "lower the amount a person",
            );
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], _: &str) -> Vec<Dial> {
        vec![Dial::less(&["amount"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        for group in self.groups(scenario) {
            let floor = Micro(self.per_person(scenario).0 * i128::from(group.population));
            let terms: Terms = group.lines.iter().map(|&line| (builder.total(line), 1.0)).collect();
            builder.require(Subject::Scope(group.scope), "", terms, Bound::AtLeast(floor.as_f64()));
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let mask = self.select.mask(scenario);
        let sites = self.select.partition(scenario, self.per);
        let mut people = vec![0_i64; sites.scopes().len()];
        let mut money = vec![Money::ZERO; sites.scopes().len()];
        for (s, site) in scenario.sites.iter().enumerate() {
            let Some(population) = site.population else { continue };
            let Some(part) = sites.part_of_site(SiteId(s)) else { continue };
            people[part] += population;
            money[part] += plan.sum(|line| line.site == SiteId(s) && mask.admits_plan_line(line));
        }
        let floor = self.per_person(scenario);
        let groups = sites.scopes().iter().zip(people).zip(money).filter(|((_, people), _)| *people > 0);
        groups
            .map(|((scope, people), money)| {
                Finding::per_capita(scope.clone(), money, people, Relation::AtLeast, floor)
            })
            .collect()
    }
}
