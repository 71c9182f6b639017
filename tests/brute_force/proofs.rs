//! No multipliers prove a bound below the best of all plans: neither the search's, nor any drawn at random, nor several
//! cases with some for each.

use allot::domain::Scenario;
use allot::formulation::{Firmness, formulate};
use allot::model::Name;
use allot::policy::Policy;
use allot::report::{plan_csv, talent_csv};
use allot::search;
use allot::verify::{
    ANY, Count, Decision, Files, Input, Leaf, Multiplier, PEOPLE, StageProof, Verdict, is_priced, prove,
    verify,
};

use crate::support::{Dice, Solved};

/// Proofs at random, for each programme.
const PROOFS: usize = 8;

pub fn verified(input: &[u8], (plan, talent): (&[u8], Option<&[u8]>), certificate: &[u8]) -> Verdict {
    verify(Files { input, plan, talent, certificate })
}

/// Of the first stage, which wants the most; `best` is the most of all plans.
pub fn proofs_hold(scenario: &Scenario, policy: &Policy, solved: &Solved, best: f64) {
    let input = Input::of(scenario, policy).unwrap();
    let recorded = serde_json::to_vec(&input).unwrap();
    let (plan, talent) = (
        plan_csv(scenario, &solved.proposal.plan).unwrap(),
        talent_csv(scenario, &solved.proposal.plan).unwrap(),
    );
    let written = (plan.as_slice(), talent.as_deref());
    let certificate =
        search::certificate(scenario, policy, (&input, &recorded), written, &solved.proposal.stages);
    let found: f64 = certificate.stages[0].bound.parse().unwrap();
    assert!(found >= best - 1e-6, "proved {found}, best {best}");
    let verdict = verified(&recorded, written, &serde_json::to_vec(&certificate).unwrap());
    assert!(verdict.certified, "{:?}", verdict.reasons);
    let mut dice = Dice(solved.proposal.plan.lines().len() as u64);
    let model = formulate(scenario, policy, &policy.need_weights(scenario), Firmness::AsWritten).built.model;
    let limits = limits(scenario, policy, &model.row_names);
    for _ in 0..PROOFS {
        let decided = if dice.percent(50) {
            branch(scenario, &mut dice).map(|decision| vec![decision]).to_vec()
        } else {
            vec![Vec::new()]
        };
        let leaf = |decided| Leaf { decided, multipliers: drawn(&limits, &mut dice), kept: Vec::new() };
        let leaves = decided.into_iter().map(leaf).collect();
        let proof = StageProof { leaves, ..certificate.stages[0].clone() };
        match prove(&input, &plan, talent.as_deref(), &proof) {
            Ok((_, bound)) => {
                let bound: f64 = bound.parse().unwrap();
                assert!(bound >= best - 1e-6, "proved {bound}, best {best}: {proof:?}");
            }
            // A floor's price can make money earn without end where nothing limits it.
            Err(reason) => assert!(reason.contains("prove nothing"), "{reason}"),
        }
    }
}

/// Rule, ids and part of what can be priced.
fn limits(scenario: &Scenario, policy: &Policy, rows: &[Name]) -> Vec<(String, Vec<String>, String)> {
    let mut limits = Vec::new();
    for name in rows {
        let mut of = name.subject.ids(scenario);
        let Some(rule) = name.rule.map(|rule| &policy.rules[rule]) else {
            if !scenario.talent.candidates.is_empty() && ["sent", "filled"].contains(&name.what) {
                limits.push((PEOPLE.to_owned(), of, name.what.to_owned()));
            }
            continue;
        };
        if rule.kind.id == "cluster_minimum" {
            // Of a row that ties a line to its cluster: the cluster, and the line's site.
            if name.what == "cluster" {
                let line = of.split_off(of.len() - 3);
                of.push(line[1].clone());
                limits.push((rule.id.clone(), of, String::new()));
            }
        } else if name.what == rule.kind.id && is_priced(rule.kind.id, name.part)
            || (name.what, name.part) == ("focus", "number")
        {
            limits.push((rule.id.clone(), of, name.part.to_owned()));
        }
    }
    limits.sort();
    limits.dedup();
    limits
}

fn drawn(limits: &[(String, Vec<String>, String)], dice: &mut Dice) -> Vec<Multiplier> {
    let drawn = limits.iter().filter_map(|(rule, of, part)| {
        let value = i128::from(dice.between(0, 1_500_000_000_000));
        let (rule, of, part) = (rule.clone(), of.clone(), part.clone());
        dice.percent(60).then_some(Multiplier { rule, of, part, value })
    });
    drawn.collect()
}

/// Two cases that are all there are: lines or links of all, of a province or of a site.
fn branch(scenario: &Scenario, dice: &mut Dice) -> [Decision; 2] {
    let of = match dice.between(0, 2) {
        0 => Vec::new(),
        1 => vec![scenario.provinces[0].id.clone()],
        _ => vec![ANY.to_owned(), scenario.sites[0].id.clone()],
    };
    let count = if dice.percent(50) { Count::Lines } else { Count::Links };
    let number = usize::try_from(dice.between(1, 3)).unwrap();
    [true, false].map(|at_least| {
        let value = i128::from(dice.between(0, 1_500_000_000_000));
        Decision { count, of: of.clone(), number, at_least, value }
    })
}
