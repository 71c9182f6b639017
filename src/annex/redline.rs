//! Marks in the content of an annex what another run says otherwise: rows that are new or gone, figures and words
//! that changed. Compared is what is read, so a difference that no reader sees is none. Charts are not compared, nor
//! columns that only one of the two has.

use std::collections::HashMap;

use super::Lang;
use super::document::{Block, Cell, Level, Mark, Row, Table};
use crate::domain::Text;

/// Marks in `blocks` what differs from those of another run.
pub(super) fn redline(blocks: &mut Vec<Block>, other: &[Block]) {
    let (ours, theirs) = (places(blocks), places(other));
    let before: HashMap<&Place, &Block> = theirs.iter().zip(other).collect();
    for (place, block) in ours.iter().zip(blocks.iter_mut()) {
        match (block, before.get(place)) {
            (Block::Table(now), Some(Block::Table(was))) => table(now, was),
            (Block::Table(now), _) => now.rows.iter_mut().for_each(|row| row.mark = Some(Mark::New)),
            (Block::Facts(now), Some(Block::Facts(was))) => facts(now, was),
            (Block::Paragraph(now), Some(Block::Paragraph(was))) => cell(now, was),
            _ => {}
        }
    }
    // Tables that are gone stand behind what they stood behind.
    let mut behind = None;
    for (place, block) in theirs.iter().zip(other) {
        let found = places(blocks).iter().position(|ours| ours == place);
        if let (None, Block::Table(was), Some(at)) = (found, block, behind) {
            let mut gone = was.clone();
            let (keys, columns) = (gone.keys(), (0..gone.columns.len()).map(Some).collect::<Vec<_>>());
            for row in &mut gone.rows {
                row.cells = gone_cells(row, &columns, keys);
                row.mark = Some(Mark::Gone);
            }
            blocks.insert(at + 1, Block::Table(gone));
            behind = Some(at + 1);
        } else if found.is_some() {
            behind = found;
        }
    }
}

/// What tells a block from others: its name, or how many of its kind stand before it under its heading.
#[derive(PartialEq, Eq, Hash)]
enum Place {
    Named(String),
    Facts(&'static str, usize),
    Paragraph(&'static str, usize),
}

fn places(blocks: &[Block]) -> Vec<Place> {
    let (mut heading, mut facts, mut paragraphs) = ("", 0, 0);
    let place = |block: &Block| match block {
        Block::Heading(_, id, _) => {
            (heading, facts, paragraphs) = (id, 0, 0);
            Place::Named(format!("heading {id}"))
        }
        Block::Table(table) => Place::Named(format!("table {}", table.id)),
        Block::Chart(chart) => Place::Named(format!("chart {}", chart.id)),
        Block::Facts(_) => {
            facts += 1;
            Place::Facts(heading, facts)
        }
        Block::Paragraph(_) => {
            paragraphs += 1;
            Place::Paragraph(heading, paragraphs)
        }
    };
    blocks.iter().map(place).collect()
}

fn cell(now: &mut Cell, was: &Cell) {
    if Lang::ALL.iter().any(|lang| now.show(*lang) != was.show(*lang)) {
        *now = Cell::Changed(Box::new([was.clone(), now.clone()]));
    }
}

/// Numbers what would be the same otherwise.
fn counted<K: Clone + Eq + std::hash::Hash>(keys: impl Iterator<Item = K>) -> Vec<(K, usize)> {
    let mut seen: HashMap<K, usize> = HashMap::new();
    let count = |key: K| {
        let times = seen.entry(key.clone()).or_default();
        *times += 1;
        (key, *times)
    };
    keys.map(count).collect()
}

fn facts(now: &mut Vec<(Text, Cell)>, was: &[(Text, Cell)]) {
    let names = |facts: &[(Text, Cell)]| counted(facts.iter().map(|(name, _)| name.en.clone()));
    let (ours, theirs) = (names(now), names(was));
    let before: HashMap<_, _> = theirs.iter().zip(was).collect();
    for (name, (_, fact)) in ours.iter().zip(now.iter_mut()) {
        cell(fact, before.get(name).map_or(&Cell::Empty, |(_, was)| was));
    }
    for (name, (title, fact)) in theirs.iter().zip(was).filter(|(name, _)| !ours.contains(name)) {
        let last = ours.iter().rposition(|(ours, _)| *ours == name.0).unwrap_or(ours.len() - 1);
        let gone = Cell::Changed(Box::new([fact.clone(), Cell::Empty]));
        now.insert(last + 1, (title.clone(), gone));
    }
}

fn table(now: &mut Table, was: &Table) {
    let same = |column: &super::Column| {
        was.columns.iter().position(|other| (&other.head, &other.group) == (&column.head, &column.group))
    };
    let columns: Vec<Option<usize>> = now.columns.iter().map(same).collect();
    let (ours, theirs) = (names(now), names(was));
    let before: HashMap<_, _> = theirs.iter().zip(&was.rows).collect();
    for (name, row) in ours.iter().zip(&mut now.rows) {
        let Some(was) = before.get(name) else {
            row.mark = Some(Mark::New);
            continue;
        };
        for (cell_now, column) in row.cells.iter_mut().zip(&columns) {
            if let Some(column) = column {
                cell(cell_now, &was.cells[*column]);
            }
        }
        if row.cells.iter().any(|cell| cell.was().is_some()) {
            row.mark = Some(Mark::Changed);
        }
    }
    // Rows that are gone stand behind those that they stood behind.
    let position: HashMap<_, _> = ours.iter().enumerate().map(|(at, name)| (name, at)).collect();
    let mut gone: Vec<Vec<Row>> = vec![Vec::new(); now.rows.len() + 1];
    let mut behind = 0;
    for (name, row) in theirs.iter().zip(&was.rows) {
        match position.get(name) {
            Some(at) => behind = at + 1,
            None => gone[behind].push(Row {
                level: row.level,
                cells: gone_cells(row, &columns, now.keys()),
                mark: Some(Mark::Gone),
            }),
        }
    }
    let rows = std::mem::take(&mut now.rows).into_iter().map(Some);
    now.rows =
        gone.into_iter().zip([None].into_iter().chain(rows)).fold(Vec::new(), |mut all, (gone, row)| {
            all.extend(row);
            all.extend(gone);
            all
        });
}

/// The cells of a row that is gone: its names, and figures in whose place there is nothing.
fn gone_cells(row: &Row, columns: &[Option<usize>], keys: usize) -> Vec<Cell> {
    let cell = |(at, column): (usize, &Option<usize>)| match column.map(|column| row.cells[column].clone()) {
        None | Some(Cell::Empty) => Cell::Empty,
        Some(name) if at < keys => name,
        Some(figure) => Cell::Changed(Box::new([figure, Cell::Empty])),
    };
    columns.iter().enumerate().map(cell).collect()
}

/// What tells the rows of a table from one another.
fn names(table: &Table) -> Vec<((bool, Vec<String>), usize)> {
    let name = |row: &Row| {
        let keys = row.cells.iter().take(table.keys());
        let said = keys.flat_map(|cell| Lang::ALL.map(|lang| cell.show(lang)));
        (row.level == Level::Body, said.collect())
    };
    counted(table.rows.iter().map(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annex::document::{Column, Kind};

    fn text(word: &str) -> Text {
        Text { zh: format!("{word}。"), en: word.to_owned() }
    }

    fn table_of(rows: &[(&str, i64)]) -> Block {
        let columns = vec![Column::new(Kind::Name, text("Site")), Column::new(Kind::Number, text("Money"))];
        let mut table = Table::new("site", text("Sites"), columns);
        for (name, money) in rows {
            table.push(Level::Body, vec![Cell::Text(text(name)), Cell::Money(*money)]);
        }
        table.push(
            Level::Total,
            vec![Cell::Text(text("Total")), Cell::Money(rows.iter().map(|row| row.1).sum())],
        );
        Block::Table(table)
    }

    fn told(block: &Block) -> Vec<String> {
        let Block::Table(table) = block else { panic!("no table") };
        let cell = |cell: &Cell| match cell.was() {
            Some(was) => format!("{}→{}", was.show(Lang::En), cell.show(Lang::En)),
            None => cell.show(Lang::En),
        };
        let row = |row: &Row| {
            let cells: Vec<_> = row.cells.iter().map(cell).collect();
            format!("{:?} {}", row.mark, cells.join(" "))
        };
        table.rows.iter().map(row).collect()
    }

    #[test]
    fn rows_are_marked_where_they_stand() {
        let mut now = vec![table_of(&[("a", 1), ("c", 3), ("d", 4)])];
        redline(&mut now, &[table_of(&[("z", 9), ("a", 1), ("b", 2), ("c", 5)])]);
        let expected = [
            "Some(Gone) z 9→–",
            "None a 1",
            "Some(Gone) b 2→–",
            "Some(Changed) c 5→3",
            "Some(New) d 4",
            "Some(Changed) Total 17→8",
        ];
        assert_eq!(told(&now[0]), expected);
        let mut again = vec![table_of(&[("a", 1), ("c", 3), ("d", 4)])];
        redline(&mut again, &[table_of(&[("a", 1), ("c", 3), ("d", 4)])]);
        assert!(told(&again[0]).iter().all(|row| row.starts_with("None")));
    }

    #[test]
    fn tables_of_one_run_only_are_marked_as_a_whole() {
        let heading = || Block::Heading(1, "part", text("Part"));
        let mut now = vec![heading(), Block::Paragraph(Cell::Text(text("two lines")))];
        let other = [heading(), Block::Paragraph(Cell::Text(text("one line"))), table_of(&[("a", 1)])];
        redline(&mut now, &other);
        let Block::Paragraph(words) = &now[1] else { panic!("no paragraph") };
        assert_eq!(words.was(), Some(&Cell::Text(text("one line"))));
        assert_eq!(told(&now[2]), ["Some(Gone) a 1→–", "Some(Gone) Total 1→–"]);
        let mut now = vec![heading(), table_of(&[("a", 1)])];
        redline(&mut now, &[heading()]);
        assert_eq!(told(&now[1]), ["Some(New) a 1", "Some(New) Total 1"]);
    }

    #[test]
    fn what_one_run_alone_was_told_is_marked() {
        let fact = |name: &str, value: &str| (text(name), Cell::Code(value.to_owned()));
        let mut now = vec![Block::Facts(vec![fact("Version", "1"), fact("Override", "a=1")])];
        let was = Block::Facts(vec![fact("Version", "1"), fact("Override", "a=1"), fact("Override", "b=2")]);
        redline(&mut now, &[was]);
        let Block::Facts(facts) = &now[0] else { panic!("no facts") };
        assert_eq!(facts.len(), 3);
        assert_eq!(facts[1].1.was(), None);
        assert_eq!(facts[2].1.was(), Some(&Cell::Code("b=2".to_owned())));
        assert_eq!(facts[2].1.now(), &Cell::Empty);
    }
}
