//! What the search knows becomes a certificate: multipliers are rounded to whole numbers and named by rule
//! and member. What they prove is for the verifier to say; nothing here is believed by it.

use std::collections::BTreeMap;

use super::stages::{Assumption, Case, Limit, StageValue, Worth};
use crate::digest::sha256;
use crate::domain::Scenario;
use crate::model::{Strength, Subject};
use crate::policy::Policy;
use crate::units::MICRO;
use crate::verify::{self, Certificate, Count, Decision, Input, Kept, Leaf, Multiplier, StageProof};

/// Multipliers are counted in parts of so many.
const PARTS: f64 = 1e12;

/// A certificate for a written plan: the bytes of `input.json`, of `plan.csv` and, where there is one, of
/// `talent.csv`. A stage of which nothing can be proved is left out.
pub fn certificate(
    scenario: &Scenario,
    policy: &Policy,
    input: (&Input, &[u8]),
    (plan, talent): (&[u8], Option<&[u8]>),
    stages: &[StageValue],
) -> Certificate {
    let stages = stages.iter().enumerate().filter(|(_, stage)| stage.kind != "tie_break");
    let proof = |(position, stage): (usize, &StageValue)| {
        let found = stage.cases.iter().map(|case| leaf(scenario, policy, &stage.kind, case)).collect();
        // Without multipliers there is still a bound: 0, or all that could be wanted.
        [found, vec![Leaf::default()]].into_iter().find_map(|leaves| {
            let (number, kind) = (position + 1, stage.kind.clone());
            let (value, bound) = (String::new(), String::new());
            let proof = StageProof { stage: number, kind, value, bound, leaves };
            let (value, bound) = verify::prove(input.0, plan, talent, &proof).ok()?;
            Some(StageProof { value, bound, ..proof })
        })
    };
    Certificate {
        format: verify::FORMAT,
        input_sha256: sha256(input.1),
        plan_sha256: sha256(plan),
        talent_sha256: talent.map(sha256),
        stages: stages.filter_map(proof).collect(),
    }
}

fn leaf(scenario: &Scenario, policy: &Policy, stage: &str, case: &Case) -> Leaf {
    let mut kept: BTreeMap<usize, i128> = BTreeMap::new();
    for worth in &case.worths {
        if let Limit::Stage(stage) = worth.of {
            kept.insert(stage, whole(worth.worth));
        }
    }
    let shortfall = |kind: &str| kind == "shortfall";
    let in_force: Vec<&str> = policy.stages_in(scenario).map(|stage| stage.kind.as_str()).collect();
    let own = if shortfall(stage) { whole(1.0) } else { 0 };
    let before = kept.iter().filter(|(stage, _)| shortfall(in_force[**stage]));
    let price_of_shortfall = own + before.map(|(_, worth)| worth).sum::<i128>();
    // No rule owns the limits that every plan with people has.
    let mut multipliers: BTreeMap<(Option<usize>, Vec<String>, &str), f64> = BTreeMap::new();
    let mut clusters: BTreeMap<(usize, Vec<String>), Cluster> = BTreeMap::new();
    for Worth { of, worth } in &case.worths {
        let Limit::Row(name) = of else { continue };
        if let (None, "sent" | "filled") = (name.rule, name.what) {
            *multipliers.entry((None, name.subject.ids(scenario), name.what)).or_default() += worth;
        }
        let Some(rule) = name.rule else { continue };
        let kind = policy.rules[rule].kind.id;
        if kind == "cluster_minimum" {
            let mut ids = name.subject.ids(scenario);
            if name.what == kind {
                clusters.entry((rule, ids)).or_default().money += worth;
            } else if let Some(start) = ids.len().checked_sub(3) {
                let line = ids.split_off(start);
                *clusters.entry((rule, ids)).or_default().sites.entry(line[1].clone()).or_default() += worth;
            }
            continue;
        }
        let share = match (&name.subject, name.what) {
            // What is spent early cannot be carried over: the verifier knows one price for both.
            (Subject::ProvinceYear(province, _), "carried") => {
                scenario.provinces[province.0].carry_over.as_f64()
            }
            (_, "focus") if name.part == "number" => 1.0,
            (_, what) if what == kind => 1.0,
            _ => continue,
        };
        if verify::is_priced(kind, name.part) {
            *multipliers.entry((Some(rule), name.subject.ids(scenario), name.part)).or_default() +=
                share * worth;
        }
    }
    for ((rule, of), cluster) in clusters {
        for (site, worth) in cluster.by_site(&of) {
            multipliers.insert((Some(rule), [of.as_slice(), &[site]].concat(), ""), worth);
        }
    }
    let multiplier = |((rule, of, part), worth): ((Option<usize>, Vec<String>, &str), f64)| {
        let rule = rule.map(|rule| &policy.rules[rule]);
        let most = match rule.map(|rule| rule.strength) {
            Some(Strength::Soft(penalty)) if part != "number" => {
                price_of_shortfall * i128::from(penalty.micros()) / i128::from(MICRO)
            }
            _ => i128::MAX,
        };
        let value = whole(worth).min(most);
        let id = rule.map_or(verify::PEOPLE, |rule| rule.id.as_str());
        (value > 0).then(|| Multiplier { rule: id.to_owned(), of, part: part.to_owned(), value })
    };
    let decided = |assumed: &Assumption| Decision {
        of: assumed.of.clone(),
        count: if assumed.links { Count::Links } else { Count::Lines },
        number: assumed.number,
        at_least: assumed.at_least,
        value: whole(assumed.worth),
    };
    Leaf {
        decided: case.decided.iter().map(decided).collect(),
        multipliers: multipliers.into_iter().filter_map(multiplier).collect(),
        kept: kept.into_iter().map(|(stage, value)| Kept { stage: stage + 1, value }).collect(),
    }
}

/// What it is worth that money of a cluster reaches its minimum, and that it has to where a site builds.
#[derive(Debug, Default)]
struct Cluster {
    money: f64,
    sites: BTreeMap<String, f64>,
}

impl Cluster {
    /// The model ties the cluster's money to one yes or no, and that to the sites' lines; the verifier ties it to each
    /// site: the money's worth is shared out as that of the second is.
    fn by_site(self, of: &[String]) -> Vec<(String, f64)> {
        let all: f64 = self.sites.values().sum();
        match of {
            [_, only] if all <= 0.0 => vec![(only.clone(), self.money)],
            _ => self.sites.into_iter().map(|(site, own)| (site, self.money * own / all)).collect(),
        }
    }
}

/// A multiplier in whole parts.
#[allow(clippy::cast_possible_truncation)]
fn whole(worth: f64) -> i128 {
    (worth * PARTS).floor() as i128
}
