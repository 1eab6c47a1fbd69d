//! An import of records from a file: the first event is the intent, with every id that carrying
//! it out needs; the last says what came of it. Its stream follows from the file's hash, so that
//! the same file is not imported twice.

#[cfg(test)]
mod tests;

use crate::ids::{FileId, JobId, OrganizationId};
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The stream of the import of a file, by its SHA-256 in hexadecimal digits.
pub fn stream_id(organization: OrganizationId, sha256: &str) -> Uuid {
    Uuid::new_v5(&organization.0, format!("import:{sha256}").as_bytes())
}

/// The id of a kept file, by its SHA-256 in hexadecimal digits.
pub fn file_id(organization: OrganizationId, sha256: &str) -> FileId {
    FileId(Uuid::new_v5(&organization.0, format!("file:{sha256}").as_bytes()))
}

/// The id of the record that a row becomes: UUIDv7 with the import's start as its time and the row
/// as its counter (RFC 9562, 6.2, method 1). The same row always becomes the same record, and
/// records lie in the order of their rows.
pub fn record_id(import: Uuid, started_at: DateTime<Utc>, row: u64) -> Uuid {
    const TAIL_BITS: u32 = 42;
    const LOW_ROW_BITS: u32 = 20;
    let hash = Uuid::new_v5(&import, &row.to_be_bytes()).as_u64_pair().1;
    let tail = hash & ((1 << TAIL_BITS) - 1);
    let high = (row >> LOW_ROW_BITS) & 0xFFF;
    let low = row & ((1 << LOW_ROW_BITS) - 1);
    let mut bytes = [0; 10];
    bytes[..2].copy_from_slice(&high.to_be_bytes()[6..]);
    bytes[2..].copy_from_slice(&((low << TAIL_BITS) | tail).to_be_bytes());
    let millis = u64::try_from(started_at.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

crate::stored_events! {
    /// What can have happened to an import. **This is storage.**
    // Everything on which it depends what the file's rows are is kept: a later build might find
    // another delimiter, or know another heading.
    pub enum ImportEvent {
        /// It began. `columns` names the field that each column of the file goes to.
        "import.started" => Started {
            record_type: String, file: FileId, sha256: String, bytes: u64, rows: u64, job: JobId,
            encoding: String, delimiter: char, heading_row: u64, columns: Vec<Option<String>>
        } sealed { file_name: String, headings: Vec<String> },
        /// Every row was dealt with.
        "import.completed" => Completed { imported: u64, failed: u64 },
    }
}

/// What an import starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// What the rows become, such as `contact`.
    pub record_type: String,
    /// The kept file.
    pub file: FileId,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Its rows, headings and blank ones not counted.
    pub rows: u64,
    /// The job that carries it out.
    pub job: JobId,
    /// The file's encoding, by its name in the Encoding Standard.
    pub encoding: String,
    /// What separates its columns.
    pub delimiter: char,
    /// The row that the headings are in.
    pub heading_row: u64,
    /// For each column the field that it goes to.
    pub columns: Vec<Option<String>>,
    /// What the file was called; `None` once erased.
    pub file_name: Option<String>,
    /// What its columns are called; `None` once erased.
    pub headings: Option<Vec<String>>,
}

/// What may be asked of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportCommand {
    /// Begin.
    Start(Intent),
    /// Say what came of it.
    Complete {
        /// Rows that became records.
        imported: u64,
        /// Rows that did not.
        failed: u64,
    },
}

/// Why a command on an import was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It never began.
    #[error("There is no such import.")]
    NotFound,
    /// This file was imported, or is being imported.
    #[error("This file was imported before.")]
    AlreadyStarted,
    /// Rows would be lost, or counted twice.
    #[error("The rows that were dealt with are not those of the file.")]
    DoesNotReconcile,
}

impl Rejection for ImportError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyStarted => "already_imported",
            Self::DoesNotReconcile => "does_not_reconcile",
        }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// What came of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Rows that became records.
    pub imported: u64,
    /// Rows that did not.
    pub failed: u64,
}

/// The folded state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// What it started from, once it did.
    pub intent: Option<Intent>,
    /// What came of it, once it is over.
    pub outcome: Option<Outcome>,
}

impl Aggregate for Import {
    const KIND: &'static str = "import";
    type Command = ImportCommand;
    type Event = ImportEvent;
    type Error = ImportError;

    fn decide(
        &self,
        command: ImportCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<ImportEvent>, ImportError> {
        match (command, &self.intent) {
            (ImportCommand::Start(intent), None) => Ok(vec![ImportEvent::Started {
                record_type: intent.record_type,
                file: intent.file,
                sha256: intent.sha256,
                bytes: intent.bytes,
                rows: intent.rows,
                job: intent.job,
                encoding: intent.encoding,
                delimiter: intent.delimiter,
                heading_row: intent.heading_row,
                columns: intent.columns,
                file_name: intent.file_name,
                headings: intent.headings,
            }]),
            (ImportCommand::Start(intent), Some(present)) if intent == *present => Ok(Vec::new()),
            (ImportCommand::Start(_), Some(_)) => Err(ImportError::AlreadyStarted),
            (ImportCommand::Complete { .. }, None) => Err(ImportError::NotFound),
            (ImportCommand::Complete { imported, failed }, Some(intent)) => {
                let outcome = Outcome { imported, failed };
                if self.outcome == Some(outcome) {
                    Ok(Vec::new())
                } else if self.outcome.is_some()
                    || imported.checked_add(failed) != Some(intent.rows)
                {
                    Err(ImportError::DoesNotReconcile)
                } else {
                    Ok(vec![ImportEvent::Completed { imported, failed }])
                }
            }
        }
    }

    fn evolve(mut self, event: ImportEvent) -> Self {
        match event {
            ImportEvent::Started {
                record_type,
                file,
                sha256,
                bytes,
                rows,
                job,
                encoding,
                delimiter,
                heading_row,
                columns,
                file_name,
                headings,
            } => {
                self.intent = Some(Intent {
                    record_type,
                    file,
                    sha256,
                    bytes,
                    rows,
                    job,
                    encoding,
                    delimiter,
                    heading_row,
                    columns,
                    file_name,
                    headings,
                });
            }
            ImportEvent::Completed { imported, failed } => {
                self.outcome = Some(Outcome { imported, failed });
            }
        }
        self
    }

    fn reverse(&self, _event: &ImportEvent) -> Result<Reversal<ImportEvent>, NotReversible> {
        Err(NotReversible("An import is undone record by record."))
    }
}
