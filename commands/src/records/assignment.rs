//! Who may be made responsible for a record.

use crate::request::Caller;
use domain::access::{Permission, Verb};
use domain::catalogue::{Catalogue, FieldIndex};
use domain::error::FieldError;
use domain::ids::MemberId;
use domain::patch::Patch;
use domain::record::RecordType;
use domain::value::Value;

/// The field that reach depends on, if the type has it.
fn field<R: RecordType>() -> Option<FieldIndex> {
    R::Fields::index("assigned_to")
}

/// Assigns a new record to its maker, if they would not see it otherwise and named nobody.
pub(crate) fn assign_to_maker<R: RecordType>(caller: &Caller, patch: &mut Patch) {
    let (Some(field), Some(member)) = (field::<R>(), caller.member()) else { return };
    let named = patch.iter().any(|(index, value)| *index == field && value.is_some());
    if !named && !caller.may(Permission::on::<R>(Verb::Read), None) {
        patch.retain(|(index, _)| *index != field);
        let place = patch.partition_point(|(index, _)| *index < field);
        patch.insert(place, (field, Some(Value::Ref(member.0))));
    }
}

/// Assigning a record, or a new one to anybody but oneself, takes a permission, which reaches both
/// who has it and who gets it. So nobody assigns a record to where they could not see it any more.
pub(super) fn fault<R: RecordType>(
    caller: &Caller,
    (present, new): (&R::Fields, bool),
    patch: &Patch,
) -> Option<FieldError> {
    let field = field::<R>()?;
    let (_, now) = patch.iter().find(|(index, _)| *index == field)?;
    let was = present.get(field);
    if *now == was {
        return None;
    }
    let member = |value: &Option<Value>| match value {
        Some(Value::Ref(id)) => Some(MemberId(*id)),
        _ => None,
    };
    let (from, to) = (member(&was), member(now));
    if new && to.is_some() && to == caller.member() {
        return None;
    }
    let assign = Permission::on::<R>(Verb::Assign);
    if !caller.holds(assign) {
        let message = "You may not assign records to others.";
        return Some(FieldError::new("assigned_to", "may_not_assign", message));
    }
    let within = caller.may(assign, to) && (new || caller.may(assign, from));
    let message = "You may assign records only to members within your own reach.";
    (!within).then(|| FieldError::new("assigned_to", "assignee_out_of_reach", message))
}
