//! Files that are put in place together, or not at all.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A folder whose files are replaced together: each is written beside its place, then renamed.
#[derive(Debug)]
pub struct Folder<'a>(&'a Path);

/// A file beside its place.
#[derive(Debug)]
pub struct StagedFile {
    made: tempfile::NamedTempFile,
    target: PathBuf,
}

impl<'a> Folder<'a> {
    /// Makes the folder if needed, and tries whether it can be written to.
    ///
    /// # Errors
    /// When it cannot be made or written to, or one of the files is a folder there.
    pub fn open(path: &'a Path, files: impl IntoIterator<Item = &'a str>) -> std::io::Result<Self> {
        std::fs::create_dir_all(path)?;
        if let Some(taken) = files.into_iter().find(|name| path.join(name).is_dir()) {
            return Err(std::io::Error::other(format!("{taken} is a folder there")));
        }
        tempfile::NamedTempFile::new_in(path)?;
        Ok(Self(path))
    }

    /// Takes an earlier run's file out, which is not of this plan.
    ///
    /// # Errors
    /// When it is there and cannot be taken out.
    pub fn forget(&self, name: &str) -> std::io::Result<()> {
        match std::fs::remove_file(self.0.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Writes a file beside its place.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn stage(&self, name: &str, bytes: &[u8]) -> std::io::Result<StagedFile> {
        let ending = name.rsplit('.').next().unwrap_or_default();
        let mut builder = tempfile::Builder::new();
        let suffix = format!(".{ending}");
        // As an ordinary file would be made, not with a temporary file's private permissions.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut made = builder.prefix(".allot-").suffix(&suffix).tempfile_in(self.0)?;
        made.write_all(bytes)?;
        made.flush()?;
        Ok(StagedFile { made, target: self.0.join(name) })
    }
}

impl StagedFile {
    /// Puts it in its place.
    ///
    /// # Errors
    /// When it cannot be renamed.
    pub fn place(self) -> std::io::Result<()> {
        self.made.persist(&self.target).map(drop).map_err(|error| error.error)
    }
}
