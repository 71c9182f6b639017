//! From bytes to cells: CSV text or the first sheet of a workbook.

use std::io::{Cursor, Read};
use std::path::Path;
use std::rc::Rc;

use calamine::{DataRef, Reader, Xlsx};

use super::files::{LARGEST_FILE, MOST_CELLS};
use super::table::{Cell, Grid};
use crate::diagnostics::{Code, Diagnostics, Place};

/// Why bytes are no table.
struct Refusal {
    code: Code,
    row: Option<usize>,
    column: Option<String>,
    cause: String,
    action: &'static str,
}

impl Refusal {
    fn bad(cause: impl Into<String>, action: &'static str) -> Self {
        Self { code: Code::BadTable, row: None, column: None, cause: cause.into(), action }
    }

    fn too_large(cause: impl Into<String>) -> Self {
        Self {
            code: Code::TooLarge,
            ..Self::bad(cause, "leave out sheets, columns and rows that allot does not use")
        }
    }
}

/// Reads a file's bytes; what is wrong with them is told, and then there is no grid.
pub(super) fn read(path: &Path, file: &Rc<str>, bytes: Vec<u8>, found: &mut Diagnostics) -> Option<Grid> {
    let named_xlsx = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    let outcome = if bytes.starts_with(b"PK\x03\x04") {
        read_workbook(bytes)
    } else if named_xlsx || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        Err(Refusal::bad("this is not an .xlsx workbook", "save it as .xlsx (not .xls) or as CSV UTF-8"))
    } else {
        read_csv(&bytes)
    };
    match outcome {
        Ok(grid) => Some(grid),
        Err(refusal) => {
            let place = Place { file: file.to_string(), row: refusal.row, column: refusal.column };
            found.push(refusal.code, place, refusal.cause, refusal.action);
            None
        }
    }
}

/// Counts lines up to an offset, whatever their endings, without starting over.
struct Lines<'b> {
    bytes: &'b [u8],
    offset: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line in which the record begins that the reader found from `offset` on: blank lines are before it.
    fn at(&mut self, offset: usize) -> usize {
        let mut start = offset.min(self.bytes.len());
        while self.bytes.get(start).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            start += 1;
        }
        for position in self.offset..start {
            let ends_line = match self.bytes[position] {
                b'\n' => true,
                b'\r' => self.bytes.get(position + 1) != Some(&b'\n'),
                _ => false,
            };
            self.line += usize::from(ends_line);
        }
        self.offset = self.offset.max(start);
        self.line
    }
}

fn read_csv(bytes: &[u8]) -> Result<Grid, Refusal> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Refusal::bad("the text is UTF-16, not UTF-8", "save it as CSV UTF-8"));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut lines = Lines { bytes, offset: 0, line: 1 };
    let mut record = csv::ByteRecord::new();
    let mut header: Option<(usize, Vec<Cell>)> = None;
    let (mut rows, mut count) = (Vec::new(), 0);
    while reader
        .read_byte_record(&mut record)
        .map_err(|error| Refusal::bad(error.to_string(), "mend the file"))?
    {
        let offset = record.position().map_or(0, csv::Position::byte);
        let line = lines.at(usize::try_from(offset).unwrap_or(usize::MAX));
        let cells = decode(&record, line, header.as_ref().map(|(_, headings)| headings.as_slice()))?;
        count += cells.len();
        if count > MOST_CELLS {
            return Err(Refusal::too_large(format!("the table has more than {MOST_CELLS} cells")));
        }
        if cells.iter().all(Cell::is_empty) {
            continue;
        }
        match &header {
            None => header = Some((line, cells)),
            Some(_) => rows.push((line, cells)),
        }
    }
    let (header_row, headings) = header.ok_or_else(no_header)?;
    if let [only] = headings.as_slice()
        && only.text().contains(['\t', ';'])
    {
        let action = "save it as CSV with commas between the cells";
        return Err(Refusal {
            row: Some(header_row),
            ..Refusal::bad("the cells are not separated by commas", action)
        });
    }
    Ok(Grid { header_row: Some(header_row), headings, rows })
}

fn no_header() -> Refusal {
    Refusal::bad("the table has no header", "write the names of the columns into the first row")
}

fn decode(record: &csv::ByteRecord, line: usize, headings: Option<&[Cell]>) -> Result<Vec<Cell>, Refusal> {
    let decoded = record.iter().enumerate().map(|(position, field)| match std::str::from_utf8(field) {
        Ok(text) => Ok(Cell::Text(text.trim().to_owned())),
        Err(error) => {
            let byte = field.get(error.valid_up_to()).copied().unwrap_or_default();
            let heading = headings.and_then(|h| h.get(position)).map(|cell| cell.text().to_owned());
            let cause = format!("the byte 0x{byte:02X} is not UTF-8");
            let refusal =
                Refusal::bad(cause, "save the file as CSV UTF-8 (GBK and Windows code pages are not read)");
            Err(Refusal { row: Some(line), column: heading, ..refusal })
        }
    });
    decoded.collect()
}

fn read_workbook(bytes: Vec<u8>) -> Result<Grid, Refusal> {
    check_archive(&bytes)?;
    let unreadable = |error: calamine::XlsxError| {
        Refusal::bad(
            format!("the workbook cannot be read: {error}"),
            "open it in a spreadsheet and save it again",
        )
    };
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let sheet = workbook.sheet_names().first().cloned();
    let sheet =
        sheet.ok_or_else(|| Refusal::bad("the workbook has no sheet", "put the table on its first sheet"))?;
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(unreadable)?;
    let mut sparse: Vec<((u32, u32), Cell)> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let content = cell_content(cell.get_value());
        if !content.is_empty() {
            sparse.push((cell.get_position(), content));
        }
        if sparse.len() > MOST_CELLS {
            return Err(Refusal::too_large(format!("the first sheet has more than {MOST_CELLS} cells")));
        }
    }
    // Sheets are written row by row, but nothing makes a writer do so.
    sparse.sort_by_key(|(position, _)| *position);
    dense(sparse)
}

/// Reads through every member of the archive, so that what a workbook unpacks to is known before
/// a reader that keeps it all in memory sees it. The sizes that the archive declares may be lies.
fn check_archive(bytes: &[u8]) -> Result<(), Refusal> {
    let too_large =
        || Refusal::too_large(format!("the workbook unpacks to more than {} MiB", LARGEST_FILE >> 20));
    let unreadable = |cause: String| {
        Refusal::bad(
            format!("the workbook is damaged: {cause}"),
            "open it in a spreadsheet and save it again",
        )
    };
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(error.to_string()))?;
    let mut declared = 0_u64;
    for index in 0..archive.len() {
        let member = archive.by_index(index).map_err(|error| unreadable(error.to_string()))?;
        declared = declared.saturating_add(member.size());
    }
    if declared > LARGEST_FILE {
        return Err(too_large());
    }
    let mut rest = LARGEST_FILE;
    for index in 0..archive.len() {
        let member = archive.by_index(index).map_err(|error| unreadable(error.to_string()))?;
        let read = std::io::copy(&mut member.take(rest + 1), &mut std::io::sink());
        let read = read.map_err(|error| unreadable(error.to_string()))?;
        rest = rest.checked_sub(read).ok_or_else(too_large)?;
    }
    Ok(())
}

fn cell_content(value: &DataRef<'_>) -> Cell {
    let text = |text: &str| Cell::Text(text.trim().to_owned());
    match value {
        DataRef::Empty => Cell::EMPTY,
        DataRef::Int(number) => Cell::Text(number.to_string()),
        DataRef::Float(number) => Cell::Text(number_text(*number)),
        DataRef::String(string) => text(string),
        DataRef::SharedString(string) => text(string),
        DataRef::Bool(truth) => Cell::Text(if *truth { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::DateTime(date) => Cell::Date(format!("day {} of the calendar", number_text(date.as_f64()))),
        DataRef::DateTimeIso(date) | DataRef::DurationIso(date) => Cell::Date(date.clone()),
        DataRef::Error(error) => Cell::Fault(error.to_string()),
    }
}

/// A number as the spreadsheet shows it: with the fifteen digits that it keeps, so that 0.1 + 0.2 is 0.3.
fn number_text(number: f64) -> String {
    let shown = format!("{number:.14e}").parse().unwrap_or(number);
    // The shortest text that reads back the same; whole numbers come without ".0".
    format!("{shown}")
}

fn dense(sparse: Vec<((u32, u32), Cell)>) -> Result<Grid, Refusal> {
    let mut by_row: Vec<(usize, Vec<(usize, Cell)>)> = Vec::new();
    for ((row, column), cell) in sparse {
        let (row, column) = (row as usize + 1, column as usize);
        match by_row.last_mut() {
            Some((last, cells)) if *last == row => cells.push((column, cell)),
            _ => by_row.push((row, vec![(column, cell)])),
        }
    }
    let mut rows = by_row.into_iter();
    let (header_row, header) = rows.next().ok_or_else(no_header)?;
    let width = header.last().map_or(0, |(column, _)| column + 1);
    // Dense rows can be far larger than the cells that are filled.
    if width.saturating_mul(rows.len()) > MOST_CELLS {
        return Err(Refusal::too_large(format!("the first sheet has more than {MOST_CELLS} cells")));
    }
    let fill = |cells: Vec<(usize, Cell)>| {
        let mut filled = vec![Cell::EMPTY; width];
        for (column, cell) in cells {
            match filled.get_mut(column) {
                Some(place) => *place = cell,
                // One more cell than the header has is enough for the row to be told as too long.
                None => filled.push(cell),
            }
        }
        filled
    };
    let headings = fill(header);
    Ok(Grid {
        header_row: Some(header_row),
        headings,
        rows: rows.map(|(row, cells)| (row, fill(cells))).collect(),
    })
}
