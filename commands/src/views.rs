//! Saving, changing and reading views.

use crate::error::{CommandError, Denied};
use crate::execute::{Commands, Done, Target};
use crate::folded::Folded;
use crate::history::HistoryEntry;
use crate::request::{Caller, CommandRequest};
use domain::access::{self, Permission};
use domain::error::FieldError;
use domain::ids::{SubjectId, ViewId};
use domain::member::{Member, MemberCommand};
use domain::view::{View, ViewCommand, ViewError, ViewPatch, Visibility};
use std::sync::Arc;
use store::LogId;
use uuid::Uuid;

/// Saving, changing and reading views. Cheap to clone.
#[derive(Clone)]
pub struct Views {
    commands: Commands,
}

type Changed = Result<Done<View>, CommandError>;

/// The permission to read records of the type with this plural wire name, if there is one.
pub fn reading(record_type: &str) -> Option<Permission> {
    let known = |resource: &&access::Resource| {
        resource.name == record_type && resource.record_type.is_some()
    };
    access::resources().iter().find(known)?;
    Permission::parse(&format!("{record_type}:read"))
}

/// Whether it is the caller's own.
fn is_own(caller: &Caller, view: &View) -> bool {
    view.owner.is_some() && view.owner == caller.member()
}

/// Whether the caller may know of it: their own ones and shared ones, of record types that they
/// read. Nobody else sees a private one, not even an owner of the organization.
fn sees(caller: &Caller, view: &View) -> bool {
    view.owner.is_some()
        && (is_own(caller, view) || view.visibility == Visibility::Shared)
        && reading(&view.record_type).is_some_and(|read| caller.holds(read))
}

/// What a caller may do with a view, in its present state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewRights {
    /// Change and delete it, and take it back.
    pub change: bool,
    /// Share it, or keep it to oneself again.
    pub share: bool,
}

impl ViewRights {
    /// Of a caller who sees it.
    pub fn of(caller: &Caller, view: &View) -> Self {
        let own = is_own(caller, view);
        let needed = if own { Permission::VIEWS_CREATE } else { Permission::VIEWS_UPDATE };
        Self {
            change: caller.holds(needed),
            share: own
                && caller.holds(Permission::VIEWS_CREATE)
                && (view.visibility == Visibility::Shared || caller.holds(Permission::VIEWS_SHARE)),
        }
    }
}

/// Whether the caller may change a view.
pub(crate) fn judge(caller: &Caller, view: &View) -> Result<(), Denied> {
    if !sees(caller, view) {
        Err(Denied::Hidden)
    } else if ViewRights::of(caller, view).change {
        Ok(())
    } else {
        Err(Denied::Forbidden)
    }
}

impl Views {
    /// Views by way of `commands`.
    pub fn new(commands: Commands) -> Self {
        Self { commands }
    }

    /// Saves a view as the caller's own; its id is the stream of the answer's fold. That filter,
    /// sort and columns fit the record type was seen to before.
    pub async fn create(
        &self,
        request: &CommandRequest,
        record_type: &str,
        patch: ViewPatch,
    ) -> Changed {
        let caller = &request.caller;
        caller.demand(Permission::VIEWS_CREATE)?;
        let Some(owner) = caller.member() else { return Err(CommandError::Forbidden) };
        let Some(read) = reading(record_type) else {
            let message = "There is no such record type.";
            let fault = FieldError::new("record_type", "no_such_record_type", message);
            return Err(CommandError::invalid(vec![fault]));
        };
        caller.demand(read)?;
        if patch.visibility == Some(Visibility::Shared) {
            caller.demand(Permission::VIEWS_SHARE)?;
        }
        let target = Target::new(self.commands.ids().next());
        // The same creation again: the view has become what it is now.
        let authorize = |view: &View| {
            if view.owner.is_none() || sees(caller, view) { Ok(()) } else { Err(Denied::Hidden) }
        };
        let make = |_: &View| {
            let (record_type, patch) = (record_type.to_owned(), patch.clone());
            Ok(ViewCommand::Create { record_type, owner, patch })
        };
        self.commands.execute(request, target, authorize, make).await
    }

    /// Changes a view: one's own, or a shared one with the right to. Whose it is decides who sees
    /// it.
    pub async fn change(
        &self,
        request: &CommandRequest,
        id: Uuid,
        if_match: Option<u32>,
        patch: ViewPatch,
    ) -> Changed {
        let make = |view: &View| {
            if patch.visibility.is_some_and(|wanted| wanted != view.visibility)
                && !ViewRights::of(&request.caller, view).share
            {
                return Err(CommandError::Forbidden);
            }
            Ok(ViewCommand::Change(patch.clone()))
        };
        self.run(request, id, if_match, make).await
    }

    /// Deletes a view.
    pub async fn delete(
        &self,
        request: &CommandRequest,
        id: Uuid,
        if_match: Option<u32>,
    ) -> Changed {
        self.run(request, id, if_match, |_| Ok(ViewCommand::Delete)).await
    }

    /// Takes a deleted view back.
    pub async fn restore(
        &self,
        request: &CommandRequest,
        id: Uuid,
        if_match: Option<u32>,
    ) -> Changed {
        self.run(request, id, if_match, |_| Ok(ViewCommand::Restore)).await
    }

    /// A view as it is, if the caller may see it. Deleted ones are found too.
    pub async fn get(
        &self,
        caller: &Caller,
        log: LogId,
        id: Uuid,
    ) -> Result<Arc<Folded<View>>, CommandError> {
        let folded = self.commands.load::<View>(log, id).await?;
        if sees(caller, &folded.state) { Ok(folded) } else { Err(CommandError::NotFound) }
    }

    /// Lets the caller see the lists of a view's record type through it from the start, or not any
    /// more. It is theirs alone: others are shown what they chose themselves.
    pub async fn set_default(
        &self,
        request: &CommandRequest,
        id: Uuid,
        wanted: bool,
    ) -> Result<(Arc<Folded<View>>, Done<Member>), CommandError> {
        let caller = &request.caller;
        let view = self.get(caller, request.log, id).await?;
        let Caller::Member(actor) = caller else { return Err(CommandError::Forbidden) };
        if wanted && view.state.deleted {
            return Err(CommandError::rejected(&ViewError::Deleted));
        }
        let record_type = &view.state.record_type;
        let id = ViewId(id);
        let target = Target::existing(actor.member.0).owned_by(SubjectId(actor.user.0));
        let make = |member: &Member| {
            let was = member.default_views.get(record_type).copied();
            let view = if wanted { Some(id) } else { was.filter(|was| *was != id) };
            Ok(MemberCommand::ChooseView { record_type: record_type.clone(), view })
        };
        let done = self.commands.execute(request, target, |_: &Member| Ok(()), make).await?;
        Ok((view, done))
    }

    /// The view that the caller sees lists of a type through from the start.
    pub async fn default_of(
        &self,
        caller: &Caller,
        log: LogId,
        record_type: &str,
    ) -> Result<Option<ViewId>, CommandError> {
        let Some(member) = caller.member() else { return Ok(None) };
        let member = self.commands.load::<Member>(log, member.0).await?;
        Ok(member.state.default_views.get(record_type).copied())
    }

    /// A page of a view's history, newest first: at most `limit` entries with a version below
    /// `before`. For those who see the view.
    pub async fn history(
        &self,
        caller: &Caller,
        log: LogId,
        id: Uuid,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<HistoryEntry>, CommandError> {
        self.get(caller, log, id).await?;
        self.commands.history::<View>(log, id, before, limit).await
    }

    async fn run(
        &self,
        request: &CommandRequest,
        id: Uuid,
        if_match: Option<u32>,
        make: impl Fn(&View) -> Result<ViewCommand, CommandError> + Send + Sync,
    ) -> Changed {
        let target = Target::existing(id).if_match(if_match);
        let authorize = |view: &View| judge(&request.caller, view);
        self.commands.execute(request, target, authorize, make).await
    }
}
