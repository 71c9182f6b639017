//! Whatever bytes a file holds, reading it ends with an answer.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::common::{Fixture, TABLES, all_found};

/// Pieces that tables are made of, and some that they are not.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let pieces: &[&[u8]] = &[
        b",",
        b"\n",
        b"\r\n",
        b"\r",
        b"\"",
        b";",
        b"s1",
        b"east",
        b"health",
        b"*",
        b"amount",
        b"site_id",
        b"sector_id",
        b"province_id",
        b"1e9",
        b"-",
        b"0.5",
        b"99999999999999999999999",
        b"\xEF\xBB\xBF",
        b"\xFF",
        b"\0",
        b"PK\x03\x04",
        b" ",
    ];
    vec(select(pieces), 0..60).prop_map(|pieces| pieces.concat())
}

fn workbook() -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, line) in (0..).zip(["site_id,sector_id,amount", "s1,health,5"]) {
        for (column, cell) in (0..).zip(line.split(',')) {
            sheet.write(row, column, cell).expect("a cell");
        }
    }
    workbook.save_to_buffer().expect("a workbook")
}

/// Packs a workbook's members again, one of them spoiled.
fn spoiled(member: Index, at: Index, bytes: &[u8]) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook())).expect("an archive");
    let spoilt = member.index(archive.len());
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for position in 0..archive.len() {
        let mut content = Vec::new();
        let mut file = archive.by_index(position).expect("a member");
        file.read_to_end(&mut content).expect("content");
        if position == spoilt {
            let start = at.index(content.len());
            let end = (start + bytes.len()).min(content.len());
            content[start..end].copy_from_slice(&bytes[..end - start]);
        }
        writer
            .start_file(file.name().expect("a name"), zip::write::SimpleFileOptions::default())
            .expect("a member");
        writer.write_all(&content).expect("content");
    }
    writer.finish().expect("an archive").into_inner()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_bytes_in_a_table(table in select(&TABLES[..]), bytes in prop_oneof![soup(), vec(any::<u8>(), 0..200)]) {
        let fixture = Fixture::new();
        fixture.write(&format!("{table}.csv"), bytes);
        let _ = fixture.load();
    }

    #[test]
    fn any_change_of_a_table(table in select(&TABLES[..]), at in any::<Index>(), bytes in soup()) {
        let fixture = Fixture::new();
        let file = format!("{table}.csv");
        let mut content = fixture.read(&file).into_bytes();
        let start = at.index(content.len());
        let end = (start + bytes.len() / 2).min(content.len());
        content.splice(start..end, bytes);
        // A scenario that is read must be whole: ids point where they should.
        if let Ok(loaded) = fixture.write(&file, content).load() {
            let scenario = &loaded.scenario;
            prop_assert!(scenario.sites.iter().all(|site| site.region.0 < scenario.regions.len()));
            prop_assert!(scenario.lines.iter().all(|line| line.need.0 < scenario.needs.len()));
        }
    }

    #[test]
    fn any_bytes_in_a_plan(bytes in soup()) {
        let fixture = Fixture::new();
        let header = b"province_id,site_id,sector_id,year,amount\n".to_vec();
        fixture.write("plan.csv", [header, bytes].concat());
        let _ = fixture.read_plan("plan.csv");
    }

    #[test]
    fn any_bytes_in_a_workbook(member in any::<Index>(), at in any::<Index>(), bytes in vec(any::<u8>(), 0..12)) {
        let fixture = Fixture::new();
        fixture.remove("needs.csv").write("needs.xlsx", spoiled(member, at, &bytes));
        let _ = fixture.load();
    }

    #[test]
    fn any_text_in_scenario_toml(at in any::<Index>(), text in "[a-z\\[\\]{}=\"'.,0-9\n -]{0,12}") {
        let fixture = Fixture::new();
        let mut content = fixture.read("scenario.toml");
        let start = (0..=at.index(content.len())).rev().find(|at| content.is_char_boundary(*at)).unwrap_or(0);
        content.insert_str(start, &text);
        fixture.write("scenario.toml", content);
        let _ = all_found(fixture.load());
    }

    #[test]
    fn any_set(text in "(policy|scenario|tables)\\.[a-z_.=\\[\\]\"{} 0-9,]{0,30}") {
        let _ = all_found(Fixture::new().load_from("", &[&text]));
    }
}
