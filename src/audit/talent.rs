//! Who is placed where: the check of the placements themselves, and what is measured of them.

use super::RuleOutcome;
use crate::domain::{Finding, PlacementKey, Plan, Relation, Scenario, Text};
use crate::model::Strength;
use crate::units::{MICRO, Micro, Money};

/// Name of the check that a plan places only people who are there, in posts that are there.
pub const CANDIDATE_PLACEMENTS: &str = "candidate_placements";

/// What a plan does with people and posts.
#[derive(Debug, Clone, PartialEq)]
pub struct Staffing {
    /// Persons sent of each group of secondees.
    pub sent: Vec<i64>,
    /// Full-time posts filled of each group of posts.
    pub filled: Vec<Micro>,
    /// Full-time posts filled, each times the fit: millionths of a millionth.
    fit: i128,
}

impl Staffing {
    /// Measures a plan; `None` where nobody is to be sent and no post to be filled.
    pub fn of(scenario: &Scenario, plan: &Plan) -> Option<Self> {
        let talent = &scenario.talent;
        if talent.is_empty() {
            return None;
        }
        let (sent, filled) = (vec![0; talent.secondees.len()], vec![Micro::ZERO; talent.posts.len()]);
        let mut this = Self { sent, filled, fit: 0 };
        for placement in plan.placements() {
            let offers = &talent.secondees[placement.secondees.0].offers;
            let filled = Money(placement.number) * offers.full_time;
            this.sent[placement.secondees.0] += placement.number;
            this.filled[placement.posts.0] += filled;
            let fit = talent.fit(offers, &talent.posts[placement.posts.0].asks);
            this.fit += filled.0 * i128::from(fit.micros());
        }
        Some(this)
    }

    /// Persons.
    pub fn people(&self) -> i64 {
        self.sent.iter().sum()
    }

    /// Full-time posts filled.
    pub fn all_filled(&self) -> Micro {
        self.filled.iter().copied().sum()
    }

    /// Mean fit of filled full-time posts, 0 to 1; `None` where nobody is placed.
    pub fn mean_fit(&self) -> Option<f64> {
        let filled = self.all_filled().0;
        (filled > 0).then(|| self.fit as f64 / MICRO as f64 / filled as f64)
    }

    /// Share of full-time posts that stay vacant, 0 to 1; `None` where there are none.
    pub fn vacancy(&self, scenario: &Scenario) -> Option<f64> {
        let posts: i64 = scenario.talent.posts.iter().map(|group| group.number).sum();
        (posts > 0).then(|| 1.0 - self.all_filled().as_f64() / posts as f64)
    }
}

/// That placements are paired and fit, and that nobody is sent and no post filled twice: what every rule on talent
/// stands on.
pub(super) fn candidate_placements(scenario: &Scenario, plan: &Plan) -> RuleOutcome {
    let talent = &scenario.talent;
    let ids = |(secondees, posts): PlacementKey| {
        vec![talent.secondees[secondees.0].id.clone(), talent.posts[posts.0].id.clone()]
    };
    let mut findings = Vec::new();
    for placement in plan.placements() {
        let (group, posts) = (&talent.secondees[placement.secondees.0], &talent.posts[placement.posts.0]);
        let linked = scenario.find_link(group.province, posts.site).is_some();
        if placement.number < 0 || !linked || talent.fit(&group.offers, &posts.asks).micros() == 0 {
            let persons = placement.number.max(1);
            let finding = Finding::people(ids(placement.key()), persons, Relation::AtMost, 0);
            findings.push(finding.on_placements([placement]));
        }
    }
    if let Some(staffing) = Staffing::of(scenario, plan) {
        for (position, (group, sent)) in talent.secondees.iter().zip(staffing.sent).enumerate() {
            if sent > group.number {
                let finding = Finding::people(vec![group.id.clone()], sent, Relation::AtMost, group.number);
                let own = plan.placements().iter().filter(|placement| placement.secondees.0 == position);
                findings.push(finding.on_placements(own));
            }
        }
        for (position, (group, filled)) in talent.posts.iter().zip(staffing.filled).enumerate() {
            let number = Micro::whole(group.number);
            if filled > number {
                let finding = Finding::posts(vec![group.id.clone()], filled, Relation::AtMost, number);
                let own = plan.placements().iter().filter(|placement| placement.posts.0 == position);
                findings.push(finding.on_placements(own));
            }
        }
    }
    RuleOutcome {
        id: "PEOPLE".to_owned(),
        kind: CANDIDATE_PLACEMENTS,
        title: Text {
            zh: "只把现有人才安排到已结对且适配的岗位".to_owned(),
            en: "Only people who are there, in posts that are paired and fit".to_owned(),
        },
        strength: Strength::Hard,
        findings,
    }
}
