//! The first generation of everything, in an empty installation.

use super::Builder;
use super::generation::{Generation, Purpose};
use super::switch::write_live_path;
use crate::error::BuildError;
use crate::runtime::{SWITCH_LOCK, fingerprint};
use std::collections::HashMap;

impl Builder {
    /// Makes all live read models if there are none. Returns the names of those whose live
    /// generation is not of this build's version.
    pub(crate) async fn bootstrap(&self) -> Result<Vec<&'static str>, BuildError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(SWITCH_LOCK)
            .execute(&mut *transaction)
            .await?;
        let live: Vec<(String, i32, String)> = sqlx::query_as(
            "SELECT model, version, fingerprint FROM hindsight.read_model WHERE state = 'live'",
        )
        .fetch_all(&mut *transaction)
        .await?;
        if live.is_empty() {
            for model in self.models.iter() {
                let made = Generation::create(&mut transaction, model, Purpose::Live).await?;
                made.index(&mut transaction).await?;
                made.secure(&mut transaction).await?;
            }
            write_live_path(&mut transaction, &self.models).await?;
            transaction.commit().await?;
            return Ok(Vec::new());
        }
        let live: HashMap<String, (i32, String)> =
            live.into_iter().map(|(model, version, print)| (model, (version, print))).collect();
        let outdated = self.models.iter().filter(|model| {
            live.get(model.name()) != Some(&(model.version(), fingerprint(model.as_ref())))
        });
        Ok(outdated.map(|model| model.name()).collect())
    }
}
