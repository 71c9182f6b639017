//! The order of rows and columns in a table means nothing.

use allot::report::plan_csv;
use proptest::prelude::*;

use crate::config;
use crate::support::{Dice, World, load, policy, policy_with_stages, solve};
use crate::worlds::{SMALL, rules, texts, world};

/// The tables with rows and columns in another order.
fn shuffled(world: &World, seed: u64) -> Vec<crate::support::Sheet> {
    let mut dice = Dice(seed);
    let mut sheets = world.sheets();
    for (_, header, rows) in &mut sheets {
        let mut order: Vec<usize> = (0..header.len()).collect();
        dice.shuffle(&mut order);
        let turn = |row: &[String]| order.iter().map(|&column| row[column].clone()).collect::<Vec<_>>();
        *header = turn(header);
        for row in rows.iter_mut() {
            *row = turn(row);
        }
        dice.shuffle(rows);
    }
    sheets
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn any_order_of_rows_and_columns_gives_the_same_bytes(world in world(SMALL), rules in rules(), seed in any::<u64>()) {
        let stages = "[[stages]]\nkind = \"coverage\"\ntolerance = 0.005\n\
            [[stages]]\nkind = \"fragmentation\"\n[[stages]]\nkind = \"tie_break\"\n";
        let policy = policy(&policy_with_stages(stages, &texts(&rules, 1)));
        let folder = tempfile::tempdir().unwrap();
        world.write_sheets(folder.path(), &shuffled(&world, seed));
        let plans = [world.load(), load(folder.path())].map(|scenario| {
            solve(&scenario, &policy).map(|solved| plan_csv(&scenario, &solved.proposal.plan).unwrap())
        });
        prop_assert_eq!(&plans[0], &plans[1]);
    }
}
