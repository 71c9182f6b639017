//! How long `allot` and `good_lp` take to build the model of a synthetic instance, and what the relaxation
//! of `good_lp`'s model comes to. The peers in Python are measured on the same folder: see benches/peers.
//!
//! ```sh
//! cargo bench --bench modelling -- FOLDER [--only TOOL] [--runs N] [--check]
//! ```
//!
//! Prints a line of JSON for each tool. Without a folder it does nothing.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;
use std::time::Instant;

use allot::domain::{Line, LineId, Scenario};
use allot::formulation::{Firmness, Scaled, formulate};
use allot::policy::Policy;
use allot::units::Ratio;
use good_lp::{
    Constraint, Expression, ProblemVariables, SolverModel, Variable, constraint, variable, variables,
};

#[path = "common/hand_over.rs"]
mod common;
#[path = "common/open.rs"]
mod scenario;

/// Parts of each need: width as a share of it, value of a covered unit. The defaults of `coverage`.
const SEGMENTS: [(f64, f64); 3] = [(0.4, 1.0), (0.35, 0.6), (0.25, 0.25)];

/// The numbers of the generator's policy.
struct Numbers {
    ticket: f64,
    lines_per_province: usize,
    provinces_per_site: usize,
    focus_sites: f64,
    focus_share: f64,
    livelihood_share: f64,
    region_floor: f64,
    first_year_share: f64,
}

impl Numbers {
    fn read(policy: &Path) -> Self {
        let policy: toml::Table = std::fs::read_to_string(policy).unwrap().parse().unwrap();
        let rules = policy["rules"].as_table().unwrap();
        let rule = |kind: &str| rules.values().find(|rule| rule["rule"].as_str() == Some(kind)).unwrap();
        let float = |value: &toml::Value| {
            value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64)).unwrap()
        };
        let count = |value: &toml::Value| usize::try_from(value.as_integer().unwrap()).unwrap();
        Self {
            ticket: float(&rule("minimum_ticket")["amount"]),
            lines_per_province: count(&rule("maximum_lines")["number"]),
            provinces_per_site: count(&rule("maximum_provinces_per_site")["number"]),
            focus_sites: float(&rule("focus_share")["number"]),
            focus_share: float(&rule("focus_share")["share"]),
            livelihood_share: float(&rule("group_share")["min"]),
            region_floor: float(&rule("region_floor")["amount"]),
            first_year_share: float(&rule("phasing")["path"][0]),
        }
    }
}

/// Limits that follow from the tables, made ready before the clock runs, as for the peers in Python.
struct Limits {
    line: Vec<f64>,
    line_year: Vec<f64>,
    site: Vec<f64>,
    excluded: Vec<bool>,
}

impl Limits {
    fn of(scenario: &Scenario) -> Self {
        let years = i64::try_from(scenario.years.len()).unwrap();
        let (mut line, mut line_year, mut all_excluded) = (Vec::new(), Vec::new(), Vec::new());
        let mut taken = vec![vec![0; scenario.provinces.len()]; scenario.sites.len()];
        for candidate in &scenario.lines {
            let excluded =
                scenario.exclusion_of(candidate.province, candidate.site, candidate.sector).is_some();
            let effectiveness = scenario.link_of(candidate).effectiveness;
            let need = scenario.needs[candidate.need.0].amount.0;
            let alone = if excluded { 0 } else { need * Ratio::ONE.micros() / effectiveness.micros() };
            // Capacity and absorption of a synthetic instance are the same in every year.
            let absorption = scenario.sites[candidate.site.0].absorption[0].unwrap().0;
            let a_year = scenario.budget(candidate.province, 0).0.min(absorption);
            let most = alone.min(a_year * years);
            taken[candidate.site.0][candidate.province.0] += most;
            line.push(most as f64);
            line_year.push(a_year.min(alone) as f64);
            all_excluded.push(excluded);
        }
        let whole: Vec<i64> = (0..scenario.provinces.len()).map(|p| scenario.budgets.row(p).sum()).collect();
        let site = |taken: &Vec<i64>| taken.iter().zip(&whole).map(|(a, b)| *a.min(b)).sum::<i64>() as f64;
        Self { line, line_year, site: taken.iter().map(site).collect(), excluded: all_excluded }
    }
}

/// The lines that have the same province, site or region.
fn grouped(scenario: &Scenario, groups: usize, of: impl Fn(&Line) -> usize) -> Vec<Vec<LineId>> {
    let mut members = vec![Vec::new(); groups];
    for (position, line) in scenario.lines.iter().enumerate() {
        members[of(line)].push(LineId(position));
    }
    members
}

fn sum(columns: impl Iterator<Item = Variable>) -> Expression {
    columns.sum()
}

const GOOD_LP: &str = "good_lp 1.15";

/// What `good_lp` keeps: variables, objective, constraints.
type Model = (ProblemVariables, Expression, Vec<Constraint>);

/// The model as `good_lp`'s manual would write it. `whole` is whether yes and no are whole numbers.
#[allow(clippy::too_many_lines)] // one model, read from top to bottom
fn with_good_lp(
    scenario: &Scenario,
    weights: &[Ratio],
    numbers: &Numbers,
    limits: &Limits,
    whole: bool,
) -> Model {
    let years = scenario.years.len();
    let lines = scenario.lines.len();
    let yes_no = || if whole { variable().binary() } else { variable().min(0).max(1) };
    variables! { vars: }
    let x: Vec<Vec<Variable>> =
        limits.line_year.iter().map(|&most| vars.add_vector(variable().min(0).max(most), years)).collect();
    let total: Vec<Variable> =
        limits.line.iter().map(|&most| vars.add(variable().min(0).max(most))).collect();
    let open = vars.add_vector(yes_no(), lines);
    let focus = vars.add_vector(yes_no(), scenario.sites.len());
    let focus_money: Vec<Variable> =
        limits.site.iter().map(|&most| vars.add(variable().min(0).max(most))).collect();
    let mut rows: Vec<Constraint> = Vec::new();

    for l in 0..lines {
        rows.push(constraint!(sum(x[l].iter().copied()) == total[l]));
        rows.push(constraint!(total[l] <= limits.line[l] * open[l]));
        rows.push(constraint!(total[l] >= numbers.ticket * open[l]));
        if limits.excluded[l] {
            rows.push(constraint!(total[l] <= 0));
        }
    }
    let livelihood = |line: LineId| {
        let sector = &scenario.sectors[scenario.lines[line.0].sector.0];
        f64::from(u8::from(sector.groups.iter().any(|group| group == "livelihood")))
    };
    let by_province = grouped(scenario, scenario.provinces.len(), |line| line.province.0);
    for (p, own) in by_province.iter().enumerate() {
        for (year, &budget) in scenario.budgets.row(p).iter().enumerate() {
            let budget = budget as f64;
            rows.push(constraint!(sum(own.iter().map(|l| x[l.0][year])) <= budget));
        }
        let share: Expression =
            own.iter().map(|&l| (livelihood(l) - numbers.livelihood_share) * total[l.0]).sum();
        rows.push(constraint!(share >= 0));
        if own.len() > numbers.lines_per_province {
            let most = numbers.lines_per_province as f64;
            rows.push(constraint!(sum(own.iter().map(|l| open[l.0])) <= most));
        }
    }
    let mut links = vec![Vec::new(); scenario.sites.len()];
    for link in &scenario.links {
        links[link.site.0].push(link);
    }
    for here in links.iter().filter(|here| here.len() > numbers.provinces_per_site) {
        let active = vars.add_vector(yes_no(), here.len());
        for (link, &active) in here.iter().zip(&active) {
            rows.extend(link.lines.clone().map(|l| constraint!(open[l] <= active)));
        }
        rows.push(constraint!(sum(active.into_iter()) <= numbers.provinces_per_site as f64));
    }
    let by_site = grouped(scenario, scenario.sites.len(), |line| line.site.0);
    for (s, here) in by_site.iter().enumerate() {
        for (year, most) in scenario.sites[s].absorption.iter().enumerate() {
            let most = most.unwrap().as_f64();
            rows.push(constraint!(sum(here.iter().map(|l| x[l.0][year])) <= most));
        }
        rows.push(constraint!(focus_money[s] <= sum(here.iter().map(|l| total[l.0]))));
        rows.push(constraint!(focus_money[s] <= limits.site[s] * focus[s]));
    }
    rows.push(constraint!(sum(focus.iter().copied()) <= numbers.focus_sites));
    let all = numbers.focus_share * sum(total.iter().copied());
    rows.push(constraint!(sum(focus_money.iter().copied()) >= all));
    let region = |line: &Line| scenario.sites[line.site.0].region.0;
    for here in grouped(scenario, scenario.regions.len(), region) {
        rows.push(constraint!(sum(here.iter().map(|l| total[l.0])) >= numbers.region_floor));
    }
    let is_key =
        |l: &usize| scenario.sites[scenario.lines[*l].site.0].groups.iter().any(|group| group == "key");
    let key: Vec<usize> = (0..lines).filter(is_key).collect();
    let first = sum(key.iter().map(|&l| x[l][0]));
    rows.push(constraint!(first >= numbers.first_year_share * sum(key.iter().map(|&l| total[l]))));

    let mut objective = Expression::default();
    for (need, weight) in scenario.needs.iter().zip(weights) {
        let amount = need.amount.as_f64();
        let effect = || -> Expression {
            let effectiveness = |l: &LineId| scenario.link_of(&scenario.lines[l.0]).effectiveness.as_f64();
            need.lines.iter().map(|l| effectiveness(l) * total[l.0]).sum()
        };
        let mut covered = Expression::with_capacity(SEGMENTS.len());
        for (width, value) in SEGMENTS {
            let part = vars.add(variable().min(0).max(amount * width));
            rows.push(constraint!(part <= amount * width * sum(need.lines.iter().map(|l| open[l.0]))));
            covered += part;
            objective += weight.as_f64() * value * part;
        }
        rows.push(constraint!(covered <= effect()));
        rows.push(constraint!(effect() <= amount));
    }
    (vars, objective, rows)
}

/// The relaxation's optimum, by microlp.
fn relaxation((vars, objective, rows): Model) -> f64 {
    use good_lp::Solution;
    let mut model = vars.maximise(objective.clone()).using(good_lp::microlp);
    for row in rows {
        model.add_constraint(row);
    }
    model.solve().unwrap().eval(objective)
}

/// Times in seconds: building, then handing what was built to a solver.
#[derive(Default)]
struct Times {
    build: Vec<f64>,
    hand_over: Vec<f64>,
    columns: usize,
    rows: usize,
}

impl Times {
    fn print(&self, tool: &str, version: &str) {
        let record = serde_json::json!({
            "tool": tool,
            "version": version,
            "columns": self.columns,
            "rows": self.rows,
            "build": self.build,
            "hand_over": self.hand_over,
        });
        println!("{record}");
    }
}

fn time_allot(scenario: &Scenario, policy: &Policy, weights: &[Ratio], runs: usize) {
    let mut times = Times::default();
    for _ in 0..runs {
        let started = Instant::now();
        let formulation = formulate(scenario, policy, weights, Firmness::AsWritten);
        let mut scaled = Scaled::new(&formulation.built.model, scenario.budget_sum().as_f64());
        scaled.set_objective(&formulation.stages[0].terms, formulation.stages[0].sense);
        times.build.push(started.elapsed().as_secs_f64());
        times.columns = formulation.built.model.column_count();
        times.rows = formulation.built.model.row_count();
        let started = Instant::now();
        common::hand_over(&scaled.problem);
        times.hand_over.push(started.elapsed().as_secs_f64());
    }
    times.print("allot", concat!("allot ", env!("CARGO_PKG_VERSION")));
}

fn time_good_lp(scenario: &Scenario, weights: &[Ratio], numbers: &Numbers, limits: &Limits, runs: usize) {
    let mut times = Times::default();
    for _ in 0..runs {
        let started = Instant::now();
        let (vars, objective, rows) = with_good_lp(scenario, weights, numbers, limits, true);
        times.build.push(started.elapsed().as_secs_f64());
        (times.columns, times.rows) = (vars.len(), rows.len());
        let started = Instant::now();
        let mut model = vars.maximise(objective).using(good_lp::microlp);
        for row in rows {
            model.add_constraint(row);
        }
        times.hand_over.push(started.elapsed().as_secs_f64());
        drop(model);
    }
    times.print("good_lp", GOOD_LP);
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let Some(folder) = arguments.first().filter(|word| !word.starts_with("--")) else {
        println!("modelling: name the folder of an instance, as `make bench` does");
        return;
    };
    let value =
        |name: &str| arguments.iter().position(|word| word == name).map(|at| arguments[at + 1].as_str());
    let runs: usize = value("--runs").map_or(5, |runs| runs.parse().unwrap());
    let wanted = |tool: &str| value("--only").is_none_or(|only| only == tool);
    let (loaded, policy) = scenario::open(Path::new(folder));
    let scenario = &loaded.scenario;
    let file = loaded.policy_folder.join(loaded.policy.as_ref().unwrap());
    let weights = policy.need_weights(scenario);
    let (numbers, limits) = (Numbers::read(&file), Limits::of(scenario));
    if arguments.iter().any(|word| word == "--check") {
        let model = with_good_lp(scenario, &weights, &numbers, &limits, false);
        let (columns, rows) = (model.0.len(), model.2.len());
        let relaxation = relaxation(model);
        let check = serde_json::json!({"version": GOOD_LP, "columns": columns, "rows": rows, "relaxation": relaxation});
        println!("{check}");
        return;
    }

    if wanted("allot") {
        time_allot(scenario, &policy, &weights, runs);
    }
    if wanted("good_lp") {
        time_good_lp(scenario, &weights, &numbers, &limits, runs);
    }
}
