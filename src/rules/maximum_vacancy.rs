//! Posts do not stay empty: at most a share of the full-time posts is vacant, in all or for each site, region or level:
//! `Σ τ·m ≥ (1 − α) · Σ N`, with `τ` the share of full time of a secondee.

use schemars::JsonSchema;
use serde::Deserialize;

use super::placements::{self, Professions, SITES};
use super::{Dial, Notes, Rule};
use crate::diagnostics::Code;
use crate::domain::{Finding, Partition, Per, Placement, Plan, PostsId, Relation, Scenario, Selection};
use crate::model::{Bound, Builder, Subject};
use crate::units::{Micro, Money, Ratio};

pub(super) const PURPOSE: &str = "At most a share of the posts stays vacant.";

/// Parameters of `maximum_vacancy`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaximumVacancy {
    /// The largest share of full-time posts that are vacant.
    share: Ratio,
    /// What the share is asked of: all, site, region or level.
    #[serde(default)]
    per: Per,
    /// Which posts, by place.
    #[serde(default)]
    select: Selection,
    /// Professions of the posts; none: all.
    #[serde(default)]
    professions: Vec<String>,
}

/// The posts that a rule looks at, in parts.
struct Parts {
    partition: Partition,
    professions: Professions,
}

impl Parts {
    fn of(&self, scenario: &Scenario, posts: PostsId) -> Option<usize> {
        let group = &scenario.talent.posts[posts.0];
        let admitted = self.professions.admit(group.asks.profession);
        admitted.then(|| self.partition.part_of_site(group.site)).flatten()
    }

    /// Full-time posts of each part.
    fn numbers(&self, scenario: &Scenario) -> Vec<i64> {
        let mut numbers = vec![0; self.partition.scopes().len()];
        for (position, group) in scenario.talent.posts.iter().enumerate() {
            if let Some(part) = self.of(scenario, PostsId(position)) {
                numbers[part] += group.number;
            }
        }
        numbers
    }
}

impl MaximumVacancy {
    fn parts(&self, scenario: &Scenario) -> Parts {
        let professions = Professions::of(scenario, &self.professions);
        Parts { partition: self.select.partition(scenario, self.per), professions }
    }

    /// Full-time posts of each part that can be filled at most, each group by itself.
    fn within_reach(scenario: &Scenario, parts: &Parts) -> Vec<Micro> {
        let talent = &scenario.talent;
        let mut of_posts = vec![Micro::ZERO; talent.posts.len()];
        for candidate in &talent.candidates {
            let most = Money(talent.most_placed(candidate));
            of_posts[candidate.posts.0] += most * talent.full_time(candidate.secondees);
        }
        let mut reach = vec![Micro::ZERO; parts.partition.scopes().len()];
        for (position, (group, most)) in talent.posts.iter().zip(of_posts).enumerate() {
            if let Some(part) = parts.of(scenario, PostsId(position)) {
                reach[part] += most.min(Micro::whole(group.number));
            }
        }
        reach
    }
}

impl Rule for MaximumVacancy {
    fn presolve(&self, scenario: &Scenario, notes: &mut Notes) {
        placements::check(scenario, &self.select, SITES, &self.professions, notes);
        if matches!(self.per, Per::Province | Per::Sector) {
            let cause = "posts are not a province's, nor a sector's";
            notes.push(Code::BadPolicy, cause, "use per = all, site, region or level");
            return;
        }
        let parts = self.parts(scenario);
        let numbers = parts.numbers(scenario);
        if numbers.iter().all(|number| *number == 0) {
            let action = "widen select or professions, or take the rule out";
            notes.push(Code::NothingToCount, "the rule selects no post", action);
        }
        if self.share >= Ratio::ONE {
            let cause = format!("share = {} lets every post stay vacant", self.share);
            notes.push(Code::ThresholdHasNoEffect, cause, "lower it, or take the rule out");
        }
        let scopes = parts.partition.scopes().iter().zip(&numbers);
        for ((scope, &number), reach) in scopes.zip(Self::within_reach(scenario, &parts)) {
            let vacant = Micro::whole(number) - reach;
            let scope = scope.clone();
            let best =
                Finding::share_of_people(scope, vacant, Micro::whole(number), Relation::AtMost, self.share);
            if !best.passes() {
                let whose =
                    if best.scope.is_empty() { "all posts".to_owned() } else { best.scope.join(", ") };
                notes.push(
                    Code::ThresholdOutOfReach,
                    format!("of {whose}, {vacant} of {number} posts have nobody who may fill them"),
                    "raise share, leave those posts out, or make the rule soft",
                );
            }
        }
    }

    fn dials(&self, _: &Scenario, _: &[String], _: &str) -> Vec<Dial> {
        vec![Dial::more_up_to_one(&["share"])]
    }

    fn build(&self, builder: &mut Builder<'_>) {
        let scenario = builder.scenario();
        let parts = self.parts(scenario);
        let numbers = parts.numbers(scenario);
        for ((part, scope), number) in parts.partition.scopes().iter().enumerate().zip(numbers) {
            if number == 0 {
                continue;
            }
            let terms = builder.placed_terms(|candidate| {
                let inside = parts.of(scenario, candidate.posts) == Some(part);
                inside.then(|| scenario.talent.full_time(candidate.secondees).as_f64())
            });
            let least = Micro::whole(number) - Money(number) * self.share;
            builder.require(Subject::Scope(scope.clone()), "", terms, Bound::AtLeast(least.as_f64()));
        }
    }

    fn check(&self, scenario: &Scenario, plan: &Plan) -> Vec<Finding> {
        let parts = self.parts(scenario);
        let mut filled = vec![Micro::ZERO; parts.partition.scopes().len()];
        let full_time = |placement: &Placement| {
            Money(placement.number) * scenario.talent.secondees[placement.secondees.0].offers.full_time
        };
        for placement in plan.placements() {
            if let Some(part) = parts.of(scenario, placement.posts) {
                filled[part] += full_time(placement);
            }
        }
        let scopes = parts.partition.scopes().iter().zip(parts.numbers(scenario)).zip(filled);
        let finding = |((scope, number), filled): ((&Vec<String>, i64), Micro)| {
            let (whole, vacant) = (Micro::whole(number), Micro::whole(number) - filled);
            let found =
                || Finding::share_of_people(scope.clone(), vacant, whole, Relation::AtMost, self.share);
            (number > 0).then(found)
        };
        scopes.filter_map(finding).collect()
    }
}
