//! Whether a linear problem is solved again from its last basis or from nothing.
//!
//! From its last basis, HiGHS needs few iterations after a small edit, but it skips presolve; after a large
//! edit of a large problem that can take longer than presolve and a new start. Which is better is found out by
//! trial, and measured in iterations, not in seconds: the same edits take the same way on every machine.
//!
//! A solve from the basis may take as many iterations as half of the last one from nothing did (an iteration
//! without presolve costs more). One that uses them up has lost: it is given up, and the problem is solved
//! from nothing, this time and the next one, after another loss the next two, then four, and so on; a win
//! sets that back. So hot sequences stay hot, and where the basis is of no use trying it costs little in all.

/// A solve from the basis always has so many iterations: presolve alone costs as much.
const LEAST_ITERATIONS: i32 = 100;
/// Longest time without a trial, in solves.
const LONGEST_PAUSE: u32 = 64;

/// What the solves so far have shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Trial {
    /// Iterations of the last solve from nothing.
    cold: i32,
    /// Solves from nothing that are left before the basis is tried again.
    pause: u32,
    /// How long the pause after the next loss will be.
    next_pause: u32,
}

impl Trial {
    /// Most iterations of a solve from the basis now; `None` is to solve from nothing.
    pub(super) fn limit(&mut self) -> Option<i32> {
        if self.pause > 0 {
            self.pause -= 1;
            return None;
        }
        Some((self.cold / 2).max(LEAST_ITERATIONS))
    }

    /// A solve from nothing took so many iterations.
    pub(super) fn solved_cold(&mut self, iterations: i32) {
        self.cold = iterations;
    }

    /// A solve from the basis came to its end.
    pub(super) fn won(&mut self) {
        self.next_pause = 0;
    }

    /// A solve from the basis was given up.
    pub(super) fn lost(&mut self) {
        self.next_pause = (2 * self.next_pause).clamp(1, LONGEST_PAUSE);
        self.pause = self.next_pause;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_losses_the_basis_is_tried_ever_more_rarely() {
        let mut trial = Trial::default();
        trial.solved_cold(1000);
        assert_eq!(trial.limit(), Some(500));
        let mut pauses = Vec::new();
        for _ in 0..9 {
            trial.lost();
            pauses.push((0..1000).take_while(|_| trial.limit().is_none()).count());
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 64, 64]);
        trial.won();
        trial.lost();
        assert_eq!((trial.limit(), trial.limit()), (None, Some(500)));
    }

    #[test]
    fn a_solve_that_presolve_did_alone_still_leaves_room() {
        let mut trial = Trial::default();
        trial.solved_cold(0);
        assert_eq!(trial.limit(), Some(LEAST_ITERATIONS));
    }
}
