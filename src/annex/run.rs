//! A written run: what `allot solve` left in a folder, and nothing else.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::diagnostics::{Code, Diagnostics, Place};
use crate::digest::sha256;
use crate::report::PlanDocument;
use crate::verify::Input;

/// A written run.
#[derive(Debug, Clone)]
pub struct Run {
    /// `plan.json`.
    pub document: PlanDocument,
    /// `input.json`.
    pub input: Input,
    /// SHA-256 of `input.json`, in hexadecimal digits.
    pub input_sha256: String,
    /// What rules cost, where that was computed.
    pub prices: Option<Prices>,
}

/// `prices.json`, as far as it is needed.
#[derive(Debug, Clone, Deserialize)]
pub struct Prices {
    /// SHA-256 of the input that they are about.
    input_sha256: String,
    /// The objective in which prices are counted.
    pub main_objective: PricedObjective,
    answer: Answer,
}

/// The objective in which prices are counted.
#[derive(Debug, Clone, Deserialize)]
pub struct PricedObjective {
    /// Its kind.
    pub objective: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Answer {
    rules: Vec<Price>,
}

/// What a rule costs: between two values of the main objective.
#[derive(Debug, Clone, Deserialize)]
pub struct Price {
    /// Id of the rule.
    id: String,
    /// Its kind.
    kind: String,
    /// Where it lies.
    #[serde(rename = "price")]
    interval: PriceInterval,
}

/// Where a price lies; none is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct PriceInterval {
    /// At least.
    pub least: Option<f64>,
    /// At most.
    pub most: Option<f64>,
}

impl Prices {
    /// The price of a rule.
    pub fn of(&self, rule: &str) -> Option<PriceInterval> {
        self.answer.rules.iter().find(|price| price.id == rule).map(|price| price.interval)
    }
}

const SOLVE_AGAIN: &str = "run allot solve again, and change none of its files";
const PRICE_AGAIN: &str = "run allot explain RUN_DIR rules --into RUN_DIR again, or take the file out";

impl Run {
    /// Reads a folder that `allot solve` wrote, with the prices of its rules where `allot explain` put them there.
    ///
    /// # Errors
    /// All that is wrong: files that are not there or not of this layout, and files that are not of one run.
    pub fn read(folder: &Path) -> Result<Self, Diagnostics> {
        let mut found = Diagnostics::new();
        let document = json::<PlanDocument>(&folder.join("plan.json"), SOLVE_AGAIN, &mut found);
        let input = json::<Input>(&folder.join("input.json"), SOLVE_AGAIN, &mut found);
        let plan = bytes(&folder.join("plan.csv"), SOLVE_AGAIN, &mut found);
        let path = folder.join("prices.json");
        let prices = path.exists().then(|| json::<Prices>(&path, PRICE_AGAIN, &mut found)).flatten();
        let prices = prices.map(|(prices, _)| prices);
        if let (Some((document, _)), Some((input, bytes))) = (&document, &input) {
            check_one_run(folder, document, input, plan.as_deref(), &mut found);
            if let Some(prices) = &prices {
                check_prices(&path, prices, document, &sha256(bytes), &mut found);
            }
        }
        match (document, input) {
            (Some((document, _)), Some((input, bytes))) if !found.has_errors() => {
                Ok(Self { document, input, input_sha256: sha256(&bytes), prices })
            }
            _ => Err(found.sorted()),
        }
    }
}

fn bytes(path: &Path, action: &str, found: &mut Diagnostics) -> Option<Vec<u8>> {
    match std::fs::read(path) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            let place = Place::file(path.display().to_string());
            found.push(Code::RunUnusable, place, format!("it cannot be read: {error}"), action);
            None
        }
    }
}

fn json<T: DeserializeOwned>(path: &Path, action: &str, found: &mut Diagnostics) -> Option<(T, Vec<u8>)> {
    let bytes = bytes(path, action, found)?;
    match serde_json::from_slice(&bytes) {
        Ok(value) => Some((value, bytes)),
        Err(error) => {
            let place = Place::file(path.display().to_string()).row(error.line());
            found.push(
                Code::RunUnusable,
                place,
                format!("it is not as this version writes it: {error}"),
                action,
            );
            None
        }
    }
}

/// Tells files that are not of one run.
fn check_one_run(
    folder: &Path,
    document: &PlanDocument,
    input: &Input,
    plan: Option<&[u8]>,
    found: &mut Diagnostics,
) {
    let mut tell = |file: &str, cause: String| {
        let place = Place::file(folder.join(file).display().to_string());
        found.push(Code::RunUnusable, place, cause, SOLVE_AGAIN);
    };
    let here = (&document.scenario.id, &document.policy.id, &document.scenario.years);
    if here != (&input.scenario, &input.policy, &input.years) {
        let cause = format!(
            "it is of {} under {}, and plan.json of {} under {}",
            input.scenario, input.policy, here.0, here.1
        );
        tell("input.json", cause);
    }
    if let Some(plan) = plan
        && lines_of(plan).is_none_or(|lines| lines != lines_in(document))
    {
        tell("plan.csv", "its amounts are not those of plan.json".to_owned());
    }
}

type Amounts = BTreeMap<[String; 4], i64>;

/// What `plan.csv` says; `None` where it is no such table.
fn lines_of(plan: &[u8]) -> Option<Amounts> {
    let mut reader = csv::Reader::from_reader(plan);
    let rows = reader.deserialize::<(String, String, String, String, i64)>();
    let amounts = rows.map(|row| row.map(|(p, s, k, year, amount)| ([p, s, k, year], amount)));
    amounts.collect::<Result<_, _>>().ok()
}

/// The same of `plan.json`.
fn lines_in(document: &PlanDocument) -> Amounts {
    let years = &document.scenario.years;
    let amounts = document.lines.iter().flat_map(|line| {
        let key = |year: &i32| {
            [line.province_id.clone(), line.site_id.clone(), line.sector_id.clone(), year.to_string()]
        };
        years.iter().zip(&line.amounts).map(move |(year, amount)| (key(year), *amount))
    });
    amounts.filter(|(_, amount)| *amount != 0).collect()
}

fn check_prices(
    path: &Path,
    prices: &Prices,
    document: &PlanDocument,
    input_sha256: &str,
    found: &mut Diagnostics,
) {
    let mut tell = |cause: String| {
        found.push(Code::RunUnusable, Place::file(path.display().to_string()), cause, PRICE_AGAIN);
    };
    if prices.input_sha256 != input_sha256 {
        tell("its prices are of another input".to_owned());
    }
    for price in &prices.answer.rules {
        if !document.rules.iter().any(|rule| rule.id == price.id && rule.rule == price.kind) {
            let cause =
                format!("it has a price of {} ({}), which is no rule of this run", price.id, price.kind);
            tell(cause);
        }
    }
}
