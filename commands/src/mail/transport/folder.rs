//! Into a folder, where no mail server is configured.

use super::{SendError, Transport};
use async_trait::async_trait;
use domain::mail::FailureReason;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// A folder of files, one per mail. They hold links that let people in: only the owner reads them.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at `path`, which is made when it is needed.
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }
}

#[async_trait]
impl Transport for Folder {
    async fn send(&self, message: &lettre::Message) -> Result<u16, SendError> {
        let headers = message.headers();
        let id = headers.get_raw("Message-ID").unwrap_or_default();
        let id: String = id.chars().take_while(|c| *c != '@').filter(|c| *c != '<').collect();
        let (folder, bytes) = (self.0.clone(), message.formatted());
        let written = tokio::task::spawn_blocking(move || write(&folder, &id, &bytes)).await;
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
