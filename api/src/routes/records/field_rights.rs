//! Hidden fields in what is asked of a list: they are refused as fields that do not exist.

use super::query::Search;
use domain::catalogue::{Catalogue as _, FieldIndex};
use domain::error::FieldError;
use domain::record::RecordType;
use serde_json::Value;

/// Refuses a list that is filtered or sorted by a hidden field, or asks for one. The order of names
/// counts as hidden if any field is that names are made of.
pub fn check<R: RecordType>(search: &Search, hidden: &[FieldIndex]) -> Result<(), FieldError> {
    if hidden.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = hidden.iter().map(|field| R::Fields::def(*field).name).collect();
    let by_name = names.iter().any(|name| R::TITLE.contains(name));
    for key in search.sort.as_deref().unwrap_or_default().split(',') {
        let key = key.strip_prefix('-').unwrap_or(key);
        if names.contains(&key) || (key == "name" && by_name) {
            let message = "Lists cannot be sorted by this field.";
            return Err(FieldError::new("sort", "invalid_sort", message));
        }
    }
    let asked = search.fields.as_deref().unwrap_or_default().split(',').map(str::trim);
    if let Some(name) = asked.into_iter().find(|name| names.contains(name)) {
        let message = format!("There is no field `{name}`.");
        return Err(FieldError::new("fields", "unknown_field", message));
    }
    match search.filter.as_ref().and_then(|filter| find(filter, "filter", &names)) {
        Some(at) => Err(FieldError::new(&at, "unknown_field", "There is no such field.")),
        None => Ok(()),
    }
}

/// Where a filter names one of these fields. Filters are at most a few levels deep: the reader of
/// JSON sees to that.
fn find(filter: &Value, at: &str, names: &[&str]) -> Option<String> {
    let members = filter.as_object()?;
    if members.get("field").and_then(Value::as_str).is_some_and(|name| names.contains(&name)) {
        return Some(format!("{at}/field"));
    }
    ["all", "any"].into_iter().find_map(|name| {
        let items = members.get(name)?.as_array()?.iter().enumerate();
        items
            .into_iter()
            .find_map(|(index, item)| find(item, &format!("{at}/{name}/{index}"), names))
    })
}
