//! What a read model must offer.

use super::feed::{Change, ChangeKind};
use crate::error::ApplyError;
use crate::sql::Table;
use async_trait::async_trait;
use domain::codec::DecodeError;
use domain::ids::OrganizationId;
use sha2::{Digest as _, Sha256};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgConnection};
use std::fmt::Write as _;
use std::sync::OnceLock;
use store::{Meta, Position, RecordedEvent, StreamId};
use uuid::Uuid;

/// An event with its metadata, which several read models look at and one decodes.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) event: RecordedEvent,
    meta: OnceLock<Meta>,
}

impl Entry {
    pub(crate) fn new(event: RecordedEvent) -> Self {
        Self { event, meta: OnceLock::new() }
    }

    pub(crate) fn meta(&self) -> Result<&Meta, DecodeError> {
        if let Some(meta) = self.meta.get() {
            return Ok(meta);
        }
        let meta = self.event.meta()?;
        Ok(self.meta.get_or_init(|| meta))
    }
}

/// Events of one organization's log, in order.
#[derive(Clone, Debug)]
pub(crate) struct Batch<'a> {
    pub(crate) organization: OrganizationId,
    pub(crate) entries: Vec<&'a Entry>,
}

impl Batch<'_> {
    /// The rows that a table has of the organization (`$1` of the query) and these ids (`$2`).
    pub(crate) async fn known<T>(
        &self,
        connection: &mut PgConnection,
        sql: &'static str,
        ids: Vec<Uuid>,
    ) -> Result<Vec<T>, sqlx::Error>
    where
        T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        sqlx::query_as(sql).bind(self.organization.0).bind(ids).fetch_all(connection).await
    }
}

impl Entry {
    /// The change of something that every member may see.
    pub(crate) fn shared_change(&self, record_type: &'static str, kind: ChangeKind) -> Change {
        Change {
            record_type: record_type.into(),
            id: self.event.stream.0,
            version: self.event.version,
            position: self.event.position,
            kind,
            assignment: None,
        }
    }
}

/// Which way rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The tables are in use: upsert, except that many new rows may come by COPY if the role is
    /// exempt from row-level security.
    Live {
        /// Whether it is.
        may_copy: bool,
    },
    /// The tables are being built and have neither indexes nor row-level security: COPY.
    Build,
}

impl Mode {
    /// Fewer rows than this are not worth the round trips of a COPY.
    const MANY: usize = 50;

    /// Whether so many new rows are best written by COPY.
    pub(crate) fn copies(self, rows: usize) -> bool {
        match self {
            Self::Build => true,
            Self::Live { may_copy } => may_copy && rows >= Self::MANY,
        }
    }
}

/// What to do with an event that cannot be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnPoison {
    /// Each row comes from one stream: only that stream waits.
    ParkStream,
    /// Rows come from several streams: a gap would falsify them, so the whole log waits.
    HaltLog,
}

/// Why a batch could not be applied, and by which event if that is known.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) at: Option<(StreamId, Position)>,
    pub(crate) error: ApplyError,
}

impl Failure {
    pub(crate) fn at(entry: &Entry) -> impl FnOnce(DecodeError) -> Self {
        let at = Some((entry.event.stream, entry.event.position));
        move |error| Self { at, error: ApplyError::Decode(error) }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self { at: None, error: ApplyError::Database(error) }
    }
}

/// Tables that follow from the events, and how.
#[async_trait]
pub(crate) trait ReadModel: Send + Sync + 'static {
    /// Its name, such as `contacts`.
    fn name(&self) -> &'static str;

    /// Raise it when `apply` changes what it writes. A change of the tables is noticed anyway.
    fn version(&self) -> i32;

    /// Its tables with their indexes.
    fn tables(&self) -> Vec<Table>;

    /// Whether it looks at events of this kind of stream.
    fn wants(&self, kind: &str) -> bool;

    /// What to do with an event that cannot be applied.
    fn on_poison(&self) -> OnPoison;

    /// How it shows the past, if it can.
    fn as_of(&self) -> Option<&dyn AsOfModel> {
        None
    }

    /// Writes what follows from the events. The path leads to its schema. Called with each event
    /// exactly once, in the order of the log.
    async fn apply(
        &self,
        connection: &mut PgConnection,
        batch: &Batch<'_>,
        mode: Mode,
    ) -> Result<Vec<Change>, Failure>;
}

/// A read model of records that can show the past: each stream of one kind is one row.
#[async_trait]
pub(crate) trait AsOfModel: Send + Sync {
    /// The kind of stream.
    fn kind(&self) -> &'static str;

    /// The table with a row per stream.
    fn records(&self) -> &Table;

    /// Copies the live rows of one organization but those of `changed`, and whatever is summed up
    /// beside them. The path leads to the new tables.
    async fn copy_unchanged(
        &self,
        connection: &mut PgConnection,
        live_schema: &str,
        organization: OrganizationId,
        changed: &[Uuid],
    ) -> Result<(), sqlx::Error>;
}

/// The hash by which a schema that differs from what the code expects is noticed.
pub(crate) fn fingerprint(model: &dyn ReadModel) -> String {
    let mut hash = Sha256::new();
    for table in model.tables() {
        hash.update(table.create_sql(false));
        for index in &table.indexes {
            hash.update(table.index_sql(index));
        }
        hash.update(table.lookup.join(","));
    }
    hash.finalize()[..8].iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
