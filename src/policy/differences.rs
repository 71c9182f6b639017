//! Where two policies differ, and a policy with some of another's differences taken over.

use std::collections::BTreeMap;

use super::{Policy, RuleInstance};
use crate::diagnostics::Place;
use crate::model::Strength;

/// What is different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A rule, by its position in each policy; `None` where one has it alone.
    Rule(Option<usize>, Option<usize>),
    /// The objective stages.
    Stages,
    /// The weights of needs.
    Weights,
}

/// A difference of two policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What is different.
    pub part: Part,
    /// What the first says where they differ, and where it stands; `None` where it says nothing.
    pub before: Option<(String, Place)>,
    /// What the second says.
    pub after: Option<(String, Place)>,
}

impl Policy {
    /// Which rules of two policies are the same rule: by id and kind, then by kind in the order of the files.
    pub fn paired(&self, other: &Self) -> Vec<(Option<usize>, Option<usize>)> {
        let mut partner: BTreeMap<usize, usize> = BTreeMap::new();
        let mut taken = vec![false; other.rules.len()];
        for by_id in [true, false] {
            for (position, rule) in self.rules.iter().enumerate() {
                let is_it = |(there, candidate): &(usize, &RuleInstance)| {
                    !taken[*there] && candidate.kind.id == rule.kind.id && (!by_id || candidate.id == rule.id)
                };
                if partner.contains_key(&position) {
                    continue;
                }
                if let Some((there, _)) = other.rules.iter().enumerate().find(is_it) {
                    taken[there] = true;
                    partner.insert(position, there);
                }
            }
        }
        let own = (0..self.rules.len()).map(|position| (Some(position), partner.get(&position).copied()));
        let alone = (0..other.rules.len()).filter(|there| !taken[*there]).map(|there| (None, Some(there)));
        own.chain(alone).collect()
    }

    /// Where two policies differ: rules, stages, weights. Ids, titles and sources are left out.
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        for (one, two) in self.paired(other) {
            let [before, after] = [(self, one), (other, two)]
                .map(|(policy, position)| position.map(|position| &policy.rules[position]));
            let [says, says_after] = [before, after].map(|rule| rule.map(parts).unwrap_or_default());
            if says == says_after {
                continue;
            }
            let text = |mine: &BTreeMap<String, String>, yours: &BTreeMap<String, String>| {
                let own = mine.iter().filter(|(key, value)| yours.get(*key) != Some(value));
                own.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ")
            };
            let before = before.map(|rule| (text(&says, &says_after), rule.place.clone()));
            let after = after.map(|rule| (text(&says_after, &says), rule.place.clone()));
            found.push(Difference { part: Part::Rule(one, two), before, after });
        }
        let mut whole = |part: Part, key: &str, before: String, after: String| {
            if before != after {
                let at = |policy: &Self, text| Some((text, Place::file(&policy.file).column(key)));
                found.push(Difference { part, before: at(self, before), after: at(other, after) });
            }
        };
        whole(Part::Stages, "stages", self.stages_text(), other.stages_text());
        whole(Part::Weights, "weights", self.weights_text(), other.weights_text());
        found
    }

    /// This policy with some of the differences to another taken over.
    #[must_use]
    pub fn with(&self, other: &Self, taken: &[&Difference]) -> Self {
        let mut policy = self.clone();
        let mut rules: Vec<Option<RuleInstance>> = policy.rules.into_iter().map(Some).collect();
        for difference in taken {
            match difference.part {
                Part::Rule(Some(mine), yours) => rules[mine] = yours.map(|yours| other.rules[yours].clone()),
                Part::Rule(None, Some(yours)) => rules.push(Some(other.rules[yours].clone())),
                Part::Rule(None, None) => {}
                Part::Stages => policy.stages.clone_from(&other.stages),
                Part::Weights => policy.weights.clone_from(&other.weights),
            }
        }
        policy.rules = rules.into_iter().flatten().collect();
        policy
    }

    fn stages_text(&self) -> String {
        let stage = |stage: &super::Stage| {
            let mut says: Vec<String> =
                stage.parameters.iter().map(|(key, value)| format!("{key}={value}")).collect();
            if stage.tolerance.micros() != 0 {
                says.push(format!("tolerance={}", stage.tolerance));
            }
            says.extend(stage.gap.map(|gap| format!("gap={gap}")));
            if says.is_empty() { stage.kind.clone() } else { format!("{} ({})", stage.kind, says.join(", ")) }
        };
        self.stages.iter().map(stage).collect::<Vec<_>>().join(", ")
    }

    fn weights_text(&self) -> String {
        let weight = |weight: &super::WeightFactor| {
            let select = serde_json::to_string(&weight.select).unwrap_or_default();
            format!("{} × {select}", weight.factor)
        };
        self.weights.iter().map(weight).collect::<Vec<_>>().join(", ")
    }
}

/// What a rule says, key by key.
fn parts(rule: &RuleInstance) -> BTreeMap<String, String> {
    let mut parts: BTreeMap<String, String> =
        rule.parameters.iter().map(|(key, value)| (key.clone(), value.to_string())).collect();
    let strength = match rule.strength {
        Strength::Hard => "hard".to_owned(),
        Strength::Soft(penalty) => format!("soft at {penalty}"),
    };
    parts.insert("strength".to_owned(), strength);
    parts
}
