use crate::fixture::{
    NONE, caps, findings, notes, one_year, plan, refuses, rows, rows_and_shared, scenario, soft,
};
use allot::model::Strength::Hard;

const KIND: &str = "minimum_ticket";

#[test]
fn rows_of_lines_and_the_lines_that_they_open() {
    // A ticket of 20.5 units is 21 whole units. No rule limits a line: all budgets and needs are 490.
    assert_eq!(
        rows_and_shared(
            &one_year(),
            KIND,
            "amount = 10\nby_sector = { r = 20.5 }\nselect = { sites = ['a'] }",
            Hard
        ),
        [
            "open[E,a,h] in 0..1 Binary",
            "open[E,a,r] in 0..1 Binary",
            "open[E,a,h]: x[E,a,h,2024] - 490 open[E,a,h] <= 0",
            "minimum_ticket[R1;E,a,h].lower: x[E,a,h,2024] - 10 open[E,a,h] >= 0",
            "open[E,a,r]: x[E,a,r,2024] - 490 open[E,a,r] <= 0",
            "minimum_ticket[R1;E,a,r].lower: x[E,a,r,2024] - 21 open[E,a,r] >= 0",
        ]
    );
}

#[test]
fn soft_rows_may_fall_short_at_a_price() {
    assert_eq!(
        rows(&one_year(), KIND, "amount = 10\nselect = { sites = ['a'], sectors = ['h'] }", soft()),
        [
            "short[R1;E,a,h] in 0..inf DerivedMoney",
            "minimum_ticket[R1;E,a,h].lower: x[E,a,h,2024] - 10 open[E,a,h] + short[R1;E,a,h] >= 0",
            "short[R1;E,a,h] costs 2.5 in minimum_ticket[R1;E,a,h].lower",
        ]
    );
}

#[test]
fn rows_of_a_link() {
    assert_eq!(
        rows(&one_year(), KIND, "amount = 10\nof = 'link'\nselect = { sites = ['a'] }", Hard),
        ["minimum_ticket[R1;E,a].lower: x[E,a,h,2024] + x[E,a,r,2024] - 10 active[E,a] >= 0"]
    );
    // Some sectors of the link only.
    assert_eq!(
        rows(
            &one_year(),
            KIND,
            "amount = 10\nof = 'link'\nselect = { sites = ['a'], sectors = ['h'] }",
            Hard
        ),
        [
            "paid[R1;E,a] in 0..1 Binary",
            "paid[R1;E,a,h]: -paid[R1;E,a] + open[E,a,h] <= 0",
            "minimum_ticket[R1;E,a].lower: x[E,a,h,2024] - 10 paid[R1;E,a] >= 0",
        ]
    );
}

#[test]
fn rows_of_a_line_in_each_year() {
    // All budgets, needs and commitments are 520.
    let line = "select = { sites = ['a'], sectors = ['h'] }";
    assert_eq!(
        rows(&scenario(), KIND, &format!("amount = 10\nof = 'line_year'\n{line}"), Hard),
        [
            "paid[R1;E,a,h,2024] in 0..1 Binary",
            "paid[R1;E,a,h,2025] in 0..1 Binary",
            "paid[R1;E,a,h,2024]: x[E,a,h,2024] - 520 paid[R1;E,a,h,2024] <= 0",
            "minimum_ticket[R1;E,a,h,2024].lower: x[E,a,h,2024] - 10 paid[R1;E,a,h,2024] >= 0",
            "paid[R1;E,a,h,2025]: x[E,a,h,2025] - 520 paid[R1;E,a,h,2025] <= 0",
            "minimum_ticket[R1;E,a,h,2025].lower: x[E,a,h,2025] - 10 paid[R1;E,a,h,2025] >= 0",
        ]
    );
}

#[test]
fn check_looks_at_what_is_funded() {
    let scenario = scenario();
    let check =
        |parameters: &str, amounts: &[_]| findings(&scenario, KIND, parameters, &plan(&scenario, amounts));
    let lines = [("E", "a", "h", 2024, 6), ("E", "a", "h", 2025, 4), ("E", "a", "r", 2024, 9)];
    assert_eq!(check("amount = 10", &lines), ["E,a,h: slack 0", "E,a,r: short 1"]);
    assert_eq!(check("amount = 19\nof = 'link'", &lines), ["E,a: slack 0"]);
    assert_eq!(check("amount = 20\nof = 'link'", &lines), ["E,a: short 1"]);
    assert_eq!(
        check("amount = 5\nof = 'line_year'\nby_sector = { r = 9 }", &lines),
        ["E,a,h,2024: slack 1", "E,a,h,2025: short 1", "E,a,r,2024: slack 0"]
    );
    // No candidate: W has no pairing with a.
    let stray = [("W", "a", "s", 2024, 3)];
    assert_eq!(check("amount = 10", &stray), ["W,a,s: short 7"]);
    assert_eq!(check("amount = 10\nof = 'link'", &stray), ["W,a: short 7"]);
    assert_eq!(check("amount = 10", &[]), NONE);
}

#[test]
fn says_what_cannot_be_meant() {
    let scenario = one_year();
    assert_eq!(notes(&scenario, KIND, "amount = 120"), NONE);
    assert_eq!(
        notes(&scenario, KIND, "amount = 121"),
        ["E041 no province's whole capacity reaches the ticket of 121"]
    );
    assert_eq!(
        notes(&scenario, KIND, "amount = 1\nselect = { regions = ['X'] }"),
        ["E031 the scenario has no region 'X'", "W010 the rule selects no candidate line"]
    );
    assert_eq!(
        notes(&scenario, KIND, "amount = 1\nby_sector = { x = 2 }"),
        ["E031 by_sector names the sector 'x', which the scenario does not have"]
    );
    assert_eq!(
        notes(&scenario, KIND, "amount = 1\nof = 'link'\nby_sector = { h = 2 }"),
        ["W003 by_sector has no effect with of = \"link\""]
    );
    assert_eq!(
        notes(&scenario, KIND, "amount = 1\nselect = { provinces = ['E'], sites = ['c'] }"),
        ["W010 the rule selects no candidate line"]
    );
    // Amounts in currency, where a unit is 10,000 of it.
    let mut fine = one_year();
    fine.money.amounts_in = 1;
    assert_eq!(
        notes(&fine, KIND, "amount = 5000\nby_sector = { h = 20000, r = 9999 }"),
        [
            "E042 the ticket amount = 5000 is smaller than one unit of money (10000 CNY)",
            "E042 the ticket r = 9999 is smaller than one unit of money (10000 CNY)",
        ]
    );
}

#[test]
fn limits_no_line() {
    assert_eq!(caps(&one_year(), KIND, "amount = 10"), NONE);
}

#[test]
fn refuses_parameters() {
    refuses(KIND, "amount = 1\nticket = 1", "ticket");
    refuses(KIND, "amount = true", "amount");
    refuses(KIND, "amount = 1\nof = 'site'", "of");
    refuses(KIND, "amount = 1\nby_sector = { h = 'x' }", "by_sector.h");
}
