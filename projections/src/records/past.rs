//! Taking over from the live table what is as it was.

use super::model::RecordTable;
use crate::runtime::AsOfModel;
use crate::sql::{Table, quoted};
use async_trait::async_trait;
use domain::catalogue::{Catalogue, Form};
use domain::ids::OrganizationId;
use domain::record::RecordType;
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

#[async_trait]
impl<R: RecordType> AsOfModel for RecordTable<R> {
    fn kind(&self) -> &'static str {
        R::KIND
    }

    fn records(&self) -> &Table {
        &self.layout().records
    }

    async fn copy_unchanged(
        &self,
        connection: &mut PgConnection,
        live_schema: &str,
        organization: OrganizationId,
        changed: &[Uuid],
    ) -> Result<(), sqlx::Error> {
        let table = &self.layout().records;
        let sql = format!(
            "INSERT INTO {name} ({columns}) SELECT {columns} FROM {live}.{name} AS t \
              WHERE t.organization_id = $1 \
                AND NOT EXISTS (SELECT FROM unnest($2::uuid[]) AS c (id) WHERE c.id = t.id)",
            name = quoted(&table.name),
            columns = table.column_list(),
            live = quoted(live_schema),
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(organization.0)
            .bind(changed)
            .execute(&mut *connection)
            .await?;
        // The live counts without what the changed records contribute; folding them again adds
        // what they contributed then.
        let sql = format!(
            "INSERT INTO {counts} (organization_id, choice_id, records) \
             SELECT $1, s.choice_id, sum(s.records)::bigint FROM ( \
                 SELECT l.choice_id, l.records FROM {live}.{counts} AS l WHERE l.organization_id = $1 \
                 UNION ALL \
                 SELECT u.id, -1 FROM unnest($2::uuid[]) AS c (id) \
                   CROSS JOIN LATERAL (SELECT * FROM {live}.{name} AS r \
                       WHERE r.organization_id = $1 AND r.id = c.id LIMIT 1) AS t \
                   CROSS JOIN LATERAL (SELECT DISTINCT unnest({choices})) AS u (id) \
                  WHERE t.deleted_at IS NULL AND u.id IS NOT NULL \
             ) AS s GROUP BY s.choice_id HAVING sum(s.records) <> 0",
            counts = quoted(&self.layout().counts.name),
            name = quoted(&table.name),
            live = quoted(live_schema),
            choices = choices::<R>("t"),
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(organization.0)
            .bind(changed)
            .execute(connection)
            .await?;
        Ok(())
    }
}

/// The pick-list values of a row as one array.
fn choices<R: RecordType>(alias: &str) -> String {
    let parts: Vec<String> = R::Fields::FIELDS
        .iter()
        .filter(|def| def.kind.list().is_some())
        .map(|def| {
            let column = format!("{alias}.{}", quoted(def.name));
            if def.kind.form() == Form::Ids { column } else { format!("ARRAY[{column}]") }
        })
        .collect();
    format!("ARRAY[]::uuid[] || {}", parts.join(" || "))
}
