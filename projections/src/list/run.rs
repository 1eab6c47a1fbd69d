//! Running a list.

use super::keyset::{KeyValue, Keyset};
use super::query::{ListQuery, MAX_LIMIT};
use super::sql::Builder;
use crate::error::ReadError;
use crate::read::ReadTx;
use crate::records::RecordRow;
use crate::sql::ColumnType;
use domain::record::RecordType;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use uuid::Uuid;

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The rows, in order.
    pub rows: Vec<RecordRow>,
    /// Where the next page starts; `None` if this is the last.
    pub next: Option<Keyset>,
}

/// Ids that a list finds, in their own order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ids {
    /// The ids.
    pub ids: Vec<Uuid>,
    /// Where the next ones start; `None` if these are the last.
    pub next: Option<Uuid>,
}

/// So many rows are looked at again at once, where that is needed to count.
const COUNTED_AT_ONCE: u32 = 1_000;

impl ReadTx {
    /// A page of a list. In an as-of world, call [`crate::Projections::prepare_list`] before.
    pub async fn list<R: RecordType>(&mut self, query: &ListQuery) -> Result<Page, ReadError> {
        let limit = usize::from(query.limit.clamp(1, MAX_LIMIT));
        if !query.hidden.is_empty() {
            return self.masked::<R>(query, limit).await;
        }
        let mut found = self.find::<R>(query, limit + 1).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let ids: Vec<Uuid> = found.iter().map(|keyset| keyset.id).collect();
        let rows = self.get_many::<R>(&ids, &query.fields).await?;
        Ok(Page { rows, next: if more { found.pop() } else { None } })
    }

    /// The ids of everything that a list finds, in order of id, behind `after`: for acts on a
    /// selection. `limit` is how many rows are looked at; where words may be in a hidden field,
    /// fewer are found.
    pub async fn list_ids<R: RecordType>(
        &mut self,
        query: &ListQuery,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Ids, ReadError> {
        let scope = self.scope().clone();
        let builder = Builder::<R>::new(query, &scope);
        let sql = builder.ids(after, i64::from(limit));
        self.become_searcher().await?;
        let rows = sql.query().fetch_all(self.connection()).await?;
        self.become_app().await?;
        let found: Vec<Uuid> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        let full = u32::try_from(found.len()).is_ok_and(|found| found >= limit);
        let next = found.last().copied().filter(|_| full);
        let ids = if builder.rechecks() {
            self.found_by_what_is_shown_of::<R>(&builder, query, &found).await?
        } else {
            found
        };
        Ok(Ids { ids, next })
    }

    /// How many records a list has, exactly, however long it takes to count them.
    pub async fn count<R: RecordType>(&mut self, query: &ListQuery) -> Result<u64, ReadError> {
        let scope = self.scope().clone();
        let builder = Builder::<R>::new(query, &scope);
        if builder.rechecks() {
            let (mut count, mut after) = (0, None);
            loop {
                let page = self.list_ids::<R>(query, after, COUNTED_AT_ONCE).await?;
                count += page.ids.len() as u64;
                after = page.next;
                if after.is_none() {
                    return Ok(count);
                }
            }
        }
        self.become_searcher().await?;
        let row = builder.count(i64::MAX).query().fetch_one(self.connection()).await?;
        self.become_app().await?;
        Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
    }

    /// How the database would find the ids of a page, and then their rows, as the roles that do:
    /// for whoever wonders why a list is slow.
    pub async fn explain_list<R: RecordType>(
        &mut self,
        query: &ListQuery,
    ) -> Result<String, ReadError> {
        let scope = self.scope().clone();
        let mut builder = Builder::<R>::new(query, &scope);
        self.become_searcher().await?;
        self.decide(&mut builder).await?;
        let parts: Vec<_> = builder
            .parts()
            .iter()
            .map(|part| builder.page(*part, i64::from(query.limit) + 1))
            .collect();
        let mut lines = Vec::new();
        for mut sql in parts {
            sql.text.insert_str(0, "EXPLAIN ");
            for row in sql.query().fetch_all(self.connection()).await? {
                lines.push(row.try_get::<String, _>(0)?);
            }
        }
        self.become_app().await?;
        lines.push(self.explain_rows::<R>(&query.fields).await?);
        Ok(lines.join("\n"))
    }

    /// Lets the builder choose its way by how common the words are.
    async fn decide<R: RecordType>(
        &mut self,
        builder: &mut Builder<'_, R>,
    ) -> Result<(), ReadError> {
        let Some(sql) = builder.weigh() else { return Ok(()) };
        let row = sql.query().fetch_one(self.connection()).await?;
        let plan: serde_json::Value = row.try_get(0)?;
        let branches = plan.pointer("/0/Plan/Plans").and_then(serde_json::Value::as_array);
        let rows: Vec<f64> = branches
            .into_iter()
            .flatten()
            .filter_map(|branch| branch.get("Plan Rows").and_then(serde_json::Value::as_f64))
            .collect();
        builder.decide(&rows);
        Ok(())
    }

    /// The ids and sort keys of a page, found as the searcher.
    pub(super) async fn find<R: RecordType>(
        &mut self,
        query: &ListQuery,
        limit: usize,
    ) -> Result<Vec<Keyset>, ReadError> {
        let scope = self.scope().clone();
        let mut builder = Builder::<R>::new(query, &scope);
        builder.check_keyset().map_err(|fault| ReadError::Invalid(vec![fault]))?;
        let types = builder.key_types();
        self.become_searcher().await?;
        self.decide(&mut builder).await?;
        let statements: Vec<_> = builder
            .parts()
            .iter()
            .map(|part| builder.page(*part, i64::try_from(limit).unwrap_or(i64::MAX)))
            .collect();
        let mut found = Vec::with_capacity(limit);
        for statement in statements {
            if found.len() < limit {
                for row in statement.query().fetch_all(self.connection()).await? {
                    found.push(keyset(&row, &types)?);
                }
            }
        }
        self.become_app().await?;
        found.truncate(limit);
        Ok(found)
    }
}

fn keyset(row: &PgRow, types: &[ColumnType]) -> Result<Keyset, sqlx::Error> {
    let keys = types
        .iter()
        .zip(1..)
        .map(|(ty, at): (_, usize)| {
            Ok(match ty {
                ColumnType::Text => row.try_get::<Option<_>, _>(at)?.map(KeyValue::Text),
                ColumnType::Bigint => row.try_get::<Option<_>, _>(at)?.map(KeyValue::Integer),
                ColumnType::Date => row.try_get::<Option<_>, _>(at)?.map(KeyValue::Date),
                ColumnType::Timestamp => row.try_get::<Option<_>, _>(at)?.map(KeyValue::Time),
                // Not sortable; see SortKey::parse.
                ColumnType::Uuid
                | ColumnType::UuidArray
                | ColumnType::Integer
                | ColumnType::Boolean
                | ColumnType::Jsonb => None,
            })
        })
        .collect::<Result<_, sqlx::Error>>()?;
    Ok(Keyset { keys, id: row.try_get(0)? })
}
