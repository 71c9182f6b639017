//! Charts as pictures, for formats that do not draw them.

use std::collections::BTreeMap;

/// Pictures by the names of their charts.
pub type Pictures = BTreeMap<&'static str, Picture>;

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file (PNG).
    pub png: Vec<u8>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Draws every chart with words in one language.
///
/// # Errors
/// Characters that no font has; or a drawing that cannot be rendered, which would be a defect.
#[cfg(feature = "pdf")]
pub fn pictures(
    annex: &super::Annex,
    lang: super::Lang,
    fonts: &super::Fonts,
) -> Result<Pictures, Box<dyn std::error::Error>> {
    use super::Block;
    use super::svg::{Medium, svg};

    let charts = annex.blocks.iter().filter_map(|block| match block {
        Block::Chart(chart) => Some((chart.id, svg(chart, &[lang], Medium::Paper))),
        _ => None,
    });
    let charts: Vec<_> = charts.collect();
    fonts.check(&charts.iter().map(|(_, svg)| svg.as_str()).collect::<String>())?;
    let options = resvg::usvg::Options {
        font_family: fonts.sans(lang).into_iter().next().unwrap_or_default(),
        fontdb: fonts.database(),
        ..Default::default()
    };
    charts.into_iter().map(|(id, svg)| Ok((id, rendered(&svg, &options)?))).collect()
}

#[cfg(feature = "pdf")]
fn rendered(svg: &str, options: &resvg::usvg::Options<'_>) -> Result<Picture, Box<dyn std::error::Error>> {
    use resvg::tiny_skia::{Color, Pixmap, Transform};

    // 300 dots an inch on the text of a page.
    const SCALE: f32 = 2.0;
    let tree = resvg::usvg::Tree::from_str(svg, options)?;
    let size = tree.size().to_int_size().scale_by(SCALE).ok_or("a drawing without size")?;
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or("a drawing that is too large")?;
    pixels.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    Ok(Picture { png: pixels.encode_png()?, width: size.width(), height: size.height() })
}
