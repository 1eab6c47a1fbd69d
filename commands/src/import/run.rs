//! Carrying out an import: a job that reads, prepares and appends in step, chunk by chunk.

use super::faulty;
use super::files::Files;
use super::recipe::{Lists, Prepared, Recipe, Row, labels};
use super::table::{Format, Table};
use super::{ImportError, KIND};
use crate::error::CommandError;
use crate::execute::{Commands, Target};
use crate::jobs::{JobFailure, JobHandler, JobRun, Progress};
use crate::picklists::Picklists;
use crate::request::{Caller, CommandRequest, Origin};
use async_trait::async_trait;
use domain::access::{FieldAccess, Permission, Verb};
use domain::catalogue::{Catalogue as _, FieldIndex, ListName};
use domain::contact::{ContactFields, ContactType};
use domain::ids::OrganizationId;
use domain::import::{Import, ImportCommand, Intent};
use domain::normalize;
use domain::picklist;
use domain::record::RecordType as _;
use encoding_rs::Encoding;
use futures::{Stream, StreamExt as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use store::{BulkAppend, LogError, LogId, Meta};
use tokio::sync::{Mutex, mpsc};
use uuid::Uuid;

/// Rows of a chunk; each is at most one event, and a bulk append takes so many.
const CHUNK: usize = 2_000;

/// Chunks that are prepared side by side.
const AT_ONCE: usize = 2;

/// How far an import has come; kept as the job's cursor.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Place {
    /// Rows that were dealt with.
    rows: u64,
    /// Those that became contacts.
    imported: u64,
    /// Those that did not.
    failed: u64,
    /// Length of the file of faulty rows.
    faulty_bytes: u64,
}

/// What the job is asked to do.
#[derive(Serialize, Deserialize)]
pub(super) struct Params {
    /// The import's stream.
    pub import: Uuid,
}

/// Carries out imports.
pub struct ImportHandler {
    commands: Commands,
    files: Files,
}

/// One import that is being carried out.
struct Run {
    commands: Commands,
    log: LogId,
    request: CommandRequest,
    recipe: Recipe,
    intent: Intent,
    lists: Mutex<Lists>,
}

impl From<ImportError> for JobFailure {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Unreadable(why) => Self::Failed(why),
            ImportError::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Self::Failed("The file is not kept any more.".to_owned())
            }
            ImportError::Command(error) => error.into(),
            ImportError::Io(_) | ImportError::Job(_) | ImportError::AlreadyImported { .. } => {
                Self::Interrupted(Box::new(error))
            }
        }
    }
}

fn io_failure(error: std::io::Error) -> JobFailure {
    JobFailure::Interrupted(Box::new(error))
}

impl ImportHandler {
    /// Imports by way of `commands`, from `files`.
    pub fn new(commands: Commands, files: Files) -> Self {
        Self { commands, files }
    }

    /// Reads what the import is, from its stream, and who may do it, as of now.
    async fn prepare(&self, organization: OrganizationId, import: Uuid) -> Result<Run, JobFailure> {
        let log = LogId::from(organization);
        let unknown = || JobFailure::Failed("There is no such import.".to_owned());
        let folded = self.commands.load::<Import>(log, import).await?;
        let intent = folded.state.intent.clone().ok_or_else(unknown)?;
        let events = self.commands.log().read_stream(log, import.into(), 0, 1).await?;
        let meta = events.first().ok_or_else(unknown)?.meta().map_err(LogError::from)?;
        let caller = self.caller(organization, &meta).await?;
        let origin =
            Origin { channel: meta.channel, correlation: meta.correlation, ..Origin::WORKER };
        let mut request = self.commands.request(log, caller.clone(), origin, KIND);
        request.action = meta.action;
        request.causation = Some(import);
        request.command_id = Some(import);
        let columns = intent.columns.iter().map(|name| ContactFields::index(name.as_deref()?));
        let columns: Vec<_> = columns.collect();
        // Rights as they are now. Rows without what the file says of them would be wrong for good.
        if !columns.iter().flatten().all(|field| writes(&caller, *field)) {
            let why = "Who began the import may not write all of its columns any more.";
            return Err(JobFailure::Failed(why.to_owned()));
        }
        let recipe = Recipe {
            import,
            started_at: folded.created.time,
            columns,
            caller,
            source: intent.file,
            meta: Meta { causation: Some(import), ..meta },
        };
        let mut lists = Lists::new();
        for list in recipe.lists() {
            let folded = self.commands.load(log, picklist::stream_id(organization, list)).await?;
            lists.insert(list, Arc::new(labels(&folded.state)));
        }
        let (commands, lists) = (self.commands.clone(), Mutex::new(lists));
        Ok(Run { commands, log, request, recipe, intent, lists })
    }

    async fn caller(
        &self,
        organization: OrganizationId,
        meta: &Meta,
    ) -> Result<Caller, JobFailure> {
        let Some(member) = meta.actor.member else { return Ok(Caller::System) };
        let actor = self.commands.actor(organization, member).await?;
        let actor = actor.filter(|a| a.holds(Permission::on::<ContactType>(Verb::Import)));
        let gone = || "Who began the import may not import any more.".to_owned();
        Ok(Caller::Member(actor.ok_or_else(|| JobFailure::Failed(gone()))?))
    }
}

/// Whether the importer may write a field.
fn writes(caller: &Caller, field: FieldIndex) -> bool {
    let name = ContactFields::def(field).name;
    caller.field(ContactType::KIND, name) == FieldAccess::Full
}

impl Run {
    /// How the file is read, as was found out when the import began.
    fn format(&self) -> Result<Format, JobFailure> {
        let intent = &self.intent;
        let encoding = Encoding::for_label(intent.encoding.as_bytes());
        let unknown = || JobFailure::Failed("The file's format is not known any more.".to_owned());
        Ok(Format {
            encoding: encoding.ok_or_else(unknown)?,
            delimiter: u8::try_from(intent.delimiter).map_err(|_| unknown())?,
            heading_row: intent.heading_row,
        })
    }

    /// The values of lists for some rows: tags that are new are made by naming them.
    async fn lists(&self, rows: &[Row]) -> Result<Lists, CommandError> {
        let mut lists = self.lists.lock().await;
        for label in self.recipe.tags(rows) {
            let key = normalize::search_key(&label);
            let known = lists.entry(ListName::Tag).or_default();
            if known.get(&key).is_some_and(Option::is_some) {
                continue;
            }
            let request = self.request.derive(&format!("tag:{key}"));
            let picklists = Picklists::new(self.commands.clone());
            let id = match picklists.add(&request, ListName::Tag, &label).await {
                Ok((id, _)) => Some(id),
                // The list is full: rows with this tag are faulty.
                Err(CommandError::Refused(_)) => None,
                Err(error) => return Err(error),
            };
            Arc::make_mut(known).insert(key, id);
        }
        Ok(lists.clone())
    }

    async fn prepare(self: Arc<Self>, rows: Vec<Row>) -> Result<(u64, Uuid, Prepared), JobFailure> {
        let lists = self.lists(&rows).await?;
        let first = rows.first().map_or(0, |(number, _)| *number);
        let command_id = Uuid::new_v5(&self.recipe.import, format!("rows from {first}").as_bytes());
        let count = rows.len() as u64;
        let now = self.commands.clock().now();
        let work = tokio::task::spawn_blocking(move || self.recipe.prepare(rows, &lists, now));
        let prepared = work.await.map_err(|error| JobFailure::Interrupted(Box::new(error)))?;
        Ok((count, command_id, prepared?))
    }

    /// Appends a chunk; how many rows of it are contacts now, whenever they were appended.
    async fn append(&self, command_id: Uuid, prepared: Prepared) -> Result<u64, JobFailure> {
        if prepared.streams.is_empty() {
            return Ok(0);
        }
        let bulk = BulkAppend { command_id, streams: prepared.streams };
        let (commands, log) = (self.commands.clone(), self.log);
        // On a task of its own: a run may be dropped at any point, but a COPY that is dropped
        // half-way leaves its connection unusable for those who come after.
        let append = tokio::spawn(async move { commands.log().append_bulk(log, bulk).await });
        let appended = append.await.map_err(|error| JobFailure::Interrupted(Box::new(error)))??;
        Ok(appended.last + 1 - appended.first)
    }

    /// Ends the import's stream: every row is accounted for.
    async fn complete(&self, place: Place) -> Result<(), JobFailure> {
        let complete = ImportCommand::Complete { imported: place.imported, failed: place.failed };
        let request = self.request.derive("complete");
        let target = Target::existing(self.recipe.import);
        self.commands
            .execute::<Import>(&request, target, |_| Ok(()), |_| Ok(complete.clone()))
            .await?;
        Ok(())
    }

    fn progress(&self, place: Place) -> Progress {
        Progress {
            done: i64::try_from(place.rows).unwrap_or(i64::MAX),
            total: i64::try_from(self.intent.rows).ok(),
            counts: self.counts(place),
            cursor: json!(place),
        }
    }

    fn counts(&self, place: Place) -> Value {
        json!({"total": self.intent.rows, "imported": place.imported, "failed": place.failed})
    }
}

/// The rows of a file behind the first `skip`, in chunks, read on a thread of their own.
fn chunks(
    path: PathBuf,
    format: Format,
    skip: u64,
) -> impl Stream<Item = Result<Vec<Row>, ImportError>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::task::spawn_blocking(move || {
        let read = || {
            let mut table = Table::open(&path, &format)?;
            let mut skipped = 0;
            let mut chunk = Vec::with_capacity(CHUNK);
            while let Some(row) = table.next_row()? {
                if skipped < skip {
                    skipped += 1;
                    continue;
                }
                chunk.push(row);
                if chunk.len() == CHUNK {
                    let full = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK));
                    if sender.blocking_send(Ok(full)).is_err() {
                        // Nobody listens any more: the job was stopped.
                        return Ok(Vec::new());
                    }
                }
            }
            Ok(chunk)
        };
        let last = read();
        if last.as_ref().map_or(true, |chunk: &Vec<Row>| !chunk.is_empty()) {
            // As above.
            let _ = sender.blocking_send(last);
        }
    });
    futures::stream::unfold(receiver, |mut receiver| async move {
        let chunk = receiver.recv().await?;
        Some((chunk, receiver))
    })
}

#[async_trait]
impl JobHandler for ImportHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, job: &JobRun) -> Result<Value, JobFailure> {
        let malformed = |_| JobFailure::Failed("The job is not one of an import.".to_owned());
        let organization = job.job.organization;
        let Params { import } =
            serde_json::from_value(job.job.params.clone()).map_err(malformed)?;
        let mut place: Place = match &job.job.cursor {
            Some(cursor) => serde_json::from_value(cursor.clone()).map_err(malformed)?,
            None => Place::default(),
        };
        let run = Arc::new(self.prepare(organization, import).await?);
        let names = || run.intent.columns.iter().map(|c| c.clone().unwrap_or_default()).collect();
        let headings: Vec<String> = run.intent.headings.clone().unwrap_or_else(names);
        let faulty_rows = self.files.faulty_rows(organization, import);
        let file = self.files.path(organization, &run.intent.sha256);

        let prepared = chunks(file, run.format()?, place.rows).map(|chunk| {
            let run = run.clone();
            async move { run.prepare(chunk?).await }
        });
        let mut prepared = pin!(prepared.buffered(AT_ONCE));
        while let Some(chunk) = prepared.next().await {
            let (rows, command_id, mut chunk) = chunk?;
            let faulty = std::mem::take(&mut chunk.faulty);
            let imported = run.append(command_id, chunk).await?;
            place.faulty_bytes =
                faulty::append(&faulty_rows, place.faulty_bytes, &headings, &faulty)
                    .await
                    .map_err(io_failure)?;
            place.rows += rows;
            place.imported += imported;
            place.failed += rows - imported;
            job.report(&run.progress(place)).await?;
        }
        run.complete(place).await?;
        Ok(run.counts(place))
    }
}
