//! Typst as a library: it sees two files, the layout and its data, and the fonts; no disk, network or clock.

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::Fonts;

const LAYOUT: &str = include_str!("annex.typ");

struct Press<'a> {
    library: LazyHash<Library>,
    layout: Source,
    data: Bytes,
    fonts: &'a Fonts,
}

/// Sets the data and makes a file of it. Its day is that of the run, so that it can be made again.
pub(super) fn print(json: String, fonts: &Fonts) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let layout = Source::detached(LAYOUT);
    let world =
        Press { library: LazyHash::new(Library::default()), layout, data: Bytes::from_string(json), fonts };
    let document = typst::compile::<PagedDocument>(&world).output.map_err(|errors| told(&errors))?;
    // What it remembers of the setting is of no use any more, and takes more room than the document.
    forget();
    let standards = PdfStandards::new(&[PdfStandard::A_2a]).map_err(|error| error.message().to_string())?;
    let creator = format!("allot {}", env!("CARGO_PKG_VERSION"));
    let options = PdfOptions { creator: Smart::Custom(Some(creator)), standards, ..PdfOptions::default() };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| told(&errors));
    drop(document);
    forget();
    Ok(bytes?)
}

/// Drops what typst remembers, and gives free memory back to the system: what comes next would not fit into its holes.
fn forget() {
    comemo::evict(0);
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: malloc_trim may be called at any time.
    unsafe {
        libc::malloc_trim(0);
    }
}

fn told(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join("; ")
}

impl World for Press<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.layout.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.layout.id() { Ok(self.layout.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let wanted =
            VirtualPath::new("annex.json").map(|path| RootedPath::new(VirtualRoot::Project, path).intern());
        if wanted.is_ok_and(|wanted| wanted == id) {
            Ok(self.data.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
