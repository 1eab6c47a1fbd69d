//! Requests that were refused, counted until their minute is over.

use super::{Vault, VaultError};
use uuid::Uuid;

/// Requests of one member, by one way, at one route, within one minute, that were refused.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CountedDenials {
    /// The organization.
    pub organization_id: Uuid,
    /// The member.
    pub member_id: Uuid,
    /// The minute since the Unix epoch.
    pub minute: i64,
    /// Method and template of the path.
    pub route: String,
    /// The API key that was used; nil of a person.
    pub key_id: Uuid,
    /// How many.
    pub count: i32,
}

impl Vault {
    /// Counts a request that was refused; its `count` does not matter.
    pub async fn access_denied(&self, denied: &CountedDenials) -> Result<(), VaultError> {
        self.on_denial("SELECT hindsight.access_denied($1, $2, $3, $4, $5)", denied).await
    }

    /// Forgets a count that the log has now.
    pub async fn forget_denials(&self, counted: &CountedDenials) -> Result<(), VaultError> {
        self.on_denial("SELECT hindsight.forget_denials($1, $2, $3, $4, $5)", counted).await
    }

    async fn on_denial(
        &self,
        sql: &'static str,
        denied: &CountedDenials,
    ) -> Result<(), VaultError> {
        sqlx::query(sql)
            .bind(denied.organization_id)
            .bind(denied.member_id)
            .bind(denied.minute)
            .bind(&denied.route)
            .bind(denied.key_id)
            .execute(&self.app)
            .await?;
        Ok(())
    }

    /// Counts of minutes before `minute`, oldest first; at most 100.
    pub async fn denials(&self, minute: i64) -> Result<Vec<CountedDenials>, VaultError> {
        let sql = "SELECT organization_id, member_id, minute, route, key_id, count
                     FROM hindsight.counted_denials($1, 100)";
        Ok(sqlx::query_as(sql).bind(minute).fetch_all(&self.app).await?)
    }
}
