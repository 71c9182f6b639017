//! A sweep as one page that needs nothing else: what is told of it, and its pictures.

use std::fmt::Write as _;

use super::plots::{Pictures, escaped};
use super::sweep::{Section, Topic, headline, sections};
use crate::sweep::Summary;

const STYLE: &str = "\
body { font: 15px/1.5 Helvetica, Arial, \"Noto Sans CJK SC\", \"Microsoft YaHei\", sans-serif; color: #222; background: #fff;
  max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .15rem .8rem; text-align: right; border-bottom: 1px solid #e4e4e4; }
th.word, td.word { text-align: left; }
.wide { overflow-x: auto; } .wide svg { max-width: 100%; height: auto; }
footer { margin-top: 3rem; color: #666; font-size: .85rem; overflow-wrap: anywhere; }";

/// The page.
pub fn summary_html(summary: &Summary, pictures: &Pictures) -> String {
    let title = escaped(&summary.title);
    let mut out = format!(
        "<!doctype html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{}</p>\n",
        escaped(&headline(summary))
    );
    for Section { title, topic, rows, words, notes } in sections(summary) {
        let _ = writeln!(out, "<h2>{}</h2>", escaped(&title));
        let picture = match topic {
            Topic::Overview => &pictures.parallel,
            Topic::Effects => &pictures.tornado,
            Topic::Front => &pictures.front,
            Topic::Lines => &pictures.stability,
            Topic::Choice | Topic::Reasons => &None,
        };
        if let Some(picture) = picture {
            let _ = writeln!(out, "<div class=\"wide\">{picture}</div>");
        }
        table(&mut out, words, &rows);
        for note in notes {
            let _ = writeln!(out, "<p>{}</p>", escaped(&note));
        }
    }
    let _ = writeln!(
        out,
        "<footer>allot {}; run {}. Every point: points.ndjson and points.parquet; every number above: summary.json.\
         </footer>\n</body>\n</html>",
        env!("CARGO_PKG_VERSION"),
        summary.run
    );
    out
}

fn table(out: &mut String, words: usize, rows: &[Vec<String>]) {
    let Some((heading, rows)) = rows.split_first() else { return };
    let cells = |cells: &[String], tag: &str| -> String {
        let class = |at: usize| if at < words { " class=\"word\"" } else { "" };
        let cell = |(at, cell)| format!("<{tag}{}>{}</{tag}>", class(at), escaped(cell));
        cells.iter().map(String::as_str).enumerate().map(cell).collect()
    };
    let _ = writeln!(out, "<div class=\"wide\"><table>\n<tr>{}</tr>", cells(heading, "th"));
    for row in rows {
        let _ = writeln!(out, "<tr>{}</tr>", cells(row, "td"));
    }
    out.push_str("</table></div>\n");
}
