//! One act on many records.
//!
//! The intent is recorded first, in a stream that has the id of its action and of the job that
//! carries it out. Then it is fixed which records it is about, also as events: named one by one
//! with the intent, or found by a filter and written down page by page before the first record is
//! touched. So the act itself cannot move records into its own selection, or out of it, and who
//! goes on after a crash finds the same list. Each record is then a command of its own, under the
//! one action, with an id that follows from the act's and the record's: by the rights that its
//! actor has at that time, once, and no record in the way of another ([decision 15]).
//!
//! [decision 15]: ../../../docs/decisions/0015-bulk-acts-fix-their-selection-first.md

mod tally;
mod words;

pub use tally::{Effect, Reason, Tally};
pub use words::label;

use crate::error::{CommandError, Refusal};
use crate::execute::{Commands, Done, Target};
use crate::folded::Folded;
use crate::records::{Prepared, RecordAct, Records};
use crate::request::CommandRequest;
use domain::access::Permission;
use domain::bulk::{Bulk, BulkCommand, BulkEvent, Counts, Plan};
use domain::ids::{ActionId, OrganizationId};
use domain::record::RecordType;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use std::sync::Arc;
use store::{LogError, LogId, Position};
use uuid::Uuid;

/// Name of the kind of action, and of the kind of job.
pub const KIND: &str = "bulk";

/// So many records are dealt with side by side; the log writes what comes together in one go.
const AT_ONCE: usize = 16;

/// Bulk acts, by way of single commands. Cheap to clone.
#[derive(Clone)]
pub struct Bulks {
    commands: Commands,
    records: Records,
}

impl Bulks {
    /// Bulk acts by way of `commands`.
    pub fn new(commands: Commands) -> Self {
        Self { records: Records::new(commands.clone()), commands }
    }

    /// Records the intent. The stream of the answer's fold is also the action's id, and is to be
    /// the job's. `ids` are in order, or empty where a filter selects.
    pub async fn start(
        &self,
        request: &CommandRequest,
        plan: Plan,
        ids: Vec<Uuid>,
    ) -> Result<Done<Bulk>, CommandError> {
        let id = self.commands.ids().next();
        let request = CommandRequest { action: ActionId(id), ..request.clone() };
        let start = |_: &Bulk| Ok(BulkCommand::Start(plan.clone(), ids.clone()));
        self.commands.execute(&request, Target::new(id), |_| Ok(()), start).await
    }

    /// A bulk act as it stands.
    pub async fn load(&self, log: LogId, id: Uuid) -> Result<Arc<Folded<Bulk>>, CommandError> {
        self.commands.load(log, id).await
    }

    /// What was asked for, without reading which records.
    pub async fn plan(&self, log: LogId, id: Uuid) -> Result<Option<Plan>, CommandError> {
        match self.event(log, id, 0).await? {
            Some((_, BulkEvent::Started { record_type, act, fields, by, intent })) => {
                Ok(Some(Plan { record_type, act, fields, by, intent }))
            }
            Some(_) | None => Ok(None),
        }
    }

    /// Selects further records, in order of their ids.
    pub async fn select(&self, request: &CommandRequest, ids: &[Uuid]) -> Result<(), CommandError> {
        let Some(last) = ids.last() else { return Ok(()) };
        let select = BulkCommand::Select(ids.to_vec());
        self.further(request, &format!("select to {last}"), select).await?;
        Ok(())
    }

    /// Selects no more.
    pub async fn fix(&self, request: &CommandRequest) -> Result<(), CommandError> {
        self.further(request, "fix", BulkCommand::Fix).await?;
        Ok(())
    }

    /// Says what came of it; a read model at the answer's position shows all of it.
    pub async fn complete(
        &self,
        request: &CommandRequest,
        counts: Counts,
    ) -> Result<Position, CommandError> {
        self.further(request, "complete", BulkCommand::Complete(counts)).await
    }

    async fn further(
        &self,
        request: &CommandRequest,
        name: &str,
        command: BulkCommand,
    ) -> Result<Position, CommandError> {
        let (request, target) = (request.derive(name), Target::existing(request.action.0));
        let make = |_: &Bulk| Ok(command.clone());
        Ok(self.commands.execute::<Bulk>(&request, target, |_| Ok(()), make).await?.position)
    }

    /// The selected records of the next event behind a version of the stream, which may be none,
    /// with its version; `None` if there is no further one.
    pub async fn page(
        &self,
        log: LogId,
        id: Uuid,
        after: u32,
    ) -> Result<Option<(u32, Vec<Uuid>)>, CommandError> {
        Ok(self.event(log, id, after).await?.map(|(version, event)| match event {
            BulkEvent::RecordsSelected { ids } => (version, ids),
            BulkEvent::Started { .. }
            | BulkEvent::SelectionFixed { .. }
            | BulkEvent::Completed { .. } => (version, Vec::new()),
        }))
    }

    async fn event(
        &self,
        log: LogId,
        id: Uuid,
        after: u32,
    ) -> Result<Option<(u32, BulkEvent)>, CommandError> {
        let events = self.commands.log().read_stream(log, id.into(), after, 1).await?;
        let event = events.first().filter(|event| event.kind() == KIND);
        event.map(|event| Ok((event.version, event.decode()?))).transpose()
    }

    /// The circumstances in which an act is carried out: those of its intent, with the rights that
    /// its actor has now, by their API key if they came by one. `None` if they may not enter any
    /// more.
    pub async fn request(
        &self,
        organization: OrganizationId,
        id: Uuid,
    ) -> Result<Option<CommandRequest>, CommandError> {
        self.commands.intended(organization, id).await
    }

    /// Refuses an act that could be carried out on no record, whichever it were. The faults point
    /// into what the act is given.
    pub async fn prepare<R: RecordType>(
        &self,
        request: &CommandRequest,
        act: RecordAct,
    ) -> Result<Prepared, CommandError> {
        for permission in act.needs::<R>() {
            request.caller.demand(permission)?;
        }
        self.records.prepare::<R>(request, act).await
    }

    /// Carries an act out on these records, and says what came of each, in their order.
    pub async fn act<R: RecordType>(
        &self,
        request: &CommandRequest,
        prepared: &Prepared,
        ids: &[Uuid],
    ) -> Result<Vec<(Uuid, Effect)>, CommandError> {
        let each = ids.iter().map(|id| self.on_one::<R>(request, prepared, *id));
        stream::iter(each.collect::<Vec<_>>()).buffered(AT_ONCE).try_collect().await
    }

    async fn on_one<R: RecordType>(
        &self,
        request: &CommandRequest,
        prepared: &Prepared,
        id: Uuid,
    ) -> Result<(Uuid, Effect), CommandError> {
        let request = request.derive(&id.to_string());
        let effect = match self.records.act::<R>(&request, id, prepared).await {
            Ok(done) if done.action.is_some() => Effect::Changed,
            Ok(_) => Effect::Unchanged,
            Err(CommandError::NotFound) => self.unless_done(&request, Effect::NotFound).await?,
            Err(CommandError::Forbidden) => {
                self.unless_done(&request, Effect::NotPermitted).await?
            }
            Err(CommandError::Refused(refusal)) => Effect::refused(refusal),
            Err(CommandError::Log(LogError::Erased(_))) => {
                let detail = "This person's data has been erased.";
                Effect::refused(Refusal::new("erased", detail))
            }
            Err(error) => return Err(error),
        };
        Ok((id, effect))
    }

    /// What this very act put out of the actor's reach, before a crash, it changed.
    async fn unless_done(
        &self,
        request: &CommandRequest,
        effect: Effect,
    ) -> Result<Effect, CommandError> {
        let done = match request.command_id {
            Some(command) => self.commands.is_done(request.log, command).await?,
            None => false,
        };
        Ok(if done { Effect::Changed } else { effect })
    }
}

/// The narrowest of these permissions' reaches as the caller holds them.
pub fn narrowest(actor: &domain::access::Actor, needs: &[Permission]) -> Option<Permission> {
    needs.iter().copied().min_by_key(|permission| actor.rights.level(*permission))
}
