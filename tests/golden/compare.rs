//! Recorded tables and today's, each number with the tolerance that it deserves.

use approx::relative_eq;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

/// A CSV file: header and rows.
pub struct Rows {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    pub fn read(path: &Path) -> Self {
        let mut reader = csv::Reader::from_path(path).unwrap_or_else(|error| {
            panic!("{}: {error}; is it recorded? (ALLOT_REGENERATE=1)", path.display())
        });
        let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        Self { header, rows }
    }

    /// One cell of each row.
    fn column(&self, name: &str) -> Vec<&str> {
        let at = self.header.iter().position(|heading| heading == name).unwrap();
        self.rows.iter().map(|row| row[at].as_str()).collect()
    }

    /// Some cells of each row.
    fn columns<const N: usize>(&self, names: [&str; N]) -> Vec<[&str; N]> {
        let columns = names.map(|name| self.column(name));
        (0..self.rows.len()).map(|row| std::array::from_fn(|column| columns[column][row])).collect()
    }
}

/// Both empty, or two numbers no further apart than `relative` of the recorded one and `absolute`.
#[track_caller]
fn close(now: &str, recorded: &str, relative: f64, absolute: f64, what: &str) {
    if now == recorded {
        return;
    }
    let number =
        |text: &str| text.parse::<f64>().unwrap_or_else(|_| panic!("{what}: {now:?}, was {recorded:?}"));
    let (now, recorded) = (number(now), number(recorded));
    let near = relative_eq!(now, recorded, epsilon = absolute, max_relative = relative);
    assert!(near, "{what}: {now}, was {recorded}");
}

/// Stages of an objective with what was shown about each.
pub struct Stages(Vec<Stage>);

#[derive(Debug)]
struct Stage {
    kind: String,
    sense: String,
    value: f64,
    bound: f64,
    /// What the gap and the tolerance for later stages leave open, relative to the value.
    open: f64,
}

impl Stages {
    pub fn of(document: &Value) -> Self {
        let number = |stage: &Value, key: &str| stage[key].as_f64().unwrap();
        let text = |stage: &Value, key: &str| stage[key].as_str().unwrap().to_owned();
        let stage = |stage: &Value| Stage {
            kind: text(stage, "kind"),
            sense: text(stage, "sense"),
            value: number(stage, "value"),
            bound: number(stage, "bound"),
            open: number(stage, "asked_gap") + number(stage, "tolerance"),
        };
        Self(document["stages"].as_array().unwrap().iter().map(stage).collect())
    }

    pub fn read(path: &Path) -> Self {
        let rows = Rows::read(path);
        let stage = |[kind, sense, value, bound, open]: [&str; 5]| Stage {
            kind: kind.to_owned(),
            sense: sense.to_owned(),
            value: value.parse().unwrap(),
            bound: bound.parse().unwrap(),
            open: open.parse().unwrap(),
        };
        Self(rows.columns(["kind", "sense", "value", "bound", "open"]).into_iter().map(stage).collect())
    }

    pub fn to_csv(&self) -> String {
        let mut text = String::from("kind,sense,value,bound,open\n");
        for Stage { kind, sense, value, bound, open } in &self.0 {
            writeln!(text, "{kind},{sense},{value},{bound},{open}").unwrap();
        }
        text
    }

    /// The optimum is the same; value and bound of either run are within what was left open of it.
    pub fn assert_close(&self, recorded: &Self) {
        assert_eq!(self.0.len(), recorded.0.len());
        for (now, then) in self.0.iter().zip(&recorded.0) {
            assert_eq!((&now.kind, &now.sense), (&then.kind, &then.sense));
            // One unit of money, or one line, for rounding.
            let room = now.open * then.value.abs().max(then.bound.abs()) + 1.0;
            assert!((now.value - then.value).abs() <= room, "{now:?}, was {then:?}");
            assert!((now.bound - then.bound).abs() <= room, "{now:?}, was {then:?}");
            let sign = if now.sense == "maximise" { 1.0 } else { -1.0 };
            assert!(sign * (now.bound - now.value) >= -room, "a value beyond its bound: {now:?}");
            // The first stages are solved over all plans of the policy: no plan is beyond today's bound.
            if ["shortfall", "coverage"].contains(&now.kind.as_str()) {
                assert!(
                    sign * (now.bound - then.value) >= -1.0,
                    "{now:?} claims less than the plan {then:?}"
                );
            }
        }
    }
}

/// The same rules about the same things, asking the same, and passing or failing alike; where asked for,
/// with the same measured values.
pub fn rules(now: &Rows, recorded: &Rows, measured: bool) {
    assert_eq!(now.header, recorded.header);
    let passes = |rows: &Rows| -> BTreeMap<String, bool> {
        let mut passes = BTreeMap::new();
        for [id, passed] in rows.columns(["rule_id", "passes"]) {
            *passes.entry(id.to_owned()).or_insert(true) &= passed == "true";
        }
        passes
    };
    assert_eq!(passes(now), passes(recorded));
    // A ticket is asked of each funded line, and which these are is the plan's choice.
    let asked = |rows: &Rows| -> Vec<[String; 6]> {
        let columns = ["rule_id", "rule", "hard", "scope", "relation", "threshold"];
        let rows = rows.columns(columns).into_iter().filter(|[_, rule, ..]| *rule != "minimum_ticket");
        rows.map(|row| {
            let mut row = row.map(str::to_owned);
            // What a province may pay in a year depends on what the plan carried over.
            if row[1] == "province_budget" {
                row[5].clear();
            }
            row
        })
        .collect()
    };
    assert_eq!(asked(now), asked(recorded));
    if measured {
        let columns = ["rule_id", "scope", "measured", "slack", "passes"];
        for (now, then) in now.columns(columns).into_iter().zip(recorded.columns(columns)) {
            let what = format!("{} {}", then[0], then[1]);
            close(now[2], then[2], 1e-6, 1e-9, &what);
            close(now[3], then[3], 1e-6, 2.0, &what);
            assert_eq!(now[4], then[4], "{what}");
        }
    }
}

/// Which values of a plan are compared; what the input decides always is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metrics {
    /// Those that the objective pins down: money, coverage, lines and links together.
    Whole,
    /// All.
    All,
}

pub fn metrics(now: &Rows, recorded: &Rows, values: Metrics) {
    assert_eq!(now.header, recorded.header);
    let keys = ["kind", "id", "metric", "unit"];
    assert_eq!(now.columns(keys), recorded.columns(keys));
    let columns = ["kind", "id", "metric", "value", "last_plan", "baseline"];
    for (now, then) in now.columns(columns).into_iter().zip(recorded.columns(columns)) {
        let [kind, id, metric, value, last_plan, baseline] = then;
        let what = format!("{kind} {id} {metric}");
        close(now[4], last_plan, 1e-9, 0.0, &what);
        // A linear problem with a unique optimum, rounded.
        close(now[5], baseline, 1e-3, 2.0, &what);
        if metric == "need" {
            assert_eq!(now[3], value, "{what}: the input decides it");
        } else if values == Metrics::All {
            close(now[3], value, 1e-6, 2.0, &what);
        } else if kind == "all" {
            match metric {
                "money" | "coverage" | "budget_use" => close(now[3], value, 0.03, 0.0, &what),
                "lines" | "links" => close(now[3], value, 0.1, 2.0, &what),
                _ => {}
            }
        }
    }
}

/// The same cells, a unit or two apart at most.
pub fn plans(now: &Rows, recorded: &Rows) {
    assert_eq!(now.header, recorded.header);
    let cells = |rows: &Rows| -> BTreeMap<[String; 4], i64> {
        let columns = ["province_id", "site_id", "sector_id", "year", "amount"];
        let cell =
            |[p, s, k, t, amount]: [&str; 5]| ([p, s, k, t].map(str::to_owned), amount.parse().unwrap());
        rows.columns(columns).into_iter().map(cell).collect()
    };
    let (now, then) = (cells(now), cells(recorded));
    for cell in now.keys().chain(then.keys()) {
        let amount = |cells: &BTreeMap<[String; 4], i64>| cells.get(cell).copied().unwrap_or(0);
        let (now, then) = (amount(&now), amount(&then));
        assert!((now - then).abs() <= 2, "{cell:?}: {now}, was {then}");
    }
}
