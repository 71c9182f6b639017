//! `allot match`: people to posts, one to one.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Exit, defect, print_diagnostics};
use crate::audit::check_matches;
use crate::domain::Scenario;
use crate::input;
use crate::report::matches_csv;
use crate::search::{Matching, Settings, match_people};
use crate::solve::{Options, solvers};

/// Arguments of `match`.
#[derive(Debug, Args)]
pub struct MatchArgs {
    /// Scenario folder, or a TOML file of overrides on one, with the tables `people` and `post_list`
    scenario: PathBuf,
    /// Change a value, as in `solve`; may be repeated
    #[arg(long = "set", value_name = "PATH=VALUE")]
    sets: Vec<String>,
    /// File to write
    #[arg(long, short, value_name = "FILE", default_value = "matches.csv")]
    out: PathBuf,
}

/// Runs `match`.
pub fn run(args: &MatchArgs) -> Exit {
    let loaded = match input::load(&args.scenario, &args.sets) {
        Ok(loaded) => loaded,
        Err(diagnostics) => {
            print_diagnostics(&diagnostics);
            return Exit::BadInput;
        }
    };
    print_diagnostics(&loaded.warnings);
    let scenario = &loaded.scenario;
    if scenario.talent.people.is_empty() || scenario.talent.post_list.is_empty() {
        tell!("the scenario needs rows in both tables people and post_list");
        return Exit::BadInput;
    }
    let made = match made_beside(&args.out) {
        Ok(made) => made,
        Err(error) => {
            tell!("cannot write {}: {error}", args.out.display());
            return Exit::BadInput;
        }
    };
    let options = Options::default();
    let matching = match match_people(scenario, Settings { solver: solvers()[0], options: &options }) {
        Ok(matching) => matching,
        Err(error) => return defect(&error),
    };
    let wrong = check_matches(scenario, &matching.matched);
    if !wrong.is_empty() {
        return defect(&wrong.join("; "));
    }
    match write(scenario, &matching, made, &args.out) {
        Ok(()) => {
            tell_matching(scenario, &matching);
            tell!("wrote {}", args.out.display());
            Exit::Done
        }
        Err(error) => defect(&error),
    }
}

/// A temporary file beside the target: nothing is ever half written, and a typo costs nothing.
fn made_beside(target: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    tempfile::Builder::new().prefix(".allot-").suffix(".csv").tempfile_in(folder)
}

fn write(
    scenario: &Scenario,
    matching: &Matching,
    mut made: tempfile::NamedTempFile,
    target: &Path,
) -> std::io::Result<()> {
    let bytes = matches_csv(scenario, &matching.matched).map_err(std::io::Error::other)?;
    made.write_all(&bytes)?;
    made.persist(target).map(drop).map_err(|error| error.error)
}

fn tell_matching(scenario: &Scenario, matching: &Matching) {
    let talent = &scenario.talent;
    let pairs = talent.pairs_over(&scenario.links);
    let people: BTreeSet<usize> = pairs.iter().map(|pair| pair.person).collect();
    let posts: BTreeSet<usize> = pairs.iter().map(|pair| pair.post).collect();
    let matched = matching.matched.len();
    let fit: f64 = matching.matched.iter().map(|pair| pair.fit.as_f64()).sum();
    tell!(
        "{matched} of {} people in {} posts, from {} pairs that fit; mean fit {:.2}%",
        talent.people.len(),
        talent.post_list.len(),
        matching.eligible,
        if matched > 0 { 100.0 * fit / matched as f64 } else { 0.0 },
    );
    let (nobody, nowhere) = (talent.post_list.len() - posts.len(), talent.people.len() - people.len());
    tell!("{nobody} posts that nobody fits, {nowhere} people who fit no post");
}
