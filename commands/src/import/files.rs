//! The files that imports came from, kept by their hashes.

use domain::ids::OrganizationId;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use tokio::fs::{self, OpenOptions};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;

/// Largest file that is kept: 2 GiB.
pub const MOST_BYTES: u64 = 2 << 30;

/// A folder of files, one folder per organization in it, for the server's eyes only.
#[derive(Clone, Debug)]
pub struct Files {
    root: PathBuf,
}

/// A file that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where it is.
    pub path: PathBuf,
    /// Its SHA-256, as 64 hexadecimal digits.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

impl Files {
    /// Files below `root`, which is made when the first one comes.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Where the file of that hash is kept.
    pub fn path(&self, organization: OrganizationId, sha256: &str) -> PathBuf {
        self.folder(organization).join(sha256)
    }

    /// Where the rows that an import could not take are kept, ready to be mended.
    pub fn faulty_rows(&self, organization: OrganizationId, import: Uuid) -> PathBuf {
        self.folder(organization).join(format!("{}.errors.csv", import.simple()))
    }

    fn folder(&self, organization: OrganizationId) -> PathBuf {
        self.root.join(organization.0.simple().to_string())
    }

    /// Keeps a file under its hash. It appears whole or not at all.
    pub(super) async fn keep(
        &self,
        organization: OrganizationId,
        temporary: Uuid,
        content: impl AsyncRead + Unpin,
    ) -> io::Result<Kept> {
        let folder = self.folder(organization);
        fs::create_dir_all(&folder).await?;
        let draft = folder.join(format!("{}.part", temporary.simple()));
        let written = write(&draft, content).await;
        let (sha256, bytes) = match written {
            Ok(written) => written,
            Err(error) => {
                // The reason for giving up is worth more than the one for not tidying up.
                let _ = fs::remove_file(&draft).await;
                return Err(error);
            }
        };
        let path = folder.join(&sha256);
        fs::rename(&draft, &path).await?;
        // The name lasts once the folder is on disk.
        fs::File::open(&folder).await?.sync_all().await?;
        Ok(Kept { path, sha256, bytes })
    }

    /// Forgets a file that was just kept.
    pub(super) async fn drop_kept(&self, kept: &Kept) -> io::Result<()> {
        fs::remove_file(&kept.path).await
    }
}

async fn write(draft: &Path, content: impl AsyncRead + Unpin) -> io::Result<(String, u64)> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(draft).await?;
    let mut content = content.take(MOST_BYTES + 1);
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let read = content.read(&mut buffer).await?;
        if read == 0 {
            break;
        }
        bytes += read as u64;
        hash.update(&buffer[..read]);
        file.write_all(&buffer[..read]).await?;
    }
    if bytes > MOST_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "more than 2 GiB"));
    }
    file.sync_all().await?;
    let hex = hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    Ok((hex, bytes))
}
