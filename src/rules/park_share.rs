//! Industry goes into parks (合作共建园区): at least a share of the money of industry is in designated parks,
//! in all or for each province, site, region, level or sector: `Σ_(parks) X ≥ β · Σ_of X`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{
    Finding, IndustryLevel, ParkKind, Per, Plan, Relation, Scenario, SectorId, Selection, SiteId,
};
use crate::model::{Bound, Builder, Subject};
use crate::units::{Money, Ratio};

pub(super) const PURPOSE: &str = "At least a share of the money of industry goes into designated parks.";

/// Parameters of `park_share`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParkShare {
    /// Least share.
    share: Ratio,
    /// Which kinds of parks count.
    #[serde(default = "all_kinds")]
    kinds: Vec<ParkKind>,
    /// The lines whose money is the whole; of them those of sectors with an industry.
    #[serde(default)]
    of: Selection,
    /// What the share is asked of, one by one.
    #[serde(default)]
    per: Per,
}

fn all_kinds() -> Vec<ParkKind> {
    vec![ParkKind::Joint, ParkKind::Demonstration, ParkKind::Enclave]
}

impl ParkShare {
    fn counts(&self, scenario: &Scenario, site: SiteId, sector: SectorId) -> bool {
        scenario.park_at(site, sector).is_some_and(|park| self.kinds.contains(&park.kind))
    }

    /// Whether the money of a sector is money of industry.
    fn is_industry(scenario: &Scenario, sector: SectorId) -> bool {
        scenario.industry_of(sector, IndustryLevel::Division).is_some()
    }
}

impl Rule for ParkShare {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        notes.check_selection(scenario, &self.of);
        if self.share > Ratio::ONE {
            notes.push(
                Code::ThresholdOutOfReach,
                format!("share = {} is more than the whole", self.share),
                "use a share between 0 and 1",
            );
        }
        let partition = self.of.partition(scenario, self.per);
        let mut parts = partition.lines(scenario);
        for lines in &mut parts {
            lines.retain(|line| Self::is_industry(scenario, scenario.lines[line.0].sector));
        }
        if parts.iter().all(Vec::is_empty) {
            notes.push(
                Code::NothingToCount,
                "the rule selects no candidate line of a sector with an industry",
                "fill in the column industry of sectors, or widen of",
            );
        }
        for (scope, lines) in partition.scopes().iter().zip(parts) {
            let reaches = lines.iter().any(|line| {
                let line = &scenario.lines[line.0];
                self.counts(scenario, line.site, line.sector)
            });
            if self.share > Ratio::ZERO && !lines.is_empty() && !reaches {
                let whose = if scope.is_empty() {
                    "the programme".to_owned()
                } else {
                    format!("'{}'", scope.join(", "))
                };
                notes.push(
                    Code::ThresholdHasNoEffect,
                    format!(
                        "{whose} has no candidate line in a park, so its industry could get nothing at all"
                    ),
                    "leave it out of the rule (of.except), or add a park",
                );
            }
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], _: &str) -> Vec<Dial> {
        vec![Dial::less(&["share"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let partition = self.of.partition(scenario, self.per);
        for (scope, lines) in partition.scopes().iter().zip(partition.lines(scenario)) {
            let industry = lines.iter().filter(|l| Self::is_industry(scenario, scenario.lines[l.0].sector));
            let terms: Vec<_> = industry
                .map(|&id| {
                    let line = &scenario.lines[id.0];
                    let inside = if self.counts(scenario, line.site, line.sector) { 1.0 } else { 0.0 };
                    (builder.total(id), inside - self.share.as_f64())
                })
                .collect();
            if !terms.is_empty() {
                builder.require(Subject::Scope(scope.clone()), "", terms, Bound::AtLeast(0.0));
            }
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let partition = self.of.partition(scenario, self.per);
        let mut money = vec![(Money::ZERO, Money::ZERO); partition.scopes().len()];
        for line in plan.lines().iter().filter(|line| scenario.sectors[line.sector.0].industry.is_some()) {
            let Some(part) = partition.part(line.province, line.site, line.sector) else { continue };
            money[part].1 += line.total();
            let inside = scenario.parks.iter().any(|park| {
                self.kinds.contains(&park.kind)
                    && park.host == line.site
                    && park.sectors.contains(&line.sector)
            });
            if inside {
                money[part].0 += line.total();
            }
        }
        let scopes = partition.scopes().iter().cloned();
        scopes
            .zip(money)
            .map(|(scope, (part, whole))| Finding::share(scope, part, whole, Relation::AtLeast, self.share))
            .collect()
    }
}
