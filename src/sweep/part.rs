//! Parts of a study, for tasks that share nothing but files. Each solves whole chains of points into a folder of its
//! own, so that together their rows are those of one run.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::base::Base;
use super::ledger::Ledger;
use super::runner::{SweepError, chain_length};
use crate::diagnostics::{Code, Diagnostics, Place};

/// Most parts of a study.
const MOST: usize = 1_000_000;

/// One of so many parts of a study. The default is all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// From 1.
    number: usize,
    of: usize,
}

impl Default for Part {
    fn default() -> Self {
        Self { number: 1, of: 1 }
    }
}

impl FromStr for Part {
    type Err = String;

    /// `3/20` is the third of twenty.
    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(number, of)| {
            Some(Self { number: number.trim().parse().ok()?, of: of.trim().parse().ok()? })
        });
        parsed
            .filter(|part| (1..=part.of).contains(&part.number) && part.of <= MOST)
            .ok_or_else(|| format!("write it as 3/20: the third of twenty parts, of at most {MOST}"))
    }
}

impl Part {
    /// Its points, of so many: positions in the order in which they are solved.
    pub fn positions(self, points: usize) -> Range<usize> {
        let length = chain_length(points);
        let chains = points.div_ceil(length);
        let start = |number: usize| (number * chains / self.of * length).min(points);
        start(self.number - 1)..start(self.number)
    }
}

/// Puts the rows of other folders into a ledger, each point from one of them, or nothing at all.
///
/// # Errors
/// Every folder that is not of this study, every point that is in two of them, and every one that is in none.
pub fn merge(
    base: &Base<'_>,
    ledger: &mut Ledger,
    into: &Path,
    folders: &[PathBuf],
) -> Result<(), SweepError> {
    let mut found = Diagnostics::new();
    let mut folder_of: Vec<Option<usize>> = vec![None; base.points.count().unwrap_or(0)];
    for (position, folder) in folders.iter().enumerate() {
        let mut wrong = |cause: String, action: &str| {
            found.push(Code::BadParts, Place::file(folder.display().to_string()), cause, action);
        };
        if folder.canonicalize().is_ok_and(|folder| into.canonicalize().is_ok_and(|into| into == folder)) {
            wrong(
                "the folder is that of --out".to_owned(),
                "give the parts a folder each, and another --out",
            );
            continue;
        }
        if !Ledger::is_in(folder) {
            wrong("the folder has no ledger.sqlite".to_owned(), "give folders that allot sweep wrote");
            continue;
        }
        let part = Ledger::open(folder)?;
        let points = part.done(&base.key)?;
        if points.is_empty() && !part.has(&base.key)? {
            let runs = part.runs()?;
            let runs: Vec<String> =
                runs.iter().map(|run| format!("'{}' by allot {}", run.title, run.version)).collect();
            let there = if runs.is_empty() { "none".to_owned() } else { runs.join(", ") };
            wrong(
                format!("no run is of this study, its input and this version of allot; there is {there}"),
                "leave the folder out, or solve the part again with the study as it is now",
            );
            continue;
        }
        let mut twice: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for point in points {
            match folder_of[point] {
                Some(other) => twice.entry(other).or_default().push(point),
                None => folder_of[point] = Some(position),
            }
        }
        for (other, points) in twice {
            let other = folders[other].display();
            wrong(format!("{} are also in {other}", named(&points)), "leave one of the two out");
        }
    }
    let missing: Vec<usize> = (0..folder_of.len()).filter(|point| folder_of[*point].is_none()).collect();
    if !missing.is_empty() {
        let cause = format!("{} are in none of the folders", named(&missing));
        let action = "solve the parts that have them to their end, and merge again";
        found.push(Code::BadParts, Place::file(into.display().to_string()), cause, action);
    }
    if found.has_errors() {
        return Err(SweepError::Input(found));
    }
    for folder in folders {
        ledger.take(&base.key, folder)?;
    }
    Ok(())
}

/// Ranges that a message names.
const NAMED: usize = 8;

/// Points in words; they are in order.
fn named(points: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for &point in points {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == point => *last = point,
            _ => ranges.push((point, point)),
        }
    }
    let range = |(first, last): &(usize, usize)| {
        if first == last { first.to_string() } else { format!("{first} to {last}") }
    };
    let words: Vec<String> = ranges.iter().take(NAMED).map(range).collect();
    let more = if ranges.len() > NAMED { " and others" } else { "" };
    format!("points {}{more}", words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_whole_chains_and_have_every_point_once() {
        for (points, of) in [(1, 1), (45, 2), (45, 3), (1000, 7), (1000, 20), (30, 5)] {
            let parts = (1..=of).map(|number| Part { number, of }.positions(points));
            let mut next = 0;
            for part in parts {
                assert_eq!(part.start, next);
                assert!(part.end == points || part.end % chain_length(points) == 0);
                next = part.end;
            }
            assert_eq!(next, points);
        }
    }

    #[test]
    fn only_a_part_that_there_is_can_be_named() {
        assert_eq!("3/20".parse(), Ok(Part { number: 3, of: 20 }));
        for text in ["0/3", "4/3", "3", "a/b", "-1/3", "1/0", "1/99999999999"] {
            assert!(text.parse::<Part>().is_err(), "{text}");
        }
    }

    #[test]
    fn points_are_named_in_ranges() {
        assert_eq!(named(&[0, 1, 2, 5, 7, 8]), "points 0 to 2, 5, 7 to 8");
    }
}
