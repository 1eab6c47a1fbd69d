//! Locks on files, which the operating system gives back when their last holder dies.

use super::error::EmbeddedError;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;
use tokio::time::Instant;

/// How often a lock that somebody else holds is tried again.
const INTERVAL: Duration = Duration::from_millis(20);

/// Takes the lock on a file if nobody has it; the lock lasts as long as the file is open, here or
/// in a process that inherited it.
pub(super) fn try_lock(path: &Path) -> Result<Option<File>, EmbeddedError> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
        .map_err(EmbeddedError::io("open", path))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(EmbeddedError::io("lock", path)(error)),
    }
}

/// Waits for the lock, at most so long.
pub(super) async fn lock_within(
    path: &Path,
    patience: Duration,
) -> Result<Option<File>, EmbeddedError> {
    let deadline = Instant::now() + patience;
    loop {
        match try_lock(path)? {
            None if Instant::now() < deadline => tokio::time::sleep(INTERVAL).await,
            outcome => return Ok(outcome),
        }
    }
}
