//! `SplitMix64` (Steele, Lea and Flood, 2014): small, and the same numbers on every machine for ever: so a
//! benchmark's instances are the same everywhere, and so is the way a search goes.

#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number below `most`.
    pub fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    /// A position among `count`.
    pub fn position(&mut self, count: usize) -> usize {
        usize::try_from(self.below(count as u64)).unwrap_or_default()
    }

    /// Mean about one; the logarithm is near normal with this deviation (a sum of twelve uniform numbers).
    pub fn log_normal(&mut self, deviation: f64) -> f64 {
        let normal: f64 = (0..12).map(|_| self.unit()).sum::<f64>() - 6.0;
        (deviation * normal - deviation * deviation / 2.0).exp()
    }

    /// A position, drawn with weights that add up to `sum`.
    pub fn weighted(&mut self, weights: &[f64], sum: f64) -> usize {
        let mut rest = self.unit() * sum;
        for (position, weight) in weights.iter().enumerate() {
            rest -= weight;
            if rest < 0.0 {
                return position;
            }
        }
        weights.len() - 1
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for position in (1..list.len()).rev() {
            let other = usize::try_from(self.below(position as u64 + 1)).unwrap_or(0);
            list.swap(position, other);
        }
    }
}
