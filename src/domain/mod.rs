//! What a programme is made of: plain data, no input or output, no solver.

mod finding;
mod industry;
mod neighbours;
mod plan;
mod provenance;
mod scenario;
mod selection;
mod talent;

pub use finding::{Finding, Measure, Relation};
pub use industry::{Industry, IndustryLevel, Park, ParkKind};
pub use neighbours::{MOST_MEMBERS, MOST_PAIRS, NeighbourSource, Neighbours, TooManyClusters};
pub use plan::{LineKey, Placement, PlacementKey, Plan, PlanLine};
pub use provenance::{ColumnSource, Provenance};
pub use scenario::{
    CandidateId, Commitment, Coordinates, Exclusion, IndustryId, Line, LineId, Link, LinkId, MoneyUnit,
    Named, Need, NeedId, PostsId, ProfessionId, Province, ProvinceId, Region, RegionId, Scenario,
    SecondeesId, Sector, SectorId, Site, SiteId, Text,
};
pub use selection::{Mask, Partition, Per, Selection};
pub use talent::{
    Candidate, LastTeam, Pair, Person, Posts, Profession, Qualification, Secondees, SinglePost, Talent,
};
