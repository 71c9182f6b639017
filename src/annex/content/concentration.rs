//! Concentration and thin spreading: focus sites and why they are, and the smallest lines.

use std::cmp::Reverse;

use super::Maker;
use super::cover::metrics;
use crate::annex::document::{Cell, Kind, Level, Table};
use crate::annex::messages::Arg;
use crate::annex::number::percent;
use crate::domain::Text;
use crate::report::document::RuleRecord;

/// How many of the smallest lines are listed.
const SMALLEST: usize = 10;

pub(super) fn write(maker: &mut Maker<'_>) {
    maker.heading(1, "part-concentration");
    maker.paragraph(maker.say("concentration-intro"));
    let table = metrics(maker, "concentration", "table-concentration", measures);
    maker.table(table);
    maker.heading(2, "part-focus");
    let rules = maker.run.document.rules.iter().filter(|rule| rule.rule == "focus_share");
    let rules: Vec<_> = rules.collect();
    if rules.is_empty() {
        maker.paragraph(maker.say("focus-none"));
    }
    for (at, rule) in rules.into_iter().enumerate() {
        focus(maker, at, rule);
    }
    maker.heading(2, "part-smallest");
    let table = smallest(maker);
    maker.table(table);
}

/// Whether a figure says how concentrated or thinly spread the money is.
pub(super) fn measures(id: &str) -> bool {
    ["mean_ticket", "median_ticket", "thinness", "hhi", "effective_sites", "top_share", "gini_per_capita"]
        .contains(&id)
}

/// The focus sites of a rule are those that its check takes: the fixed ones, then those with most money.
fn focus(maker: &mut Maker<'_>, at: usize, rule: &RuleRecord) {
    let parameters = &rule.parameters;
    let number = parameters["number"].as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
    let share = parameters["share"].as_f64().unwrap_or_default();
    let what = [
        ("rule", Arg::Plain(rule.id.as_str())),
        ("number", Arg::Count(number)),
        ("share", Arg::Plain(&percent(share))),
    ];
    maker.paragraph(maker.with("focus-intro", &what));
    if parameters.get("select").and_then(|select| select.as_object()).is_some_and(|select| !select.is_empty())
    {
        // Which money counts then is the scenario's to say, not this run's.
        maker.paragraph(maker.say("focus-of-a-part"));
        return;
    }
    let ids = |key: &str| -> Vec<&str> {
        parameters[key].as_array().into_iter().flatten().filter_map(|id| id.as_str()).collect()
    };
    let (fixed_in, fixed_out) = (ids("fixed_in"), ids("fixed_out"));
    let is_fixed = |id: &str| fixed_in.contains(&id) && !fixed_out.contains(&id);
    let mut sites: Vec<_> = maker.run.document.coverage.site.iter().map(|site| &site.now).collect();
    sites.retain(|site| is_fixed(&site.id) || !fixed_out.contains(&site.id.as_str()));
    sites.sort_by_key(|site| (!is_fixed(&site.id), Reverse(site.money), site.id.as_str()));
    let money: i64 = maker.run.document.lines.iter().map(|line| line.total).sum();
    let columns = vec![
        maker.head(Kind::Name, "head-site"),
        maker.head(Kind::Name, "head-region"),
        maker.head(Kind::Number, "head-money"),
        maker.head(Kind::Share, "head-share-of-money"),
        maker.head(Kind::Share, "head-covered"),
        maker.head(Kind::Number, "head-weight"),
        maker.head(Kind::Name, "head-why"),
    ];
    let id = if at == 0 { "focus".to_owned() } else { format!("focus_{}", at + 1) };
    let mut table = Table::new(&id, maker.with("table-focus", &[("rule", Arg::Plain(&rule.id))]), columns);
    let mut sum = 0;
    let part = |amount: i64| if money > 0 { Cell::Share(amount as f64 / money as f64) } else { Cell::Empty };
    for (rank, site) in sites.iter().take(number).enumerate() {
        let why = if is_fixed(&site.id) {
            maker.say("focus-fixed")
        } else {
            maker.with("focus-ranked", &[("rank", Arg::Count(rank + 1))])
        };
        table.push(
            Level::Body,
            vec![
                Cell::Text(maker.names.site(&site.id)),
                Cell::Text(maker.names.region_of(&site.id)),
                Cell::Money(site.money),
                part(site.money),
                Cell::or_empty(site.coverage, Cell::Share),
                Cell::or_empty(weight(maker, &site.id), |weight| Cell::Decimal(weight, 3)),
                Cell::Text(why),
            ],
        );
        sum += site.money;
    }
    let mut cells = vec![maker.word("row-total"), Cell::Empty, Cell::Money(sum), part(sum)];
    cells.resize(7, Cell::Empty);
    table.push(Level::Total, cells);
    maker.table(table);
}

/// Mean weight of a site's needs, by their amounts.
fn weight(maker: &Maker<'_>, site: &str) -> Option<f64> {
    let needs = maker.run.input.needs.iter().filter(|need| need.site == site);
    let (weighted, amount) = needs.fold((0.0, 0.0), |(weighted, amount), need| {
        let (weight, need) = (need.weight as f64 / 1e6, need.amount as f64);
        (weighted + weight * need, amount + need)
    });
    (amount > 0.0).then(|| weighted / amount)
}

fn smallest(maker: &Maker<'_>) -> Table {
    let columns = vec![
        maker.head(Kind::Name, "head-province"),
        maker.head(Kind::Name, "head-site"),
        maker.head(Kind::Name, "head-sector"),
        maker.head(Kind::Number, "head-money"),
    ];
    let caption = maker.with("table-smallest", &[("number", Arg::Count(SMALLEST))]);
    let mut table = Table::new("smallest", caption, columns);
    let mut lines: Vec<_> = maker.run.document.lines.iter().collect();
    lines.sort_by_key(|line| (line.total, &line.province_id, &line.site_id, &line.sector_id));
    for line in lines.into_iter().take(SMALLEST) {
        let names: [Text; 3] = [
            maker.names.province(&line.province_id),
            maker.names.site(&line.site_id),
            maker.names.sector(&line.sector_id),
        ];
        table.push(Level::Body, [names.map(Cell::Text).to_vec(), vec![Cell::Money(line.total)]].concat());
    }
    table
}
