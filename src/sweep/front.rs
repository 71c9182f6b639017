//! The points that no other point is better than in everything that a study trades off, and the one of them that is
//! nearest to having the best of all (compromise programming: Yu, 1973).

use serde::Serialize;

use super::point::Row;
use super::study::Objective;

/// A point of a front.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrontPoint {
    /// Number of the point.
    pub point: usize,
    /// What it reaches in each objective.
    pub values: Vec<f64>,
}

/// A front, in the order of the first objective, the best first.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Front {
    /// Metrics that are traded off.
    pub metrics: Vec<String>,
    /// Points that no other is better than.
    pub points: Vec<FrontPoint>,
    /// Number of the point nearest to the ideal: each objective counted from 0, its best on the front, to 1, its
    /// worst.
    pub knee: Option<usize>,
}

/// Collects a front, row by row.
#[derive(Debug)]
pub struct Collector<'a> {
    objectives: &'a [Objective],
    points: Vec<FrontPoint>,
}

/// The front of some rows.
pub fn front(objectives: &[Objective], rows: impl IntoIterator<Item = Row>) -> Front {
    let mut collector = Collector::new(objectives);
    rows.into_iter().for_each(|row| collector.see(&row));
    collector.finish()
}

impl<'a> Collector<'a> {
    /// Begins with nothing.
    pub fn new(objectives: &'a [Objective]) -> Self {
        Self { objectives, points: Vec::new() }
    }

    /// Whether one is at least as good in everything.
    fn covers(&self, one: &[f64], other: &[f64]) -> bool {
        let each = self.objectives.iter().zip(one.iter().zip(other));
        each.into_iter()
            .all(|(objective, (one, other))| if objective.most { one >= other } else { one <= other })
    }

    /// Looks at a row. Of points with the same values the first stays.
    pub fn see(&mut self, row: &Row) {
        let values: Option<Vec<f64>> =
            self.objectives.iter().map(|objective| row.number(&objective.metric)).collect();
        let Some(values) = values.filter(|_| row.has_plan()) else { return };
        if self.points.iter().any(|known| self.covers(&known.values, &values)) {
            return;
        }
        let mut points = std::mem::take(&mut self.points);
        points.retain(|known| !self.covers(&values, &known.values));
        points.push(FrontPoint { point: row.point, values });
        self.points = points;
    }

    /// The front.
    pub fn finish(mut self) -> Front {
        let Some(first) = self.objectives.first() else { return Front::default() };
        let sign = if first.most { -1.0 } else { 1.0 };
        self.points.sort_by(|a, b| {
            (sign * a.values[0]).total_cmp(&(sign * b.values[0])).then(a.point.cmp(&b.point))
        });
        let range = |at: usize| {
            let values = || self.points.iter().map(move |point| point.values[at]);
            (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max))
        };
        let ranges: Vec<(f64, f64)> = (0..self.objectives.len()).map(range).collect();
        let far = |point: &FrontPoint| {
            let each = self.objectives.iter().zip(&ranges).zip(&point.values);
            each.map(|((objective, (low, high)), value)| {
                let off = if objective.most { high - value } else { value - low };
                if high > low { (off / (high - low)).powi(2) } else { 0.0 }
            })
            .sum::<f64>()
        };
        let knee = self.points.iter().min_by(|a, b| far(a).total_cmp(&far(b))).map(|point| point.point);
        let metrics = self.objectives.iter().map(|objective| objective.metric.clone()).collect();
        Front { metrics, points: self.points, knee }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(point: usize, coverage: f64, lines: f64, status: &str) -> Row {
        let json = serde_json::json!({
            "point": point, "parameters": {}, "status": status, "how": null, "objective": null, "value": null,
            "bound": null, "gap": null, "stages": [], "metrics": { "coverage": coverage, "lines": lines },
            "plan": null, "reason": null, "key": "",
        });
        serde_json::from_value(json).expect("a row")
    }

    #[test]
    fn a_front_keeps_what_nothing_beats_and_names_its_knee() {
        let objectives = [
            Objective { metric: "coverage".to_owned(), most: true },
            Objective { metric: "lines".to_owned(), most: false },
        ];
        let rows = [
            row(0, 0.90, 100.0, "optimal"),
            row(1, 0.85, 60.0, "feasible"),
            row(2, 0.50, 50.0, "optimal"),
            row(3, 0.84, 60.0, "optimal"),
            row(4, 0.85, 60.0, "optimal"),
            row(5, 0.99, 10.0, "broken"),
        ];
        let found = front(&objectives, rows);
        assert_eq!(found.points.iter().map(|point| point.point).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(found.knee, Some(1));
    }
}
