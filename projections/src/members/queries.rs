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
            profile: ProfileKind::parse(profile).unwrap_or_default(),
            state: match state {
                "deactivated" => MemberState::Deactivated,
                "removed" => MemberState::Removed,
                _ => MemberState::Active,
            },
        })
    }
}

/// Which members to show.
#[derive(Clone, Debug)]
pub struct MemberQuery {
    /// Only those who are there in one of these ways.
    pub states: Vec<MemberState>,
    /// Only those who belong as one of these.
    pub profiles: Vec<ProfileKind>,
    /// Start behind this one; who joined first comes first.
    pub after: Option<Uuid>,
    /// Rows, 1 to 200; kept within.
    pub limit: u16,
}

const MAX_LIMIT: u16 = 200;

impl MemberQuery {
    fn states(&self) -> Vec<&'static str> {
        let name = |state: &MemberState| match state {
            MemberState::Absent => None,
            MemberState::Active => Some("active"),
            MemberState::Deactivated => Some("deactivated"),
            MemberState::Removed => Some("removed"),
        };
        self.states.iter().filter_map(name).collect()
    }
}

impl ReadTx {
    /// A page of the organization's members, and what `after` has to be for the next one.
    pub async fn members_page(
        &mut self,
        query: &MemberQuery,
    ) -> Result<(Vec<MemberRow>, Option<Uuid>), ReadError> {
        let limit = query.limit.clamp(1, MAX_LIMIT);
        let organization = self.scope().organization.0;
        let profiles: Vec<_> = query.profiles.iter().map(|kind| kind.as_str()).collect();
        let mut members: Vec<MemberRow> = sqlx::query_as(
            "SELECT id, user_id, display_name, roles, profile, state FROM members \
              WHERE organization_id = $1 AND state = ANY ($2) AND profile = ANY ($3) \
                AND ($4::uuid IS NULL OR id > $4) ORDER BY id LIMIT $5",
        )
        .bind(organization)
        .bind(query.states())
        .bind(profiles)
        .bind(query.after)
        .bind(i64::from(limit) + 1)
        .fetch_all(self.connection())
        .await?;
        let more = members.len() > usize::from(limit);
        members.truncate(limit.into());
        let next = members.last().filter(|_| more).map(|row| row.id.0);
        Ok((members, next))
    }

    /// The members of these ids; all of them, if none are named. In order of id, which is the
    /// order in which they joined.
    pub async fn members(&mut self, ids: Option<&[Uuid]>) -> Result<Vec<MemberRow>, ReadError> {
        let sql = "SELECT id, user_id, display_name, roles, profile, state FROM members \
                    WHERE organization_id = $1 AND ($2::uuid[] IS NULL OR id = ANY ($2)) \
                    ORDER BY id";
        self.of_organization(sql, ids).await
    }
}
