//! Commands on records of every catalogued type.

use crate::error::CommandError;
use crate::execute::{Commands, Done};
use crate::folded::{At, Folded};
use crate::history::HistoryEntry;
use crate::request::{Caller, CommandRequest};
use domain::patch::Patch;
use domain::record::{Record, RecordType};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::LogId;
use uuid::Uuid;

/// Creating, changing, reading and reverting records. Cheap to clone.
#[derive(Clone)]
pub struct Records {
    commands: Commands,
}

impl Records {
    /// Records by way of `commands`.
    pub fn new(commands: Commands) -> Self {
        Self { commands }
    }

    /// Makes a record; its id is the stream of the answer.
    pub async fn create<R: RecordType>(
        &self,
        request: &CommandRequest,
        patch: Patch,
    ) -> Result<Done<Record<R>>, CommandError> {
        todo!()
    }

    /// Sets and clears fields. `note` is kept with the change (why the status changed, say).
    pub async fn change<R: RecordType>(
        &self,
        request: &CommandRequest,
        id: Uuid,
        if_match: Option<u32>,
        patch: Patch,
        note: Option<String>,
    ) -> Result<Done<Record<R>>, CommandError> {
        todo!()
    }

    /// Puts a record into the recycle bin.
    pub async fn delete<R: RecordType>(
        &self,
        request: &CommandRequest,
        id: Uuid,
        if_match: Option<u32>,
    ) -> Result<Done<Record<R>>, CommandError> {
        todo!()
    }

    /// Takes a record out of the recycle bin.
    pub async fn restore<R: RecordType>(
        &self,
        request: &CommandRequest,
        id: Uuid,
        if_match: Option<u32>,
    ) -> Result<Done<Record<R>>, CommandError> {
        todo!()
    }

    /// Gives the fields (all, if `None`) the values that they had at a version.
    pub async fn revert<R: RecordType>(
        &self,
        request: &CommandRequest,
        id: Uuid,
        if_match: Option<u32>,
        to_version: u32,
        fields: Option<&[domain::catalogue::FieldIndex]>,
    ) -> Result<Done<Record<R>>, CommandError> {
        todo!()
    }

    /// A record as it is or was, if the caller may see it now. Deleted ones are found too.
    pub async fn get<R: RecordType>(
        &self,
        caller: &Caller,
        log: LogId,
        id: Uuid,
        at: At,
    ) -> Result<Arc<Folded<Record<R>>>, CommandError> {
        todo!()
    }

    /// A page of a record's history, newest first, if the caller may see the record now.
    pub async fn history<R: RecordType>(
        &self,
        caller: &Caller,
        log: LogId,
        id: Uuid,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<HistoryEntry>, CommandError> {
        todo!()
    }

    /// For each field the entry that set it last, if the caller may see the record now.
    pub async fn provenance<R: RecordType>(
        &self,
        caller: &Caller,
        log: LogId,
        id: Uuid,
    ) -> Result<BTreeMap<&'static str, HistoryEntry>, CommandError> {
        todo!()
    }
}
