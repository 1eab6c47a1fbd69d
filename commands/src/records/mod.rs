//! Commands on records of every catalogued type.
//!
//! What row-level security cannot guard, since it comes from folding a stream, asks first whether
//! the record as it is *now* lies within the caller's reach as it is *now*. What is out of reach
//! does not exist.

mod assignment;
mod bulk;
mod field_rights;
mod references;
mod undo;

pub(crate) use assignment::assign_to_maker;
pub use bulk::{Prepared, RecordAct};

use crate::error::{CommandError, Denied, Refusal};
use crate::execute::{Commands, Done, Target};
use crate::folded::{At, Folded};
use crate::history::HistoryEntry;
use crate::request::{Caller, CommandRequest};
use domain::access::{Permission, Verb};
use domain::catalogue::{Catalogue, FieldIndex};
use domain::patch::Patch;
use domain::record::{Life, Record, RecordCommand, RecordType};
use references::References;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::LogId;
use uuid::Uuid;

/// Creating, changing, reading and reverting records. Cheap to clone.
#[derive(Clone)]
pub struct Records {
    commands: Commands,
}

/// Whether the caller may apply `verb` to the record as it is. What one may not read is hidden;
/// that one may read nothing of a type is no secret.
pub(crate) fn judge<R: RecordType>(
    caller: &Caller,
    verb: Verb,
    record: &Record<R>,
) -> Result<(), Denied> {
    let (read, wanted) = (Permission::on::<R>(Verb::Read), Permission::on::<R>(verb));
    caller.demand(read)?;
    if record.life == Life::Absent || !caller.may(read, record.assigned_to()) {
        Err(Denied::Hidden)
    } else if caller.may(wanted, record.assigned_to()) {
        Ok(())
    } else {
        Err(Denied::Forbidden)
    }
}

impl Records {
    /// Records by way of `commands`.
    pub fn new(commands: Commands) -> Self {
        Self { commands }
    }

    /// Makes a record; its id is the stream of the answer's fold. A caller of limited reach who
    /// assigns it to nobody gets it themselves, or it would be gone from their sight.
    pub async fn create<R: RecordType>(
        &self,
        request: &CommandRequest,
        mut patch: Patch,
    ) -> Result<Done<Record<R>>, CommandError> {
        let faults = field_rights::faults::<R>(&request.caller, None, &patch);
        assign_to_maker::<R>(&request.caller, &mut patch);
        let references = References::gather::<R>(&self.commands, request, &patch).await?;
        let target = Target::new(self.commands.ids().next());
        let authorize = |record: &Record<R>| match record.life {
            Life::Absent => request.caller.demand(Permission::on::<R>(Verb::Create)),
            // The same creation again: the record has become what it is now.
            Life::Active | Life::Deleted => judge(&request.caller, Verb::Read, record),
        };
        let make = |record: &Record<R>| {
            field_rights::refuse(&faults)?;
            check(request, &references, target, record, &patch)?;
            Ok(RecordCommand::Create(patch.clone()))
        };
        self.commands.execute(request, target, authorize, make).await
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
        let references = References::gather::<R>(&self.commands, request, &patch).await?;
        let target = Target::existing(id).if_match(if_match);
        let make = |record: &Record<R>| {
            let present = Some(&record.fields);
            let faults = field_rights::faults::<R>(&request.caller, present, &patch);
            field_rights::refuse(&faults)?;
            check(request, &references, target, record, &patch)?;
            Ok(RecordCommand::Change { patch: patch.clone(), note: note.clone() })
        };
        let authorize = |record: &Record<R>| judge(&request.caller, Verb::Update, record);
        let done = self.commands.execute(request, target, authorize, make).await;
        done.map_err(|error| field_rights::conflict::<R>(&request.caller, error))
    }

    /// Puts a record into the recycle bin.
    pub async fn delete<R: RecordType>(
        &self,
        request: &CommandRequest,
        id: Uuid,
        if_match: Option<u32>,
    ) -> Result<Done<Record<R>>, CommandError> {
        self.plain(request, id, if_match, RecordCommand::Delete).await
    }

    /// Takes a record out of the recycle bin.
    pub async fn restore<R: RecordType>(
        &self,
        request: &CommandRequest,
        id: Uuid,
        if_match: Option<u32>,
    ) -> Result<Done<Record<R>>, CommandError> {
        self.plain(request, id, if_match, RecordCommand::Restore).await
    }

    async fn plain<R: RecordType>(
        &self,
        request: &CommandRequest,
        id: Uuid,
        if_match: Option<u32>,
        command: RecordCommand,
    ) -> Result<Done<Record<R>>, CommandError> {
        let target = Target::existing(id).if_match(if_match);
        let authorize = |record: &Record<R>| judge(&request.caller, Verb::Delete, record);
        let done = self.commands.execute(request, target, authorize, |_| Ok(command.clone())).await;
        done.map_err(|error| field_rights::conflict::<R>(&request.caller, error))
    }

    /// Gives fields (all that the caller may see, if `None`) the values that they had at a version. A change like
    /// any other, judged by the rules of today.
    pub async fn revert<R: RecordType>(
        &self,
        request: &CommandRequest,
        id: Uuid,
        if_match: Option<u32>,
        to_version: u32,
        fields: Option<&[FieldIndex]>,
    ) -> Result<Done<Record<R>>, CommandError> {
        let at = At::Version(to_version);
        let then = self.get::<R>(&request.caller, request.log, id, at).await?;
        if then.version != to_version {
            let detail = "The record has no such version.";
            return Err(CommandError::Refused(Refusal::new("no_such_version", detail)));
        }
        let hidden = request.caller.hidden::<R>();
        let chosen = |field: &FieldIndex| match fields {
            Some(fields) => fields.contains(field),
            None => !hidden.contains(field),
        };
        let patch = R::Fields::indices()
            .filter(chosen)
            .map(|field| (field, then.state.fields.get(field)))
            .collect();
        self.change(request, id, if_match, patch, None).await
    }

    /// A record as it is or was, if the caller may see it now. Deleted ones are found too.
    pub async fn get<R: RecordType>(
        &self,
        caller: &Caller,
        log: LogId,
        id: Uuid,
        at: At,
    ) -> Result<Arc<Folded<Record<R>>>, CommandError> {
        let present = self.commands.load::<Record<R>>(log, id).await?;
        judge(caller, Verb::Read, &present.state)?;
        let folded = match at {
            At::Now => present,
            At::Version(_) | At::Position(_) => self.commands.load_at(log, id, at).await?,
        };
        if folded.version == 0 { Err(CommandError::NotFound) } else { Ok(folded) }
    }

    /// A page of a record's history, newest first: at most `limit` entries with a version below
    /// `before`. For those who may see the record now.
    pub async fn history<R: RecordType>(
        &self,
        caller: &Caller,
        log: LogId,
        id: Uuid,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<HistoryEntry>, CommandError> {
        self.get::<R>(caller, log, id, At::Now).await?;
        let mut before = before;
        loop {
            let entries = self.commands.history::<Record<R>>(log, id, before, limit).await?;
            let Some(last) = entries.last() else { return Ok(entries) };
            before = Some(last.version);
            let shown = field_rights::entries::<R>(caller, entries);
            // A page of nothing but hidden fields is no page.
            if !shown.is_empty() {
                return Ok(shown);
            }
        }
    }

    /// For each field the entry that set or cleared it last. For those who may see the record now.
    pub async fn provenance<R: RecordType>(
        &self,
        caller: &Caller,
        log: LogId,
        id: Uuid,
    ) -> Result<BTreeMap<Cow<'static, str>, HistoryEntry>, CommandError> {
        self.get::<R>(caller, log, id, At::Now).await?;
        let hidden = field_rights::hidden_names::<R>(caller);
        let origins = self.commands.provenance::<Record<R>>(log, id).await?.into_iter();
        let shown = origins.filter(|(name, _)| !hidden.contains(&&**name));
        Ok(shown.filter_map(|(name, entry)| Some((name, entry.without(&hidden)?))).collect())
    }
}

/// What the domain cannot see: whether what the patch refers to exists, and whether the caller may
/// assign as it says.
fn check<R: RecordType>(
    request: &CommandRequest,
    references: &References,
    target: Target,
    record: &Record<R>,
    patch: &Patch,
) -> Result<(), CommandError> {
    let new = record.life == Life::Absent;
    let mut faults = references.faults::<R>(target.stream(), &record.fields, patch);
    faults.extend(assignment::fault::<R>(&request.caller, (&record.fields, new), patch));
    if faults.is_empty() { Ok(()) } else { Err(CommandError::invalid(faults)) }
}
