//! Reading invitations.

use crate::error::ReadError;
use crate::read::ReadTx;
use chrono::{DateTime, Utc};
use domain::access::ProfileKind;
use domain::ids::{InvitationId, MemberId, RoleId, TeamId};
use domain::invitation::Status;
use sqlx::FromRow;
use store::Position;
use uuid::Uuid;

/// Which invitations to show.
#[derive(Clone, Copy, Debug)]
pub struct InvitationQuery {
    /// Only those that stand like this.
    pub status: Option<Status>,
    /// The moment at which they are looked at.
    pub now: DateTime<Utc>,
    /// Start behind this one; newest come first.
    pub before: Option<Position>,
    /// Rows, 1 to 200; kept within.
    pub limit: u16,
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationRow {
    /// Its id.
    pub id: InvitationId,
    /// Where it was sent; `None` once erased.
    pub email: Option<String>,
    /// What they shall be called, if the inviter said so.
    pub display_name: Option<String>,
    /// As what they shall belong to the organization.
    pub profile: ProfileKind,
    /// The roles that they shall have.
    pub roles: Vec<RoleId>,
    /// The team that they shall be in.
    pub team: Option<TeamId>,
    /// How it stands.
    pub status: Status,
    /// Who became a member by it.
    pub member: Option<MemberId>,
    /// Who invited them.
    pub invited_by: Option<MemberId>,
    /// When it was sent first.
    pub created_at: DateTime<Utc>,
    /// Until when its link is, or was, good.
    pub expires_at: DateTime<Utc>,
}

/// A page of invitations, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationPage {
    /// The rows.
    pub rows: Vec<InvitationRow>,
    /// What `before` has to be for the next page; `None` if this is the last.
    pub next: Option<Position>,
}

const MAX_LIMIT: u16 = 200;

impl super::Invitation {
    fn row(self, now: DateTime<Utc>) -> InvitationRow {
        InvitationRow {
            id: InvitationId(self.id),
            email: self.email,
            display_name: self.display_name,
            profile: ProfileKind::parse(&self.profile).unwrap_or_default(),
            roles: self.roles.unwrap_or_default().into_iter().map(RoleId).collect(),
            team: self.team.map(TeamId),
            status: match self.state.as_str() {
                "accepted" => Status::Accepted,
                "withdrawn" => Status::Withdrawn,
                _ if self.expires_at <= now => Status::Expired,
                _ => Status::Pending,
            },
            member: self.member.map(MemberId),
            invited_by: self.invited_by.map(MemberId),
            created_at: self.created_at,
            expires_at: self.expires_at,
        }
    }
}

impl ReadTx {
    /// Who was invited by the invitations of these ids: a name, or an address.
    pub async fn invitation_names(
        &mut self,
        ids: &[Uuid],
    ) -> Result<Vec<(Uuid, Option<String>)>, ReadError> {
        let sql = "SELECT id, coalesce(display_name, email) FROM invitations \
                    WHERE organization_id = $1 AND id = ANY ($2)";
        self.of_organization(sql, ids).await
    }

    /// A page of the organization's invitations: who may read them, the caller decides.
    pub async fn invitations(
        &mut self,
        query: &InvitationQuery,
    ) -> Result<InvitationPage, ReadError> {
        let limit = query.limit.clamp(1, MAX_LIMIT);
        let organization = self.scope().organization.0;
        // The state that is kept, and whether it must have expired or must not.
        let (state, expired) = match query.status {
            None => (None, None),
            Some(Status::Accepted) => (Some("accepted"), None),
            Some(Status::Withdrawn) => (Some("withdrawn"), None),
            Some(Status::Pending) => (Some("pending"), Some(false)),
            Some(Status::Expired) => (Some("pending"), Some(true)),
        };
        let rows = sqlx::query(
            "SELECT id, email, display_name, profile, roles, team, state, member, invited_by, \
                    position, created_at, expires_at FROM invitations \
              WHERE organization_id = $1 AND ($2::text IS NULL OR state = $2) \
                AND ($3::boolean IS NULL OR (expires_at <= $4) = $3) \
                AND ($5::bigint IS NULL OR position < $5) \
              ORDER BY position DESC LIMIT $6",
        )
        .bind(organization)
        .bind(state)
        .bind(expired)
        .bind(query.now)
        .bind(query.before.map(|position| i64::try_from(position).unwrap_or(i64::MAX)))
        .bind(i64::from(limit) + 1)
        .fetch_all(self.connection())
        .await?;
        let mut rows =
            rows.iter().map(super::Invitation::from_row).collect::<Result<Vec<_>, _>>()?;
        let more = rows.len() > usize::from(limit);
        rows.truncate(limit.into());
        let next = rows.last().filter(|_| more).map(|row| row.position.unsigned_abs());
        let rows = rows.into_iter().map(|row| row.row(query.now)).collect();
        Ok(InvitationPage { rows, next })
    }
}
