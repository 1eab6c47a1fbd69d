//! Reading views.

use crate::error::ReadError;
use crate::read::ReadTx;
use chrono::{DateTime, Utc};
use domain::ids::MemberId;
use domain::view::{Arrangement, Criteria, View, Visibility};
use serde::de::DeserializeOwned;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row as _};
use uuid::Uuid;

/// A view as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewRow {
    /// Its id.
    pub id: Uuid,
    /// Version of its stream, for `ETag`.
    pub version: u32,
    /// What it says.
    pub view: View,
    /// When it was saved.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Which views to list, in order of name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewQuery {
    /// Their own ones, and what others share.
    pub member: MemberId,
    /// Of these record types, by plural wire name.
    pub record_types: Vec<String>,
    /// Deleted ones instead.
    pub deleted: bool,
    /// Behind this name, in the form of [`domain::normalize::search_key`], and id.
    pub after: Option<(String, Uuid)>,
    /// At most so many.
    pub limit: u16,
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T, sqlx::Error> {
    serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

impl FromRow<'_, PgRow> for ViewRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let version: i32 = row.try_get("version")?;
        let shared: bool = row.try_get("shared")?;
        let criteria: Criteria = json(row.try_get("criteria")?)?;
        let arrangement: Arrangement = json(row.try_get("arrangement")?)?;
        Ok(Self {
            id: row.try_get("id")?,
            version: version.unsigned_abs(),
            view: View {
                record_type: row.try_get("record_type")?,
                owner: Some(MemberId(row.try_get("owner_id")?)),
                visibility: if shared { Visibility::Shared } else { Visibility::Private },
                name: row.try_get("name")?,
                criteria,
                arrangement,
                deleted: row.try_get("deleted")?,
            },
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

/// The views of these ids that the connection's role sees: the projector all.
pub(super) const BY_IDS: &str = "SELECT id, version, record_type, owner_id, shared, deleted, name, \
       criteria, arrangement, created_at, updated_at \
       FROM views WHERE organization_id = $1 AND id = ANY ($2)";

impl ReadTx {
    /// The views of these ids that a member sees. Needs a scope that reaches that member.
    pub async fn views_by_id(&mut self, ids: &[Uuid]) -> Result<Vec<ViewRow>, ReadError> {
        self.of_organization(BY_IDS, ids).await
    }

    /// A page of views that a member sees. Needs a scope that reaches that member.
    pub async fn views(&mut self, query: &ViewQuery) -> Result<Vec<ViewRow>, ReadError> {
        let organization = self.scope().organization.0;
        let (name, id) = query.after.clone().unzip();
        let rows = sqlx::query_as(
            "SELECT id, version, record_type, owner_id, shared, deleted, name, criteria, \
                    arrangement, created_at, updated_at \
               FROM views \
              WHERE organization_id = $1 AND (shared OR owner_id = $2) \
                AND record_type = ANY ($3) AND deleted = $4 \
                AND ($5::text IS NULL OR (name_key, id) > ($5, $6)) \
              ORDER BY name_key, id LIMIT $7",
        )
        .bind(organization)
        .bind(query.member.0)
        .bind(&query.record_types)
        .bind(query.deleted)
        .bind(name)
        .bind(id)
        .bind(i64::from(query.limit))
        .fetch_all(self.connection())
        .await?;
        Ok(rows)
    }
}
