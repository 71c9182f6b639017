//! Many scenarios at once: a study names parameters and a design of points; each point is solved from what is known
//! of a point near it, and written down before the next one begins.

mod base;
mod chain;
mod choose;
mod design;
mod distribution;
mod front;
mod ledger;
mod parameter;
mod part;
mod path;
mod point;
mod runner;
mod study;
mod summary;

pub use base::{Base, Opened};
pub use chain::{Beginning, ChainRow, begin, chain_count, chain_key, run_chain};
pub use choose::{Candidate, Chosen, Criterion, choose};
pub use design::{Design, Order, Points};
pub use front::{Collector, Front, FrontPoint, front};
pub use ledger::{Ledger, LedgerError, RunHead};
pub use parameter::{Parameter, Value};
pub use part::{Part, merge};
pub use point::{How, Row, RowStage};
pub use runner::{End, Going, SweepError, point_again, run};
pub use study::{Objective, Study};
pub use summary::{Effect, LineShare, Range, Summary};
