//! `allot annex`: the annexes of a guidance document, from a written run.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Exit, defect, print_diagnostics};
use crate::annex::{self, Annex, Lang, Run, Template, content};
use crate::diagnostics::Diagnostics;
use crate::folder::{Folder, StagedFile};

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
    let content = content::annex(&run, against.as_ref());
    // All is in it; setting a large one in print takes room.
    drop((run, against));
    let press = Press {
        annex: content,
        formats,
        langs,
        template,
        #[cfg(feature = "pdf")]
        fonts: annex::Fonts::find(&args.font_dirs),
    };
    let folder = args.out.as_deref().unwrap_or(&args.run);
    match press.write(folder) {
        Ok(names) => {
            tell!("wrote {} to {}", names.join(", "), folder.display());
            Exit::Done
        }
        Err(Failure::Write(error)) => {
            tell!("cannot write into {}: {error}", folder.display());
            Exit::BadInput
        }
        #[cfg(feature = "pdf")]
        Err(Failure::Make(error)) if error.is::<annex::MissingGlyphs>() => {
            tell!("{error}");
            tell!("{INSTALL_A_FONT}");
            Exit::BadInput
        }
        Err(Failure::Make(error)) => defect(&*error),
    }
}

/// Reads the runs and the template, so that all that is wrong with any of them is told at once.
fn read(args: &AnnexArgs) -> Result<(Run, Option<Run>, Option<Template>), Diagnostics> {
    let run = Run::read(&args.run);
    let against = args.against.as_deref().map(Run::read).transpose();
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

#[cfg(feature = "pdf")]
const INSTALL_A_FONT: &str =
    "    install a font that has them (for Chinese, Noto CJK), or name its folder: --font-dir DIR";

enum Failure {
    Write(std::io::Error),
    Make(Box<dyn std::error::Error>),
}

/// The content, and what documents are made of it with.
struct Press {
    annex: Annex,
    formats: Vec<AnnexFormat>,
    langs: Vec<Lang>,
    template: Option<Template>,
    #[cfg(feature = "pdf")]
    fonts: annex::Fonts,
}

fn name(format: AnnexFormat, lang: Lang) -> String {
    let tag = lang.tag();
    match format {
        AnnexFormat::Html => "annex.html".to_owned(),
        AnnexFormat::Xlsx => format!("annex.{tag}.xlsx"),
        AnnexFormat::Docx => format!("annex.{tag}.docx"),
        #[cfg(feature = "pdf")]
        AnnexFormat::Pdf => format!("annex.{tag}.pdf"),
    }
}

impl Press {
    /// Makes one file after the other beside its place, so that one at a time is in memory, and then puts all in
    /// place: a failure leaves nothing half-written. Gives their names.
    fn write(&self, folder: &Path) -> Result<Vec<String>, Failure> {
        let with = |lang: Lang| self.formats.iter().map(move |format| (*format, lang));
        let mut jobs: Vec<(AnnexFormat, Lang)> = self.langs.iter().copied().flat_map(with).collect();
        // A page has every language in it.
        let first = self.langs.first().copied();
        jobs.retain(|(format, lang)| *format != AnnexFormat::Html || Some(*lang) == first);
        let names: Vec<String> = jobs.iter().map(|(format, lang)| name(*format, *lang)).collect();
        let folder = Folder::open(folder, names.iter().map(String::as_str)).map_err(Failure::Write)?;
        let mut staged = Vec::new();
        for ((format, lang), name) in jobs.into_iter().zip(&names) {
            let bytes = self.make(format, lang).map_err(Failure::Make)?;
            staged.push(folder.stage(name, &bytes).map_err(Failure::Write)?);
        }
        staged.into_iter().try_for_each(StagedFile::place).map_err(Failure::Write)?;
        Ok(names)
    }

    fn make(&self, format: AnnexFormat, lang: Lang) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
        let annex = &self.annex;
        Ok(match format {
            AnnexFormat::Html => annex::html(annex, &self.langs).into_bytes(),
            AnnexFormat::Xlsx => annex::xlsx(annex, lang, &self.pictures(&name(format, lang), lang)?)?,
            AnnexFormat::Docx => {
                let template = match (&self.template, lang) {
                    (Some(template), _) => template.clone(),
                    (None, Lang::Zh) => Template::gbt9704(),
                    (None, Lang::En) => Template::plain(),
                };
                annex::docx(annex, lang, &template, &self.pictures(&name(format, lang), lang)?)?
            }
            #[cfg(feature = "pdf")]
            AnnexFormat::Pdf => annex::pdf(annex, lang, &self.fonts)?,
        })
    }

    /// Charts for a file; none where there is no font for them, which is said.
    #[cfg(feature = "pdf")]
    fn pictures(&self, file: &str, lang: Lang) -> Result<annex::Pictures, Box<dyn std::error::Error>> {
        match annex::pictures(&self.annex, lang, &self.fonts) {
            Err(error) if error.is::<annex::MissingGlyphs>() => {
                tell!("{file} lacks charts: {error}");
                tell!("{INSTALL_A_FONT}");
                Ok(annex::Pictures::new())
            }
            made => made,
        }
    }

    /// Nothing here can draw.
    #[cfg(not(feature = "pdf"))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as where something can")]
    fn pictures(&self, _: &str, _: Lang) -> Result<annex::Pictures, Box<dyn std::error::Error>> {
        Ok(annex::Pictures::new())
    }
}
