//! Plans from a plan (*large neighbourhood search*: Shaw, 1998): the decisions of a few sites are open, all
//! others stay, and a dive looks for something better. Sites that compete for the same money, lines or focus
//! are opened together, and in every other turn sites from anywhere; rather those that cost much more than the
//! prices say they could.

use super::blocks::{Blocks, Excess};
use super::dive::{Dive, End, Neighbourhood};
use super::division::{Division, in_parts};
use super::gap::is_closed;
use super::reduced::{Reduced, places};
use super::relax_and_fix::Head;
use super::{Clock, Settings, is_small};
use crate::random::Random;
use crate::solve::{Options, Problem, Progress, SolverError, Stop, Watch};

/// Sites in a neighbourhood, in turn.
const SITES: [usize; 3] = [4, 8, 16];
/// Neighbourhoods without a gain after which it is enough.
const PATIENCE: usize = 60;
/// Most steps of a dive in a neighbourhood: few, and more when those gain nothing any longer.
const STEPS: [usize; 2] = [20, 80];
/// A dive for a first plan may take a step for each decision, and go back so often.
const FIRST_BACK: usize = 100;
/// The solver looks at the whole problem when the dives have taken so many simplex iterations, for as many.
const FIRST_LOOK: u64 = 4_000;
/// It looks again when they have taken so many times as many: after a look that closed this share of the gap, and
/// after another.
const AGAIN: [u64; 2] = [2, 8];
const HELPED: f64 = 0.1;
/// With more decisions than this it needs too long for its first bound.
const LARGE: usize = 5_000;
/// Plans of a problem with more open columns than this are looked for in parts.
const IN_PARTS: usize = 20_000;
/// So many times at most is a plan made better in other parts, and as long as that closes this share of the gap.
const ROUNDS: usize = 12;
const WORTH: f64 = 0.1;
/// With more open columns than this, never in one piece.
const TOO_LARGE: usize = 500_000;
/// A gain smaller than this share of the cost is none.
const GAIN: f64 = 1e-6;

/// Looks for plans, better and better ones.
pub struct Neighbourhoods<'a> {
    problem: &'a Problem,
    blocks: &'a Blocks,
    /// Which columns are beside the blocks.
    is_beside: Vec<bool>,
    is_small: bool,
    /// Simplex iterations of the dives so far, and how many there will be when the solver looks next.
    work: u64,
    next_look: Option<u64>,
    settings: Settings<'a>,
    options: &'a Options,
    clock: Clock,
    watch: &'a mut dyn Watch,
    /// Multipliers for the rows, and what the sites cost at them.
    multipliers: &'a [f64],
    regrets: &'a [f64],
    /// What is shown at those prices, to which the regrets belong.
    shown_by_prices: f64,
    excess: Excess,
    head: Head,
    /// A plan to be held against the first one that is found.
    offered: Option<Vec<f64>>,
    random: Random,
}

/// A site with open decisions.
struct Site {
    position: usize,
    decisions: Vec<usize>,
    excess: f64,
}

impl<'a> Neighbourhoods<'a> {
    /// `head` is what is known before: a bound, and a plan if there is one; `multipliers` and `regrets`
    /// are those of the bound.
    pub fn new(
        (problem, blocks): (&'a Problem, &'a Blocks),
        (settings, options): (Settings<'a>, &'a Options),
        (multipliers, regrets): (&'a [f64], &'a [f64]),
        head: Head,
        clock: Clock,
        watch: &'a mut dyn Watch,
    ) -> Self {
        let excess = blocks.excess(problem, multipliers);
        let random = Random::new(u64::from(options.seed));
        let decisions = problem.integer.iter().filter(|integer| **integer).count();
        Self {
            problem,
            blocks,
            is_beside: blocks.beside(),
            is_small: is_small(problem),
            work: 0,
            next_look: (decisions <= LARGE).then_some(FIRST_LOOK),
            settings,
            options,
            clock,
            watch,
            multipliers,
            regrets,
            excess,
            shown_by_prices: head.bound,
            head,
            offered: None,
            random,
        }
    }

    /// Takes over a plan and a bound that are known from elsewhere.
    pub fn start_from(&mut self, known: &Head) {
        self.head.point.clone_from(&known.point);
        self.head.bound = self.head.bound.max(known.bound);
    }

    /// Takes over a plan that was good for another problem. It is no place to begin: a first plan from the prices mostly
    /// is nearer, and the better of the two is gone on from.
    pub fn offer(&mut self, plan: &[f64]) {
        self.offered = Some(plan.to_vec());
    }

    /// The best plan so far.
    pub fn plan(&self) -> Option<&[f64]> {
        self.head.point.as_deref()
    }

    /// The plan whose decisions have to stay open: the best one, or the one that was offered.
    pub fn plan_to_keep(&self) -> Option<&[f64]> {
        self.plan().or(self.offered.as_deref())
    }

    fn cost(&self) -> Option<f64> {
        self.plan().map(|plan| self.problem.cost(plan))
    }

    /// Whether there is nothing to look for here: the problem is small and has a plan, or see `is_over`.
    pub fn is_done(&self) -> bool {
        (self.is_small && self.head.point.is_some()) || self.is_over()
    }

    /// Whether the plan is as near to the bound as was asked, or somebody or the clock said stop.
    fn is_over(&self) -> bool {
        self.head.stop != Stop::Finished || self.is_closed()
    }

    fn is_closed(&self) -> bool {
        self.cost().is_some_and(|cost| is_closed(cost, self.head.bound, self.options.gap))
    }

    /// Looks for a first plan in a problem with some of the decisions taken, and around the one there is then.
    ///
    /// # Errors
    /// When the solver breaks down.
    pub fn search(&mut self, kernel: &Problem, mean: &[f64]) -> Result<(), SolverError> {
        let Some(reduced) = Reduced::of(kernel) else { return Ok(()) };
        if reduced.columns.len() > IN_PARTS {
            if self.head.point.is_none() {
                self.first_by_parts(&reduced, mean)?;
            }
            self.better_by_parts(&reduced)?;
            if self.is_over() || reduced.columns.len() > TOO_LARGE {
                return Ok(());
            }
        }
        let mut dive = Dive::over(reduced, self.settings, self.options)?;
        dive.beside(&self.is_beside);
        if self.head.point.is_none() {
            let steps = dive.decisions() + FIRST_BACK;
            self.run(&mut dive, None, steps)?;
            // What a first plan took says nothing about how long a look may take.
            self.work = 0;
        }
        if let Some(offered) = self.offered.take()
            && self.cost().is_none_or(|cost| self.problem.cost(&offered) < cost)
        {
            self.take(offered);
        }
        if self.is_small {
            return Ok(());
        }
        let mut is_open = vec![false; self.problem.costs.len()];
        for column in dive.held() {
            is_open[column] = true;
        }
        let rivals = self.blocks.rivals(self.problem, self.multipliers, &is_open);
        let mut sites = self.sites(&is_open);
        let Some(mut plan) = self.head.point.clone().filter(|_| !sites.is_empty()) else { return Ok(()) };
        let (mut idle, mut is_new) = (0, true);
        for (turn, size) in SITES.into_iter().cycle().enumerate() {
            let Some(&steps) = STEPS.get(idle / PATIENCE) else { break };
            if self.is_over() {
                break;
            }
            if self.next_look.is_some_and(|work| self.work >= work) {
                is_new |= self.look(self.work)?;
            }
            if let Some(better) = self.plan().filter(|_| is_new) {
                plan.copy_from_slice(better);
                let excess = self.excess.of(&plan);
                for site in &mut sites {
                    site.excess = excess[site.position];
                }
                sites.sort_by(|a, b| b.excess.total_cmp(&a.excess).then(a.position.cmp(&b.position)));
            }
            let mut candidates: Vec<&Site> = sites.iter().collect();
            if turn % 2 == 0 && !rivals.is_empty() {
                let rivals = &rivals[self.random.position(rivals.len())];
                candidates.retain(|site| rivals.contains(&site.position));
            }
            let mut open = vec![false; self.problem.costs.len()];
            for draw in 0..size.min(candidates.len()) {
                let site = candidates.remove(self.draw(candidates.len(), draw % 2 == 0));
                for &column in &site.decisions {
                    open[column] = true;
                }
            }
            is_new = self.run(&mut dive, Some(Neighbourhood { plan: &plan, open: &open }), steps)?;
            idle = if is_new { idle / PATIENCE * PATIENCE } else { idle + 1 };
        }
        Ok(())
    }

    /// Looks for a first plan of a large problem in parts: a dive takes more than twice as long in one that is
    /// twice as large.
    fn first_by_parts(&mut self, reduced: &Reduced, mean: &[f64]) -> Result<(), SolverError> {
        let multipliers: Vec<f64> = reduced.rows.iter().map(|row| self.multipliers[*row]).collect();
        let place = places(&reduced.rows, self.multipliers.len());
        let families = self.blocks.families().iter();
        let families: Vec<Vec<usize>> =
            families.map(|family| family.iter().filter_map(|row| place[*row]).collect()).collect();
        let mean = reduced.restrict(mean);
        let groups = in_parts(self.open_columns(reduced).into_iter());
        let division = Division::new(&reduced.problem, groups, &mean, &families, &multipliers);
        let mut plan = mean;
        if division.find(&mut plan, |part| self.dive_in_part(part, f64::INFINITY))? {
            self.take(reduced.expand(&plan));
        }
        Ok(())
    }

    /// Makes the plan of a large problem better part by part, with other sites together each time.
    fn better_by_parts(&mut self, reduced: &Reduced) -> Result<(), SolverError> {
        for _ in 0..ROUNDS {
            if self.is_over() {
                break;
            }
            let Some((before, plan)) = self.cost().zip(self.plan()) else { break };
            let mut plan = reduced.restrict(plan);
            let mut sites = self.open_columns(reduced);
            for last in (1..sites.len()).rev() {
                sites.swap(last, self.random.position(last + 1));
            }
            let groups = in_parts(sites.into_iter());
            let division = Division::around(&reduced.problem, groups, &plan);
            division.improve(&mut plan, |part, cost| self.dive_in_part(part, cost - GAIN * cost.abs()))?;
            let plan = reduced.expand(&plan);
            let gain = before - self.problem.cost(&plan);
            if gain > 0.0 {
                self.take(plan);
            }
            if gain < WORTH * (before - self.head.bound) {
                break;
            }
        }
        Ok(())
    }

    /// A plan of a part for less than `cutoff`, unless somebody or the clock says stop.
    fn dive_in_part(&mut self, part: &Problem, cutoff: f64) -> Result<Option<Vec<f64>>, SolverError> {
        if self.head.stop != Stop::Finished {
            return Ok(None);
        }
        let Some(mut dive) = Dive::open(part, self.settings, self.options)? else { return Ok(None) };
        let steps = dive.decisions() + FIRST_BACK;
        Ok(match dive.run(None, cutoff, steps, self.clock, self.watch)? {
            End::Plan(point) => Some(point),
            End::Nothing => None,
            End::Stopped(stop) => {
                self.head.stop = stop;
                None
            }
        })
    }

    /// Open columns of each site, as positions in what is left of the problem.
    fn open_columns(&self, reduced: &Reduced) -> Vec<Vec<usize>> {
        let mut place = places(&reduced.columns, self.problem.costs.len());
        let sites = self.blocks.columns();
        sites.map(|site| site.into_iter().filter_map(|column| place[column].take()).collect()).collect()
    }

    /// Lets the solver look at the whole problem for a while; whether it found a better plan. Its bound can be
    /// much nearer than that of the prices, where there are few sites to each price.
    fn look(&mut self, iterations: u64) -> Result<bool, SolverError> {
        let gap = |this: &Self| this.cost().map_or(f64::INFINITY, |cost| cost - this.head.bound);
        let (cost, before) = (self.cost(), gap(self));
        let stop = self.solve_whole(Some(iterations), self.clock)?;
        if matches!(stop, Stop::Interrupted | Stop::TimeLimit) {
            self.head.stop = stop;
        }
        let has_helped = before - gap(self) >= HELPED * before;
        self.next_look = Some(AGAIN[usize::from(!has_helped)] * self.work);
        Ok(self.cost() < cost)
    }

    /// Gives the whole problem to the solver, without the decisions that no better plan can take.
    fn solve_whole(&mut self, iteration_limit: Option<u64>, clock: Clock) -> Result<Stop, SolverError> {
        let (cost, shown) = (self.cost(), self.head.bound);
        let slack = cost.map_or(f64::INFINITY, |cost| cost - self.shown_by_prices);
        let narrowed = self.blocks.narrowed(self.problem, self.regrets, slack);
        let whole = Problem { start: self.head.point.clone(), ..narrowed };
        let options = Options { time_limit: clock.share(1.0), iteration_limit, ..self.options.clone() };
        let mut watch = |progress: Progress| {
            // What is shown already is not shown less.
            let bound = progress.bound.map_or(shown, |bound| bound.max(shown));
            self.watch.report(Progress { bound: Some(bound), ..progress })
        };
        let found = self.settings.solver.solve(&whole, &options, &mut watch)?;
        // A plan that is not among them is no better than the one there is.
        let bound = if found.infeasible { f64::INFINITY } else { found.bound };
        self.head.bound = bound.min(cost.unwrap_or(f64::INFINITY)).max(shown);
        let cheaper = |point: &Vec<f64>| cost.is_none_or(|cost| self.problem.cost(point) < cost);
        if let Some(point) = found.point.filter(cheaper) {
            self.head.point = Some(point);
        }
        Ok(found.stop)
    }

    /// Leaves what is left to the solver, where there is a plan. What is known then.
    ///
    /// # Errors
    /// When the solver breaks down.
    pub fn finish(mut self, clock: Clock) -> Result<Head, SolverError> {
        self.head.point = self.head.point.take().or(self.offered.take());
        if self.is_closed() {
            self.head.stop = Stop::Finished;
        } else if self.head.point.is_some() && self.head.stop != Stop::Interrupted {
            self.head.stop = self.solve_whole(None, clock)?;
        }
        Ok(self.head)
    }

    /// The sites with open decisions.
    fn sites(&self, is_open: &[bool]) -> Vec<Site> {
        let decisions = self.blocks.decisions().enumerate();
        let sites = decisions.map(|(position, mut decisions)| {
            decisions.retain(|column| is_open[*column]);
            Site { position, decisions, excess: 0.0 }
        });
        sites.filter(|site| !site.decisions.is_empty()).collect()
    }

    /// A position below `count`; rather a low one where the `first` are wanted.
    fn draw(&mut self, count: usize, first: bool) -> usize {
        let draws = if first { 3 } else { 1 };
        (0..draws).map(|_| self.random.position(count)).min().unwrap_or_default()
    }

    fn take(&mut self, plan: Vec<f64>) {
        self.head.point = Some(plan);
        let progress = Progress { value: self.cost(), bound: Some(self.head.bound) };
        if !self.watch.report(progress) {
            self.head.stop = Stop::Interrupted;
        }
    }

    /// One dive; whether it found a better plan.
    fn run(
        &mut self,
        dive: &mut Dive,
        around: Option<Neighbourhood<'_>>,
        steps: usize,
    ) -> Result<bool, SolverError> {
        let cutoff = self.cost().map_or(f64::INFINITY, |cost| cost - GAIN * cost.abs());
        let before = dive.iterations();
        let end = dive.run(around, cutoff, steps, self.clock, self.watch)?;
        self.work += dive.iterations() - before;
        match end {
            End::Plan(point) => {
                self.take(point);
                Ok(true)
            }
            End::Nothing => Ok(false),
            End::Stopped(stop) => {
                self.head.stop = stop;
                Ok(false)
            }
        }
    }
}
