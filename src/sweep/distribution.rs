//! Distributions, by their quantiles: the same numbers serve Monte Carlo and Latin hypercubes.

use serde::Deserialize;

/// A distribution of a number.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Distribution {
    /// Every number of an interval alike.
    Uniform {
        /// Least.
        from: f64,
        /// Most.
        to: f64,
    },
    /// Normal; cut off where limits are given: what lies beyond becomes the limit.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        deviation: f64,
        /// Least.
        from: Option<f64>,
        /// Most.
        to: Option<f64>,
    },
    /// The logarithm is normal.
    LogNormal {
        /// Median.
        median: f64,
        /// Standard deviation of the natural logarithm.
        deviation: f64,
    },
    /// Rising from one end to the most likely number, and falling to the other end.
    Triangular {
        /// Least.
        from: f64,
        /// Most likely.
        mode: f64,
        /// Most.
        to: f64,
    },
}

impl Distribution {
    /// Why it is none, if it is none.
    pub fn wrong(&self) -> Option<&'static str> {
        let finite = |numbers: &[f64]| numbers.iter().all(|number| number.is_finite());
        let right = match *self {
            Self::Uniform { from, to } => finite(&[from, to]) && from < to,
            Self::Normal { mean, deviation, from, to } => {
                finite(&[mean, deviation])
                    && deviation > 0.0
                    && from.is_none_or(|from| to.is_none_or(|to| from < to))
            }
            Self::LogNormal { median, deviation } => {
                finite(&[median, deviation]) && median > 0.0 && deviation > 0.0
            }
            Self::Triangular { from, mode, to } => {
                finite(&[from, mode, to]) && from <= mode && mode <= to && from < to
            }
        };
        (!right).then_some(match self {
            Self::Uniform { .. } => "from must be below to",
            Self::Normal { .. } => "deviation must be over 0, and from below to",
            Self::LogNormal { .. } => "median and deviation must be over 0",
            Self::Triangular { .. } => "from, mode and to must ascend",
        })
    }

    /// The number below which the distribution is with a probability.
    pub fn quantile(&self, probability: f64) -> f64 {
        match *self {
            Self::Uniform { from, to } => from + probability * (to - from),
            Self::Normal { mean, deviation, from, to } => {
                let number = mean + deviation * normal(probability);
                number.max(from.unwrap_or(f64::NEG_INFINITY)).min(to.unwrap_or(f64::INFINITY))
            }
            Self::LogNormal { median, deviation } => median * libm::exp(deviation * normal(probability)),
            Self::Triangular { from, mode, to } => {
                let (width, left) = (to - from, mode - from);
                if probability < left / width {
                    from + (probability * width * left).sqrt()
                } else {
                    to - ((1.0 - probability) * width * (to - mode)).sqrt()
                }
            }
        }
    }

    /// About how far its numbers are apart, and about which.
    pub fn spread(&self) -> f64 {
        self.quantile(0.95) - self.quantile(0.05)
    }
}

/// Quantile of the standard normal distribution: bisection on the error function of `libm`, which gives the same
/// digits on every machine.
fn normal(probability: f64) -> f64 {
    let (mut low, mut high) = (-9.0_f64, 9.0_f64);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        let below = 0.5 * libm::erfc(-middle / std::f64::consts::SQRT_2);
        if below < probability { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-6, "{one} {other}");
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        is_near(normal(0.5), 0.0);
        is_near(normal(0.975), 1.959_963_985);
        is_near(normal(0.001), -3.090_232_306);
        is_near(Distribution::Uniform { from: 2.0, to: 4.0 }.quantile(0.25), 2.5);
        let triangle = Distribution::Triangular { from: 0.0, mode: 1.0, to: 2.0 };
        is_near(triangle.quantile(0.5), 1.0);
        is_near(triangle.quantile(0.125), 0.5);
        is_near(Distribution::LogNormal { median: 3.0, deviation: 0.2 }.quantile(0.5), 3.0);
        let cut = Distribution::Normal { mean: 1.0, deviation: 1.0, from: Some(0.0), to: None };
        is_near(cut.quantile(0.01), 0.0);
    }
}
