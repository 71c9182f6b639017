//! What must hold of every case: nothing is claimed that another part of the program, another solver or another
//! plan shows to be wrong.

use allot::audit::{Audit, audit};
use allot::digest::sha256;
use allot::domain::{Plan, Scenario};
use allot::formulation::{Firmness, Scaled, formulate};
use allot::policy::Policy;
use allot::report::{plan_csv, talent_csv};
use allot::search::{Outcome, Proposal, Settings, Unobserved, certificate, search};
use allot::solve::{Options, Progress, find};
use allot::units::Micro;
use allot::verify::{Certificate, Files, Input, StageVerdict, Verdict, verify};
use proptest::test_runner::TestCaseError;

use crate::draw::{Case, Tampering};
use crate::support::policy;

/// How many cases came how far.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub cases: usize,
    pub certified: usize,
    /// Plans of which the verifier says that it does not know all.
    pub unknown: usize,
    pub infeasible: usize,
    /// Plans that break a rule only for want of fractions of a unit, and say so.
    pub broken: usize,
    /// Pairs of a certificate and another plan.
    pub others: usize,
    /// Problems that both solvers were given.
    pub compared: usize,
    /// Tampered plans that keep all rules.
    pub harmless: usize,
}

type Judgement = Result<(), TestCaseError>;

macro_rules! must {
    ($holds:expr, $($words:tt)+) => {
        let holds: bool = $holds;
        if !holds {
            return Err(TestCaseError::fail(format!($($words)+)));
        }
    };
}

/// Everything.
pub fn judge(case: &Case, seen: &mut Seen) -> Judgement {
    let (scenario, policy) = (case.world.load(), policy(&case.policy()));
    seen.cases += 1;
    let other = twice(case, &scenario, &policy, seen)?;
    let Some(proposal) = outcome(&scenario, &policy)? else {
        seen.infeasible += 1;
        must!(other != Some(true), "no plan for HiGHS, one for microlp");
        let nothing = audit(&scenario, &policy, &Plan::default());
        must!(!nothing.passes(), "infeasible, and yet the empty plan keeps every rule");
        return Ok(());
    };
    let checked = audit(&scenario, &policy, &proposal.plan);
    let failing = breaking(&checked);
    let own: Vec<&str> = proposal.failing.iter().map(|&rule| policy.rules[rule].id.as_str()).collect();
    must!(failing == own, "the search says that {own:?} fail, the audit {failing:?}");
    let run = Run::new(&scenario, &policy, &proposal);
    let verdict = run.verify(&run.plan, &run.certificate);
    check_verdict(&verdict, &checked)?;
    run.tamper(case, &verdict, seen)?;
    if !checked.passes() {
        seen.broken += 1;
        return Ok(());
    }
    // The bound that the search claims.
    let first = (&proposal.stages[0], checked.values[0].as_f64());
    if let (stage, value, Some(bound)) = (first.0, first.1, first.0.bound) {
        let room = 1e-6 * value.abs().max(bound.abs()).max(1.0);
        let beyond = match stage.sense {
            allot::model::Sense::Maximise => value - bound,
            allot::model::Sense::Minimise => bound - value,
        };
        must!(beyond <= room, "value {value} beyond the search's bound {bound}");
    }
    if verdict.certified {
        seen.certified += 1;
    } else {
        let reasons = &verdict.reasons;
        must!(reasons.iter().all(|reason| is_unknown(reason)), "not certified: {reasons:?}");
        seen.unknown += 1;
    }
    for stages in ["[[stages]]\nkind = \"fragmentation\"\n", "[[stages]]\nkind = \"coverage\"\n"] {
        let alone = policy_of(case, stages);
        if let Some(other) = outcome(&scenario, &alone)? {
            run.hold_against(&other.plan, &checked, &verdict, seen)?;
        } else {
            must!(
                policy.rules.iter().any(|rule| rule.strength != allot::model::Strength::Hard),
                "other stages, no plan"
            );
        }
    }
    run.hold_against(&Plan::default(), &checked, &verdict, seen)
}

/// The verifier in Python says the same of a case as ours: of its plan, and of that tampered with.
pub fn judge_by_python(case: &Case) -> Judgement {
    let (scenario, policy) = (case.world.load(), policy(&case.policy()));
    let Some(proposal) = outcome(&scenario, &policy)? else { return Ok(()) };
    let run = Run::new(&scenario, &policy, &proposal);
    let other = tampered(&scenario, &proposal.plan, &case.tampered).map(|plan| written(&scenario, &plan));
    for bytes in [Some(run.plan.clone()), other].into_iter().flatten() {
        let certificate = run.certify(&bytes);
        let ours = run.verify(&bytes, &certificate);
        let folder = tempfile::tempdir().unwrap();
        let files = [("input.json", &run.input), ("plan.csv", &bytes.0), ("certificate.json", &certificate)];
        for (name, content) in files.into_iter().chain(bytes.1.as_ref().map(|talent| ("talent.csv", talent)))
        {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tools/verify.py");
        let output = std::process::Command::new("python3").arg(script).arg(folder.path()).output().unwrap();
        let theirs: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let reasons = &theirs["reasons"];
        must!(theirs["certified"] == ours.certified, "ours: {:?}, Python: {reasons}", ours.reasons);
        for stage in theirs["stages"].as_array().unwrap() {
            let own = ours.stages.iter().find(|own| stage["stage"] == own.stage).unwrap();
            let same = stage["value"] == serde_json::json!(own.value)
                && stage["bound"] == serde_json::json!(own.bound);
            must!(same, "ours {own:?}, Python {stage}");
        }
    }
    Ok(())
}

/// The rules with other stages, none soft.
fn policy_of(case: &Case, stages: &str) -> Policy {
    let hard: Vec<String> = case.rules.iter().map(|rule| rule.replace("strength = \"soft\"\n", "")).collect();
    policy(&Case { rules: hard.iter().map(|rule| strip(rule)).collect(), ..case.clone() }.policy_with(stages))
}

fn strip(rule: &str) -> String {
    let kept: Vec<&str> = rule.lines().filter(|line| !line.starts_with("penalty")).collect();
    kept.join("\n") + "\n"
}

/// What the verifier may say it does not know.
fn is_unknown(reason: &str) -> bool {
    reason.contains("not known to this verifier") || reason.contains("there is no proof")
}

fn breaking(audit: &Audit) -> Vec<&str> {
    audit.rules.iter().filter(|rule| rule.breaks()).map(|rule| rule.id.as_str()).collect()
}

fn outcome(scenario: &Scenario, policy: &Policy) -> Result<Option<Proposal>, TestCaseError> {
    let options = Options { gap: 0.0, ..Options::default() };
    let settings = Settings { solver: find("highs").unwrap(), options: &options };
    match search(scenario, policy, settings, &mut Unobserved) {
        Ok(Outcome::Plan(proposal)) => Ok(Some(proposal)),
        Ok(Outcome::Infeasible) => Ok(None),
        Ok(Outcome::Nothing(stop)) => Err(TestCaseError::fail(format!("stopped without a limit: {stop:?}"))),
        Err(error) => Err(TestCaseError::fail(error.to_string())),
    }
}

/// The first stage by both solvers; whether there is a plan, where the problem is small enough for microlp.
fn twice(
    case: &Case,
    scenario: &Scenario,
    policy: &Policy,
    seen: &mut Seen,
) -> Result<Option<bool>, TestCaseError> {
    let weights = policy.need_weights(scenario);
    let formulation = formulate(scenario, policy, &weights, Firmness::AsWritten);
    let mut scaled = Scaled::new(&formulation.built.model, scenario.budget_sum().as_f64());
    let stage = &formulation.stages[0];
    scaled.set_objective(&stage.terms, stage.sense);
    let problem = &scaled.problem;
    if problem.integer.iter().filter(|integer| **integer).count() > 12 || !case.world.secondees.is_empty() {
        return Ok(None);
    }
    let options = Options { gap: 0.0, ..Options::default() };
    let answers = ["highs", "microlp"].map(|solver| {
        find(solver).unwrap().solve(problem, &options, &mut |_: Progress| true).map_err(|e| e.to_string())
    });
    let (highs, microlp) = match answers {
        [Ok(highs), Ok(microlp)] => (highs, microlp),
        // microlp now and then meets a singular matrix: a second opinion is not to be had, nothing is claimed.
        [Ok(_), Err(_)] => return Ok(None),
        [Err(error), _] => return Err(TestCaseError::fail(error)),
    };
    seen.compared += 1;
    must!(
        highs.infeasible == microlp.infeasible,
        "infeasible: HiGHS {}, microlp {}",
        highs.infeasible,
        microlp.infeasible
    );
    if let (Some(first), Some(second)) = (&highs.point, &microlp.point) {
        let (first, second) = (problem.cost(first), problem.cost(second));
        let room = 1e-5 * first.abs().max(1.0);
        must!((first - second).abs() <= room, "HiGHS {first}, microlp {second}");
    }
    Ok(Some(!microlp.infeasible))
}

/// `plan.csv`, and `talent.csv` where there are people or posts.
type Bytes = (Vec<u8>, Option<Vec<u8>>);

fn written(scenario: &Scenario, plan: &Plan) -> Bytes {
    (plan_csv(scenario, plan).unwrap(), talent_csv(scenario, plan).unwrap())
}

/// A plan with its certificate, as files.
struct Run<'a> {
    scenario: &'a Scenario,
    policy: &'a Policy,
    proposal: &'a Proposal,
    recorded: Input,
    input: Vec<u8>,
    plan: Bytes,
    certificate: Vec<u8>,
}

impl<'a> Run<'a> {
    fn new(scenario: &'a Scenario, policy: &'a Policy, proposal: &'a Proposal) -> Self {
        let recorded = Input::of(scenario, policy).unwrap();
        let input = serde_json::to_vec(&recorded).unwrap();
        let plan = written(scenario, &proposal.plan);
        let mut run = Self { scenario, policy, proposal, recorded, input, plan, certificate: Vec::new() };
        run.certificate = run.certify(&run.plan);
        run
    }

    fn certify(&self, (plan, talent): &Bytes) -> Vec<u8> {
        let Self { scenario, policy, recorded, input, proposal, .. } = self;
        let plan = (plan.as_slice(), talent.as_deref());
        serde_json::to_vec(&certificate(scenario, policy, (recorded, input), plan, &proposal.stages)).unwrap()
    }

    fn verify(&self, (plan, talent): &Bytes, certificate: &[u8]) -> Verdict {
        verify(Files { input: &self.input, plan, talent: talent.as_deref(), certificate })
    }

    /// Another plan is no better than what is proved.
    fn hold_against(&self, other: &Plan, own: &Audit, verdict: &Verdict, seen: &mut Seen) -> Judgement {
        let there = audit(self.scenario, self.policy, other);
        if !there.passes() {
            return Ok(());
        }
        for stage in &verdict.stages {
            let at = stage.stage - 1;
            let as_good = verdict.stages.iter().filter(|before| before.stage < stage.stage).all(|before| {
                let at = before.stage - 1;
                if is_maximised(before) {
                    there.values[at] >= own.values[at]
                } else {
                    there.values[at] <= own.values[at]
                }
            });
            if let (Some(bound), true) = (&stage.bound, as_good) {
                seen.others += 1;
                let value = there.values[at];
                must!(
                    !is_beyond(stage, value, micro(bound)),
                    "{}: another plan has {value:?}, the bound is {bound}",
                    stage.kind
                );
            }
        }
        Ok(())
    }

    /// The plan with one or two cells changed.
    fn tamper(&self, case: &Case, verdict: &Verdict, seen: &mut Seen) -> Judgement {
        let tampered = tampered(self.scenario, &self.proposal.plan, &case.tampered);
        let Some(tampered) = tampered.filter(|plan| *plan != self.proposal.plan) else { return Ok(()) };
        let plan = written(self.scenario, &tampered);
        must!(!self.verify(&plan, &self.certificate).certified, "a tampered plan is certified");
        let checked = audit(self.scenario, self.policy, &tampered);
        // With the digest of the new file, values and bounds have to be those of the old one.
        let mut certificate: Certificate = serde_json::from_slice(&self.certificate).unwrap();
        certificate.plan_sha256 = sha256(&plan.0);
        let again = self.verify(&plan, &serde_json::to_vec(&certificate).unwrap());
        must!(
            !again.certified || checked.passes(),
            "with its digest a tampered plan that breaks a rule is certified"
        );
        let values =
            |verdict: &Verdict| verdict.stages.iter().map(|stage| stage.value.clone()).collect::<Vec<_>>();
        must!(!again.certified || values(&again) == values(verdict), "a plan of another value is certified");
        // With a certificate of its own it is judged like any other.
        let fresh = self.verify(&plan, &self.certify(&plan));
        check_verdict(&fresh, &checked)?;
        if checked.passes() {
            seen.harmless += 1;
            self.hold_against(
                &tampered,
                &audit(self.scenario, self.policy, &self.proposal.plan),
                verdict,
                seen,
            )?;
            self.hold_against(&self.proposal.plan, &checked, &fresh, seen)?;
        }
        Ok(())
    }
}

/// The verifier against the audit.
fn check_verdict(verdict: &Verdict, audit: &Audit) -> Judgement {
    let mut broken: Vec<&str> = verdict.broken.iter().map(|broken| broken.rule.as_str()).collect();
    broken.dedup();
    let known = |id: &&str| {
        let unknown = format!("rule {id} ");
        !verdict.reasons.iter().any(|reason| reason.starts_with(&unknown) && is_unknown(reason))
    };
    let failing: Vec<&str> = breaking(audit).into_iter().filter(|id| *id != "LINES").filter(known).collect();
    must!(broken == failing, "the verifier says that {broken:?} fail, the audit {failing:?}");
    must!(!verdict.certified || audit.passes(), "certified, and yet {:?} fail", breaking(audit));
    for stage in &verdict.stages {
        let value = audit.values[stage.stage - 1];
        if let Some(own) = &stage.value {
            must!(micro(own) == value, "stage {}: {own} is {value:?} to the audit", stage.kind);
        }
        if let (Some(bound), true) = (&stage.bound, audit.passes()) {
            let is_beyond = is_beyond(stage, value, micro(bound));
            must!(!is_beyond, "stage {}: the plan's own {value:?} is beyond {bound}", stage.kind);
        }
    }
    Ok(())
}

fn tampered(scenario: &Scenario, plan: &Plan, how: &Tampering) -> Option<Plan> {
    let years = scenario.years.len();
    let mut cells = vec![vec![0_i64; years]; scenario.lines.len()];
    for (own, line) in cells.iter_mut().zip(&scenario.lines) {
        if let Some(funded) = plan.find(line.province, line.site, line.sector) {
            *own = funded.by_year.iter().map(|amount| amount.0).collect();
        }
    }
    let size = scenario.lines.len() * years;
    if size == 0 {
        return None;
    }
    let mut add = |cell: usize, by: i64| {
        let cell = &mut cells[cell / years][cell % years];
        let before = *cell;
        *cell = (*cell + by).max(0);
        *cell - before
    };
    let moved = add(how.cell?.index(size), how.by);
    if let Some(to) = how.to {
        add(to.index(size), -moved);
    }
    let people = plan.placements().iter().map(|placement| (placement.key(), placement.number));
    Some(Plan::from_candidates(scenario, &cells).with_people(people))
}

fn is_maximised(stage: &StageVerdict) -> bool {
    ["coverage", "fit"].contains(&stage.kind.as_str())
}

fn is_beyond(stage: &StageVerdict, value: Micro, bound: Micro) -> bool {
    if is_maximised(stage) { value > bound } else { value < bound }
}

/// A decimal with six places.
fn micro(decimal: &str) -> Micro {
    Micro(decimal.replace('.', "").parse().unwrap())
}
