//! `allot check`: everything that is wrong or odd with a scenario and its policy, in one pass.

use clap::Args;

use super::{Exit, Format, ScenarioArgs, diagnostics_text, print_data};
use crate::diagnostics::Diagnostics;
use crate::domain::{NeighbourSource, Neighbours, Scenario};
use crate::rules::Registry;

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// How to print the result
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Runs `check`.
pub fn run(args: &CheckArgs, registry: &Registry) -> Exit {
    let (diagnostics, shape) = match args.scenario.open(registry) {
        Ok(opened) => {
            let s = &opened.loaded.scenario;
            let shape = format!(
                "{}: {} provinces, {} sites, {} sectors, {} years, {} links, {} candidate lines{}{}; policy {} with {} rules",
                s.id,
                s.provinces.len(),
                s.sites.len(),
                s.sectors.len(),
                s.years.len(),
                s.links.len(),
                s.lines.len(),
                neighbours(s),
                people(s),
                opened.policy.id,
                opened.policy.rules.len(),
            );
            (opened.warnings, Some(shape))
        }
        Err(diagnostics) => (diagnostics, None),
    };
    match args.format {
        Format::Text => {
            // Here the diagnostics are what was asked for, so they are data.
            let shape = shape.map(|shape| format!("{shape}\n")).unwrap_or_default();
            print_data((diagnostics_text(&diagnostics) + &shape).as_bytes());
        }
        Format::Json => print_data(json(&diagnostics).as_bytes()),
        Format::Csv => match csv(&diagnostics) {
            Ok(bytes) => print_data(&bytes),
            Err(error) => return super::defect(&error),
        },
    }
    if diagnostics.has_errors() { Exit::BadInput } else { Exit::Done }
}

/// How many neighbours there are, and where that comes from.
fn neighbours(scenario: &Scenario) -> String {
    let Neighbours { source, pairs, clusters } = &scenario.neighbours;
    let source = match source {
        NeighbourSource::None => return String::new(),
        NeighbourSource::Table => "from the table neighbours",
        NeighbourSource::Radius => "by coordinates and neighbour_radius_km",
    };
    format!("; {} pairs of neighbours in {} clusters, {source}", pairs.len(), clusters.len())
}

/// How many people and posts there are.
fn people(scenario: &Scenario) -> String {
    let talent = &scenario.talent;
    if talent.is_empty() {
        return String::new();
    }
    let people: i64 = talent.secondees.iter().map(|group| group.number).sum();
    let posts: i64 = talent.posts.iter().map(|group| group.number).sum();
    format!("; {people} secondees for {posts} posts, {} candidate placements", talent.candidates.len())
}

fn json(diagnostics: &Diagnostics) -> String {
    let all: Vec<_> = diagnostics.iter().collect();
    let mut text = serde_json::to_string_pretty(&all).unwrap_or_default();
    text.push('\n');
    text
}

fn csv(diagnostics: &Diagnostics) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["code", "severity", "file", "row", "column", "cause", "action"])?;
    for d in diagnostics.iter() {
        let row = d.place.row.map(|row| row.to_string()).unwrap_or_default();
        let column = d.place.column.clone().unwrap_or_default();
        let severity = format!("{:?}", d.severity).to_lowercase();
        writer.write_record([d.code.id(), &severity, &d.place.file, &row, &column, &d.cause, &d.action])?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
