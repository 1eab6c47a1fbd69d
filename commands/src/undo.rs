//! Undoing actions: what one did to each stream is taken back, where nothing came after.
//!
//! An undo is an action of its own, so that it stands in every history and can be undone. Each
//! stream is a command of its own, whose id follows from the undo's: whoever begins it again goes
//! on where it stopped. Of many things a job does it, whose intent is recorded first. What a caller
//! may not change back is kept and told, not forced.

use crate::error::{CommandError, Denied};
use crate::execute::{Commands, Done, Target};
use crate::picklists;
use crate::records::Records;
use crate::request::CommandRequest;
use crate::views::{self, ViewRights};
use domain::aggregate::Aggregate;
use domain::bulk::Bulk;
use domain::ids::{ActionId, OrganizationId};
use domain::import::Import;
use domain::member::Member;
use domain::picklist::{Picklist, PicklistEvent};
use domain::record::RecordType;
use domain::undo::{UndoCommand, Undoing};
use domain::view::{View, ViewEvent};
use store::{ActorKind, LogError, LogId, StreamId};
use uuid::Uuid;

/// Name of the kind of action, and of the kind of job.
pub const KIND: &str = "undo";

/// What undoing came to on one stream, or would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Something was taken back; these fields were changed since and are kept.
    Reverted(Vec<&'static str>),
    /// All that the action did was changed since: these fields.
    Kept(Vec<&'static str>),
    /// It is as before the action already.
    Unchanged,
    /// It cannot be taken back; one sentence says why.
    Refused(String),
    /// It is not the caller's to see.
    Hidden,
    /// Bookkeeping of the action itself, which nobody would take back.
    Aside,
}

impl Outcome {
    pub(crate) fn of(any: bool, kept: Vec<&'static str>) -> Self {
        match (any, kept.is_empty()) {
            (true, _) => Self::Reverted(kept),
            (false, false) => Self::Kept(kept),
            (false, true) => Self::Unchanged,
        }
    }

    /// What a refusal means for one stream among others; what is nobody's refusal stays an error.
    pub(crate) fn refused(error: CommandError) -> Result<Self, CommandError> {
        match error {
            CommandError::NotFound => Ok(Self::Hidden),
            CommandError::Forbidden => Ok(Self::Refused("You may not change it back.".to_owned())),
            CommandError::Refused(refusal) => {
                let first = refusal.fields.into_iter().next();
                Ok(Self::Refused(first.map_or(refusal.detail, |fault| fault.message)))
            }
            CommandError::Log(LogError::Erased(_)) => {
                Ok(Self::Refused("This person's data has been erased.".to_owned()))
            }
            error @ (CommandError::Stale { .. }
            | CommandError::KeyReused
            | CommandError::Contended
            | CommandError::Log(_)) => Err(error),
        }
    }
}

/// Whether what happens to streams of a kind can be taken back at all; if not, why.
pub fn reversible(kind: &str) -> Result<(), &'static str> {
    macro_rules! records {
        ($($record:ty),+ $(,)?) => { [$(<$record as RecordType>::KIND),+] };
    }
    if domain::for_each_record_type!(records).contains(&kind)
        || [Picklist::KIND, View::KIND].contains(&kind)
    {
        return Ok(());
    }
    Err(match kind {
        "member" | "role" | "team" => "Rights are granted and withdrawn, not undone.",
        "organization" => "Settings are brought back from their own history.",
        "api_key" => "Keys are made and revoked, not undone.",
        "mail" => "What was sent cannot be called back.",
        "bulk" | "undo" => "It changed nothing.",
        _ => "This cannot be taken back.",
    })
}

/// Undoes actions. Cheap to clone.
#[derive(Clone)]
pub struct Undo {
    commands: Commands,
    records: Records,
}

impl Undo {
    /// Undoing by way of `commands`.
    pub fn new(commands: Commands) -> Self {
        Self { records: Records::new(commands.clone()), commands }
    }

    /// Records that an action is to be taken back by a job. The stream of the answer's fold has the
    /// id of the undo's own action, which is to be the job's.
    pub async fn start(
        &self,
        request: &CommandRequest,
        action: ActionId,
    ) -> Result<Done<Undoing>, CommandError> {
        let start = |_: &Undoing| Ok(UndoCommand::Start(action));
        let target = Target::existing(request.action.0);
        self.commands.execute(request, target, |_| Ok(()), start).await
    }

    /// What was recorded: the action that is taken back, and the circumstances, with the rights that
    /// the actor has now. `None` if they may not enter any more.
    pub async fn started(
        &self,
        organization: OrganizationId,
        id: Uuid,
    ) -> Result<Option<(ActionId, CommandRequest)>, CommandError> {
        let known = self.commands.load::<Undoing>(organization.into(), id).await?;
        let request = self.commands.intended(organization, id).await?;
        Ok(known.state.action.zip(request))
    }

    /// Takes back what `action` did to a stream of this kind, or, as a preview, says what that
    /// would come to. `request` is that of the whole undo.
    pub async fn stream(
        &self,
        request: &CommandRequest,
        kind: &str,
        stream: StreamId,
        action: ActionId,
        preview: bool,
    ) -> Result<Outcome, CommandError> {
        let request = &request.derive(&stream.0.to_string());
        macro_rules! records {
            ($($record:ty),+ $(,)?) => {$(
                if kind == <$record>::KIND {
                    return self.records.undo::<$record>(request, stream, action, preview).await;
                }
            )+};
        }
        domain::for_each_record_type!(records);
        match kind {
            Picklist::KIND => self.picklist(request, stream, action, preview).await,
            View::KIND => self.view(request, stream, action, preview).await,
            Import::KIND | Bulk::KIND | Undoing::KIND => Ok(Outcome::Aside),
            Member::KIND if self.followed(request.log, stream, action).await? => Ok(Outcome::Aside),
            _ => Ok(Outcome::Refused(reversible(kind).err().unwrap_or_default().to_owned())),
        }
    }

    /// Whether all that the action did to a member was Hindsight's own doing: a client's name follows
    /// that of the contact, and will again.
    async fn followed(
        &self,
        log: LogId,
        stream: StreamId,
        action: ActionId,
    ) -> Result<bool, CommandError> {
        for event in self.commands.stream_events::<Member>(log, stream).await? {
            let meta = event.meta()?;
            if meta.action == action && meta.actor.kind != ActorKind::System {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn picklist(
        &self,
        request: &CommandRequest,
        stream: StreamId,
        action: ActionId,
        preview: bool,
    ) -> Result<Outcome, CommandError> {
        let check = |list: &Picklist, events: &[PicklistEvent]| {
            events.iter().try_for_each(|event| {
                let needed = picklists::permission_of(list.list, event);
                Ok(request.caller.demand(needed)?)
            })
        };
        self.other(request, stream, action, preview, |_| Ok(()), check).await
    }

    async fn view(
        &self,
        request: &CommandRequest,
        stream: StreamId,
        action: ActionId,
        preview: bool,
    ) -> Result<Outcome, CommandError> {
        let caller = &request.caller;
        let sees = |view: &View| match views::judge(caller, view) {
            Err(Denied::Hidden) => Err(Denied::Hidden),
            Ok(()) | Err(Denied::Forbidden) => Ok(()),
        };
        let check = |view: &View, events: &[ViewEvent]| {
            views::judge(caller, view)?;
            let moves = |event| matches!(event, &(ViewEvent::Shared {} | ViewEvent::Unshared {}));
            if events.iter().any(moves) && !ViewRights::of(caller, view).share {
                return Err(CommandError::Forbidden);
            }
            Ok(())
        };
        self.other(request, stream, action, preview, sees, check).await
    }

    async fn other<A: Aggregate<Event: crate::history::Describe>>(
        &self,
        request: &CommandRequest,
        stream: StreamId,
        action: ActionId,
        preview: bool,
        sees: impl Fn(&A) -> Result<(), Denied> + Send + Sync,
        check: impl Fn(&A, &[A::Event]) -> Result<(), CommandError> + Send + Sync,
    ) -> Result<Outcome, CommandError> {
        if preview {
            let (folded, reversed) =
                self.commands.reversal::<A>(request.log, stream, action).await?;
            if sees(&folded.state).is_err() {
                return Ok(Outcome::Hidden);
            }
            let reversed = match reversed {
                Ok(reversed) => reversed,
                Err(why) => return Ok(Outcome::Refused(why.0.to_owned())),
            };
            let outcome = Outcome::of(!reversed.events.is_empty(), reversed.kept);
            let checked = check(&folded.state, &reversed.events);
            return checked.map_or_else(Outcome::refused, |()| Ok(outcome));
        }
        let target = Target::existing(stream.0);
        let undone = self.commands.undo_if(request, target, sees, action, check).await;
        undone.map_or_else(Outcome::refused, |undone| {
            Ok(Outcome::of(undone.done.action.is_some(), undone.kept))
        })
    }
}
