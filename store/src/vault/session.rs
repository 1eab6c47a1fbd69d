//! Sessions and their refresh tokens.

use super::{Vault, VaultError};
use chrono::{DateTime, Utc};
use domain::ids::{MemberId, OrganizationId, UserId};
use std::time::Duration;
use uuid::Uuid;

/// A session to be opened.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub owner: SessionOwner,
    /// SHA-256 of its first refresh token.
    pub token_hash: [u8; 32],
    /// When it is opened.
    pub now: DateTime<Utc>,
    /// When it ends unless it is refreshed.
    pub idle_until: DateTime<Utc>,
    /// When it ends in any case.
    pub absolute_until: DateTime<Utc>,
    /// The address it is opened from.
    pub ip: Option<String>,
    /// The browser it is opened with.
    pub user_agent: Option<String>,
}

/// Whose session it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionOwner {
    /// The user.
    pub user: UserId,
    /// The organization they are in.
    pub organization: OrganizationId,
    /// Their profile there.
    pub member: MemberId,
}

/// An open session.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionRow {
    /// Its id.
    pub id: Uuid,
    /// The organization it is in.
    pub organization_id: Uuid,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last refreshed.
    pub last_seen_at: DateTime<Utc>,
    /// The address it was opened from.
    pub ip: Option<String>,
    /// The browser it was opened with.
    pub user_agent: Option<String>,
}

/// What came of a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The successor that follows from `seed` is the session's token now. The seed is the one
    /// given, or that of a moment ago, if the successor has not been used since.
    Traded {
        /// The session.
        session: Uuid,
        /// Whose it is.
        owner: SessionOwner,
        /// From what the successor follows.
        seed: [u8; 32],
        /// Until when the successor may be used.
        idle_until: DateTime<Utc>,
    },
    /// It was used before: somebody has a copy. The session is ended.
    Reused {
        /// The session.
        session: Uuid,
        /// Its user.
        user: UserId,
    },
    /// It is unknown, expired or revoked.
    Unknown,
}

#[derive(sqlx::FromRow)]
struct Verdict {
    #[sqlx(rename = "verdict")]
    code: i16,
    id: Option<Uuid>,
    user_id: Option<Uuid>,
    organization_id: Option<Uuid>,
    member_id: Option<Uuid>,
    idle_until: Option<DateTime<Utc>>,
    seed: Option<Vec<u8>>,
}

impl Verdict {
    fn traded(&self) -> Option<Refreshed> {
        Some(Refreshed::Traded {
            session: self.id?,
            owner: SessionOwner {
                user: UserId(self.user_id?),
                organization: OrganizationId(self.organization_id?),
                member: MemberId(self.member_id?),
            },
            seed: self.seed.as_deref()?.try_into().ok()?,
            idle_until: self.idle_until?,
        })
    }
}

impl Vault {
    /// Opens a session.
    pub async fn open_session(&self, session: &NewSession) -> Result<(), VaultError> {
        sqlx::query("SELECT hindsight.open_session($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .bind(session.id)
            .bind(session.owner.user.0)
            .bind(session.owner.organization.0)
            .bind(session.owner.member.0)
            .bind(&session.token_hash[..])
            .bind(session.now)
            .bind(session.idle_until)
            .bind(session.absolute_until)
            .bind(&session.ip)
            .bind(&session.user_agent)
            .execute(&self.app)
            .await?;
        Ok(())
    }

    /// Trades the token with hash `token` for the successor that follows from `seed` and has the
    /// hash `successor`. Within `grace`, a used token gives its successor again.
    pub async fn refresh(
        &self,
        token: &[u8; 32],
        seed: &[u8; 32],
        successor: &[u8; 32],
        now: DateTime<Utc>,
        grace: Duration,
        idle_until: DateTime<Utc>,
    ) -> Result<Refreshed, VaultError> {
        let verdict: Verdict =
            sqlx::query_as("SELECT * FROM hindsight.refresh_session($1, $2, $3, $4, $5, $6)")
                .bind(&token[..])
                .bind(&seed[..])
                .bind(&successor[..])
                .bind(now)
                .bind(grace)
                .bind(idle_until)
                .fetch_one(&self.app)
                .await?;
        let refreshed = match (verdict.code, verdict.id, verdict.user_id) {
            (0 | 1, ..) => verdict.traded(),
            (2, Some(session), Some(user)) => {
                Some(Refreshed::Reused { session, user: UserId(user) })
            }
            _ => None,
        };
        Ok(refreshed.unwrap_or(Refreshed::Unknown))
    }

    /// Whose session it is, if it is open.
    pub async fn find_session(
        &self,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Option<SessionOwner>, VaultError> {
        let row: Option<(Uuid, Uuid, Uuid)> =
            sqlx::query_as("SELECT * FROM hindsight.find_session($1, $2)")
                .bind(id)
                .bind(now)
                .fetch_optional(&self.app)
                .await?;
        Ok(row.map(|(user, organization, member)| SessionOwner {
            user: UserId(user),
            organization: OrganizationId(organization),
            member: MemberId(member),
        }))
    }

    /// The open sessions of a user, newest first; the newest 200.
    pub async fn sessions(
        &self,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<Vec<SessionRow>, VaultError> {
        let rows = sqlx::query_as(
            "SELECT id, organization_id, created_at, last_seen_at, ip, user_agent
               FROM hindsight.list_sessions($1, $2)",
        )
        .bind(user.0)
        .bind(now)
        .fetch_all(&self.app)
        .await?;
        Ok(rows)
    }

    /// Ends one session of a user, or all; says which were open.
    pub async fn revoke_sessions(
        &self,
        user: UserId,
        session: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Uuid>, VaultError> {
        let ended = sqlx::query_scalar("SELECT hindsight.revoke_sessions($1, $2, $3)")
            .bind(user.0)
            .bind(session)
            .bind(now)
            .fetch_all(&self.app)
            .await?;
        Ok(ended)
    }

    /// Ends all sessions of a user but one; says which were open.
    pub async fn revoke_other_sessions(
        &self,
        user: UserId,
        but: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Vec<Uuid>, VaultError> {
        let ended = sqlx::query_scalar("SELECT hindsight.revoke_other_sessions($1, $2, $3)")
            .bind(user.0)
            .bind(but)
            .bind(now)
            .fetch_all(&self.app)
            .await?;
        Ok(ended)
    }

    /// Notes that the session's user has just shown who they are.
    pub async fn session_authenticated(
        &self,
        session: Uuid,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<(), VaultError> {
        sqlx::query("SELECT hindsight.session_authenticated($1, $2, $3)")
            .bind(session)
            .bind(user.0)
            .bind(now)
            .execute(&self.app)
            .await?;
        Ok(())
    }

    /// When the session's user last showed who they are.
    pub async fn session_authenticated_at(
        &self,
        session: Uuid,
    ) -> Result<Option<DateTime<Utc>>, VaultError> {
        let at = sqlx::query_scalar("SELECT hindsight.session_authenticated_at($1)")
            .bind(session)
            .fetch_one(&self.app)
            .await?;
        Ok(at)
    }
}
