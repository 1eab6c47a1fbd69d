//! Single records and sets of them by id, by key; counts by pick-list value.

use super::layout::{Layout, key_form};
use super::row::{self, RecordRow};
use crate::error::ReadError;
use crate::list::FieldSelection;
use crate::read::{ReadTx, World};
use crate::sql::quoted;
use domain::catalogue::{Catalogue, FieldIndex};
use domain::reach::Rule;
use domain::record::RecordType;
use sqlx::{AssertSqlSafe, Row as _};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use uuid::Uuid;

impl ReadTx {
    /// A record, deleted ones included; `None` if there is none within reach.
    pub async fn get<R: RecordType>(
        &mut self,
        id: Uuid,
        fields: &FieldSelection,
    ) -> Result<Option<RecordRow>, ReadError> {
        Ok(self.get_many::<R>(&[id], fields).await?.pop())
    }

    /// The records of these ids within reach, in the order of the ids.
    pub async fn get_many<R: RecordType>(
        &mut self,
        ids: &[Uuid],
        fields: &FieldSelection,
    ) -> Result<Vec<RecordRow>, ReadError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let layout = Layout::of::<R>();
        let fields = fields.indices::<R>();
        let sql = by_ids::<R>(&layout, &fields);
        let organization = self.scope().organization.0;
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(organization)
            .bind(ids)
            .fetch_all(self.connection())
            .await?;
        Ok(rows.iter().map(|row| row::decode(row, &layout, &fields)).collect::<Result<_, _>>()?)
    }

    /// How the database would read rows by id.
    pub(crate) async fn explain_rows<R: RecordType>(
        &mut self,
        fields: &FieldSelection,
    ) -> Result<String, ReadError> {
        let sql = format!("EXPLAIN {}", by_ids::<R>(&Layout::of::<R>(), &fields.indices::<R>()));
        let organization = self.scope().organization.0;
        let lines: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(organization)
            .bind(vec![Uuid::nil(); 50])
            .fetch_all(self.connection())
            .await?;
        Ok(lines.join("\n"))
    }

    /// Which of these records are within reach. Ask in [`World::Live`]: it is the present rights
    /// that count, also for the past.
    pub async fn visible<R: RecordType>(
        &mut self,
        ids: &[Uuid],
    ) -> Result<HashSet<Uuid>, ReadError> {
        let rows = self.get_many::<R>(ids, &FieldSelection::Only(Vec::new())).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// The records that have one of `keys` in an e-mail, telephone, sortable text or `external_id`
    /// field, by the key as it was given. Within reach, deleted ones left out.
    pub async fn find_by_key<R: RecordType>(
        &mut self,
        field: FieldIndex,
        keys: &[String],
    ) -> Result<BTreeMap<String, Vec<Uuid>>, ReadError> {
        let layout = Layout::of::<R>();
        let columns = layout.field(field);
        let form = columns.key.as_ref().map(|(_, form)| *form);
        let mut asked: HashMap<String, Vec<&String>> = HashMap::new();
        for key in keys {
            let normal = match form {
                Some(form) => key_form(form, key),
                None => key.clone(),
            };
            if !normal.is_empty() {
                asked.entry(normal).or_default().push(key);
            }
        }
        let column = quoted(columns.sort());
        let mut sql = format!(
            "SELECT k.key, c.id FROM unnest($2::text[]) AS k (key) CROSS JOIN LATERAL \
             (SELECT t.id, t.assigned_to FROM {table} AS t WHERE t.organization_id = $1 \
                 AND t.{column} = k.key AND t.deleted_at IS NULL ORDER BY t.id LIMIT 20) AS c",
            table = quoted(R::PLURAL),
        );
        let reach = match self.scope().reach.rule() {
            Rule::Everything => None,
            Rule::AssignedToAny(members) => {
                // Writing to a String cannot fail.
                let _ = write!(sql, " WHERE c.assigned_to = ANY ($3)");
                Some(members.into_iter().map(|member| member.0).collect::<Vec<_>>())
            }
        };
        debug_assert!(self.scope().world == World::Live, "keys are matched in the present");
        let organization = self.scope().organization.0;
        let normal: Vec<String> = asked.keys().cloned().collect();
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(organization).bind(normal);
        if let Some(reach) = reach {
            query = query.bind(reach);
        }
        self.become_searcher().await?;
        let rows = query.fetch_all(self.connection()).await?;
        self.become_app().await?;
        let mut found: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
        for row in rows {
            let (key, id): (String, Uuid) = (row.try_get(0)?, row.try_get(1)?);
            for given in asked.get(&key).into_iter().flatten() {
                found.entry((*given).clone()).or_default().push(id);
            }
        }
        Ok(found)
    }

    /// How many records that are not deleted have each pick-list value, in the whole organization.
    pub async fn counts_per_choice<R: RecordType>(
        &mut self,
    ) -> Result<HashMap<Uuid, u64>, ReadError> {
        let sql = format!(
            "SELECT choice_id, records FROM {} WHERE organization_id = $1",
            quoted(&Layout::of::<R>().counts.name)
        );
        let organization = self.scope().organization.0;
        let rows: Vec<(Uuid, i64)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(organization)
            .fetch_all(self.connection())
            .await?;
        Ok(rows.into_iter().map(|(id, records)| (id, records.unsigned_abs())).collect())
    }
}

/// Rows by id, through the primary key whatever the statistics of a new table say.
fn by_ids<R: RecordType>(layout: &Layout, fields: &[FieldIndex]) -> String {
    format!(
        "SELECT {columns} FROM unnest($2::uuid[]) WITH ORDINALITY AS k (id, ord) \
         CROSS JOIN LATERAL (SELECT * FROM {table} AS t \
             WHERE t.organization_id = $1 AND t.id = k.id LIMIT 1) AS r ORDER BY k.ord",
        columns = row::select_list(layout, fields, "r"),
        table = quoted(R::PLURAL),
    )
}

/// The field by that name, if [`ReadTx::find_by_key`] can look by it.
pub fn match_key<R: RecordType>(name: &str) -> Option<FieldIndex> {
    let field = R::Fields::index(name)?;
    let layout = Layout::of::<R>();
    let indexed = layout.records.indexes.iter().any(|index| {
        use crate::sql::Need;
        match &index.need {
            Need::Exact(column) | Need::Sort(column) => column == layout.field(field).sort(),
            Need::OwnerSort(_) | Need::Search | Need::Facets | Need::Other => false,
        }
    });
    indexed.then_some(field)
}
