//! What a programme is made of: plain data, no input or output, no solver.

mod finding;
mod plan;
mod scenario;
mod selection;

pub use finding::{Finding, Measure, Relation};
pub use plan::{Plan, PlanLine};
pub use scenario::{
    Commitment, Exclusion, Line, LineId, Link, LinkId, MoneyUnit, Named, Need, NeedId, Province, ProvinceId,
    Region, RegionId, Scenario, Sector, SectorId, Site, SiteId, Text,
};
pub use selection::{Mask, Partition, Per, Selection};
