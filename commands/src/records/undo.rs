//! Taking back what an action did to a record.

use super::references::References;
use super::{Records, assignment, field_rights, judge};
use crate::error::{CommandError, Denied};
use crate::execute::Target;
use crate::request::{Caller, CommandRequest};
use crate::undo::Outcome;
use domain::access::{FieldAccess, Verb};
use domain::error::FieldError;
use domain::ids::ActionId;
use domain::patch::Patch;
use domain::record::{Record, RecordEvent, RecordType};
use store::StreamId;

/// The values that events give to fields.
fn patch<R: RecordType>(events: &[RecordEvent<R>]) -> Patch {
    let mut patch = Patch::new();
    for event in events {
        let RecordEvent::Changed { changes, .. } = event else { continue };
        for change in changes {
            patch.retain(|(field, _)| *field != change.field);
            patch.push((change.field, change.now.clone()));
        }
    }
    patch.sort_by_key(|(field, _)| *field);
    patch
}

/// Whether the caller might do to the record what taking back comes to. What it refers to must be
/// there still; that a value is no longer offered does not keep it from coming back.
fn check<R: RecordType>(
    caller: &Caller,
    references: &References,
    stream: StreamId,
    record: &Record<R>,
    events: &[RecordEvent<R>],
) -> Result<(), CommandError> {
    for event in events {
        judge(caller, verb(event), record)?;
    }
    let patch = patch::<R>(events);
    let mut faults = field_rights::faults::<R>(caller, Some(&record.fields), &patch);
    for fault in &mut faults {
        // Which field it is, is not for them to know.
        if fault.code == "unknown_field" {
            let message = "It is about fields that you may not change.";
            *fault = FieldError::new("", "field_read_only", message);
        }
    }
    let offered = |fault: &FieldError| fault.code != "choice_archived";
    let found = references.faults::<R>(stream, &record.fields, &patch);
    faults.extend(found.into_iter().filter(offered));
    faults.extend(assignment::fault::<R>(caller, (&record.fields, false), &patch));
    field_rights::refuse(&faults)
}

fn verb<R: RecordType>(event: &RecordEvent<R>) -> Verb {
    match event {
        RecordEvent::Changed { .. } => Verb::Update,
        RecordEvent::Created(_) | RecordEvent::Deleted | RecordEvent::Restored => Verb::Delete,
    }
}

impl Records {
    /// Takes back what an action did to a record, or says what that would come to.
    pub(crate) async fn undo<R: RecordType>(
        &self,
        request: &CommandRequest,
        stream: StreamId,
        action: ActionId,
        preview: bool,
    ) -> Result<Outcome, CommandError> {
        let caller = &request.caller;
        let (folded, reversed) =
            self.commands.reversal::<Record<R>>(request.log, stream, action).await?;
        if judge(caller, Verb::Read, &folded.state).is_err() {
            return Ok(Outcome::Hidden);
        }
        let reversed = match reversed {
            Ok(reversed) => reversed,
            Err(why) => return Ok(Outcome::Refused(why.0.to_owned())),
        };
        let shown = |kept: Vec<&'static str>| {
            let shown = |name: &&str| caller.field(R::KIND, name) != FieldAccess::Hidden;
            kept.into_iter().filter(shown).collect::<Vec<_>>()
        };
        let patch = patch::<R>(&reversed.events);
        let references = References::gather::<R>(&self.commands, request, &patch).await?;
        let check = |record: &Record<R>, events: &[RecordEvent<R>]| {
            check::<R>(caller, &references, stream, record, events)
        };
        if preview {
            let checked = check(&folded.state, &reversed.events);
            let (any, kept) = (!reversed.events.is_empty(), shown(reversed.kept));
            return checked.map_or_else(Outcome::refused, |()| Ok(Outcome::of(any, kept)));
        }
        let authorize =
            |record: &Record<R>| judge(caller, Verb::Read, record).map_err(|_| Denied::Hidden);
        let target = Target::existing(stream.0);
        let undone = self.commands.undo_if(request, target, authorize, action, check).await;
        undone.map_or_else(Outcome::refused, |undone| {
            Ok(Outcome::of(undone.done.action.is_some(), shown(undone.kept)))
        })
    }
}
