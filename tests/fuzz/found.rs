//! Cases that were found by the fuzz target, shrunk: each failed once.

use crate::draw::{Case, Tampering};
use crate::judge::{Seen, judge};
use crate::support::World;

/// Judges a case; nothing is changed in its plan.
fn holds(world: World, stages: &[&str], rules: &[&str]) -> Seen {
    let case = Case {
        world,
        stages: stages.iter().map(|stage| format!("[[stages]]\n{stage}\n")).collect::<Vec<_>>().concat(),
        rules: rules.iter().map(|rule| format!("{rule}\n")).collect(),
        tampered: Tampering::default(),
    };
    let mut seen = Seen::default();
    judge(&case, &mut seen).unwrap();
    seen
}

/// HiGHS ended the last stage with an error.
#[test]
fn nothing_is_left_to_the_last_stage() {
    let seen = holds(
        World::full(1, &[50], &[&[50, 50]]),
        &[
            "kind = \"shortfall\"",
            "kind = \"coverage\"\nsegments = [{ width = 0.3, value = 1 }]",
            "kind = \"fragmentation\"\nlink = 0",
        ],
        &[
            "rule = \"province_budget\"",
            "rule = \"need_cap\"",
            "rule = \"maximum_lines\"\nnumber = 5\nper = \"region\"\nstrength = \"soft\"\npenalty = 1",
            "rule = \"dominance_cap\"\nnumber = 2\nshare = 0.573781\nstrength = \"soft\"\npenalty = 0.5",
        ],
    );
    assert_eq!(seen.certified, 1);
}

/// A pairing whose site has no need lent another site's limit on pairings to the bound: a wrong certificate.
#[test]
fn a_pairing_without_needs_limits_no_other_site() {
    let mut world = World::full(1, &[50], &[&[], &[30]]);
    world.pairings = vec![(0, 0, 100), (0, 1, 100)];
    let rules = [
        "rule = \"province_budget\"",
        "rule = \"maximum_provinces_per_site\"\nnumber = 0\nselect = { sites = [\"s1\"] }",
    ];
    assert_eq!(holds(world, &["kind = \"coverage\"", "kind = \"fragmentation\""], &rules).certified, 1);
}

/// Prices that show nothing, as a mean without a limit pays for itself, lost the plan that they were given.
#[test]
fn prices_that_show_nothing_lose_no_plan() {
    let mut world = World::full(1, &[370], &[&[0, 114], &[0, 332]]);
    world.sectors = vec!["livelihood", "livelihood"];
    world.needs = vec![(0, 1, 114), (1, 1, 332)];
    world.pairings = vec![(0, 0, 100), (0, 1, 100)];
    world.site_weights = vec![(0, 51), (1, 146)];
    world.industries = vec![None, Some(0)];
    world.neighbours = vec![(0, 1)];
    world.sites[0].population = Some(4514);
    world.sites[1].population = Some(2530);
    let rules = [
        "rule = \"province_budget\"",
        "rule = \"need_cap\"",
        "rule = \"absorption\"",
        "rule = \"park_capacity\"",
        "rule = \"equity_band\"\nbelow = 0.580000\nabove = 0.240000",
        "rule = \"no_duplication\"\nnumber = 1\nlevel = \"section\"\nby_industry = { I = 1, i1 = 2 }",
        "rule = \"minimum_ticket\"\namount = 114\nof = \"line_year\"",
        "rule = \"team_continuity\"\nkeep = 0.880000",
    ];
    holds(
        world,
        &[
            "kind = \"coverage\"\ntolerance = 0\nsegments = [{ width = 0.5, value = 1 }, { width = 0.5, value = 0.5 }]",
        ],
        &rules,
    );
}

/// The same of two years.
#[test]
fn prices_that_show_nothing_lose_no_plan_of_two_years() {
    let mut world = World::full(2, &[244], &[&[0, 385], &[0, 1056]]);
    world.provinces[0].capacity = vec![244, 541];
    world.sectors = vec!["livelihood", "livelihood"];
    world.needs = vec![(0, 1, 385), (1, 1, 1056)];
    world.pairings = vec![(0, 0, 100), (0, 1, 85)];
    world.sector_capacity = vec![(0, 0, 465)];
    world.site_weights = vec![(0, 116), (1, 58)];
    world.sites[0].population = Some(1571);
    world.sites[1].population = Some(5270);
    let stages = [
        "kind = \"coverage\"\ntolerance = 0.02\nsegments = [{ width = 0.5, value = 1 }, { width = 0.5, value = 0.5 }]",
        "kind = \"fragmentation\"\ntolerance = 0.02",
        "kind = \"tie_break\"",
    ];
    let rules = [
        "rule = \"province_budget\"",
        "rule = \"absorption\"",
        "rule = \"budget_use\"\nshare = 0.083023",
        "rule = \"equity_band\"\nbelow = 0.310000\nabove = 0.600000",
        "rule = \"need_floor\"\nshare = 0.030000\nselect = { regions = [\"north\"] }",
        "rule = \"requires\"\nof = \"line\"\nnumber = 2\nselect = { sectors = [\"k1\"] }",
        "rule = \"minimum_ticket\"\namount = 197\nof = \"line_year\"",
    ];
    holds(world, &stages, &rules);
}
