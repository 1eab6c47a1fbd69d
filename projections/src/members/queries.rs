//! Reading members.

use crate::error::ReadError;
use crate::read::ReadTx;
use domain::ids::{MemberId, UserId};
use domain::member::ReachLevel;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use uuid::Uuid;

/// A member of the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// Id of the membership; what records are assigned to.
    pub id: MemberId,
    /// The user.
    pub user: UserId,
    /// What they are called here; `None` once erased.
    pub display_name: Option<String>,
    /// Whether they own the organization.
    pub is_owner: bool,
    /// How far their rights reach.
    pub reach: ReachLevel,
}

fn member(row: &PgRow) -> Result<MemberRow, sqlx::Error> {
    let reach: &str = row.try_get(4)?;
    Ok(MemberRow {
        id: MemberId(row.try_get(0)?),
        user: UserId(row.try_get(1)?),
        display_name: row.try_get(2)?,
        is_owner: row.try_get(3)?,
        reach: match reach {
            "all" => ReachLevel::All,
            "team" => ReachLevel::Team,
            _ => ReachLevel::Own,
        },
    })
}

impl ReadTx {
    /// The members of these ids; all of them, if none are named. In order of id, which is the
    /// order in which they joined.
    pub async fn members(&mut self, ids: Option<&[Uuid]>) -> Result<Vec<MemberRow>, ReadError> {
        let organization = self.scope().organization.0;
        let rows = sqlx::query(
            "SELECT id, user_id, display_name, is_owner, reach FROM members \
              WHERE organization_id = $1 AND ($2::uuid[] IS NULL OR id = ANY ($2)) ORDER BY id",
        )
        .bind(organization)
        .bind(ids)
        .fetch_all(self.connection())
        .await?;
        Ok(rows.iter().map(member).collect::<Result<_, _>>()?)
    }
}
