//! Import of contacts from CSV files.
//!
//! A file is kept under its hash and read once from end to end before anything else happens, so
//! that one that cannot be read is refused as a whole. Then the intent is recorded as the import's
//! first event, in a stream that follows from the hash: the same file a second time meets it. A
//! job carries the import out, row by row: each becomes a contact whose first event names file and
//! row, or goes to a file of faulty rows with the reasons. Ids follow from the import and the row,
//! chunks are commands with derived ids, and so a crash at any point neither loses nor doubles
//! anything.

mod decoded;
mod faulty;
mod files;
mod formula;
mod heading;
mod recipe;
mod run;
mod table;

pub use files::{Files, Kept, MOST_BYTES};
pub use run::ImportHandler;

use crate::error::CommandError;
use crate::execute::{Commands, Target};
use crate::folded::Folded;
use crate::jobs::{JobError, JobState, Jobs};
use crate::request::CommandRequest;
use chrono::{DateTime, Utc};
use csv::StringRecord;
use domain::access::{FieldAccess, Permission, Verb};
use domain::catalogue::Catalogue as _;
use domain::contact::{ContactFields, ContactType};
use domain::error::FieldError;
use domain::ids::{FileId, JobId, OrganizationId};
use domain::import::{self, Import, ImportCommand, Intent};
use domain::record::RecordType as _;
use run::Params;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use store::StreamId;
use table::{Format, Table};
use tokio::io::AsyncRead;

/// The kind of job.
pub(crate) const KIND: &str = "import";

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
    /// The row that its headings are in.
    pub heading_row: u64,
    /// Its rows, headings and blank ones not counted.
    pub rows: u64,
    /// For each column its heading and the field it goes to, if any.
    pub columns: Vec<(String, Option<&'static str>)>,
}

/// Why a file was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It was imported before, or is being imported.
    #[error("imported before")]
    AlreadyImported {
        /// When that began.
        started_at: DateTime<Utc>,
        /// The job that did or does it.
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

/// Starts imports. Cheap to clone.
#[derive(Clone)]
pub struct Imports {
    commands: Commands,
    files: Files,
    jobs: Jobs,
}

/// What the job of an import is told.
pub(crate) fn params(import: StreamId) -> Value {
    json!(Params { import: import.0 })
}

/// Reads a file from end to end.
fn inspect(path: &Path) -> Result<(Format, Vec<String>, u64), ImportError> {
    let format = Format::detect(path)?;
    let mut table = Table::open(path, &format)?;
    let mut rows = 0;
    while table.next_row()?.is_some() {
        rows += 1;
    }
    if rows == 0 {
        return Err(ImportError::Unreadable("The file has headings, but no rows.".to_owned()));
    }
    Ok((format, table.headings, rows))
}

/// To whom a field is hidden, its column goes nowhere, like one whose heading is no field's.
/// The faults are columns that the importer may read only: to leave them out unsaid would lose
/// what the file says.
fn judge_columns(request: &CommandRequest, inspection: &mut Inspection) -> Vec<FieldError> {
    let mut locked = Vec::new();
    for (heading, field) in &mut inspection.columns {
        let Some(name) = *field else { continue };
        match request.caller.field(ContactType::KIND, name) {
            FieldAccess::Full => {}
            FieldAccess::Hidden => *field = None,
            FieldAccess::ReadOnly => {
                let heading: String = heading.chars().take(60).collect();
                let message = format!(
                    "You may read this field, but not change it: leave out the column “{heading}”."
                );
                locked.push(FieldError::new(name, "field_read_only", message));
            }
        }
    }
    locked
}

impl Imports {
    /// Imports by way of `commands`; files are kept in `files`.
    pub fn new(commands: Commands, files: Files, jobs: Jobs) -> Self {
        Self { commands, files, jobs }
    }

    /// Keeps and inspects a file, and starts its import as a job. A file whose import was stopped
    /// before its end goes on where it stopped; any other that was imported is refused.
    pub async fn start(
        &self,
        request: &CommandRequest,
        content: impl AsyncRead + Unpin,
        file_name: &str,
    ) -> Result<(JobId, Inspection), ImportError> {
        let organization = OrganizationId(request.log.0);
        let temporary = self.commands.ids().next();
        let kept = match self.files.keep(organization, temporary, content).await {
            Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
                return Err(ImportError::Unreadable("The file is larger than 2 GiB.".to_owned()));
            }
            kept => kept?,
        };
        let inspection = match self.inspect(organization, &kept).await {
            Ok(inspection) => inspection,
            Err(error) => {
                // What cannot be read was never imported, and is of no use to anybody.
                self.files.drop_kept(&kept).await?;
                return Err(error);
            }
        };
        let mut inspection = inspection;
        let locked = judge_columns(request, &mut inspection);
        if !locked.is_empty() {
            let stream = import::stream_id(organization, &kept.sha256);
            if self.commands.load::<Import>(request.log, stream).await?.state.intent.is_none() {
                self.files.drop_kept(&kept).await?;
            }
            return Err(CommandError::invalid(locked).into());
        }
        let job = JobId(self.commands.ids().next());
        let intent = Intent {
            record_type: ContactType::KIND.to_owned(),
            file: inspection.file,
            sha256: kept.sha256,
            bytes: kept.bytes,
            rows: inspection.rows,
            job,
            encoding: inspection.encoding.to_owned(),
            delimiter: inspection.delimiter,
            heading_row: inspection.heading_row,
            columns: inspection.columns.iter().map(|(_, f)| f.map(str::to_owned)).collect(),
            file_name: Some(file_name.to_owned()),
            headings: Some(inspection.columns.iter().map(|(heading, _)| heading.clone()).collect()),
        };
        let permission = Permission::on::<ContactType>(Verb::Import);
        let authorize = |_: &Import| request.caller.demand(permission);
        let target = Target::new(import::stream_id(organization, &intent.sha256));
        let start = |_: &Import| Ok(ImportCommand::Start(intent.clone()));
        match self.commands.execute(request, target, authorize, start).await {
            Ok(done) => self.enqueue(request, &done.folded).await.map(|job| (job, inspection)),
            Err(CommandError::Refused(_)) => {
                let known = self.commands.load::<Import>(request.log, target.stream()).await?;
                self.go_on(request, &known).await.map(|job| (job, inspection))
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn inspect(
        &self,
        organization: OrganizationId,
        kept: &Kept,
    ) -> Result<Inspection, ImportError> {
        let path = kept.path.clone();
        let read = tokio::task::spawn_blocking(move || inspect(&path)).await;
        let (format, headings, rows) = read.map_err(std::io::Error::other)??;
        let fields = heading::map(&StringRecord::from(headings.clone()));
        let names = fields.iter().map(|field| field.map(|f| ContactFields::def(f).name));
        Ok(Inspection {
            file: import::file_id(organization, &kept.sha256),
            sha256: kept.sha256.clone(),
            bytes: kept.bytes,
            encoding: format.encoding.name(),
            delimiter: char::from(format.delimiter),
            heading_row: format.heading_row,
            rows,
            columns: headings.into_iter().zip(names).collect(),
        })
    }

    /// Queues the job of an import; nothing happens if it was queued before.
    async fn enqueue(
        &self,
        request: &CommandRequest,
        import: &Arc<Folded<Import>>,
    ) -> Result<JobId, ImportError> {
        let intent = import.state.intent.as_ref().ok_or(CommandError::NotFound)?;
        let organization = OrganizationId(request.log.0);
        let params = params(import.stream);
        let by = request.caller.member();
        Ok(self.jobs.start(organization, intent.job, KIND, &params, by).await?.id)
    }

    /// An import of this file was begun before: it goes on if it stopped before its end.
    async fn go_on(
        &self,
        request: &CommandRequest,
        import: &Arc<Folded<Import>>,
    ) -> Result<JobId, ImportError> {
        let job = self.enqueue(request, import).await?;
        let organization = OrganizationId(request.log.0);
        let stopped = match self.jobs.get(organization, job).await?.state {
            JobState::Paused | JobState::Cancelled | JobState::Failed => true,
            JobState::Queued | JobState::Running | JobState::Cancelling | JobState::Done => false,
        };
        if import.state.outcome.is_some() || !stopped {
            return Err(ImportError::AlreadyImported { started_at: import.created.time, job });
        }
        Ok(self.jobs.resume(organization, job).await?.id)
    }
}
