//! A workbook: a sheet to read first, one sheet a table with typed cells, and a sheet of charts.

use rust_xlsxwriter::{
    Chart as NativeChart, ChartType, Color, ConditionalFormat2ColorScale, ConditionalFormatDataBar,
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Image, Note, Workbook, Worksheet,
    XlsxError,
};

use super::Lang;
use super::chart::{Bars, Heat, Shape, Stacks};
use super::document::{Annex, Block, Cell, Kind, Level, Mark, Table, Verdict};
use super::messages::{Arg, Messages};
use super::picture::{Picture, Pictures};

const HEAD: u32 = 0x00DD_E6EE;
const SUBTOTAL: u32 = 0x00EE_F1F4;
const BAR: u32 = 0x009C_C4E4;
const CHANGED: u32 = 0x00FF_F0C2;
/// Names longer than a cell is wide are wrapped.
const WIDEST: f64 = 48.0;
/// The same of sentences and digests.
const LONGEST: f64 = 72.0;
/// Height of a line, in points: Chinese characters are taller than Latin ones.
const LINE: f64 = 16.5;
/// Width of charts, and height of a row of no height of its own, in pixels.
const WIDE: u32 = 900;
const PIXELS_OF_A_ROW: u32 = 20;
/// Width of a column of a chart's amounts.
const GRID: f64 = 16.0;
/// Rows over the head of a table: its caption and its unit.
const ABOVE: u32 = 3;

/// The annex as a workbook in one language; charts that a workbook does not have are pictures, where there are such.
///
/// # Errors
/// When the writer fails, which it does for more rows or longer names than the format admits.
pub fn xlsx(annex: &Annex, lang: Lang, pictures: &Pictures) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::parse_from_str(&annex.date)?;
    workbook.set_properties(
        &DocProperties::new().set_title(lang.of(&annex.title)).set_creation_datetime(&created),
    );
    let book = Book { annex, lang, pictures, messages: Messages::default() };
    let names: Vec<String> =
        annex.tables().enumerate().map(|(at, table)| book.sheet_name(at, table)).collect();
    book.read_me(workbook.add_worksheet(), &names)?;
    for (table, name) in annex.tables().zip(&names) {
        let sheet = workbook.add_worksheet().set_name(name)?;
        book.table(sheet, table)?;
        if let Some((first, last)) = body(table) {
            let columns = column_letter(table.columns.len());
            let range = format!("='{name}'!$A${}:${columns}${}", first + 1, last + 1);
            // Names that look like cells or functions are none.
            workbook.define_name(format!("allot_{}", table.id), &range)?;
        }
    }
    let charts = workbook.add_worksheet().set_name(book.say("xlsx-charts"))?;
    book.charts(charts)?;
    workbook.save_to_buffer()
}

struct Book<'a> {
    annex: &'a Annex,
    lang: Lang,
    pictures: &'a Pictures,
    messages: Messages,
}

fn base() -> Format {
    Format::new().set_align(FormatAlign::VerticalCenter)
}

fn head_format() -> Format {
    base()
        .set_bold()
        .set_background_color(Color::RGB(HEAD))
        .set_border_bottom(FormatBorder::Thin)
        .set_text_wrap()
}

fn column_letter(columns: usize) -> String {
    let last = u16::try_from(columns.saturating_sub(1)).unwrap_or(u16::MAX);
    rust_xlsxwriter::utility::column_number_to_name(last)
}

fn column(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

fn row(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Book<'_> {
    fn say(&self, key: &str) -> String {
        self.messages.in_language(self.lang, key, &[])
    }

    /// A number and as much of the caption as a sheet's name may have.
    fn sheet_name(&self, at: usize, table: &Table) -> String {
        let caption = self.lang.of(&table.caption);
        let kept = caption.chars().filter(|c| !"[]:*?/\\'".contains(*c));
        let name: String = format!("{:02} ", at + 1).chars().chain(kept).take(31).collect();
        name.trim_end().to_owned()
    }

    fn read_me(&self, sheet: &mut Worksheet, names: &[String]) -> Result<(), XlsxError> {
        sheet.set_name(self.say("xlsx-read-me"))?;
        sheet.set_column_width(0, 34.0)?.set_column_width(1, 90.0)?;
        let (title, bold, wrapped) =
            (Format::new().set_bold().set_font_size(16), base().set_bold(), base().set_text_wrap());
        sheet.write_string_with_format(0, 0, self.lang.of(&self.annex.title), &title)?;
        sheet.write_string(1, 0, self.lang.of(&self.annex.subtitle))?;
        let mut at = 3;
        let mut tables = names.iter();
        for block in &self.annex.blocks {
            match block {
                Block::Heading(_, _, text) => {
                    at += 1;
                    sheet.write_string_with_format(at, 0, self.lang.of(text), &bold)?;
                }
                Block::Paragraph(words) => {
                    let text = words.show(self.lang);
                    sheet.merge_range(at, 0, at, 1, &text, &wrapped)?;
                    sheet.set_row_height(at, LINE * lines(&text, 118.0))?;
                    // Over the merged cell, as it marks what changed.
                    self.cell(sheet, at, 0, words, &wrapped)?;
                }
                Block::Facts(facts) => {
                    for (name, cell) in facts {
                        sheet.write_string_with_format(at, 0, self.lang.of(name), &base())?;
                        self.cell(sheet, at, 1, cell, &wrapped.clone().set_align(FormatAlign::Left))?;
                        at += 1;
                    }
                    continue;
                }
                Block::Table(table) => {
                    let Some(name) = tables.next() else { continue };
                    let link = format!("internal:'{name}'!A1");
                    sheet.write_url_with_text(at, 0, link.as_str(), name)?;
                    sheet.write_string(at, 1, self.lang.of(&table.caption))?;
                }
                Block::Chart(chart) => {
                    sheet.write_string(at, 1, self.lang.of(&chart.caption))?;
                }
            }
            at += 1;
        }
        print_setup(sheet, false);
        Ok(())
    }

    fn table(&self, sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
        let bold = Format::new().set_bold().set_font_size(13);
        sheet.write_string_with_format(0, 0, self.lang.of(&table.caption), &bold)?;
        if table.has_money() {
            let unit = [("unit", Arg::Text(&self.annex.unit))];
            sheet.write_string(1, 0, self.messages.in_language(self.lang, "amounts-in", &unit))?;
        }
        let mut at = ABOVE - 1;
        if let Some(groups) = table.groups() {
            let mut first = 0;
            for (group, span) in groups {
                let format = head_format().set_align(FormatAlign::Center);
                let text = group.map_or("", |group| self.lang.of(group));
                match span {
                    1 => drop(sheet.write_string_with_format(at, column(first), text, &format)?),
                    _ => drop(sheet.merge_range(
                        at,
                        column(first),
                        at,
                        column(first + span - 1),
                        text,
                        &format,
                    )?),
                }
                first += span;
            }
            at += 1;
        }
        let widths: Vec<f64> = (0..table.columns.len()).map(|c| self.width(table, c)).collect();
        let heads = table.columns.iter().zip(&widths);
        let of_head = heads.map(|(head, width)| lines(self.lang.of(&head.head), width - 1.0));
        sheet.set_row_height(at, LINE * of_head.fold(1.0, f64::max))?;
        for (c, head) in table.columns.iter().enumerate() {
            let align = match head.kind {
                Kind::Number | Kind::Share => FormatAlign::Right,
                _ => FormatAlign::Left,
            };
            let mut format = head_format().set_align(align);
            if align == FormatAlign::Left {
                format = format.set_indent(1);
            }
            sheet.write_string_with_format(at, column(c), self.lang.of(&head.head), &format)?;
            sheet.set_column_width(column(c), widths[c])?;
        }
        let first = at + 1;
        for (r, line) in table.rows.iter().enumerate() {
            if line.level == Level::Body {
                sheet.set_row_height(first + row(r), self.height(table, r, &widths))?;
            }
            for (c, cell) in line.cells.iter().enumerate() {
                let format = row_format(line.level, line.mark, table.columns[c].kind);
                self.cell(sheet, first + row(r), column(c), cell, &format)?;
            }
            let mark = match line.mark {
                Some(Mark::New) => "mark-new",
                Some(Mark::Gone) => "mark-gone",
                Some(Mark::Changed) | None => continue,
            };
            note(sheet, first + row(r), 0, &self.say(mark))?;
        }
        sheet.set_freeze_panes(first, 1)?;
        let last = column(table.columns.len() - 1);
        if let Some((first, last_row)) = body(table) {
            sheet.autofilter(first - 1, 0, last_row, last)?;
            for (c, _) in table.columns.iter().enumerate().filter(|(_, column)| column.kind == Kind::Share) {
                let bar = ConditionalFormatDataBar::new()
                    .set_fill_color(Color::RGB(BAR))
                    .set_solid_fill(true)
                    .set_minimum(rust_xlsxwriter::ConditionalFormatType::Number, 0)
                    .set_maximum(rust_xlsxwriter::ConditionalFormatType::Number, 1);
                sheet.add_conditional_format(first, column(c), last_row, column(c), &bar)?;
            }
        }
        sheet.set_repeat_rows(ABOVE - 1, at)?;
        print_setup(sheet, table.is_wide(self.lang));
        Ok(())
    }

    /// A width in characters that shows most cells of a column.
    fn width(&self, table: &Table, at: usize) -> f64 {
        use unicode_width::UnicodeWidthStr as _;
        let head = self.lang.of(&table.columns[at].head).width().min(14);
        let cells = table.rows.iter().map(|row| match &row.cells[at] {
            // The word of a sum may run over the empty cells beside it.
            Cell::Text(_) if row.level != Level::Body => 0,
            cell => cell.show(self.lang).width(),
        });
        let widest = cells.max().unwrap_or(0).max(head);
        let most = if table.columns[at].kind == Kind::Prose { LONGEST } else { WIDEST };
        (widest as f64 + 3.0).min(most)
    }

    /// A height that shows all of the row's words: readers do not find it by themselves everywhere.
    fn height(&self, table: &Table, at: usize, widths: &[f64]) -> f64 {
        let cells = table.rows[at].cells.iter().zip(widths);
        let most = cells.map(|(cell, width)| lines(&cell.show(self.lang), width - 1.0)).fold(1.0, f64::max);
        LINE * most
    }

    fn cell(
        &self,
        sheet: &mut Worksheet,
        at: u32,
        column: u16,
        cell: &Cell,
        format: &Format,
    ) -> Result<(), XlsxError> {
        if let Some(was) = cell.was() {
            let was = was.show(self.lang);
            let was = self.messages.in_language(self.lang, "was", &[("value", Arg::Plain(&was))]);
            note(sheet, at, column, &was)?;
            let format = format.clone().set_background_color(Color::RGB(CHANGED));
            return self.cell(sheet, at, column, cell.now(), &format);
        }
        let number_format = match cell {
            Cell::Money(_) | Cell::Count(_) | Cell::Amount(_) | Cell::Decimal(_, 0) => "#,##0",
            Cell::Change(_) => "+#,##0;\u{2212}#,##0;0",
            Cell::Share(_) => "0.00%",
            Cell::Decimal(_, 1) => "#,##0.0",
            Cell::Decimal(_, 2) => "#,##0.00",
            Cell::Decimal(_, 3) => "#,##0.000",
            Cell::Decimal(..) => "#,##0.0000",
            _ => "General",
        };
        let mut format = format.clone().set_num_format(number_format);
        if let Cell::Verdict(verdict, _) = cell {
            format = match verdict {
                Verdict::Pass => format.set_font_color(Color::RGB(0x0011_652F)),
                Verdict::Fail => format.set_font_color(Color::RGB(0x00A1_1212)).set_bold(),
                Verdict::Short => format.set_font_color(Color::RGB(0x007A_4B00)).set_bold(),
            };
        }
        match (cell, cell.number()) {
            (_, Some(number)) => drop(sheet.write_number_with_format(at, column, number, &format)?),
            (Cell::Empty, _) => drop(sheet.write_blank(at, column, &format)?),
            _ => {
                let text = cell.show(self.lang);
                // Text, also after somebody has edited the cell.
                if text.starts_with(['=', '+', '-', '@']) {
                    format = format.set_quote_prefix();
                }
                sheet.write_string_with_format(at, column, text, &format)?;
            }
        }
        Ok(())
    }

    fn charts(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_column_width(0, 46.0)?.set_column_range_width(1, 24, GRID)?;
        let bold = base().set_bold();
        let (mut at, mut pages) = (0, Vec::new());
        for block in &self.annex.blocks {
            let Block::Chart(chart) = block else { continue };
            let caption = self.lang.of(&chart.caption);
            let used = match &chart.shape {
                Shape::Bars(bars) => self.bars(sheet, at + 1, bars, caption)?,
                Shape::Stacks(stacks) => self.stacks(sheet, at + 1, stacks, caption)?,
                Shape::Heat(heat) => self.heat(sheet, at + 1, heat)?,
                Shape::Sankey(_) | Shape::Tiles(_) => match self.pictures.get(chart.id) {
                    Some(picture) => insert(sheet, at + 1, picture, self.lang.of(&chart.summary))?,
                    None => continue,
                },
            };
            sheet.write_string_with_format(at, 0, caption, &bold)?;
            at += used + 3;
            pages.push(at);
        }
        // Each on a page of its own, so that none is cut.
        pages.pop();
        sheet.set_page_breaks(&pages)?;
        print_setup(sheet, false);
        Ok(())
    }

    fn bars(&self, sheet: &mut Worksheet, at: u32, bars: &Bars, caption: &str) -> Result<u32, XlsxError> {
        let heads: Vec<&str> = bars.series.iter().map(|name| self.lang.of(name)).collect();
        let rows: Vec<_> = (bars.bars.iter())
            .map(|(name, amounts)| (self.lang.of(name), amounts.iter().map(|a| Some(*a as f64)).collect()))
            .collect();
        let used = grid(sheet, at, &heads, &rows, "#,##0")?;
        self.native(sheet, at, ChartType::Bar, heads.len(), rows.len(), caption, used)
    }

    fn stacks(
        &self,
        sheet: &mut Worksheet,
        at: u32,
        stacks: &Stacks,
        caption: &str,
    ) -> Result<u32, XlsxError> {
        let heads: Vec<&str> = stacks.parts.iter().map(|name| self.lang.of(name)).collect();
        let rows: Vec<_> = (stacks.columns.iter())
            .map(|(name, parts)| (self.lang.of(name), parts.iter().map(|a| Some(*a as f64)).collect()))
            .collect();
        let used = grid(sheet, at, &heads, &rows, "#,##0")?;
        self.native(sheet, at, ChartType::ColumnStacked, heads.len(), rows.len(), caption, used)
    }

    /// A chart under its grid.
    #[allow(clippy::too_many_arguments)]
    fn native(
        &self,
        sheet: &mut Worksheet,
        at: u32,
        kind: ChartType,
        series: usize,
        rows: usize,
        caption: &str,
        used: u32,
    ) -> Result<u32, XlsxError> {
        let name = self.say("xlsx-charts");
        let (first, last) = (at + 1, at + row(rows));
        let mut chart = NativeChart::new(kind);
        chart.title().set_name(caption);
        for s in 0..series {
            let c = column(s + 1);
            chart
                .add_series()
                .set_name((name.as_str(), at, c))
                .set_categories((name.as_str(), first, 0, last, 0))
                .set_values((name.as_str(), first, c, last, c));
        }
        if kind == ChartType::Bar {
            // As in the grid: the first on top.
            chart.y_axis().set_reverse();
            chart.x_axis().set_num_format("#,##0");
        } else {
            chart.y_axis().set_num_format("#,##0");
        }
        // Room for the name of every bar.
        let height = if kind == ChartType::Bar { 120 + 30 * row(rows) } else { 460 };
        chart.set_width(WIDE).set_height(height);
        sheet.insert_chart(at + used + 1, 0, &chart)?;
        Ok(used + 1 + height.div_ceil(PIXELS_OF_A_ROW))
    }

    fn heat(&self, sheet: &mut Worksheet, at: u32, heat: &Heat) -> Result<u32, XlsxError> {
        let heads: Vec<&str> = heat.columns.iter().map(|name| self.lang.of(name)).collect();
        let rows: Vec<_> =
            heat.rows.iter().map(|(name, shares)| (self.lang.of(name), shares.clone())).collect();
        let used = grid(sheet, at, &heads, &rows, "0%")?;
        let scale = ConditionalFormat2ColorScale::new()
            .set_minimum(rust_xlsxwriter::ConditionalFormatType::Number, 0)
            .set_maximum(rust_xlsxwriter::ConditionalFormatType::Number, 1)
            .set_minimum_color(Color::White)
            .set_maximum_color(Color::RGB(0x0056_B4E9));
        sheet.add_conditional_format(at + 1, 1, at + row(rows.len()), column(heads.len()), &scale)?;
        Ok(used)
    }
}

fn row_format(level: Level, mark: Option<Mark>, kind: Kind) -> Format {
    let mut format = base();
    if kind == Kind::Prose || kind == Kind::Name {
        format = format.set_text_wrap();
    }
    if !matches!(kind, Kind::Number | Kind::Share) {
        // Not too near to a number before it.
        format = format.set_align(FormatAlign::Left).set_indent(1);
    }
    format = match level {
        Level::Body => format,
        Level::Subtotal => format.set_bold().set_background_color(Color::RGB(SUBTOTAL)),
        Level::Total => format.set_bold().set_border_top(FormatBorder::Medium),
    };
    // The word of a sum runs over the empty cells beside it.
    if level != Level::Body {
        format = format.unset_text_wrap();
    }
    match mark {
        Some(Mark::New) => format.set_font_color(Color::RGB(0x0011_652F)),
        Some(Mark::Gone) => format.set_font_strikethrough().set_font_color(Color::RGB(0x00A1_1212)),
        Some(Mark::Changed) | None => format,
    }
}

/// First and last row of a table's body, without the row of its total.
fn body(table: &Table) -> Option<(u32, u32)> {
    let total = table.rows.last().is_some_and(|row| row.level == Level::Total);
    let rows = table.rows.len() - usize::from(total);
    let first = ABOVE + u32::from(table.groups().is_some());
    (rows > 0).then(|| (first, first + row(rows) - 1))
}

/// A grid of amounts with names on two sides; says how many rows it took.
fn grid(
    sheet: &mut Worksheet,
    at: u32,
    heads: &[&str],
    rows: &[(&str, Vec<Option<f64>>)],
    number_format: &str,
) -> Result<u32, XlsxError> {
    for (c, head) in heads.iter().enumerate() {
        sheet.write_string_with_format(at, column(c + 1), *head, &head_format())?;
    }
    let most = heads.iter().map(|head| lines(head, GRID - 2.0)).fold(1.0, f64::max);
    sheet.set_row_height(at, LINE * most)?;
    let format = base().set_num_format(number_format);
    for (r, (name, values)) in rows.iter().enumerate() {
        let at = at + 1 + row(r);
        sheet.write_string_with_format(at, 0, *name, &base())?;
        for (c, value) in values.iter().enumerate() {
            if let Some(value) = value {
                sheet.write_number_with_format(at, column(c + 1), *value, &format)?;
            }
        }
    }
    Ok(row(rows.len()) + 1)
}

/// A picture as wide as native charts are, with words for those who cannot see it; says how many rows it took.
fn insert(sheet: &mut Worksheet, at: u32, picture: &Picture, words: &str) -> Result<u32, XlsxError> {
    let height = picture.height * WIDE / picture.width.max(1);
    let image = Image::new_from_buffer(&picture.png)?;
    sheet.insert_image(at, 0, &image.set_scale_to_size(WIDE, height, true).set_alt_text(words))?;
    Ok(height.div_ceil(PIXELS_OF_A_ROW))
}

/// What another run says, at the cell that says otherwise.
fn note(sheet: &mut Worksheet, at: u32, column: u16, text: &str) -> Result<(), XlsxError> {
    sheet.insert_note(at, column, &Note::new(text).add_author_prefix(false))?;
    Ok(())
}

/// Lines that a text takes in so many characters.
fn lines(text: &str, width: f64) -> f64 {
    use unicode_width::UnicodeWidthStr as _;
    (text.width() as f64 / width).ceil().max(1.0)
}

fn print_setup(sheet: &mut Worksheet, wide: bool) {
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0).set_footer("&C&P / &N");
    if wide {
        sheet.set_landscape();
    }
}
