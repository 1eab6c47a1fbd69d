//! Who may be made responsible for a record.

use crate::request::Caller;
use domain::access::Verb;
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
    if !named && !caller.may(Verb::Read, None) {
        patch.retain(|(index, _)| *index != field);
        let place = patch.partition_point(|(index, _)| *index < field);
        patch.insert(place, (field, Some(Value::Ref(member.0))));
    }
}

/// A caller of limited reach may not assign a record to where they could not see it any more.
pub(super) fn fault<R: RecordType>(
    caller: &Caller,
    present: &R::Fields,
    patch: &Patch,
) -> Option<FieldError> {
    let field = field::<R>()?;
    let (_, now) = patch.iter().find(|(index, _)| *index == field)?;
    if *now == present.get(field) {
        return None;
    }
    let member = match now {
        Some(Value::Ref(id)) => Some(MemberId(*id)),
        _ => None,
    };
    let message = "You may assign records only to members within your own reach.";
    (!caller.may(Verb::Read, member))
        .then(|| FieldError::new("assigned_to", "assignee_out_of_reach", message))
}
