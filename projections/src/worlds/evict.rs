//! Dropping what nobody needs any more: retired generations after a grace, as-of worlds that are
//! old or too many.

use super::Builder;
use super::rebuild::lock_key;
use std::time::Duration;

/// What as-of worlds may take. The least recently used goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOfLimits {
    /// A world that nobody opened for so long is dropped.
    pub expiry: Duration,
    /// Bytes of all worlds together.
    pub bytes: u64,
    /// Number of worlds.
    pub worlds: u32,
}

impl Default for AsOfLimits {
    fn default() -> Self {
        Self { expiry: Duration::from_hours(1), bytes: 20 << 30, worlds: 50 }
    }
}

/// How long a retired generation stays, for transactions that entered it before the switch. Reads
/// are cut off long before.
const GRACE: &str = "60 seconds";

const SWEEP: Duration = Duration::from_secs(30);

impl Builder {
    /// Drops what is due, every now and then, until told to stop.
    pub(crate) async fn sweep(self) {
        let mut tick = tokio::time::interval(SWEEP);
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return,
                _ = tick.tick() => {}
            }
            if let Err(error) = self.drop_retired(GRACE).await {
                tracing::warn!(%error, "cannot drop retired generations");
            }
            if let Err(error) = self.drop_abandoned().await {
                tracing::warn!(%error, "cannot drop abandoned generations");
            }
            if let Err(error) = self.evict(None).await {
                tracing::warn!(%error, "cannot drop as-of worlds");
            }
        }
    }

    /// Drops retired generations, and the as-of worlds that look into them.
    pub(crate) async fn drop_retired(&self, grace: &str) -> Result<(), sqlx::Error> {
        let due: Vec<String> = sqlx::query_scalar(
            "SELECT schema FROM hindsight.read_model \
              WHERE state = 'retired' AND retired_at <= clock_timestamp() - $1::text::interval",
        )
        .bind(grace)
        .fetch_all(&self.pool)
        .await?;
        for schema in due {
            let dependent: Vec<String> = sqlx::query_scalar(
                "SELECT name FROM hindsight.world \
                  WHERE log_id IS NOT NULL AND $1 = ANY (string_to_array(path, ', '))",
            )
            .bind(&schema)
            .fetch_all(&self.pool)
            .await?;
            for world in dependent {
                self.drop_world(&world).await?;
            }
            let mut transaction = self.pool.begin().await?;
            sqlx::raw_sql("SET LOCAL lock_timeout = '2s'").execute(&mut *transaction).await?;
            Self::drop_generation(&mut transaction, &schema).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Drops generations whose builder died: whoever builds holds a lock on the name.
    async fn drop_abandoned(&self) -> Result<(), sqlx::Error> {
        let building: Vec<(String, String)> = sqlx::query_as(
            "SELECT model, schema FROM hindsight.read_model WHERE state = 'building'",
        )
        .fetch_all(&self.pool)
        .await?;
        for (model, schema) in building {
            let mut transaction = self.pool.begin().await?;
            let free: bool = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1)")
                .bind(lock_key(&model))
                .fetch_one(&mut *transaction)
                .await?;
            // A statement of its own: only what is read after the lock is sure to be the present.
            let abandoned: bool = sqlx::query_scalar(
                "SELECT $1 AND EXISTS (SELECT FROM hindsight.read_model \
                                        WHERE schema = $2 AND state = 'building')",
            )
            .bind(free)
            .bind(&schema)
            .fetch_one(&mut *transaction)
            .await?;
            if abandoned {
                Self::drop_generation(&mut transaction, &schema).await?;
            }
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Drops as-of worlds that have expired, and the least recently used ones beyond the limits.
    /// `keep` is about to be used.
    pub(super) async fn evict(&self, keep: Option<&str>) -> Result<(), sqlx::Error> {
        let due: Vec<String> = sqlx::query_scalar(
            "SELECT name FROM ( \
                 SELECT name, last_used_at, \
                        row_number() OVER recent AS place, \
                        sum(bytes) OVER recent AS bytes \
                   FROM hindsight.world WHERE log_id IS NOT NULL \
                 WINDOW recent AS (ORDER BY name IS NOT DISTINCT FROM $1 DESC, last_used_at DESC, name) \
             ) AS w \
              WHERE name IS DISTINCT FROM $1 \
                AND (last_used_at < clock_timestamp() - make_interval(secs => $2) \
                     OR place > $3 OR bytes > $4)",
        )
        .bind(keep)
        .bind(self.limits.expiry.as_secs_f64())
        .bind(i64::from(self.limits.worlds))
        .bind(i64::try_from(self.limits.bytes).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        for world in due {
            self.drop_world(&world).await?;
        }
        Ok(())
    }

    /// Drops an as-of world with its schemas.
    pub(super) async fn drop_world(&self, world: &str) -> Result<(), sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        sqlx::raw_sql("SET LOCAL lock_timeout = '2s'").execute(&mut *transaction).await?;
        let schemas: Vec<String> =
            sqlx::query_scalar("SELECT schema FROM hindsight.read_model WHERE world = $1")
                .bind(world)
                .fetch_all(&mut *transaction)
                .await?;
        for schema in schemas {
            Self::drop_generation(&mut transaction, &schema).await?;
        }
        sqlx::query("DELETE FROM hindsight.world WHERE name = $1 AND log_id IS NOT NULL")
            .bind(world)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        self.forget_indexes(world);
        Ok(())
    }
}
