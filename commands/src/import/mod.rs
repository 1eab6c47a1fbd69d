//! Import of records from CSV files.

use crate::error::CommandError;
use crate::jobs::JobError;
use crate::request::CommandRequest;
use chrono::{DateTime, Utc};
use domain::ids::{FileId, JobId};
use std::path::Path;

/// What a file was found to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The kept file.
    pub file: FileId,
    /// Its SHA-256, as 64 hexadecimal digits.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Name of its encoding, such as `UTF-8`.
    pub encoding: &'static str,
    /// What separates its columns.
    pub delimiter: char,
    /// Its rows, without the heading.
    pub rows: u64,
    /// For each column its heading and the field it goes to, if any.
    pub columns: Vec<(String, Option<&'static str>)>,
}

/// Why a file was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It was imported before.
    #[error("imported before")]
    AlreadyImported {
        /// When that began.
        started_at: DateTime<Utc>,
        /// The job that did it.
        job: JobId,
    },
    /// It cannot be read as a table; for people.
    #[error("unreadable: {0}")]
    Unreadable(String),
    /// Reading or keeping the file failed.
    #[error("file")]
    Io(#[from] std::io::Error),
    /// A command failed.
    #[error("command")]
    Command(#[from] CommandError),
    /// The job could not be started.
    #[error("job")]
    Job(#[from] JobError),
}

/// Imports contacts. Cheap to clone.
#[derive(Clone)]
pub struct Imports {}

impl Imports {
    /// Keeps and inspects a file, and starts its import as a job.
    pub async fn start(
        &self,
        request: &CommandRequest,
        path: &Path,
        file_name: &str,
    ) -> Result<(JobId, Inspection), ImportError> {
        todo!()
    }
}
