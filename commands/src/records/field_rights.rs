//! What callers may do with single fields: some are hidden from them, some they may only read.

use crate::error::CommandError;
use crate::history::HistoryEntry;
use crate::request::Caller;
use domain::access::FieldAccess;
use domain::catalogue::Catalogue as _;
use domain::error::FieldError;
use domain::patch::Patch;
use domain::record::RecordType;

/// The faults of a patch on a record that has the `present` values, if it exists. A hidden field
/// is unknown whatever is asked of it; a read-only one may be sent as it is.
pub(super) fn faults<R: RecordType>(
    caller: &Caller,
    present: Option<&R::Fields>,
    patch: &Patch,
) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (field, value) in patch {
        let name = R::Fields::def(*field).name;
        let same = || present.map_or(value.is_none(), |present| present.get(*field) == *value);
        match caller.field(R::KIND, name) {
            FieldAccess::Hidden => {
                faults.push(FieldError::new(name, "unknown_field", "There is no such field."));
            }
            FieldAccess::ReadOnly if !same() => {
                let message = "You may read this field, but not change it.";
                faults.push(FieldError::new(name, "field_read_only", message));
            }
            FieldAccess::ReadOnly | FieldAccess::Full => {}
        }
    }
    faults
}

pub(super) fn refuse(faults: &[FieldError]) -> Result<(), CommandError> {
    if faults.is_empty() { Ok(()) } else { Err(CommandError::invalid(faults.to_vec())) }
}

pub(super) fn hidden_names<R: RecordType>(caller: &Caller) -> Vec<&'static str> {
    caller.hidden::<R>().into_iter().map(|field| R::Fields::def(field).name).collect()
}

/// A history as the caller may see it.
pub(super) fn entries<R: RecordType>(
    caller: &Caller,
    entries: Vec<HistoryEntry>,
) -> Vec<HistoryEntry> {
    let hidden = hidden_names::<R>(caller);
    entries.into_iter().filter_map(|entry| entry.without(&hidden)).collect()
}

/// A conflict tells what changed meanwhile, as far as the caller may see it.
pub(super) fn conflict<R: RecordType>(caller: &Caller, error: CommandError) -> CommandError {
    if let CommandError::Stale { expected, current, changes } = error {
        let changes = entries::<R>(caller, changes);
        return CommandError::Stale { expected, current, changes };
    }
    error
}
