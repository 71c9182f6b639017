//! What a search found out about a problem, as a start for one that differs little: the yes-or-no decisions and the
//! multipliers of each stage. Nothing of it is believed: decisions are completed to a plan of the new problem, and
//! a bound is computed anew from the multipliers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{ColumnKind, Model, Name};

/// A stage of a solved problem.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KnownStage {
    /// Whether each binary is taken, in the order of the model's columns.
    pub decisions: Vec<bool>,
    /// What each row's limit is worth, in the solver's units; behind the model's rows those that keep what earlier
    /// stages reached. Empty where nothing was found.
    pub multipliers: Vec<f64>,
}

/// What rows and binaries of a problem are called. Rules are named by their ids, since their positions change when
/// one is switched off.
#[derive(Debug, PartialEq)]
pub struct Layout {
    rule_ids: Vec<String>,
    binaries: Vec<Name>,
    rows: Vec<Name>,
}

/// What a search found out.
#[derive(Debug, Clone)]
pub struct Known {
    layout: Arc<Layout>,
    /// Each stage, in order.
    pub stages: Vec<KnownStage>,
}

impl Layout {
    /// The layout of a model whose rules have these ids.
    pub(super) fn of(model: &Model, rule_ids: &[String]) -> Self {
        let columns = model.column_names.iter().zip(&model.kinds);
        let binaries = columns.filter(|(_, kind)| **kind == ColumnKind::Binary);
        Self {
            rule_ids: rule_ids.to_vec(),
            binaries: binaries.map(|(name, _)| name.clone()).collect(),
            rows: model.row_names.clone(),
        }
    }
}

impl Known {
    /// Puts together what was found out about a problem of this layout.
    pub fn new(layout: Arc<Layout>, stages: Vec<KnownStage>) -> Self {
        Self { layout, stages }
    }

    /// The same, said of a problem of another layout: `None` stands for a decision of which nothing is known.
    pub(super) fn said_of(&self, layout: &Layout) -> Vec<Hint> {
        let (old, new) = (&*self.layout, layout);
        let is_same = old == new;
        let of = |names: &[Name], old_names: &[Name]| -> Vec<Option<usize>> {
            if is_same {
                return (0..names.len()).map(Some).collect();
            }
            let known: BTreeMap<Called<'_>, usize> =
                old_names.iter().map(|name| called(name, &old.rule_ids)).zip(0..).collect();
            names.iter().map(|name| known.get(&called(name, &new.rule_ids)).copied()).collect()
        };
        let binaries = of(&new.binaries, &old.binaries);
        let rows = of(&new.rows, &old.rows);
        let hint = |stage: &KnownStage| {
            let decision = |at: &Option<usize>| at.and_then(|at| stage.decisions.get(at).copied());
            let own =
                rows.iter().map(|at| at.and_then(|at| stage.multipliers.get(at).copied()).unwrap_or(0.0));
            let kept = stage.multipliers.get(old.rows.len()..).unwrap_or_default();
            let multipliers =
                (!stage.multipliers.is_empty()).then(|| own.chain(kept.iter().copied()).collect());
            Hint { decisions: binaries.iter().map(decision).collect(), multipliers }
        };
        self.stages.iter().map(hint).collect()
    }
}

/// What is known of a stage of the problem in hand.
#[derive(Debug, Clone)]
pub(super) struct Hint {
    /// For each binary.
    pub decisions: Vec<Option<bool>>,
    /// For each row, those that keep earlier stages behind the others.
    pub multipliers: Option<Vec<f64>>,
}

type Called<'a> = (&'static str, Option<&'a str>, &'a crate::model::Subject, &'static str);

fn called<'a>(name: &'a Name, rule_ids: &'a [String]) -> Called<'a> {
    let rule = name.rule.and_then(|rule| rule_ids.get(rule)).map(String::as_str);
    (name.what, rule, &name.subject, name.part)
}

/// Numbers in bytes, each behind its length where it is a list.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        usize::try_from(u64::from_le_bytes(self.take(8)?.try_into().ok()?)).ok()
    }
}

impl Known {
    /// What was found out, without the layout: to be written down.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let length = |bytes: &mut Vec<u8>, count: usize| bytes.extend((count as u64).to_le_bytes());
        length(&mut bytes, self.stages.len());
        for KnownStage { decisions, multipliers } in &self.stages {
            length(&mut bytes, decisions.len());
            bytes.extend(decisions.iter().map(|taken| u8::from(*taken)));
            length(&mut bytes, multipliers.len());
            bytes.extend(multipliers.iter().flat_map(|multiplier| multiplier.to_le_bytes()));
        }
        bytes
    }

    /// Reads it again, for a problem of the same layout. `None` where the bytes are something else.
    pub fn from_bytes(layout: Layout, bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let mut stages = Vec::new();
        for _ in 0..bytes.number()? {
            let count = bytes.number()?;
            let decisions = bytes.take(count)?.iter().map(|taken| *taken == 1).collect();
            let count = bytes.number()?.checked_mul(8)?;
            let numbers = bytes.take(count)?.chunks_exact(8);
            let multipliers = numbers
                .map(|eight| Some(f64::from_le_bytes(eight.try_into().ok()?)))
                .collect::<Option<_>>()?;
            stages.push(KnownStage { decisions, multipliers });
        }
        Some(Self::new(Arc::new(layout), stages))
    }
}
