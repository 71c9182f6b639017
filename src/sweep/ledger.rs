//! The ledger: every run of a study with the hashes of its inputs, its options and its version; every point of it;
//! every plan once. It is written point by point, in a database that survives a kill at any moment.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::point::Row;

/// What went wrong with a ledger.
#[derive(Debug)]
pub struct LedgerError(pub String);

impl std::fmt::Display for LedgerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LedgerError {}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        Self(format!("the ledger: {error}"))
    }
}

impl From<serde_json::Error> for LedgerError {
    fn from(error: serde_json::Error) -> Self {
        Self(format!("a row of the ledger: {error}"))
    }
}

/// Its name in a folder.
const FILE: &str = "ledger.sqlite";

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS runs(
  run TEXT PRIMARY KEY, study TEXT NOT NULL, text TEXT NOT NULL, title TEXT NOT NULL, scenario TEXT NOT NULL,
  policy TEXT NOT NULL, inputs TEXT NOT NULL, options TEXT NOT NULL, version TEXT NOT NULL, points INTEGER NOT NULL,
  started TEXT NOT NULL, seconds REAL NOT NULL DEFAULT 0, finished INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS points(
  run TEXT NOT NULL, point INTEGER NOT NULL, key TEXT NOT NULL, status TEXT NOT NULL, plan TEXT, row TEXT NOT NULL,
  seconds REAL NOT NULL, PRIMARY KEY(run, point)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS plans(plan TEXT PRIMARY KEY, csv TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS known(
  run TEXT NOT NULL, chain INTEGER NOT NULL, point INTEGER, plan TEXT NOT NULL, state BLOB NOT NULL,
  UNIQUE(run, chain, point));
";

/// A run, as it is recorded.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct RunHead {
    /// SHA-256 of input, study, options and version.
    pub run: String,
    /// The study's file, as it was named.
    pub study: String,
    /// Its text.
    pub text: String,
    /// Its title.
    pub title: String,
    /// The scenario, as it was named.
    pub scenario: String,
    /// Id of the policy.
    pub policy: String,
    /// Files that were read, with their SHA-256, as JSON.
    pub inputs: String,
    /// Options, as JSON.
    pub options: String,
    /// Version of allot.
    pub version: String,
    /// How many points it has.
    pub points: usize,
    /// When it began, in UTC.
    pub started: String,
    /// Seconds that its points took, all threads together.
    pub seconds: f64,
    /// Whether every point is there.
    pub finished: bool,
    /// How many points are there.
    pub done: usize,
}

/// What was found out at a point (`None`: the base), for others to start from: the plan and the rest.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    pub point: Option<usize>,
    pub plan: String,
    pub bytes: Vec<u8>,
}

/// A ledger that is open.
#[derive(Debug)]
pub struct Ledger(Connection);

impl Ledger {
    /// Opens the ledger of a folder, made if it is not there.
    ///
    /// # Errors
    /// When it cannot be read or written, or is none.
    pub fn open(folder: &Path) -> Result<Self, LedgerError> {
        let connection = Connection::open(folder.join(FILE))?;
        connection.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self(connection))
    }

    /// Records that a run begins, or goes on.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(&self, head: &RunHead) -> Result<(), LedgerError> {
        self.0.execute(
            "INSERT OR IGNORE INTO runs(run, study, text, title, scenario, policy, inputs, options, version, points, started)
             VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
            params![
                head.run, head.study, head.text, head.title, head.scenario, head.policy, head.inputs, head.options,
                head.version, head.points
            ],
        )?;
        Ok(())
    }

    /// Whether a folder has a ledger.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    /// Whether a run has begun.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn has(&self, run: &str) -> Result<bool, LedgerError> {
        Ok(self.0.prepare_cached("SELECT 1 FROM runs WHERE run = ?")?.exists([run])?)
    }

    /// Takes over the points of a run, and their plans, from the ledger of another folder.
    ///
    /// # Errors
    /// When one of the two cannot be read or written.
    pub(super) fn take(&mut self, run: &str, folder: &Path) -> Result<(), LedgerError> {
        self.0.execute("ATTACH DATABASE ? AS part", [folder.join(FILE).to_string_lossy()])?;
        let transaction = self.0.transaction()?;
        transaction
            .execute("INSERT OR REPLACE INTO points SELECT * FROM part.points WHERE run = ?", [run])?;
        transaction.execute(
            "INSERT OR IGNORE INTO plans SELECT * FROM part.plans
             WHERE plan IN (SELECT plan FROM part.points WHERE run = ?)",
            [run],
        )?;
        transaction.commit()?;
        self.0.execute("DETACH DATABASE part", [])?;
        Ok(())
    }

    /// Records that all is there that was to be solved: every point of a run, or of a part of it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(&self, run: &str) -> Result<(), LedgerError> {
        self.0.execute(
            "UPDATE runs SET finished = points = (SELECT COUNT(*) FROM points WHERE points.run = runs.run),
               seconds = (SELECT TOTAL(seconds) FROM points WHERE points.run = runs.run)
             WHERE run = ?",
            [run],
        )?;
        Ok(())
    }

    /// Writes a point down, with its plan and what its chain goes on from: all or nothing.
    pub(super) fn put(
        &mut self,
        run: &str,
        chain: i64,
        row: Option<(&Row, f64)>,
        plan: Option<(&str, &str)>,
        state: Option<&State>,
    ) -> Result<(), LedgerError> {
        let transaction = self.0.transaction()?;
        if let Some((row, seconds)) = row {
            let mut put = transaction.prepare_cached(
                "INSERT OR REPLACE INTO points(run, point, key, status, plan, row, seconds) VALUES(?, ?, ?, ?, ?, ?, ?)",
            )?;
            let text = serde_json::to_string(row)?;
            put.execute(params![run, row.point, row.key, row.status, row.plan, text, seconds])?;
        }
        if let Some((digest, csv)) = plan {
            let mut put =
                transaction.prepare_cached("INSERT OR IGNORE INTO plans(plan, csv) VALUES(?, ?)")?;
            put.execute([digest, csv])?;
        }
        if let Some(state) = state {
            let mut put = transaction.prepare_cached(
                "INSERT OR REPLACE INTO known(run, chain, point, plan, state) VALUES(?, ?, ?, ?, ?)",
            )?;
            put.execute(params![run, chain, state.point, state.plan, state.bytes])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// What a chain goes on from, in the order in which it came; chain −1 is the base.
    pub(super) fn states(&self, run: &str, chain: i64) -> Result<Vec<State>, LedgerError> {
        let mut get = self.0.prepare_cached(
            "SELECT point, plan, state FROM known WHERE run = ? AND chain = ? ORDER BY rowid",
        )?;
        let states = get.query_map(params![run, chain], |row| {
            Ok(State { point: row.get(0)?, plan: row.get(1)?, bytes: row.get(2)? })
        })?;
        Ok(states.collect::<Result<_, _>>()?)
    }

    /// Drops what a chain would go on from, when it is at its end.
    pub(super) fn forget(&self, run: &str, chain: i64) -> Result<(), LedgerError> {
        self.0.execute("DELETE FROM known WHERE run = ? AND chain = ?", params![run, chain])?;
        Ok(())
    }

    /// Numbers of the points of a run that are there, in order.
    pub(super) fn done(&self, run: &str) -> Result<Vec<usize>, LedgerError> {
        let mut get = self.0.prepare_cached("SELECT point FROM points WHERE run = ? ORDER BY point")?;
        let numbers = get.query_map([run], |row| row.get(0))?;
        Ok(numbers.collect::<Result<_, _>>()?)
    }

    /// A plan, as plan.csv has it.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn plan(&self, digest: &str) -> Result<Option<String>, LedgerError> {
        let mut get = self.0.prepare_cached("SELECT csv FROM plans WHERE plan = ?")?;
        Ok(get.query_row([digest], |row| row.get(0)).optional()?)
    }

    /// Every run, the last one first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn runs(&self) -> Result<Vec<RunHead>, LedgerError> {
        let mut get = self.0.prepare(
            "SELECT run, study, text, title, scenario, policy, inputs, options, version, points, started, seconds, finished,
               (SELECT COUNT(*) FROM points WHERE points.run = runs.run) FROM runs ORDER BY started DESC, rowid DESC",
        )?;
        let heads = get.query_map([], |row| {
            Ok(RunHead {
                run: row.get(0)?,
                study: row.get(1)?,
                text: row.get(2)?,
                title: row.get(3)?,
                scenario: row.get(4)?,
                policy: row.get(5)?,
                inputs: row.get(6)?,
                options: row.get(7)?,
                version: row.get(8)?,
                points: row.get(9)?,
                started: row.get(10)?,
                seconds: row.get(11)?,
                finished: row.get(12)?,
                done: row.get(13)?,
            })
        })?;
        Ok(heads.collect::<Result<_, _>>()?)
    }

    /// A row of a run.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn row(&self, run: &str, point: usize) -> Result<Option<Row>, LedgerError> {
        let mut get = self.0.prepare_cached("SELECT row FROM points WHERE run = ? AND point = ?")?;
        let text: Option<String> = get.query_row(params![run, point], |row| row.get(0)).optional()?;
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
    }

    /// Goes through the rows of a run in the order of their points, one at a time.
    ///
    /// # Errors
    /// When the ledger cannot be read, or what the visitor says.
    pub fn each_row<E: From<LedgerError>>(
        &self,
        run: &str,
        mut visit: impl FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let sqlite = |error: rusqlite::Error| E::from(LedgerError::from(error));
        let mut get =
            self.0.prepare("SELECT row FROM points WHERE run = ? ORDER BY point").map_err(sqlite)?;
        let mut rows = get.query([run]).map_err(sqlite)?;
        while let Some(row) = rows.next().map_err(sqlite)? {
            let text: String = row.get(0).map_err(sqlite)?;
            let row = serde_json::from_str(&text).map_err(|error| E::from(LedgerError::from(error)))?;
            visit(row)?;
        }
        Ok(())
    }
}
