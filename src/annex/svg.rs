//! Charts as SVG, for pages and for print.

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::Lang;
use super::chart::{Bars, Chart, Heat, Sankey, Shape, Stacks, Tiles};
use super::number::{grouped, percent};
use crate::domain::Text;

/// Width of a drawing.
const WIDTH: f64 = 960.0;

/// Where a drawing is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Medium {
    /// A page whose style gives the colours `--c0` … `--c9`, `--ink`, `--faint` and `--heat`.
    Page,
    /// Paper.
    #[cfg_attr(not(feature = "pdf"), allow(dead_code))]
    Paper,
}

/// A palette that those who do not see all colours can tell apart (Okabe and Ito, 2008), and two shades more.
const COLOURS: [&str; 10] = [
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#B8A800", "#7A7A7A", "#6A51A3",
    "#8C564B",
];

struct Drawing<'a> {
    out: String,
    langs: &'a [Lang],
    medium: Medium,
}

/// Draws a chart with words in some languages.
pub(super) fn svg(chart: &Chart, langs: &[Lang], medium: Medium) -> String {
    let mut drawing = Drawing { out: String::new(), langs, medium };
    let height = match &chart.shape {
        Shape::Sankey(sankey) => drawing.sankey(sankey),
        Shape::Bars(bars) => drawing.bars(bars),
        Shape::Heat(heat) => drawing.heat(heat),
        Shape::Stacks(stacks) => drawing.stacks(stacks),
        Shape::Tiles(tiles) => drawing.tiles(tiles),
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" \
         aria-labelledby=\"{0}-c {0}-s\" font-size=\"12\">{1}</svg>",
        chart.id, drawing.out
    )
}

/// Text for XML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// The beginning of a text that is too long for its place, in columns of a fixed font.
fn shortened(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut width = 0;
    let fits = |c: &char| {
        width += c.width().unwrap_or(0);
        width < most
    };
    let mut short: String = text.chars().take_while(fits).collect();
    short.push('…');
    short
}

impl Drawing<'_> {
    fn colour(&self, at: usize) -> String {
        let at = at % COLOURS.len();
        match self.medium {
            Medium::Page => format!("var(--c{at})"),
            Medium::Paper => COLOURS[at].to_owned(),
        }
    }

    fn ink(&self) -> &'static str {
        match self.medium {
            Medium::Page => "var(--ink)",
            Medium::Paper => "#111111",
        }
    }

    /// The colour of shares: stronger the larger the share.
    fn shade(&self) -> &'static str {
        match self.medium {
            Medium::Page => "var(--heat)",
            Medium::Paper => "#0072B2",
        }
    }

    fn rect(&mut self, [x, y, width, height]: [f64; 4], fill: &str, opacity: f64, tip: &Text, value: &str) {
        let _ = write!(
            self.out,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{fill}\""
        );
        if opacity < 1.0 {
            let _ = write!(self.out, " fill-opacity=\"{opacity:.2}\"");
        }
        self.out.push('>');
        self.tip(tip, value);
        self.out.push_str("</rect>");
    }

    /// What a pointer is told.
    fn tip(&mut self, tip: &Text, value: &str) {
        if self.medium == Medium::Page {
            let names: Vec<&str> = self.langs.iter().map(|lang| lang.of(tip)).collect();
            let mut names = names.clone();
            names.dedup();
            let _ = write!(self.out, "<title>{}: {value}</title>", escaped(&names.join(" / ")));
        }
    }

    /// A text over what is drawn, on a rim of paper.
    fn over(&mut self, x: f64, y: f64, anchor: &str, text: &Text, most: usize) {
        let paper = match self.medium {
            Medium::Page => "var(--paper)",
            Medium::Paper => "#ffffff",
        };
        let _ = write!(
            self.out,
            "<g paint-order=\"stroke\" stroke=\"{paper}\" stroke-width=\"3\" stroke-opacity=\".8\" \
             stroke-linejoin=\"round\">"
        );
        self.text(x, y, anchor, text, most);
        self.out.push_str("</g>");
    }

    /// A text in each language; those that are not chosen are hidden by the page.
    fn text(&mut self, x: f64, y: f64, anchor: &str, text: &Text, most: usize) {
        for lang in self.langs {
            let shown = escaped(&shortened(lang.of(text), most));
            let _ = write!(
                self.out,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{}\" lang=\"{}\">{shown}</text>",
                self.ink(),
                lang.tag()
            );
        }
    }

    /// A text that is the same in every language.
    fn number(&mut self, x: f64, y: f64, anchor: &str, text: &str) {
        let _ = write!(
            self.out,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{}\">{text}</text>",
            self.ink()
        );
    }

    fn sankey(&mut self, sankey: &Sankey) -> f64 {
        const GAP: f64 = 4.0;
        const BAR: f64 = 14.0;
        // A name's height: thinner nodes stand as far apart.
        const LEAST: f64 = 13.0;
        let most = sankey.layers.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let total: i64 = sankey.layers.first().map_or(0, |layer| layer.iter().map(|(_, money)| money).sum());
        let height = (most * 34.0).max(240.0);
        let scale = (height - (GAP + LEAST) * most) / (total.max(1) as f64);
        let slot = |money: i64| (money as f64 * scale).max(LEAST) + GAP;
        let last = sankey.layers.len().saturating_sub(1);
        let left = |layer: usize| 190.0 + layer as f64 * (WIDTH - 380.0 - BAR) / (last.max(1) as f64);
        let used = |layer: &[(Text, i64)]| layer.iter().map(|(_, money)| slot(*money)).sum::<f64>();
        let height = sankey.layers.iter().map(|layer| used(layer)).fold(0.0, f64::max);
        // The upper edge of each node, where its bands go on from, on both sides.
        let mut edges: Vec<Vec<[f64; 2]>> = Vec::new();
        for layer in &sankey.layers {
            let mut y = (height - used(layer)) / 2.0 + 10.0;
            let mut of_layer = Vec::new();
            for (_, money) in layer {
                of_layer.push([y, y]);
                y += slot(*money);
            }
            edges.push(of_layer);
        }
        let tops = edges.clone();
        for &(layer, from, to, money) in &sankey.flows {
            let thick = money as f64 * scale;
            let (x0, x1) = (left(layer) + BAR, left(layer + 1));
            let (y0, y1) = (edges[layer][from][1] + thick / 2.0, edges[layer + 1][to][0] + thick / 2.0);
            edges[layer][from][1] += thick;
            edges[layer + 1][to][0] += thick;
            let middle = f64::midpoint(x0, x1);
            let colour = self.colour(if layer == 0 { from } else { to });
            let _ = write!(
                self.out,
                "<path d=\"M{x0:.1} {y0:.1}C{middle:.1} {y0:.1} {middle:.1} {y1:.1} {x1:.1} {y1:.1}\" fill=\"none\" \
                 stroke=\"{colour}\" stroke-opacity=\".4\" stroke-width=\"{:.2}\">",
                thick.max(0.3)
            );
            let (a, b) = (&sankey.layers[layer][from].0, &sankey.layers[layer + 1][to].0);
            let tip = Text { zh: format!("{} → {}", a.zh, b.zh), en: format!("{} → {}", a.en, b.en) };
            self.tip(&tip, &grouped(money));
            self.out.push_str("</path>");
        }
        for (at, layer) in sankey.layers.iter().enumerate() {
            for (node, (name, money)) in layer.iter().enumerate() {
                let (y, thick) = (tops[at][node][0], (*money as f64 * scale).max(1.0));
                let fill = if at == 1 { self.ink().to_owned() } else { self.colour(node) };
                self.rect([left(at), y, BAR, thick], &fill, 1.0, name, &grouped(*money));
                let middle = y + thick / 2.0 + 4.0;
                match at {
                    0 => self.text(left(at) - 6.0, middle, "end", name, 26),
                    1 => self.over(left(at) + BAR + 6.0, middle, "start", name, 26),
                    _ => self.text(left(at) + BAR + 6.0, middle, "start", name, 26),
                }
            }
        }
        height + 20.0
    }

    fn bars(&mut self, bars: &Bars) -> f64 {
        const LABEL: f64 = 230.0;
        let most = bars.bars.iter().flat_map(|(_, amounts)| *amounts).max().unwrap_or(0).max(1);
        let scale = (WIDTH - LABEL - 150.0) / most as f64;
        let paint = [self.colour(7), self.colour(0)];
        for (at, name) in bars.series.iter().enumerate() {
            let x = LABEL + at as f64 * 160.0;
            self.rect([x, 4.0, 12.0, 12.0], &paint[at], 1.0, name, "");
            self.text(x + 18.0, 15.0, "start", name, 24);
        }
        let mut y = 28.0;
        for (name, amounts) in &bars.bars {
            self.text(LABEL - 8.0, y + 17.0, "end", name, 29);
            for (at, amount) in amounts.iter().enumerate() {
                let width = (*amount as f64 * scale).max(0.5);
                let top = y + at as f64 * 13.0;
                self.rect([LABEL, top, width, 11.0], &paint[at], 1.0, name, &grouped(*amount));
                self.number(LABEL + width + 6.0, top + 10.0, "start", &grouped(*amount));
            }
            y += 34.0;
        }
        y
    }

    fn heat(&mut self, heat: &Heat) -> f64 {
        const LABEL: f64 = 210.0;
        const HEAD: f64 = 130.0;
        const ROW: f64 = 20.0;
        let cell = (WIDTH - LABEL - 110.0) / heat.columns.len().max(1) as f64;
        for (at, name) in heat.columns.iter().enumerate() {
            let x = LABEL + (at as f64 + 0.5) * cell;
            for lang in self.langs {
                let _ = write!(
                    self.out,
                    "<text transform=\"translate({x:.1} {:.1}) rotate(-35)\" fill=\"{}\" lang=\"{}\">{}</text>",
                    HEAD - 8.0,
                    self.ink(),
                    lang.tag(),
                    escaped(&shortened(lang.of(name), 22))
                );
            }
        }
        for (row, (name, shares)) in heat.rows.iter().enumerate() {
            let y = HEAD + row as f64 * ROW;
            self.text(LABEL - 8.0, y + 14.0, "end", name, 32);
            for (at, share) in shares.iter().enumerate() {
                let Some(share) = share else { continue };
                let x = LABEL + at as f64 * cell;
                let column = &heat.columns[at];
                let tip = Text {
                    zh: format!("{}，{}", name.zh, column.zh),
                    en: format!("{}, {}", name.en, column.en),
                };
                let place = [x + 1.0, y + 1.0, cell - 2.0, ROW - 2.0];
                self.rect(place, self.shade(), 0.06 + 0.6 * share.clamp(0.0, 1.0), &tip, &percent(*share));
                self.number(x + cell / 2.0, y + 14.0, "middle", &format!("{:.0}%", 100.0 * share));
            }
        }
        HEAD + heat.rows.len() as f64 * ROW + 8.0
    }

    fn stacks(&mut self, stacks: &Stacks) -> f64 {
        const HEIGHT: f64 = 300.0;
        const LEFT: f64 = 40.0;
        let sum = |parts: &[i64]| parts.iter().sum::<i64>();
        let most = stacks.columns.iter().map(|(_, parts)| sum(parts)).max().unwrap_or(0).max(1);
        let scale = HEIGHT / most as f64;
        let step = 620.0 / stacks.columns.len().max(1) as f64;
        let width = (step * 0.6).min(110.0);
        for (at, (name, parts)) in stacks.columns.iter().enumerate() {
            let x = LEFT + at as f64 * step + (step - width) / 2.0;
            let mut y = HEIGHT + 24.0;
            for (part, amount) in parts.iter().enumerate().filter(|(_, amount)| **amount > 0) {
                let tall = *amount as f64 * scale;
                y -= tall;
                let fill = self.colour(part);
                let of = &stacks.parts[part];
                let tip = Text { zh: format!("{} {}", name.zh, of.zh), en: format!("{} {}", name.en, of.en) };
                self.rect([x, y, width, tall], &fill, 1.0, &tip, &grouped(*amount));
            }
            self.number(x + width / 2.0, y - 6.0, "middle", &grouped(sum(parts)));
            self.text(x + width / 2.0, HEIGHT + 42.0, "middle", name, 12);
        }
        for (part, name) in stacks.parts.iter().enumerate() {
            let y = 24.0 + part as f64 * 22.0;
            let fill = self.colour(part);
            self.rect([680.0, y, 12.0, 12.0], &fill, 1.0, name, "");
            self.text(700.0, y + 11.0, "start", name, 34);
        }
        (HEIGHT + 56.0).max(24.0 + stacks.parts.len() as f64 * 22.0)
    }

    fn tiles(&mut self, tiles: &Tiles) -> f64 {
        const SIDE: f64 = 116.0;
        let columns = 8.min(tiles.tiles.len().max(1));
        for (at, (name, money, share)) in tiles.tiles.iter().enumerate() {
            let (x, y) = ((at % columns) as f64 * (SIDE + 4.0), (at / columns) as f64 * (SIDE - 30.0));
            let opacity = share.map_or(0.04, |share| 0.06 + 0.6 * share.clamp(0.0, 1.0));
            let shown = share.map(percent).unwrap_or_default();
            let tip = format!("{} {shown}", grouped(*money));
            self.rect([x, y, SIDE, SIDE - 34.0], self.shade(), opacity, name, tip.trim());
            let middle = x + SIDE / 2.0;
            self.text(middle, y + 26.0, "middle", name, 18);
            self.number(middle, y + 46.0, "middle", &grouped(*money));
            self.number(middle, y + 64.0, "middle", &shown);
        }
        tiles.tiles.len().div_ceil(columns) as f64 * (SIDE - 30.0) + 4.0
    }
}
