//! Lists for those from whom fields are hidden.

use super::keyset::Keyset;
use super::query::{FieldSelection, ListQuery, MAX_LIMIT};
use super::run::Page;
use super::sql::Builder;
use super::total::Total;
use crate::error::ReadError;
use crate::read::ReadTx;
use crate::records::RecordRow;
use domain::catalogue::{Catalogue as _, FieldIndex};
use domain::record::{self, RecordType};
use std::collections::HashMap;
use uuid::Uuid;

/// So many rows are looked at again for one page or number; then it ends.
const MOST_LOOKED_AT: usize = 5_000;

/// What is shown of a row that was read with all of its fields.
fn shown<R: RecordType>(row: &RecordRow, hidden: &[FieldIndex]) -> R::Fields {
    let mut fields = R::Fields::default();
    for (field, value) in &row.values {
        fields.set(*field, Some(value.clone()));
    }
    record::without::<R>(&fields, hidden)
}

/// What a record is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its title.
    pub title: String,
    /// Whether it is in the recycle bin.
    pub deleted: bool,
}

impl ReadTx {
    /// A page whose rows carry nothing of the hidden fields, and that words find by what is shown.
    pub(super) async fn masked<R: RecordType>(
        &mut self,
        query: &ListQuery,
        limit: usize,
    ) -> Result<Page, ReadError> {
        let mut kept = self.found_by_what_is_shown::<R>(query, limit + 1).await?.0;
        let more = kept.len() > limit;
        kept.truncate(limit);
        let next = if more { kept.last().map(|(keyset, _)| keyset.clone()) } else { None };
        Ok(Page { rows: kept.into_iter().map(|(_, row)| row).collect(), next })
    }

    /// How many records words find by what is shown.
    pub(super) async fn masked_total<R: RecordType>(
        &mut self,
        query: &ListQuery,
    ) -> Result<Total, ReadError> {
        let query = ListQuery { after: None, limit: MAX_LIMIT, ..query.clone() };
        let (kept, exact) = self.found_by_what_is_shown::<R>(&query, MOST_LOOKED_AT).await?;
        Ok(Total { value: kept.len() as u64, exact })
    }

    /// The first `wanted` rows, and whether there was nothing more to look at.
    async fn found_by_what_is_shown<R: RecordType>(
        &mut self,
        query: &ListQuery,
        wanted: usize,
    ) -> Result<(Vec<(Keyset, RecordRow)>, bool), ReadError> {
        let scope = self.scope().clone();
        let builder = Builder::<R>::new(query, &scope);
        let rechecks = builder.rechecks();
        let step = if rechecks { usize::from(MAX_LIMIT) } else { wanted };
        let (mut kept, mut after, mut looked_at) = (Vec::new(), query.after.clone(), 0);
        loop {
            let part = ListQuery { after: after.clone(), ..query.clone() };
            let found = self.find::<R>(&part, step).await?;
            looked_at += found.len();
            let exhausted = found.len() < step;
            after = found.last().cloned().or(after);
            let ids: Vec<Uuid> = found.iter().map(|keyset| keyset.id).collect();
            let rows = self.get_many::<R>(&ids, &FieldSelection::All).await?;
            let mut rows: HashMap<Uuid, RecordRow> =
                rows.into_iter().map(|row| (row.id, row)).collect();
            for keyset in found {
                let Some(mut row) = rows.remove(&keyset.id) else { continue };
                let shown = shown::<R>(&row, &query.hidden);
                if rechecks && !builder.finds(&shown) {
                    continue;
                }
                row.title = R::title(&shown);
                row.values.retain(|(field, _)| !query.hidden.contains(field));
                kept.push((keyset, row));
            }
            if exhausted || kept.len() >= wanted || looked_at >= MOST_LOOKED_AT {
                kept.truncate(wanted);
                return Ok((kept, exhausted));
            }
        }
    }

    /// Those of these records that words find by what is shown.
    pub(super) async fn found_by_what_is_shown_of<R: RecordType>(
        &mut self,
        builder: &Builder<'_, R>,
        query: &ListQuery,
        ids: &[Uuid],
    ) -> Result<Vec<Uuid>, ReadError> {
        let rows = self.get_many::<R>(ids, &FieldSelection::All).await?;
        let found = rows.iter().filter(|row| builder.finds(&shown::<R>(row, &query.hidden)));
        Ok(found.map(|row| row.id).collect())
    }

    /// What records within reach are called, by id, made of what is shown.
    pub async fn named<R: RecordType>(
        &mut self,
        ids: &[Uuid],
        hidden: &[FieldIndex],
    ) -> Result<HashMap<Uuid, Named>, ReadError> {
        let masked = hidden.iter().any(|field| R::TITLE.contains(&R::Fields::def(*field).name));
        let fields = if masked { FieldSelection::All } else { FieldSelection::Only(Vec::new()) };
        let named = |row: RecordRow| {
            let title = if masked { R::title(&shown::<R>(&row, hidden)) } else { row.title };
            (row.id, Named { title, deleted: row.deleted_at.is_some() })
        };
        Ok(self.get_many::<R>(ids, &fields).await?.into_iter().map(named).collect())
    }
}
