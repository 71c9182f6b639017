//! Workbooks: the same as CSV when they are sound, refused when they are not.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::write::SimpleFileOptions;

use crate::common::{Fixture, TABLES, all_found, shown};

/// A CSV text as a workbook, with numbers as numbers.
fn workbook_of(text: &str) -> Vec<u8> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, record) in (0..).zip(reader.records()) {
        for (column, cell) in (0..).zip(record.expect("a row").iter()) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).expect("a cell"),
                Err(_) if cell.is_empty() => continue,
                Err(_) => sheet.write_string(row, column, cell).expect("a cell"),
            };
        }
    }
    workbook.add_worksheet().write_string(0, 0, "a second sheet is not read").expect("a cell");
    workbook.save_to_buffer().expect("a workbook")
}

/// A workbook that unpacks to 300 MiB, in one member; `lying` declares it to be small.
pub fn bomb(lying: bool) -> Vec<u8> {
    const SIZE: usize = 300 << 20;
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_level(Some(1));
    archive.start_file("xl/worksheets/sheet1.xml", options).expect("a member");
    let block = vec![b' '; 1 << 20];
    for _ in 0..SIZE / block.len() {
        archive.write_all(&block).expect("a block");
    }
    let mut bytes = archive.finish().expect("an archive").into_inner();
    if lying {
        let size = u32::try_from(SIZE).expect("a size").to_le_bytes();
        for at in 0..bytes.len() - 4 {
            if bytes[at..at + 4] == size {
                bytes[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
            }
        }
    }
    bytes
}

fn with_workbook(fixture: &Fixture, table: &str, bytes: &[u8]) -> Vec<String> {
    fixture.remove(&format!("{table}.csv")).write(&format!("{table}.xlsx"), bytes);
    fixture.told(&all_found(fixture.load()))
}

#[test]
fn a_workbook_is_read_like_csv() {
    let fixture = Fixture::new();
    let before = shown(&fixture.loaded());
    for table in TABLES {
        let text = fixture.read(&format!("{table}.csv"));
        fixture.remove(&format!("{table}.csv")).write(&format!("{table}.xlsx"), workbook_of(&text));
    }
    assert_eq!(before, shown(&fixture.loaded()));
    // What it is decides, not what it is called.
    let bytes = std::fs::read(fixture.path("needs.xlsx")).expect("a workbook");
    fixture.remove("needs.xlsx").write("needs.csv", bytes);
    assert_eq!(before, shown(&fixture.loaded()));
}

#[test]
fn sums_of_a_spreadsheet_are_the_decimals_that_it_shows() {
    let fixture = Fixture::new();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, heading) in (0..).zip(["province_id", "site_id", "effectiveness"]) {
        sheet.write_string(0, column, heading).expect("a cell");
    }
    for (row, (province, site)) in (1..).zip([("east", "s1"), ("north", "s2"), ("west", "s3")]) {
        sheet.write_string(row, 0, province).expect("a cell");
        sheet.write_string(row, 1, site).expect("a cell");
        sheet.write_number(row, 2, 0.1 + 0.2).expect("a cell");
    }
    let told = with_workbook(&fixture, "pairings", &workbook.save_to_buffer().expect("a workbook"));
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(fixture.loaded().scenario.links[0].effectiveness.to_string(), "0.3");
}

#[test]
fn what_a_spreadsheet_made_of_an_id_is_refused() {
    let fixture = Fixture::new();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    // The table begins in the third row, which counts.
    for (column, heading) in (0..).zip(["site_id", "sector_id", "amount"]) {
        sheet.write_string(2, column, heading).expect("a cell");
    }
    let day = ExcelDateTime::from_ymd(2008, 5, 12).expect("a day");
    sheet.write_datetime_with_format(3, 0, &day, &date).expect("a cell");
    sheet.write_string(3, 1, "health").expect("a cell");
    sheet.write_datetime_with_format(3, 2, &day, &date).expect("a cell");
    sheet.write_string(5, 0, "s1").expect("a cell");
    sheet.write_string(5, 1, "health").expect("a cell");
    sheet.write_number(5, 2, 5.0).expect("a cell");
    sheet.write_string(5, 4, "too far right").expect("a cell");
    let told = with_workbook(&fixture, "needs", &workbook.save_to_buffer().expect("a workbook"));
    assert_eq!(told, ["E014 needs.xlsx:4:amount", "E011 needs.xlsx:4:site_id", "E003 needs.xlsx:6"]);
}

#[test]
fn a_workbook_that_lies_about_its_size_is_refused() {
    // Unpacking stops where the declared size is passed.
    assert_eq!(with_workbook(&Fixture::new(), "needs", &bomb(true)), ["E003 needs.xlsx"]);
}

#[test]
fn a_sheet_with_far_corners_is_refused() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "site_id").expect("a cell");
    sheet.write_string(0, 16_383, "far").expect("a cell");
    for row in 1..400 {
        sheet.write_string(row * 2_000, 0, "s1").expect("a cell");
    }
    let bytes = workbook.save_to_buffer().expect("a workbook");
    assert_eq!(with_workbook(&Fixture::new(), "needs", &bytes), ["E006 needs.xlsx"]);
}

#[test]
fn a_damaged_workbook_is_refused() {
    let whole = workbook_of("site_id,sector_id,amount\ns1,health,1\n");
    for length in [4, 30, whole.len() / 2, whole.len() - 1] {
        assert_eq!(with_workbook(&Fixture::new(), "needs", &whole[..length]), ["E003 needs.xlsx"]);
    }
}
