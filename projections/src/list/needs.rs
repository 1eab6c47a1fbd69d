//! Which indexes a list looks for.

use super::filter::{Condition, Filter, Test};
use super::query::ListQuery;
use super::sql::Builder;
use crate::read::Scope;
use crate::sql::Need;
use domain::record::RecordType;

/// The indexes without which a list would read the whole table.
pub(crate) fn needs<R: RecordType>(query: &ListQuery, scope: &Scope) -> Vec<Need> {
    let mut needs = vec![Need::Sort(Builder::<R>::new(query, scope).first_key())];
    if !query.words().is_empty() || query.filter.as_ref().is_some_and(looks_into_text) {
        needs.push(Need::Search);
    }
    needs
}

fn looks_into_text(filter: &Filter) -> bool {
    match filter {
        Filter::All(children) | Filter::Any(children) => children.iter().any(looks_into_text),
        Filter::Is(Condition { test, .. }) => {
            matches!(test, Test::Contains(_) | Test::StartsWith(_))
        }
    }
}
