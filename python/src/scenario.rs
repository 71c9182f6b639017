//! A scenario as it was read: its tables to look at, and solving it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use allot::conflict;
use allot::diagnostics::Diagnostics;
use allot::input::{Source, TableColumn};
use allot::report::{infeasibility_json, infeasibility_text};
use allot::rules::Registry;
use allot::run::{self, Opened, Run, Search};
use allot::search::{self, Outcome, Settings};
use allot::solve::{Options, SolverError, Stop, solvers};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;

use crate::errors;
use crate::table::{Table, columns_of};
use crate::waiting::{Stoppable, wait_for};

/// Files of a run.
type RunFiles = Vec<(String, Vec<u8>)>;
/// Given tables, as they are pickled: the name of each, and its columns with their headings and cells.
type Pickled = Vec<(String, Vec<(String, Vec<String>)>)>;

/// A scenario and its policy as they were read. It does not change; a change makes another.
#[pyclass(frozen, module = "allot._allot")]
pub struct OpenScenario {
    source: Source,
    policy: Option<String>,
    /// SHA-256 of every file, the policy's last.
    #[pyo3(get)]
    digests: Vec<String>,
    tables: Vec<(&'static str, Vec<TableColumn>)>,
    /// Id.
    #[pyo3(get)]
    id: String,
    /// Title in Chinese and English.
    #[pyo3(get)]
    title: (String, String),
    /// Years of the horizon.
    #[pyo3(get)]
    years: Vec<i32>,
    /// ISO 4217 code.
    #[pyo3(get)]
    currency: String,
    /// Currency in one unit of money.
    #[pyo3(get)]
    unit: i64,
    /// Id of the policy.
    #[pyo3(get)]
    policy_id: String,
    /// What is odd, as JSON.
    #[pyo3(get)]
    warnings: String,
}

fn digests(opened: &Opened) -> Vec<String> {
    opened.inputs().into_iter().map(|input| input.sha256).collect()
}

impl OpenScenario {
    fn read(source: Source, policy: Option<String>) -> Result<Self, Diagnostics> {
        let opened = Opened::read(&source, policy.as_deref(), &Registry::standard())?;
        let scenario = &opened.loaded.scenario;
        Ok(Self {
            digests: digests(&opened),
            tables: opened.loaded.tables(),
            id: scenario.id.clone(),
            title: (scenario.title.zh.clone(), scenario.title.en.clone()),
            years: scenario.years.clone(),
            currency: scenario.money.currency.clone(),
            unit: scenario.money.unit,
            policy_id: opened.policy.id.clone(),
            warnings: errors::diagnostics_json(&opened.warnings),
            source,
            policy,
        })
    }

    fn changed(&self, py: Python<'_>, source: Source) -> PyResult<Self> {
        let policy = self.policy.clone();
        py.detach(|| Self::read(source, policy)).map_err(|found| errors::input(py, &found))
    }
}

#[pymethods]
impl OpenScenario {
    /// Reads a scenario. Where `digests` are given, its files must still have them.
    #[new]
    #[pyo3(signature = (path, policy, sets, tables = Vec::new(), digests = None))]
    fn new(
        py: Python<'_>,
        path: PathBuf,
        policy: Option<String>,
        sets: Vec<String>,
        tables: Pickled,
        digests: Option<Vec<String>>,
    ) -> PyResult<Self> {
        let column = |(name, cells)| TableColumn { name, is_number: false, cells };
        let tables = tables
            .into_iter()
            .map(|(name, columns)| (name, columns.into_iter().map(column).collect()))
            .collect();
        let source = Source { path, sets, tables };
        let read = py.detach(|| Self::read(source, policy)).map_err(|found| errors::input(py, &found))?;
        match digests {
            Some(digests) if digests != read.digests => Err(errors::changed(py, CHANGED)),
            _ => Ok(read),
        }
    }

    /// For pickle: what `new` takes, with paths that hold wherever it is read again.
    #[allow(clippy::type_complexity)]
    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyAny>, (PathBuf, Option<String>, Vec<String>, Pickled, Vec<String>))> {
        let this = slf.get();
        let path = std::path::absolute(&this.source.path)?;
        // A built-in policy is a name, and no file.
        let policy = this.policy.as_ref().map(|policy| match std::path::absolute(policy) {
            Ok(file) if Path::new(policy).is_file() => file.display().to_string(),
            _ => policy.clone(),
        });
        let columns = |columns: &Vec<TableColumn>| {
            columns.iter().map(|column| (column.name.clone(), column.cells.clone())).collect()
        };
        let tables = this.source.tables.iter().map(|(name, given)| (name.clone(), columns(given))).collect();
        let state = (path, policy, this.source.sets.clone(), tables, this.digests.clone());
        Ok((slf.get_type().into_any(), state))
    }

    /// Names of the tables that there are.
    #[getter]
    fn tables(&self) -> Vec<&'static str> {
        self.tables.iter().map(|(name, _)| *name).collect()
    }

    /// A table.
    fn table(&self, name: &str) -> PyResult<Table> {
        let found = self.tables.iter().find(|(known, _)| *known == name);
        let (_, columns) = found.ok_or_else(|| {
            PyKeyError::new_err(format!("no table '{name}'; there are {}", self.tables().join(", ")))
        })?;
        Table::of_scenario(columns)
    }

    /// The scenario with other tables.
    fn with_tables(&self, py: Python<'_>, frames: BTreeMap<String, Bound<'_, PyAny>>) -> PyResult<Self> {
        let mut source = self.source.clone();
        for (name, frame) in &frames {
            source.tables.insert(name.clone(), columns_of(frame)?);
        }
        // What was set in a table before is in it now.
        source.sets.retain(|set| table_of_set(set).is_none_or(|table| !frames.contains_key(table)));
        drop(frames);
        self.changed(py, source)
    }

    /// The scenario with a value set, as `--set` takes it.
    fn with_set(&self, py: Python<'_>, set: String) -> PyResult<Self> {
        let mut source = self.source.clone();
        source.sets.push(set);
        self.changed(py, source)
    }

    /// Everything that is wrong or odd now, as JSON: the files are read again.
    fn check(&self, py: Python<'_>) -> String {
        let (source, policy) = (self.source.clone(), self.policy.clone());
        py.detach(|| match Opened::read(&source, policy.as_deref(), &Registry::standard()) {
            Ok(opened) => errors::diagnostics_json(&opened.warnings),
            Err(found) => errors::diagnostics_json(&found),
        })
    }

    /// Solves: the files of a run.
    #[allow(clippy::too_many_arguments)]
    fn solve(
        &self,
        py: Python<'_>,
        gap: f64,
        time_limit: Option<f64>,
        node_limit: Option<u64>,
        threads: usize,
        seed: u32,
        baseline: &str,
        conflicts: usize,
    ) -> PyResult<RunFiles> {
        if !(gap >= 0.0 && gap.is_finite()) {
            return Err(PyValueError::new_err(format!(
                "gap is {gap}; give a share of at least 0, such as 0.001"
            )));
        }
        if let Some(limit) = time_limit.filter(|limit| !(*limit > 0.0 && *limit <= 1e9)) {
            let told = format!("time_limit is {limit}; give seconds, over 0 and at most 1000000000");
            return Err(PyValueError::new_err(told));
        }
        if threads == 0 {
            return Err(PyValueError::new_err("threads is 0; give at least 1"));
        }
        let date = run::date().map_err(PyValueError::new_err)?;
        let time_limit = time_limit.map(Duration::from_secs_f64);
        let options = Options { gap, time_limit, node_limit, threads, seed, ..Options::default() };
        let job = Job { scenario: self, options, baseline, conflicts, date };
        match wait_for(py, None, |stop| job.solve(stop))? {
            Ok(files) => Ok(files),
            Err(Failure::Input(found)) => Err(errors::input(py, &found)),
            Err(Failure::Changed) => Err(errors::changed(py, CHANGED)),
            Err(Failure::Infeasible { text, json }) => Err(errors::infeasible(py, &text, &json)),
            Err(Failure::Stopped(stop)) => Err(errors::stopped(py, allot::report::document::stop_word(stop))),
            Err(Failure::Defect(cause)) => Err(errors::defect(py, &cause)),
        }
    }
}

const CHANGED: &str =
    "files of the scenario or its policy are no longer as they were when it was loaded; load it again";

/// The table that a `--set` changes.
fn table_of_set(set: &str) -> Option<&str> {
    let (kind, rest) = set.split_once('.')?;
    let (table, _) = rest.split_once('[')?;
    (kind.trim() == "tables").then(|| table.trim())
}

/// Why there is no plan.
enum Failure {
    Input(Diagnostics),
    Changed,
    Infeasible { text: String, json: String },
    Stopped(Stop),
    Defect(String),
}

impl From<SolverError> for Failure {
    fn from(error: SolverError) -> Self {
        Self::Defect(error.to_string())
    }
}

/// A solve that was asked for.
struct Job<'a> {
    scenario: &'a OpenScenario,
    options: Options,
    baseline: &'a str,
    conflicts: usize,
    date: String,
}

impl Job<'_> {
    fn open(&self, more: &[String], registry: &Registry) -> Result<Opened, Diagnostics> {
        let OpenScenario { source, policy, .. } = self.scenario;
        let sets = [&source.sets, more].concat();
        Opened::read(&Source { sets, ..source.clone() }, policy.as_deref(), registry)
    }

    fn solve(&self, stop: &AtomicBool) -> Result<RunFiles, Failure> {
        let (started, registry) = (Instant::now(), Registry::standard());
        let opened = self.open(&[], &registry).map_err(Failure::Input)?;
        if digests(&opened) != self.scenario.digests {
            return Err(Failure::Changed);
        }
        let baseline = opened.baseline(self.baseline, &registry).map_err(Failure::Input)?;
        let reading = started.elapsed().as_secs_f64();
        let settings = Settings { solver: solvers()[0], options: &self.options };
        let scenario = &opened.loaded.scenario;
        let mut observer = Stoppable(stop);
        let proposal = match search::search(scenario, &opened.policy, settings, &mut observer)? {
            Outcome::Plan(proposal) => proposal,
            Outcome::Nothing(why) => return Err(Failure::Stopped(why)),
            Outcome::Infeasible => return Err(self.infeasible(&opened, settings, stop, &registry)?),
        };
        // A yardstick: where it has no plan here, the run goes on without.
        let baseline =
            baseline.and_then(|policy| match search::search(scenario, &policy, settings, &mut observer) {
                Ok(Outcome::Plan(proposal)) => Some((policy.id, proposal.plan)),
                _ => None,
            });
        let search = Search {
            opened: &opened,
            settings,
            overrides: &self.scenario.source.sets,
            baseline,
            interrupted: stop.load(Ordering::Relaxed),
            date: self.date.clone(),
            reading,
            started,
        };
        let Run { files, .. } =
            search.finish(&proposal).map_err(|error| Failure::Defect(error.to_string()))?;
        Ok(files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect())
    }

    fn infeasible(
        &self,
        opened: &Opened,
        settings: Settings<'_>,
        stop: &AtomicBool,
        registry: &Registry,
    ) -> Result<Failure, SolverError> {
        let reopen = |sets: &[String]| {
            let opened = self.open(sets, registry).ok()?;
            Some((opened.loaded.scenario, opened.policy))
        };
        let (scenario, policy, places) = (&opened.loaded.scenario, &opened.policy, &opened.loaded.places);
        let case = conflict::Case { scenario, policy, places, reopen: &reopen };
        let found = conflict::explain(&case, self.conflicts, settings, &mut Stoppable(stop))?;
        let text = infeasibility_text(&found, policy, true);
        Ok(Failure::Infeasible { text, json: infeasibility_json(&found, policy, true).to_string() })
    }
}
