//! The verifier: from the recorded input, the written plan and the certificate alone, whether the plan keeps
//! every hard rule, what it is worth, and that nothing is better than a bound. In whole numbers throughout.
//!
//! It shares nothing with the model, the search or the solver, nor with the rules' own checks: it has its own
//! knowledge of the rules. `docs/certificate.md` says what is proved; `tools/verify.py` is the same again.

mod bound;
mod certificate;
mod check;
mod clusters;
mod exact;
mod input;
mod people;
mod programme;
mod rules;
mod selection;
mod site;
mod stages;

pub use certificate::{ANY, Certificate, Count, Decision, FORMAT, Kept, Leaf, Multiplier, StageProof};
pub use input::Input;
pub use rules::{PEOPLE, is_priced};

use serde::Serialize;

use crate::digest::sha256;
use bound::{Limits, Stages};
use check::Short;
use exact::{MICRO, PICO, TooLarge, decimal_down, decimal_up, mul, sub, up};
use programme::{Money, Programme};
use rules::Rule;
use site::Why;
use stages::Objective;

/// A limit of a hard rule that the plan does not keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// Id of the rule.
    pub rule: String,
    /// Ids and year of the limit.
    pub of: Vec<String>,
    /// By how much, in units of money or in counts: a decimal with six places.
    pub by: String,
}

/// What is proved of a stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageVerdict {
    /// Which stage of the policy, from 1.
    pub stage: usize,
    /// Its kind.
    pub kind: String,
    /// The plan's value: a decimal with six places, rounded down; none where it is not known.
    pub value: Option<String>,
    /// No plan as good as this one in the stages before is better: a decimal with six places, rounded away
    /// from the value; none where nothing is proved.
    pub bound: Option<String>,
    /// Distance of the two, relative to the value; none where the value is nothing and the bound is not.
    pub gap: Option<f64>,
}

/// What the verifier found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Verdict {
    /// Whether everything is as it should be: every hard rule holds, and every stage has a proved bound.
    pub certified: bool,
    /// Why not, if it is not.
    pub reasons: Vec<String>,
    /// Hard rules that do not hold.
    pub broken: Vec<Broken>,
    /// The stages, without the tie-break.
    pub stages: Vec<StageVerdict>,
}

/// What a verdict is about, as bytes.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// `input.json`.
    pub input: &'a [u8],
    /// `plan.csv`.
    pub plan: &'a [u8],
    /// `talent.csv`, where there is one.
    pub talent: Option<&'a [u8]>,
    /// `certificate.json`.
    pub certificate: &'a [u8],
}

/// Verifies a plan.
///
/// Whatever is missing, wrong or not known is a reason not to certify; it never panics on what it reads.
pub fn verify(files: Files<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    if let Err(reason) = verdict.read(files) {
        verdict.reasons.push(reason);
    }
    verdict.certified = verdict.reasons.is_empty();
    verdict
}

/// The values of a plan and what its bounds come to with a proof: for making a certificate.
///
/// # Errors
/// When the plan cannot be read, or nothing is proved of the stage.
pub fn prove(
    input: &Input,
    plan: &[u8],
    talent: Option<&[u8]>,
    proof: &StageProof,
) -> Result<(String, String), String> {
    let programme = Programme::of(input)?;
    let plan = Money::read(&programme, plan, talent)?;
    let case = Case::of(&programme, &plan)?;
    let verdict = case.stage(proof.stage - 1, Some(proof))?;
    verdict.value.zip(verdict.bound).ok_or_else(|| "nothing is proved".to_owned())
}

/// A plan under the rules and stages.
struct Case<'a> {
    programme: &'a Programme<'a>,
    rules: Vec<Rule<'a>>,
    limits: Limits,
    short: Vec<Option<Vec<Short>>>,
    objectives: Vec<Objective>,
    values: Vec<Option<i128>>,
}

fn too_large(_: TooLarge) -> String {
    "a number does not fit into 128 bits: nothing is claimed".to_owned()
}

impl<'a> Case<'a> {
    fn of(programme: &'a Programme<'a>, plan: &Money) -> Result<Self, String> {
        let rules = rules::read(programme)?;
        let short = rules.iter().map(|rule| rule.shortfalls(programme, plan));
        let short: Vec<_> = short.collect::<Result<_, _>>().map_err(too_large)?;
        let objectives: Vec<_> =
            programme.input.stages.iter().map(Objective::read).collect::<Result<_, String>>()?;
        let values = objectives.iter().map(|stage| stage.value(programme, plan, &rules, &short));
        let values = values.collect::<Result<_, _>>().map_err(too_large)?;
        let limits = Limits::of(programme, &rules);
        Ok(Self { programme, rules, limits, short, objectives, values })
    }

    /// What is proved of a stage.
    fn stage(&self, stage: usize, proof: Option<&StageProof>) -> Result<StageVerdict, String> {
        let objective = &self.objectives[stage];
        let stages = Stages { objectives: &self.objectives, values: &self.values };
        let bound = proof.map(|proof| {
            bound::bound(self.programme, &self.rules, &self.limits, &stages, proof)
                .and_then(|most| Ok(sharpened(objective, most)?))
        });
        let bound = match bound.transpose() {
            Ok(bound) => bound,
            Err(Why::TooLarge) => return Err(too_large(TooLarge)),
            Err(Why::Unlimited) => return Err(format!("stage {}: the multipliers prove nothing", stage + 1)),
            Err(Why::Wrong(reason)) => return Err(format!("certificate: {reason}")),
        };
        let value = self.values[stage];
        let gap = value.zip(bound).and_then(|(value, bound)| {
            let behind = if objective.maximises() { bound - value } else { value - bound };
            #[allow(clippy::cast_precision_loss)]
            let share = behind.max(0) as f64 / value.abs() as f64;
            if behind <= 0 { Some(0.0) } else { (value != 0).then_some(share) }
        });
        let outwards = if objective.maximises() { decimal_up } else { decimal_down };
        Ok(StageVerdict {
            stage: stage + 1,
            kind: self.programme.input.stages[stage].kind.clone(),
            value: value.map(decimal_down),
            bound: bound.map(outwards),
            gap,
        })
    }
}

/// The bound in the objective's own sense, from the most that it, or minus it, can be; with what counts in
/// whole numbers taken to the next one.
fn sharpened(objective: &Objective, most: i128) -> Result<i128, TooLarge> {
    let step = match objective {
        Objective::Coverage(_) | Objective::Fit => return Ok(most),
        Objective::Change => PICO * MICRO,
        Objective::Fragmentation(line, link) => mul(divisor(*line, *link), PICO)?,
        _ => 1,
    };
    let least = sub(0, most)?.max(0);
    mul(up(least, step.max(1)), step.max(1))
}

/// Greatest common divisor.
fn divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { divisor(b, a % b) }
}

impl Verdict {
    /// What is proved of a stage, by its position in the policy.
    pub fn stage(&self, position: usize) -> Option<&StageVerdict> {
        self.stages.iter().find(|stage| stage.stage == position + 1)
    }

    /// The widest gap of all stages; none where one of them has none.
    pub fn widest_gap(&self) -> Option<f64> {
        self.stages.iter().try_fold(0.0, |widest: f64, stage| Some(widest.max(stage.gap?)))
    }

    /// Compares the recorded input with what a scenario and a policy say now.
    pub fn compare(&mut self, recorded: &[u8], expected: &Input) {
        let recorded: Option<serde_json::Value> = serde_json::from_slice(recorded).ok();
        let expected = serde_json::to_value(expected).unwrap_or_default();
        let other =
            |field: &&String| recorded.as_ref().and_then(|r| r.get(field)) != expected.get(field.as_str());
        let fields = expected.as_object().into_iter().flatten().map(|(field, _)| field);
        let differ: Vec<&str> = fields.filter(other).map(String::as_str).collect();
        if !differ.is_empty() {
            let reason = "input.json is not what the scenario and policy named say: it differs in";
            self.reasons.push(format!("{reason} {}", differ.join(", ")));
            self.certified = false;
        }
    }

    fn read(&mut self, files: Files<'_>) -> Result<(), String> {
        let recorded: Input =
            serde_json::from_slice(files.input).map_err(|error| format!("input.json: {error}"))?;
        if recorded.format != input::FORMAT {
            return Err(format!("input.json: format {} is not known", recorded.format));
        }
        let programme = Programme::of(&recorded)?;
        let money = Money::read(&programme, files.plan, files.talent)?;
        let proofs: Result<Certificate, _> = serde_json::from_slice(files.certificate);
        let proofs = match proofs {
            Ok(proofs) if proofs.format == certificate::FORMAT => proofs.stages_of(self, files),
            Ok(other) => self.without(format!("certificate.json: format {} is not known", other.format)),
            Err(error) => self.without(format!("certificate.json: {error}")),
        };
        let case = Case::of(&programme, &money)?;
        self.check_rules(&case);
        for (stage, objective) in case.objectives.iter().enumerate() {
            if *objective == Objective::TieBreak {
                continue;
            }
            let name = format!("stage {} ({})", stage + 1, recorded.stages[stage].kind);
            let proof = proofs.iter().find(|proof| proof.stage == stage + 1);
            let found = case.stage(stage, proof).or_else(|reason| {
                self.reasons.push(reason);
                case.stage(stage, None)
            })?;
            if found.value.is_none() {
                self.reasons.push(format!("{name}: what it counts is not known to this verifier"));
            } else if let (Some(value), Some(bound), Some(proof)) = (&found.value, &found.bound, proof) {
                if (value, bound, &found.kind) != (&proof.value, &proof.bound, &proof.kind) {
                    let claim = format!("{} {} ({})", proof.value, proof.bound, proof.kind);
                    self.reasons.push(format!("{name}: value and bound are {value} {bound}, not {claim}"));
                }
            } else if proof.is_none() {
                self.reasons.push(format!("{name}: there is no proof"));
            }
            self.stages.push(found);
        }
        let judged = |proof: &&StageProof| self.stages.iter().any(|stage| stage.stage == proof.stage);
        let numbers: std::collections::BTreeSet<_> = proofs.iter().map(|proof| proof.stage).collect();
        if numbers.len() != proofs.len() || proofs.iter().filter(judged).count() != proofs.len() {
            self.reasons
                .push("certificate.json: a stage is there twice, or is none of the policy's".to_owned());
        }
        Ok(())
    }

    fn without(&mut self, reason: String) -> Vec<StageProof> {
        self.reasons.push(reason);
        Vec::new()
    }

    fn check_rules(&mut self, case: &Case<'_>) {
        for (rule, short) in
            case.rules.iter().zip(&case.short).filter(|(rule, _)| rule.input.penalty.is_none())
        {
            let Some(short) = short else {
                let (id, kind) = (&rule.input.id, &rule.input.kind);
                self.reasons.push(format!("rule {id} ({kind}): its kind is not known to this verifier"));
                continue;
            };
            let broken = short.iter().map(|(of, by)| Broken {
                rule: rule.input.id.clone(),
                of: of.clone(),
                by: decimal_up(by.saturating_mul(PICO)),
            });
            self.broken.extend(broken);
            if let Some((of, _)) = short.first() {
                self.reasons.push(format!("rule {} does not hold: {}", rule.input.id, of.join(" ")));
            }
        }
    }
}

impl Certificate {
    /// The proofs, after a look at what ties them to the other two files.
    fn stages_of(self, verdict: &mut Verdict, files: Files<'_>) -> Vec<StageProof> {
        for (name, bytes, digest) in [
            ("input.json", Some(files.input), Some(&self.input_sha256)),
            ("plan.csv", Some(files.plan), Some(&self.plan_sha256)),
            ("talent.csv", files.talent, self.talent_sha256.as_ref()),
        ] {
            if bytes.map(sha256).as_ref() != digest {
                verdict
                    .reasons
                    .push(format!("{name}: it is not the file that the certificate is for (SHA-256)"));
            }
        }
        self.stages
    }
}
