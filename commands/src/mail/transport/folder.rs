//! Into a folder, where no mail server is configured.

use super::{SendError, Transport};
use async_trait::async_trait;
use domain::mail::FailureReason;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// How many mails are kept, unless it is said otherwise.
const KEPT: NonZeroUsize = NonZeroUsize::MIN.saturating_add(999);

/// A folder of files, one per mail, the newest. They hold links that let people in: only the owner
/// reads them.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    kept: NonZeroUsize,
}

impl Folder {
    /// The folder at `path`, which is made when it is needed, for 1,000 mails.
    pub fn new(path: PathBuf) -> Self {
        Self { path, kept: KEPT }
    }

    /// For so many mails: with each that is written, older ones go.
    pub fn keeping(self, kept: NonZeroUsize) -> Self {
        Self { kept, ..self }
    }
}

#[async_trait]
impl Transport for Folder {
    async fn send(&self, message: &lettre::Message) -> Result<u16, SendError> {
        let headers = message.headers();
        let id = headers.get_raw("Message-ID").unwrap_or_default();
        let id: String = id.chars().take_while(|c| *c != '@').filter(|c| *c != '<').collect();
        let (Self { path, kept }, bytes) = (self.clone(), message.formatted());
        let written = tokio::task::spawn_blocking(move || {
            write(&path, &id, &bytes)?;
            if let Err(error) = clean(&path, kept) {
                // The mail is there; the next one cleans up again.
                tracing::warn!(%error, "old mails stay in their folder");
            }
            Ok(())
        })
        .await;
        match written.map_err(io::Error::other).flatten() {
            Ok(()) => Ok(250),
            Err(error) => {
                tracing::error!(%error, "the mails' folder cannot be written");
                let reason = FailureReason::Folder;
                Err(SendError { permanent: false, reason, code: None })
            }
        }
    }
}

/// Writes the file whole or not at all. The same mail again is the same file.
fn write(folder: &Path, id: &str, bytes: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let aside = folder.join(format!("{id}.part"));
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&aside, folder.join(format!("{id}.eml")))?;
    File::open(folder)?.sync_all()
}

/// Removes all mails but the newest. What is no mail stays.
fn clean(folder: &Path, kept: NonZeroUsize) -> io::Result<()> {
    let mut mails = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "eml") {
            continue;
        }
        // Another worker may clean up as well.
        if let Some(metadata) = unless_gone(fs::metadata(&path))? {
            mails.push((metadata.modified()?, path));
        }
    }
    mails.sort_unstable_by(|one, other| other.cmp(one));
    for (_, path) in mails.into_iter().skip(kept.get()) {
        unless_gone(fs::remove_file(path))?;
    }
    Ok(())
}

fn unless_gone<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        result => result.map(Some),
    }
}
