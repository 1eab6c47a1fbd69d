//! Reading members.

use crate::error::ReadError;
use crate::read::ReadTx;
use domain::access::ProfileKind;
use domain::ids::{MemberId, RoleId, UserId};
use domain::member::MemberState;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row as _};
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
    /// Their roles.
    pub roles: Vec<RoleId>,
    /// As what they belong to the organization.
    pub profile: ProfileKind,
    /// Where the membership is in its life.
    pub state: MemberState,
}

impl FromRow<'_, PgRow> for MemberRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let roles: Option<Vec<Uuid>> = row.try_get(3)?;
        let (profile, state): (&str, &str) = (row.try_get(4)?, row.try_get(5)?);
        Ok(Self {
            id: MemberId(row.try_get(0)?),
            user: UserId(row.try_get(1)?),
            display_name: row.try_get(2)?,
            roles: roles.unwrap_or_default().into_iter().map(RoleId).collect(),
            profile: match profile {
                "client" => ProfileKind::Client,
                "vendor" => ProfileKind::Vendor,
                _ => ProfileKind::Staff,
            },
            state: match state {
                "deactivated" => MemberState::Deactivated,
                "removed" => MemberState::Removed,
                _ => MemberState::Active,
            },
        })
    }
}

impl ReadTx {
    /// The members of these ids; all of them, if none are named. In order of id, which is the
    /// order in which they joined.
    pub async fn members(&mut self, ids: Option<&[Uuid]>) -> Result<Vec<MemberRow>, ReadError> {
        let sql = "SELECT id, user_id, display_name, roles, profile, state FROM members \
                    WHERE organization_id = $1 AND ($2::uuid[] IS NULL OR id = ANY ($2)) \
                    ORDER BY id";
        self.of_organization(sql, ids).await
    }
}
