//! Filter, sort and columns of a view against the catalogue of its record type, and against what
//! the caller may see of it.

use crate::auth::Auth;
use crate::routes::records::{field_rights, query::Search};
use domain::catalogue::Catalogue as _;
use domain::error::FieldError;
use domain::record::RecordType;
use domain::view::{Arrangement, Column, Criteria, ViewPatch};
use projections::{FieldRef, Filter, SortKey};
use serde_json::Value;

/// What is wrong with the parts of a view that somebody asks to save.
pub fn faults(auth: &Auth, record_type: &str, patch: &ViewPatch) -> Vec<FieldError> {
    macro_rules! of_type {
        ($($record:ty,)+) => {$(
            if record_type == <$record>::PLURAL {
                return faults_of::<$record>(auth, patch);
            }
        )+};
    }
    domain::for_each_record_type!(of_type);
    // That there is no such type is for the command to say.
    Vec::new()
}

fn faults_of<R: RecordType>(auth: &Auth, patch: &ViewPatch) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if let Some(Some(filter)) = &patch.filter {
        faults.extend(filter_faults::<R>(auth, filter));
    }
    if let Some(Some(sort)) = &patch.sort {
        faults.extend(sort_faults::<R>(auth, sort));
    }
    for (place, column) in patch.columns.iter().flatten().enumerate() {
        if !is_shown::<R>(auth, column) {
            let pointer = format!("columns/{place}/field");
            faults.push(FieldError::new(&pointer, "unknown_field", "There is no such field."));
        }
    }
    faults
}

fn filter_faults<R: RecordType>(auth: &Auth, filter: &Value) -> Vec<FieldError> {
    let search = Search { filter: Some(filter.clone()), ..Search::default() };
    match field_rights::check::<R>(&search, &auth.actor.rights.hidden::<R>()) {
        Ok(()) => Filter::parse::<R>(filter).err().unwrap_or_default(),
        Err(fault) => vec![fault],
    }
}

fn sort_faults<R: RecordType>(auth: &Auth, sort: &str) -> Vec<FieldError> {
    let search = Search { sort: Some(sort.to_owned()), ..Search::default() };
    match field_rights::check::<R>(&search, &auth.actor.rights.hidden::<R>()) {
        Ok(()) if sort.is_empty() => Vec::new(),
        Ok(()) => SortKey::parse::<R>(sort).err().unwrap_or_default(),
        Err(fault) => vec![fault],
    }
}

fn is_shown<R: RecordType>(auth: &Auth, column: &Column) -> bool {
    let hidden = auth.actor.rights.hidden::<R>();
    FieldRef::find::<R>(&column.field).is_some()
        && !hidden.iter().any(|field| R::Fields::def(*field).name == column.field)
}

/// A view without what the caller may not see, or what the catalogue does not have any more: a part
/// that names such a field is left out whole, since half a filter would find other records under
/// the same name. Says which parts were.
pub fn shown(
    auth: &Auth,
    record_type: &str,
    criteria: &Criteria,
    arrangement: &Arrangement,
) -> (Criteria, Arrangement, Vec<&'static str>) {
    macro_rules! of_type {
        ($($record:ty,)+) => {$(
            if record_type == <$record>::PLURAL {
                return shown_of::<$record>(auth, criteria.clone(), arrangement.clone());
            }
        )+};
    }
    domain::for_each_record_type!(of_type);
    (Criteria::default(), Arrangement::default(), vec!["filter", "sort", "columns"])
}

fn shown_of<R: RecordType>(
    auth: &Auth,
    mut criteria: Criteria,
    mut arrangement: Arrangement,
) -> (Criteria, Arrangement, Vec<&'static str>) {
    let mut incomplete = Vec::new();
    if criteria.filter.as_ref().is_some_and(|f| !filter_faults::<R>(auth, f).is_empty()) {
        criteria.filter = None;
        incomplete.push("filter");
    }
    if arrangement.sort.as_ref().is_some_and(|sort| !sort_faults::<R>(auth, sort).is_empty()) {
        arrangement.sort = None;
        incomplete.push("sort");
    }
    let all = arrangement.columns.len();
    arrangement.columns.retain(|column| is_shown::<R>(auth, column));
    if arrangement.columns.len() < all {
        incomplete.push("columns");
    }
    (criteria, arrangement, incomplete)
}
