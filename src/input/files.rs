//! Reading a file once: its bytes, its digest, its name as the user would write it.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use serde::Serialize;

use crate::diagnostics::{Code, Diagnostics, Place};
use crate::digest;

/// The most bytes that a file may have, as it is and unpacked.
pub(super) const LARGEST_FILE: u64 = 256 << 20;
/// The most cells that a table may have.
pub(super) const MOST_CELLS: usize = 5_000_000;

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputFile {
    /// Its path, as the user would name it.
    pub path: String,
    /// The SHA-256 digest of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// All files that were read, in order.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub read: Vec<InputFile>,
}

impl Files {
    /// Reads a whole file; what stands in the way is told at `named_at`, where the file is named.
    pub fn read(&mut self, path: &Path, named_at: &Place, found: &mut Diagnostics) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let outcome = File::open(path).and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes));
        let name = path.display().to_string();
        if let Err(error) = outcome {
            let cause = format!("'{name}' cannot be read: {error}");
            found.push(Code::FileUnreadable, named_at.clone(), cause, "check the path and its permissions");
            return None;
        }
        if bytes.len() as u64 > LARGEST_FILE {
            let cause = format!("the file has more than {} MiB", LARGEST_FILE >> 20);
            found.push(Code::TooLarge, Place::file(name), cause, "leave out what allot does not use");
            return None;
        }
        let sha256 = digest::sha256(&bytes);
        self.read.push(InputFile { path: name, sha256 });
        Some(bytes)
    }
}

/// A path written in a file of a folder, without the `.` in it.
pub(super) fn join(folder: &Path, written: &str) -> PathBuf {
    let joined = folder.join(written);
    let kept: PathBuf = joined.components().filter(|part| *part != Component::CurDir).collect();
    if kept.as_os_str().is_empty() { PathBuf::from(".") } else { kept }
}

/// The folder of a file; `.` when the name has none.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}
