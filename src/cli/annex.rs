//! `allot annex`: the annexes of a guidance document, from a written run.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Exit, defect, print_diagnostics};
use crate::annex::{self, Annex, Lang, Run, Template, content};
use crate::diagnostics::Diagnostics;

/// Arguments of `annex`.
#[derive(Debug, Args)]
pub struct AnnexArgs {
    /// Folder that solve wrote
    run: PathBuf,
    /// Formats to write, with commas between
    #[arg(long, value_enum, value_delimiter = ',', required = true)]
    format: Vec<AnnexFormat>,
    /// Languages, with commas between; a page has all of them in one file, other formats have a file each
    #[arg(long, value_enum, value_delimiter = ',', default_value = "zh,en")]
    lang: Vec<AnnexLang>,
    /// Where to write the files annex.* [default: the folder of the run]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Layout of docx: gbt9704 (official documents of China), plain, or a .docx file with placeholders
    /// [default: gbt9704 in Chinese, plain in English]
    #[arg(long, value_name = "TEMPLATE")]
    template: Option<String>,
    /// Where to look for fonts of pdf before those of the machine; may be repeated
    #[cfg(feature = "pdf")]
    #[arg(long = "font-dir", value_name = "DIR")]
    font_dirs: Vec<PathBuf>,
    /// Another run's folder: mark what changed against it
    #[arg(long, value_name = "DIR")]
    against: Option<PathBuf>,
    /// What `allot explain RUN rules --format json` printed: shows the price of each rule
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum AnnexFormat {
    /// One page that needs nothing else.
    Html,
    /// A workbook.
    Xlsx,
    /// A document.
    Docx,
    /// A document for print, PDF/A.
    #[cfg(feature = "pdf")]
    Pdf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum AnnexLang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl From<AnnexLang> for Lang {
    fn from(lang: AnnexLang) -> Self {
        match lang {
            AnnexLang::Zh => Self::Zh,
            AnnexLang::En => Self::En,
        }
    }
}

/// Runs `annex`.
pub fn run(args: &AnnexArgs) -> Exit {
    let (run, against, template) = match read(args) {
        Ok(read) => read,
        Err(diagnostics) => {
            print_diagnostics(&diagnostics);
            return Exit::BadInput;
        }
    };
    #[cfg(feature = "pdf")]
    if let Some(folder) = args.font_dirs.iter().find(|folder| !annex::Fonts::has_fonts(folder)) {
        tell!("there is no font in {}; give a folder with .ttf, .otf or .ttc files", folder.display());
        return Exit::BadInput;
    }
    let mut langs: Vec<Lang> = Vec::new();
    for lang in args.lang.iter().map(|lang| Lang::from(*lang)) {
        if !langs.contains(&lang) {
            langs.push(lang);
        }
    }
    let mut formats = args.format.clone();
    formats.sort_unstable();
    formats.dedup();
    let made_with = MadeWith {
        langs,
        template,
        #[cfg(feature = "pdf")]
        font_dirs: args.font_dirs.clone(),
    };
    let annex = content::annex(&run, against.as_ref());
    // All is in it; setting a large one in print takes room.
    drop((run, against));
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for format in formats {
        match make(&annex, format, &made_with) {
            Ok(made) => files.extend(made),
            #[cfg(feature = "pdf")]
            Err(error) if error.is::<annex::MissingGlyphs>() => {
                tell!("{error}");
                tell!(
                    "    install a font that has them (for Chinese, Noto CJK), or name its folder: --font-dir DIR"
                );
                return Exit::BadInput;
            }
            Err(error) => return defect(&error),
        }
    }
    let folder = args.out.as_deref().unwrap_or(&args.run);
    match write(folder, &files) {
        Ok(()) => {
            let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
            tell!("wrote {} to {}", names.join(", "), folder.display());
            Exit::Done
        }
        Err(error) => {
            tell!("cannot write into {}: {error}", folder.display());
            Exit::BadInput
        }
    }
}

/// Reads the runs and the template, so that all that is wrong with any of them is told at once.
fn read(args: &AnnexArgs) -> Result<(Run, Option<Run>, Option<Template>), Diagnostics> {
    let run = Run::read(&args.run, args.prices.as_deref());
    let against = args.against.as_ref().map(|folder| Run::read(folder, None)).transpose();
    let template = match args.template.as_deref() {
        None => Ok(None),
        Some("gbt9704") => Ok(Some(Template::gbt9704())),
        Some("plain") => Ok(Some(Template::plain())),
        Some(file) => Template::read(Path::new(file)).map(Some),
    };
    match (run, against, template) {
        (Ok(run), Ok(against), Ok(template)) => Ok((run, against, template)),
        (run, against, template) => {
            let mut found = Diagnostics::new();
            let wrong = [run.err(), against.err(), template.err()];
            wrong.into_iter().flatten().for_each(|more| found.extend(more));
            Err(found.sorted())
        }
    }
}

/// What documents are made with, beside their content.
struct MadeWith {
    langs: Vec<Lang>,
    template: Option<Template>,
    #[cfg(feature = "pdf")]
    font_dirs: Vec<PathBuf>,
}

/// The layout that was asked for, or that of the language.
fn layout(template: Option<&Template>, lang: Lang) -> Template {
    match (template, lang) {
        (Some(template), _) => template.clone(),
        (None, Lang::Zh) => Template::gbt9704(),
        (None, Lang::En) => Template::plain(),
    }
}

type Made = Vec<(String, Vec<u8>)>;

fn make(
    annex: &Annex,
    format: AnnexFormat,
    made_with: &MadeWith,
) -> Result<Made, Box<dyn std::error::Error>> {
    let MadeWith { langs, template, .. } = made_with;
    let each = |ending: &str, of: &dyn Fn(Lang) -> Result<Vec<u8>, Box<dyn std::error::Error>>| {
        let file = |lang: &Lang| Ok((format!("annex.{}.{ending}", lang.tag()), of(*lang)?));
        langs.iter().map(file).collect::<Result<Made, Box<dyn std::error::Error>>>()
    };
    Ok(match format {
        AnnexFormat::Html => vec![("annex.html".to_owned(), annex::html(annex, langs).into_bytes())],
        AnnexFormat::Xlsx => each("xlsx", &|lang| Ok(annex::xlsx(annex, lang)?))?,
        AnnexFormat::Docx => {
            each("docx", &|lang| Ok(annex::docx(annex, lang, &layout(template.as_ref(), lang))?))?
        }
        #[cfg(feature = "pdf")]
        AnnexFormat::Pdf => {
            let fonts = annex::Fonts::find(&made_with.font_dirs);
            each("pdf", &|lang| annex::pdf(annex, lang, &fonts))?
        }
    })
}

/// Writes every file beside its place, and then puts all in place: a failure leaves nothing half-written.
fn write(folder: &Path, files: &[(String, Vec<u8>)]) -> std::io::Result<()> {
    let folder = crate::folder::Folder::open(folder, files.iter().map(|(name, _)| name.as_str()))?;
    let staged =
        files.iter().map(|(name, bytes)| folder.stage(name, bytes)).collect::<Result<Vec<_>, _>>()?;
    staged.into_iter().try_for_each(crate::folder::StagedFile::place)
}
