//! Designs: which points a study has. A point is made from its number alone, so that a design of a million points
//! needs no more memory than one of ten.

use super::parameter::{Parameter, Value};
use crate::random::Random;

/// Which points there are.
#[derive(Debug, Clone, PartialEq)]
pub enum Design {
    /// Every combination of the parameters' values. Two points that follow each other differ in one parameter, by
    /// one step (a reflected Gray code).
    Grid,
    /// These.
    List(Vec<Vec<Option<Value>>>),
    /// The base, then each value of each parameter with all others as they are.
    OneAtATime,
    /// Each parameter's range is cut into as many parts of equal probability as there are points; each part is hit
    /// once (`McKay`, Beckman and Conover, 1979).
    LatinHypercube {
        /// How many.
        points: usize,
        /// Of the draw.
        seed: u64,
    },
    /// Each value drawn from its distribution.
    MonteCarlo {
        /// How many.
        points: usize,
        /// Of the draw.
        seed: u64,
    },
}

/// The points of a study.
#[derive(Debug, Clone)]
pub struct Points {
    parameters: Vec<Parameter>,
    design: Design,
    /// Each parameter's values, where the design takes them from a list.
    lists: Vec<Vec<Value>>,
}

impl Points {
    /// A design over parameters. Those of a grid or one at a time must have lists.
    pub fn new(parameters: Vec<Parameter>, design: Design) -> Self {
        let lists = parameters.iter().map(|parameter| parameter.list().unwrap_or_default()).collect();
        Self { parameters, design, lists }
    }

    /// The parameters.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// Whether each point but the first changes one parameter.
    pub fn is_one_at_a_time(&self) -> bool {
        self.design == Design::OneAtATime
    }

    /// How many points there are; `None` where more than can be counted.
    pub fn count(&self) -> Option<usize> {
        match &self.design {
            Design::Grid => self.lists.iter().try_fold(1_usize, |count, list| count.checked_mul(list.len())),
            Design::List(points) => Some(points.len()),
            Design::OneAtATime => Some(1 + self.lists.iter().map(Vec::len).sum::<usize>()),
            Design::LatinHypercube { points, .. } | Design::MonteCarlo { points, .. } => Some(*points),
        }
    }

    /// A point: the value of each parameter, `None` where it is as in the base.
    pub fn point(&self, number: usize) -> Vec<Option<Value>> {
        match &self.design {
            Design::Grid => self.combination(number),
            Design::List(points) => points[number].clone(),
            Design::OneAtATime => {
                let mut values = vec![None; self.lists.len()];
                let mut rest = number;
                for (value, list) in values.iter_mut().zip(&self.lists) {
                    if (1..=list.len()).contains(&rest) {
                        *value = Some(list[rest - 1].clone());
                        break;
                    }
                    rest = rest.saturating_sub(list.len());
                    if rest == 0 {
                        break;
                    }
                }
                values
            }
            Design::LatinHypercube { .. } | Design::MonteCarlo { .. } => {
                let at = |(dimension, parameter): (usize, &Parameter)| {
                    parameter.quantile(self.probability(number, dimension))
                };
                self.parameters.iter().enumerate().map(at).map(Some).collect()
            }
        }
    }

    /// At which probability a point has its value of a parameter, where a design draws it.
    fn probability(&self, number: usize, dimension: usize) -> f64 {
        match &self.design {
            Design::LatinHypercube { points, seed } => {
                let part = shuffled(number, *points, seed.wrapping_add(dimension as u64 + 1));
                (part as f64 + draw(*seed, number, dimension)) / *points as f64
            }
            Design::MonteCarlo { seed, .. } => draw(*seed, number, dimension),
            Design::Grid | Design::List(_) | Design::OneAtATime => 0.0,
        }
    }

    /// The points in an order in which those that follow each other are near each other. Points that are drawn go
    /// along a space-filling curve (Morton, 1966); the others are in order as they are.
    pub fn order(&self) -> Order {
        let dimensions = self.parameters.len();
        let bits = 63_usize.checked_div(dimensions).unwrap_or(0).min(16);
        let is_drawn = matches!(self.design, Design::LatinHypercube { .. } | Design::MonteCarlo { .. });
        if !is_drawn || bits == 0 {
            return Order(None);
        }
        let along = |number: &usize| -> u64 {
            let parts = (0..dimensions).map(|dimension| {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let part = (self.probability(*number, dimension) * (1_u64 << bits) as f64) as u64;
                part
            });
            let parts: Vec<u64> = parts.collect();
            (0..bits)
                .rev()
                .flat_map(|bit| parts.iter().map(move |part| part >> bit & 1))
                .fold(0, |key, bit| key << 1 | bit)
        };
        let mut order: Vec<usize> = (0..self.count().unwrap_or(0)).collect();
        order.sort_by_cached_key(along);
        Order(Some(order))
    }

    /// A combination of all values; the last parameter changes fastest, and turns back at its ends.
    fn combination(&self, number: usize) -> Vec<Option<Value>> {
        let mut values = vec![None; self.lists.len()];
        let mut rest = number;
        for (value, list) in values.iter_mut().zip(&self.lists).rev() {
            let (turn, step) = (rest / list.len(), rest % list.len());
            let at = if turn % 2 == 0 { step } else { list.len() - 1 - step };
            *value = Some(list[at].clone());
            rest = turn;
        }
        values
    }

    /// How far two points are apart.
    pub fn distance(&self, one: &[Option<Value>], other: &[Option<Value>]) -> f64 {
        let each = self.parameters.iter().zip(one.iter().zip(other));
        each.map(|(parameter, (one, other))| parameter.distance(one.as_ref(), other.as_ref())).sum()
    }
}

/// In which order points are solved.
#[derive(Debug, Clone)]
pub struct Order(Option<Vec<usize>>);

impl Order {
    /// The number of the point at a position.
    pub fn at(&self, position: usize) -> usize {
        self.0.as_ref().map_or(position, |order| order[position])
    }
}

/// A number from 0 to below 1 for a point and a dimension.
fn draw(seed: u64, number: usize, dimension: usize) -> f64 {
    let mut random = Random::new(seed ^ (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut random =
        Random::new(random.below(u64::MAX) ^ (dimension as u64).wrapping_mul(0xd1b5_4a32_d192_ed03));
    random.unit()
}

/// Where a number goes in a permutation of `count`: a Feistel network over the next power of four, walked until it
/// is back in range (Black and Rogaway, 2002).
fn shuffled(number: usize, count: usize, key: u64) -> usize {
    let half = (usize::BITS - count.saturating_sub(1).leading_zeros()).div_ceil(2).max(1);
    let mask = (1_u64 << half) - 1;
    let mut at = number as u64;
    loop {
        let (mut left, mut right) = (at >> half, at & mask);
        for round in 0..4_u64 {
            let mixed =
                Random::new(key ^ (round << 56) ^ right.wrapping_mul(0x9e37_79b9_7f4a_7c15)).below(u64::MAX);
            (left, right) = (right, left ^ (mixed & mask));
        }
        at = (left << half) | right;
        if let Some(at) = usize::try_from(at).ok().filter(|at| *at < count) {
            return at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parameter::{Operation, Source};
    use super::super::path::parse;
    use super::*;
    use crate::diagnostics::Place;

    fn parameter(name: &str, source: Source) -> Parameter {
        let target = parse("policy.rules.R1.x").expect("a path");
        let (name, place) = (name.to_owned(), Place::default());
        Parameter { name, target, operation: Operation::Set, source, whole: false, place }
    }

    fn numbers(point: &[Option<Value>]) -> Vec<Option<f64>> {
        point.iter().map(|value| value.as_ref().and_then(Value::number)).collect()
    }

    fn lists() -> Vec<Parameter> {
        let list = |values: &[f64]| Source::List(values.iter().copied().map(Value::Number).collect());
        vec![parameter("a", list(&[1.0, 2.0])), parameter("b", list(&[10.0, 20.0, 30.0]))]
    }

    #[test]
    fn a_grid_has_every_combination_in_single_steps() {
        let grid = Points::new(lists(), Design::Grid);
        let all: Vec<Vec<f64>> =
            (0..6).map(|at| numbers(&grid.point(at)).into_iter().flatten().collect()).collect();
        let wanted = [[1.0, 10.0], [1.0, 20.0], [1.0, 30.0], [2.0, 30.0], [2.0, 20.0], [2.0, 10.0]];
        assert_eq!(grid.count(), Some(6));
        assert_eq!(all, wanted);
    }

    #[test]
    fn one_at_a_time_is_the_base_and_each_value_alone() {
        let design = Points::new(lists(), Design::OneAtATime);
        assert_eq!(design.count(), Some(6));
        let all: Vec<_> = (0..6).map(|at| numbers(&design.point(at))).collect();
        let none = None;
        let wanted = [
            [none, none],
            [Some(1.0), none],
            [Some(2.0), none],
            [none, Some(10.0)],
            [none, Some(20.0)],
            [none, Some(30.0)],
        ];
        assert_eq!(all, wanted);
    }

    #[test]
    fn a_latin_hypercube_hits_each_part_once() {
        for points in [1, 2, 7, 64, 1000] {
            let range = || Source::Range { from: 0.0, to: 1.0, steps: 2 };
            let parameters = vec![parameter("a", range()), parameter("b", range()), parameter("c", range())];
            let design = Points::new(parameters, Design::LatinHypercube { points, seed: 5 });
            for dimension in 0..3 {
                let mut hit = vec![0; points];
                for at in 0..points {
                    let value = numbers(&design.point(at))[dimension].expect("a number");
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                    let part = (value * points as f64) as usize;
                    hit[part.min(points - 1)] += 1;
                }
                assert!(hit.iter().all(|hits| *hits == 1) || points == 1000, "{points} {dimension}");
                // Six decimals may carry a value over the edge of one of a thousand parts.
                assert!(hit.iter().filter(|hits| **hits != 1).count() <= 4, "{points} {dimension}");
            }
        }
    }

    #[test]
    fn points_that_follow_each_other_are_near() {
        let range = || Source::Range { from: 0.0, to: 1.0, steps: 2 };
        let parameters = vec![parameter("a", range()), parameter("b", range())];
        let design = Points::new(parameters, Design::LatinHypercube { points: 400, seed: 5 });
        let order = design.order();
        let far = |one, other| design.distance(&design.point(one), &design.point(other));
        let as_numbered: f64 = (1..400).map(|at| far(at - 1, at)).sum();
        let as_ordered: f64 = (1..400).map(|at| far(order.at(at - 1), order.at(at))).sum();
        assert!(as_ordered < as_numbered / 4.0, "{as_ordered} {as_numbered}");
        let mut numbers: Vec<usize> = (0..400).map(|at| order.at(at)).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..400).collect::<Vec<_>>());
    }

    #[test]
    fn draws_have_the_distribution_and_the_seed() {
        let design = |seed| {
            let source = Source::Distribution(super::super::distribution::Distribution::Uniform {
                from: 0.0,
                to: 2.0,
            });
            Points::new(vec![parameter("a", source)], Design::MonteCarlo { points: 4000, seed })
        };
        let mean = (0..4000).filter_map(|at| numbers(&design(1).point(at))[0]).sum::<f64>() / 4000.0;
        assert!((mean - 1.0).abs() < 0.03, "{mean}");
        assert_eq!(design(1).point(7), design(1).point(7));
        assert_ne!(design(1).point(7), design(2).point(7));
    }
}
