//! One-time tokens: for links in mails.

use super::{Vault, VaultError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{OrganizationId, SubjectId, UserId};
use uuid::Uuid;

/// What a one-time token is good for; it is good for nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To show that an address is one's own.
    VerifyEmail,
    /// To choose a new password.
    ResetPassword,
    /// To join an organization.
    Invitation,
    /// To choose the first password.
    SetPassword,
    /// To confirm a registration as a client.
    RegistrationConfirm,
    /// To open the account that a contact was offered.
    ClientAccount,
    /// To show a second factor after the password.
    SecondFactor,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::VerifyEmail,
        Self::ResetPassword,
        Self::Invitation,
        Self::SetPassword,
        Self::RegistrationConfirm,
        Self::ClientAccount,
        Self::SecondFactor,
    ];

    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::Invitation => "invitation",
            Self::SetPassword => "set_password",
            Self::RegistrationConfirm => "registration_confirm",
            Self::ClientAccount => "client_account",
            Self::SecondFactor => "second_factor",
        }
    }

    /// For how long a token is good unless something else is said.
    pub const fn lifetime(self) -> TimeDelta {
        match self {
            Self::SecondFactor => TimeDelta::minutes(5),
            Self::ResetPassword => TimeDelta::hours(1),
            Self::VerifyEmail | Self::RegistrationConfirm => TimeDelta::days(3),
            Self::Invitation | Self::SetPassword | Self::ClientAccount => TimeDelta::days(7),
        }
    }
}

/// What a token is bound to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bound {
    /// The user, if there is one yet.
    pub user: Option<UserId>,
    /// The organization that it leads into.
    pub organization: Option<OrganizationId>,
    /// What it is about, if not the user alone, such as an invitation.
    pub subject: Option<SubjectId>,
}

/// A token to be issued.
#[derive(Clone, Copy, Debug)]
pub struct NewToken {
    /// Its id, from which it is derived.
    pub id: Uuid,
    /// Its SHA-256.
    pub hash: [u8; 32],
    /// What it is good for.
    pub purpose: Purpose,
    /// What it is bound to.
    pub bound: Bound,
    /// When it is issued.
    pub now: DateTime<Utc>,
    /// When it stops being good.
    pub expires_at: DateTime<Utc>,
    /// Whether earlier ones of the same purpose, user and subject stop being good.
    pub supersedes: bool,
}

/// A token that is, or was until it was used just now, good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoodToken {
    /// Its id.
    pub id: Uuid,
    /// What it is bound to.
    pub bound: Bound,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// When it stops being good.
    pub expires_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    user_id: Option<Uuid>,
    organization_id: Option<Uuid>,
    subject_id: Option<Uuid>,
    issued_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl From<Row> for GoodToken {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            bound: Bound {
                user: row.user_id.map(UserId),
                organization: row.organization_id.map(OrganizationId),
                subject: row.subject_id.map(SubjectId),
            },
            issued_at: row.issued_at,
            expires_at: row.expires_at,
        }
    }
}

impl Vault {
    /// Issues a token. Issuing the same one again changes nothing.
    pub async fn issue_token(&self, token: &NewToken) -> Result<(), VaultError> {
        sqlx::query("SELECT hindsight.issue_token($1, $2, $3, $4, $5, $6, $7, $8, $9)")
            .bind(token.id)
            .bind(&token.hash[..])
            .bind(token.purpose.as_str())
            .bind(token.bound.user.map(|id| id.0))
            .bind(token.bound.organization.map(|id| id.0))
            .bind(token.bound.subject.map(|id| id.0))
            .bind(token.now)
            .bind(token.expires_at)
            .bind(token.supersedes)
            .execute(&self.app)
            .await?;
        Ok(())
    }

    /// The token, if it is good for `purpose`; using it later may still fail.
    pub async fn look_at_token(
        &self,
        id: Uuid,
        hash: &[u8; 32],
        purpose: Purpose,
        now: DateTime<Utc>,
    ) -> Result<Option<GoodToken>, VaultError> {
        let sql = "SELECT id, user_id, organization_id, subject_id, issued_at, expires_at
                     FROM hindsight.look_at_token($1, $2, $3, $4)";
        self.token(sql, id, hash, purpose, now).await
    }

    /// Uses the token up, if it is good for `purpose`: once, however many come with it at once.
    pub async fn consume_token(
        &self,
        id: Uuid,
        hash: &[u8; 32],
        purpose: Purpose,
        now: DateTime<Utc>,
    ) -> Result<Option<GoodToken>, VaultError> {
        let sql = "SELECT id, user_id, organization_id, subject_id, issued_at, expires_at
                     FROM hindsight.consume_token($1, $2, $3, $4)";
        self.token(sql, id, hash, purpose, now).await
    }

    async fn token(
        &self,
        sql: &'static str,
        id: Uuid,
        hash: &[u8; 32],
        purpose: Purpose,
        now: DateTime<Utc>,
    ) -> Result<Option<GoodToken>, VaultError> {
        let row: Option<Row> = sqlx::query_as(sql)
            .bind(id)
            .bind(&hash[..])
            .bind(purpose.as_str())
            .bind(now)
            .fetch_optional(&self.app)
            .await?;
        Ok(row.map(GoodToken::from))
    }

    /// Makes the unused tokens of a purpose for exactly this user and subject good no longer;
    /// returns how many there were.
    pub async fn revoke_tokens(
        &self,
        purpose: Purpose,
        user: Option<UserId>,
        subject: Option<SubjectId>,
        now: DateTime<Utc>,
    ) -> Result<u64, VaultError> {
        let revoked: i64 =
            sqlx::query_scalar("SELECT hindsight.revoke_tokens($1, $2, $3, NULL, $4)")
                .bind(purpose.as_str())
                .bind(user.map(|id| id.0))
                .bind(subject.map(|id| id.0))
                .bind(now)
                .fetch_one(&self.app)
                .await?;
        Ok(revoked.unsigned_abs())
    }
}
