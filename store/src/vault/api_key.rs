//! API keys: their hashes, and whose they are.

use super::{SessionOwner, Vault, VaultError};
use chrono::{DateTime, Utc};
use domain::ids::{ApiKeyId, MemberId, OrganizationId, UserId};
use uuid::Uuid;

impl Vault {
    /// Keeps a key's hash.
    pub async fn add_api_key(
        &self,
        id: ApiKeyId,
        owner: SessionOwner,
        hash: &[u8; 32],
        expires_at: DateTime<Utc>,
    ) -> Result<(), VaultError> {
        sqlx::query("SELECT hindsight.add_api_key($1, $2, $3, $4, $5, $6)")
            .bind(id.0)
            .bind(owner.organization.0)
            .bind(owner.user.0)
            .bind(owner.member.0)
            .bind(&hash[..])
            .bind(expires_at)
            .execute(&self.app)
            .await?;
        Ok(())
    }

    /// Whose key it is, if it is good.
    pub async fn find_api_key(
        &self,
        id: ApiKeyId,
        hash: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<SessionOwner>, VaultError> {
        let row: Option<(Uuid, Uuid, Uuid)> =
            sqlx::query_as("SELECT * FROM hindsight.find_api_key($1, $2, $3)")
                .bind(id.0)
                .bind(&hash[..])
                .bind(now)
                .fetch_optional(&self.app)
                .await?;
        Ok(row.map(|(organization, user, member)| SessionOwner {
            user: UserId(user),
            organization: OrganizationId(organization),
            member: MemberId(member),
        }))
    }

    /// Makes a key good no longer.
    pub async fn revoke_api_key(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
        now: DateTime<Utc>,
    ) -> Result<(), VaultError> {
        sqlx::query("SELECT hindsight.revoke_api_key($1, $2, $3)")
            .bind(organization.0)
            .bind(id.0)
            .bind(now)
            .execute(&self.app)
            .await?;
        Ok(())
    }

    /// The keys of an organization that were not revoked, newest first; the newest 200. Of one
    /// member, or of all.
    pub async fn api_keys(
        &self,
        organization: OrganizationId,
        member: Option<MemberId>,
    ) -> Result<Vec<ApiKeyId>, VaultError> {
        let ids: Vec<Uuid> = sqlx::query_scalar("SELECT hindsight.list_api_keys($1, $2)")
            .bind(organization.0)
            .bind(member.map(|id| id.0))
            .fetch_all(&self.app)
            .await?;
        Ok(ids.into_iter().map(ApiKeyId).collect())
    }
}
