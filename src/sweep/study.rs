//! A study file: read, checked, and everything that is wrong with it told at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::design::Design;
use super::distribution::Distribution;
use super::parameter::{Operation, Parameter, Source, Value};
use super::path;
use crate::diagnostics::{Code, Diagnostics, Place};

/// Most points of a study.
const MOST_POINTS: usize = 10_000_000;
/// Most values of one range.
const MOST_STEPS: usize = 100_000;

/// A number of the results that a front looks at.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// Id of a metric.
    pub metric: String,
    /// Whether more of it is better.
    #[serde(default)]
    pub most: bool,
}

/// A study as it is written.
#[derive(Debug, Clone)]
pub struct Study {
    /// The file.
    pub file: PathBuf,
    /// Its text.
    pub text: String,
    /// Its title; the name of the file where it has none.
    pub title: String,
    /// The scenario, relative to where the user stands.
    pub scenario: PathBuf,
    /// The policy, where it is not the scenario's own.
    pub policy: Option<String>,
    /// What `--set` would take.
    pub sets: Vec<String>,
    /// Rules of the study's own, by id.
    pub rules: toml::Table,
    /// Gap at which a stage counts as solved.
    pub gap: f64,
    /// Gaps of stages by their kind, where they are not those of the policy.
    pub gaps: BTreeMap<String, f64>,
    /// Seconds for each point; results then depend on the machine.
    pub time_limit: Option<f64>,
    /// Its parameters; with `each`, those of all rows still in one.
    pub parameters: Vec<(Parameter, bool)>,
    /// Which points there are.
    pub design: Design,
    /// Where the design is a front: what it trades off.
    pub objectives: Vec<Objective>,
    /// Where it is a stress test: what each province keeps of its capacity, and whether each rule is switched off.
    pub stress: Option<Stress>,
}

/// What a stress test does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stress {
    /// What each province in turn keeps of its capacity.
    pub provinces: Option<f64>,
    /// Whether each hard rule in turn is switched off.
    pub rules: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawHead {
    title: Option<String>,
    scenario: Option<String>,
    policy: Option<String>,
    set: Option<Vec<String>>,
    gap: Option<f64>,
    gaps: BTreeMap<String, f64>,
    time_limit: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawParameter {
    name: String,
    path: String,
    #[serde(default)]
    change: Operation,
    values: Option<Vec<Value>>,
    from: Option<f64>,
    to: Option<f64>,
    steps: Option<usize>,
    distribution: Option<Distribution>,
    #[serde(default)]
    whole: bool,
    #[serde(default)]
    each: bool,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum RawDesign {
    Grid,
    List {
        points: Vec<BTreeMap<String, Value>>,
    },
    OneAtATime,
    LatinHypercube {
        points: usize,
        #[serde(default)]
        seed: u64,
    },
    MonteCarlo {
        points: usize,
        #[serde(default)]
        seed: u64,
    },
    Pareto {
        objectives: Vec<Objective>,
    },
    Stress {
        provinces: Option<f64>,
        #[serde(default)]
        rules: bool,
    },
}

/// The file while it is read.
struct Reading {
    file: String,
    lines: BTreeMap<String, usize>,
    found: Diagnostics,
}

impl Reading {
    fn place(&self, key: &str) -> Place {
        Place { file: self.file.clone(), row: self.lines.get(key).copied(), column: Some(key.to_owned()) }
    }

    fn tell(&mut self, key: &str, cause: impl Into<String>, action: impl Into<String>) {
        let place = self.place(key);
        self.found.push(Code::BadStudy, place, cause, action);
    }
}

const SEE: &str = "see docs/sweep.md for the keys of a study and their values";

impl Study {
    /// Reads a study.
    ///
    /// # Errors
    /// Everything that is wrong with the file, each with its key.
    pub fn read(file: &Path) -> Result<Self, Diagnostics> {
        let name = file.display().to_string();
        match std::fs::read_to_string(file) {
            Ok(text) => Self::parse(file, &text),
            Err(error) => {
                let mut found = Diagnostics::new();
                let cause = format!("'{name}' cannot be read: {error}");
                found.push(Code::FileUnreadable, Place::file(name), cause, "check the path");
                Err(found)
            }
        }
    }

    /// Understands the text of a study; paths in it are relative to the folder of `file`.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its key.
    pub fn parse(file: &Path, text: &str) -> Result<Self, Diagnostics> {
        let name = file.display().to_string();
        let mut reading = Reading { file: name.clone(), lines: BTreeMap::new(), found: Diagnostics::new() };
        let root = match DeTable::parse(text) {
            Ok(root) => root.into_inner(),
            Err(error) => {
                let row = error.span().map(|span| row_of(text, span.start));
                let place = Place { file: name, row, column: None };
                reading.found.push(
                    Code::BadToml,
                    place,
                    error.message(),
                    "mend the TOML syntax here or on the line before",
                );
                return Err(reading.found);
            }
        };
        note_lines(&root, "", text, &mut reading.lines);
        let pieces = Pieces::of(root, text, &mut reading);
        let study = pieces.study(file, text, &mut reading);
        match study {
            Some(study) if !reading.found.has_errors() => Ok(study),
            _ => Err(reading.found.sorted()),
        }
    }
}

fn row_of(text: &str, offset: usize) -> usize {
    text[..offset.min(text.len())].matches('\n').count() + 1
}

fn note_lines(table: &DeTable<'_>, path: &str, text: &str, lines: &mut BTreeMap<String, usize>) {
    for (key, value) in table {
        let dot = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{dot}{}", key.get_ref());
        lines.insert(path.clone(), row_of(text, key.span().start));
        match value.get_ref() {
            DeValue::Table(inner) => note_lines(inner, &path, text, lines),
            DeValue::Array(elements) => {
                for (position, element) in elements.iter().enumerate() {
                    if let DeValue::Table(inner) = element.get_ref() {
                        let path = format!("{path}[{position}]");
                        lines.insert(path.clone(), row_of(text, element.span().start));
                        note_lines(inner, &path, text, lines);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The parts of a study, each read by itself, so that one wrong part does not hide another.
#[derive(Default)]
struct Pieces {
    head: RawHead,
    rules: toml::Table,
    parameters: Vec<(usize, RawParameter)>,
    design: Option<RawDesign>,
}

impl Pieces {
    fn of(root: DeTable<'_>, text: &str, reading: &mut Reading) -> Self {
        let mut pieces = Self::default();
        for (key, value) in root {
            let name = key.get_ref().to_string();
            match (name.as_str(), value.get_ref()) {
                ("parameters", DeValue::Array(_)) => {
                    let DeValue::Array(elements) = value.into_inner() else { continue };
                    for (position, element) in elements.into_iter().enumerate() {
                        let key = format!("parameters[{position}]");
                        pieces
                            .parameters
                            .extend(read(element, &key, text, reading).map(|raw| (position, raw)));
                    }
                }
                ("design", _) => pieces.design = read(value, "design", text, reading),
                ("rules", _) => pieces.rules = read(value, "rules", text, reading).unwrap_or_default(),
                _ => {
                    let span = value.span();
                    let one: DeTable<'_> = std::iter::once((key, value)).collect();
                    let piece = Spanned::new(span, DeValue::Table(one));
                    let head = read::<RawHead>(piece, &name, text, reading).unwrap_or_default();
                    pieces.head.absorb(head);
                }
            }
        }
        pieces
    }

    fn study(self, file: &Path, text: &str, reading: &mut Reading) -> Option<Study> {
        let Self { head, rules, parameters: raw, design } = self;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if head.scenario.is_none() && !reading.lines.contains_key("scenario") {
            reading.tell(
                "scenario",
                "the study names no scenario",
                "add scenario = \"<folder or override file>\", relative to this file",
            );
        }
        let gap = head.gap.unwrap_or(1e-3);
        if !(gap >= 0.0 && gap.is_finite()) {
            reading.tell("gap", format!("{gap} is no gap"), "write a share of at least 0, such as 0.001");
        }
        for (kind, gap) in head.gaps.iter().filter(|(_, gap)| !(**gap >= 0.0 && gap.is_finite())) {
            let action = "write a share of at least 0, such as 0.02";
            reading.tell(&format!("gaps.{kind}"), format!("{gap} is no gap"), action);
        }
        if let Some(limit) = head.time_limit.filter(|limit| !(*limit > 0.0 && *limit <= 1e9)) {
            reading.tell("time_limit", format!("{limit} is no time"), "write seconds, over 0");
        }
        let mut parameters: Vec<(Parameter, bool)> = Vec::new();
        let mut names = BTreeSet::new();
        for (position, raw) in raw {
            let key = format!("parameters[{position}]");
            if !names.insert(raw.name.clone()) {
                reading.tell(
                    &format!("{key}.name"),
                    format!("there are two parameters '{}'", raw.name),
                    "give each a name of its own",
                );
            }
            parameters.extend(parameter(&raw, &key, reading));
        }
        if design.is_none() && !reading.lines.contains_key("design") {
            reading.tell("design", "the study has no design", "add [design] with kind = \"grid\", \"list\", \"one-at-a-time\", \"latin-hypercube\", \"monte-carlo\", \"pareto\" or \"stress\"");
        }
        let (design, objectives, stress) = checked(design?, &parameters, reading)?;
        Some(Study {
            file: file.to_owned(),
            text: text.to_owned(),
            title: head
                .title
                .unwrap_or_else(|| file.file_stem().unwrap_or_default().to_string_lossy().into_owned()),
            scenario: joined(folder, head.scenario.as_deref().unwrap_or_default()),
            policy: head.policy.map(|policy| {
                let beside = joined(folder, &policy);
                if beside.is_file() { beside.display().to_string() } else { policy }
            }),
            sets: head.set.unwrap_or_default(),
            rules,
            gap,
            gaps: head.gaps,
            time_limit: head.time_limit,
            parameters,
            design,
            objectives,
            stress,
        })
    }
}

/// A path written in a study, without the `.` and `..` that can be taken out.
fn joined(folder: &Path, written: &str) -> PathBuf {
    use std::path::Component;
    let mut path = PathBuf::new();
    for part in folder.join(written).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(path.components().next_back(), Some(Component::Normal(_))) => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }
}

impl RawHead {
    fn absorb(&mut self, other: Self) {
        self.title = other.title.or(self.title.take());
        self.scenario = other.scenario.or(self.scenario.take());
        self.policy = other.policy.or(self.policy.take());
        self.set = other.set.or(self.set.take());
        self.gap = other.gap.or(self.gap);
        self.gaps.extend(other.gaps);
        self.time_limit = other.time_limit.or(self.time_limit);
    }
}

fn read<'de, T: Deserialize<'de>>(
    piece: Spanned<DeValue<'de>>,
    key: &str,
    text: &str,
    reading: &mut Reading,
) -> Option<T> {
    let span = piece.span();
    match T::deserialize(toml::de::ValueDeserializer::from(piece)) {
        Ok(read) => Some(read),
        Err(error) => {
            let row = row_of(text, error.span().unwrap_or(span).start);
            let place = Place { file: reading.file.clone(), row: Some(row), column: Some(key.to_owned()) };
            reading.found.push(Code::BadStudy, place, error.message().trim(), SEE);
            None
        }
    }
}

fn parameter(raw: &RawParameter, key: &str, reading: &mut Reading) -> Option<(Parameter, bool)> {
    let target = match path::parse(&raw.path) {
        Ok(target) => Some(target),
        Err(cause) => {
            let action = "write policy.rules.<id>.<key>, 'tables.<table>[<column>=<text>].<column>' or 'tables.<table>[*].<column>'";
            reading.tell(&format!("{key}.path"), format!("'{}': {cause}", raw.path), action);
            None
        }
    };
    if raw.name.is_empty() || raw.name.contains(|c: char| c.is_control()) {
        reading.tell(
            &format!("{key}.name"),
            "the name is empty or has control characters",
            "name it in a few letters",
        );
    }
    let name = raw.name.clone();
    let source = source(raw, key, reading);
    let is_number = |value: &Value| value.number().is_some_and(f64::is_finite);
    if let Some(Source::List(values)) = &source
        && raw.change != Operation::Set
        && !values.iter().all(is_number)
    {
        reading.tell(
            &format!("{key}.values"),
            "only numbers can multiply or be added",
            "write numbers, or leave change out",
        );
    }
    let over_rows = matches!(&target, Some(path::Target::Cells(cells)) if cells.rows.is_empty());
    if raw.each && !over_rows {
        reading.tell(
            &format!("{key}.each"),
            "each is for a path with [*]",
            "write 'tables.<table>[*].<column>', or leave each out",
        );
    }
    let place = reading.place(key);
    let (operation, whole) = (raw.change, raw.whole);
    Some((Parameter { name, target: target?, operation, source: source?, whole, place }, raw.each))
}

fn source(raw: &RawParameter, key: &str, reading: &mut Reading) -> Option<Source> {
    match (&raw.values, raw.from, raw.to, raw.distribution) {
        (Some(values), None, None, None) if raw.steps.is_none() => {
            if values.is_empty() {
                reading.tell(&format!("{key}.values"), "there is no value", "list at least one");
                return None;
            }
            Some(Source::List(values.clone()))
        }
        (None, Some(from), Some(to), None) => {
            let steps = raw.steps.unwrap_or(5);
            if !(from.is_finite() && to.is_finite() && (1..=MOST_STEPS).contains(&steps)) {
                let action = format!("write two numbers, and steps from 1 to {MOST_STEPS}");
                reading.tell(
                    &format!("{key}.steps"),
                    format!("from {from} to {to} in {steps} steps"),
                    action,
                );
                return None;
            }
            Some(Source::Range { from, to, steps })
        }
        (None, None, None, Some(distribution)) if raw.steps.is_none() => match distribution.wrong() {
            Some(cause) => {
                reading.tell(&format!("{key}.distribution"), cause, SEE);
                None
            }
            None => Some(Source::Distribution(distribution)),
        },
        _ => {
            let cause = "a parameter has either values, or from and to (and steps), or a distribution";
            reading.tell(key, cause, "keep one of them");
            None
        }
    }
}

type Checked = (Design, Vec<Objective>, Option<Stress>);

fn checked(raw: RawDesign, parameters: &[(Parameter, bool)], reading: &mut Reading) -> Option<Checked> {
    let needs_lists = matches!(raw, RawDesign::Grid | RawDesign::OneAtATime | RawDesign::Pareto { .. });
    if needs_lists {
        for (parameter, _) in parameters.iter().filter(|(parameter, _)| parameter.list().is_none()) {
            let (place, action) = (parameter.place.clone(), "give it values, or from, to and steps");
            let cause = format!(
                "'{}' has a distribution, and this design takes each value of a list",
                parameter.name
            );
            reading.found.push(Code::BadStudy, place, cause, action);
        }
    }
    let stress = matches!(raw, RawDesign::Stress { .. });
    if parameters.is_empty() && !stress && !reading.lines.contains_key("parameters") {
        reading.tell(
            "parameters",
            "the study has no parameters",
            "add [[parameters]] with name, path and values",
        );
    }
    if stress && !parameters.is_empty() {
        reading.tell(
            "parameters",
            "a stress test makes its own parameters",
            "take [[parameters]] out, or use another design",
        );
    }
    let mut count = |points: usize| {
        if !(1..=MOST_POINTS).contains(&points) {
            let action = format!("write a number from 1 to {MOST_POINTS}");
            reading.tell("design.points", format!("{points} points"), action);
        }
        points
    };
    let plain = |design| Some((design, Vec::new(), None));
    match raw {
        RawDesign::Grid => plain(Design::Grid),
        RawDesign::OneAtATime => plain(Design::OneAtATime),
        RawDesign::LatinHypercube { points, seed } => {
            plain(Design::LatinHypercube { points: count(points), seed })
        }
        RawDesign::MonteCarlo { points, seed } => plain(Design::MonteCarlo { points: count(points), seed }),
        RawDesign::Pareto { objectives } => {
            if objectives.len() < 2 {
                reading.tell(
                    "design.objectives",
                    "a front needs at least two objectives",
                    "add { metric = \"…\", most = true or false }",
                );
            }
            Some((Design::Grid, objectives, None))
        }
        RawDesign::Stress { provinces, rules } => {
            if provinces.is_some_and(|kept| !(0.0..=10.0).contains(&kept)) {
                reading.tell(
                    "design.provinces",
                    "what a province keeps is a share",
                    "write 0.8 for a loss of 20%",
                );
            }
            if provinces.is_none() && !rules {
                reading.tell(
                    "design",
                    "the stress test does nothing",
                    "write provinces = 0.8, rules = true, or both",
                );
            }
            Some((Design::OneAtATime, Vec::new(), Some(Stress { provinces, rules })))
        }
        RawDesign::List { points } => {
            count(points.len());
            for (position, point) in points.iter().enumerate() {
                for name in
                    point.keys().filter(|name| parameters.iter().all(|(known, _)| known.name != **name))
                {
                    let known: Vec<&str> = parameters.iter().map(|(known, _)| known.name.as_str()).collect();
                    let key = format!("design.points[{position}]");
                    reading.tell(
                        &key,
                        format!("there is no parameter '{name}'"),
                        format!("there are {}", known.join(", ")),
                    );
                }
            }
            let each = parameters.iter().filter(|(_, each)| *each);
            for (parameter, _) in each {
                let cause =
                    format!("'{}' has each, and a list says one value of each parameter", parameter.name);
                reading.found.push(Code::BadStudy, parameter.place.clone(), cause, "leave each out");
            }
            let values = |point: &BTreeMap<String, Value>| {
                parameters.iter().map(|(parameter, _)| point.get(&parameter.name).cloned()).collect()
            };
            plain(Design::List(points.iter().map(values).collect()))
        }
    }
}
