//! Fonts of the machine and of a folder, and whether they have what a document needs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

use super::Lang;

/// Families with serifs, the first that is there is taken; Chinese ones have Latin letters too.
const SERIF_ZH: [&str; 8] = [
    "FangSong",
    "STFangsong",
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Source Han Serif SC",
    "SimSun",
    "STSong",
    "Songti SC",
];
const SERIF: [&str; 6] =
    ["Times New Roman", "Liberation Serif", "Noto Serif", "Libertinus Serif", "DejaVu Serif", "Nimbus Roman"];
/// Families without.
const SANS_ZH: [&str; 8] = [
    "SimHei",
    "STHeiti",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Zen Hei",
];
const SANS: [&str; 6] = ["Arial", "Liberation Sans", "Noto Sans", "Helvetica", "DejaVu Sans", "Nimbus Sans"];
/// Characters that are named in a message.
const NAMED: usize = 40;

/// Fonts that were found. Each is loaded when it is first used.
pub struct Fonts {
    book: LazyHash<FontBook>,
    faces: Vec<Face>,
    database: Arc<fontdb::Database>,
}

struct Face {
    file: PathBuf,
    index: u32,
    font: OnceLock<Option<Font>>,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts").field("faces", &self.faces.len()).finish_non_exhaustive()
    }
}

/// Characters that no font has: in print they would be empty boxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingGlyphs(BTreeSet<char>);

impl std::fmt::Display for MissingGlyphs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let named: String = self.0.iter().take(NAMED).flat_map(|c| [*c, ' ']).collect();
        write!(f, "no font has {} characters of the annex: {}", self.0.len(), named.trim_end())?;
        if self.0.len() > NAMED { write!(f, " …") } else { Ok(()) }
    }
}

impl std::error::Error for MissingGlyphs {}

impl Fonts {
    /// Finds the fonts of some folders, and then those of the machine.
    pub fn find(folders: &[PathBuf]) -> Self {
        let mut database = fontdb::Database::new();
        for folder in folders {
            database.load_fonts_dir(folder);
        }
        database.load_system_fonts();
        let mut book = FontBook::new();
        let mut faces = Vec::new();
        for face in database.faces() {
            let (fontdb::Source::File(file) | fontdb::Source::SharedFile(file, _)) = &face.source else {
                continue;
            };
            let info = database.with_face_data(face.id, FontInfo::new).flatten();
            let Some(info) = info else { continue };
            book.push(info);
            faces.push(Face { file: file.clone(), index: face.index, font: OnceLock::new() });
        }
        Self { book: LazyHash::new(book), faces, database: Arc::new(database) }
    }

    /// Whether a folder has any font.
    pub fn has_fonts(folder: &Path) -> bool {
        let mut database = fontdb::Database::new();
        database.load_fonts_dir(folder);
        !database.is_empty()
    }

    /// Whether every character of a text is in some font.
    ///
    /// # Errors
    /// Those that are in none.
    pub fn check(&self, text: &str) -> Result<(), MissingGlyphs> {
        let wanted: BTreeSet<char> = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        let infos: Vec<&FontInfo> = (0..self.faces.len()).filter_map(|at| self.book.info(at)).collect();
        let has = |c: char| infos.iter().any(|info| info.coverage.contains(c.into()));
        let missing: BTreeSet<char> = wanted.into_iter().filter(|c| !has(*c)).collect();
        if missing.is_empty() { Ok(()) } else { Err(MissingGlyphs(missing)) }
    }

    /// Families for running text, the best first.
    pub(super) fn serif(&self, lang: Lang) -> Vec<String> {
        self.families(lang, &SERIF, &SERIF_ZH)
    }

    /// Families for headings, the best first.
    pub(super) fn sans(&self, lang: Lang) -> Vec<String> {
        self.families(lang, &SANS, &SANS_ZH)
    }

    /// The first Latin family and the first Chinese one that are there, that of the language in front; any
    /// family, where there is none of them.
    fn families(&self, lang: Lang, latin: &[&str], chinese: &[&str]) -> Vec<String> {
        let first = |names: &[&str]| {
            let there = |name: &&&str| self.book.contains_family(&name.to_lowercase());
            names.iter().find(there).map(|name| (*name).to_owned())
        };
        let found: Vec<String> = match lang {
            Lang::Zh => [first(chinese), first(latin)].into_iter().flatten().collect(),
            Lang::En => [first(latin), first(chinese)].into_iter().flatten().collect(),
        };
        if !found.is_empty() {
            return found;
        }
        self.book.families().next().map(|(name, _)| name.to_owned()).into_iter().collect()
    }

    /// Where each of them is.
    pub(super) fn database(&self) -> Arc<fontdb::Database> {
        Arc::clone(&self.database)
    }

    pub(super) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    pub(super) fn font(&self, at: usize) -> Option<Font> {
        let face = self.faces.get(at)?;
        let load = || Font::new(Bytes::new(std::fs::read(&face.file).ok()?), face.index);
        face.font.get_or_init(load).clone()
    }
}
