//! Copy or replay: what is less work.

use crate::error::BuildError;
use crate::runtime::ReadModel;
use crate::sql::quoted;
use crate::worlds::bigint;
use domain::ids::OrganizationId;
use sqlx::{AssertSqlSafe, PgConnection};
use std::collections::{BTreeSet, HashMap};
use store::Position;
use uuid::Uuid;

/// Above this share of changed records a replay in the order of the log is faster than reading
/// stream by stream.
const MOST_CHANGED: f64 = 0.2;

/// Records whose live row is not what it was.
pub(super) struct Changed {
    /// All of them.
    pub(super) all: Vec<Uuid>,
    /// Those that existed at the position.
    pub(super) refold: Vec<Uuid>,
}

/// How to build.
pub(super) enum Plan {
    Copy { live_schema: String, changed: Changed },
    Replay,
}

/// Decides how to build `model` as it was after `position`, by what changed since.
pub(super) async fn plan(
    connection: &mut PgConnection,
    live: &HashMap<String, String>,
    model: &dyn ReadModel,
    organization: OrganizationId,
    position: Position,
) -> Result<Plan, BuildError> {
    let (Some(past), Some(schema), Some(audit)) =
        (model.as_of(), live.get(model.name()), live.get("audit"))
    else {
        return Ok(Plan::Replay);
    };
    let (at, halted): (Option<i64>, bool) = sqlx::query_as(
        "SELECT (SELECT position FROM hindsight.checkpoint \
                  WHERE projection_group = 'live' AND log_id = $1), \
                EXISTS (SELECT FROM hindsight.parked WHERE log_id = $1 AND schema = $2)",
    )
    .bind(organization.0)
    .bind(audit)
    .fetch_one(&mut *connection)
    .await?;
    // Without the whole trail there is no telling what changed.
    if halted || at.unwrap_or(0) < bigint(position) {
        return Ok(Plan::Replay);
    }
    let sql = format!(
        "SELECT stream_id, min(version) FROM {audit}.audit \
          WHERE organization_id = $1 AND position > $2 AND kind = $3 GROUP BY stream_id \
         UNION SELECT stream_id, 2 FROM hindsight.parked WHERE log_id = $1 AND schema = $4",
        audit = quoted(audit)
    );
    let rows: Vec<(Uuid, i32)> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(organization.0)
        .bind(bigint(position))
        .bind(past.kind())
        .bind(schema)
        .fetch_all(&mut *connection)
        .await?;
    let all: BTreeSet<Uuid> = rows.iter().map(|(stream, _)| *stream).collect();
    // What was made after the position was not there yet.
    let refold: BTreeSet<Uuid> =
        rows.iter().filter(|(_, version)| *version > 1).map(|(stream, _)| *stream).collect();
    let sql = format!(
        "SELECT count(*) FROM {}.{} WHERE organization_id = $1",
        quoted(schema),
        quoted(&past.records().name)
    );
    let records: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(organization.0)
        .fetch_one(&mut *connection)
        .await?;
    #[allow(clippy::cast_precision_loss, reason = "a share")]
    let share = refold.len() as f64 / records.max(1) as f64;
    if share > MOST_CHANGED {
        return Ok(Plan::Replay);
    }
    let changed = Changed { all: all.into_iter().collect(), refold: refold.into_iter().collect() };
    Ok(Plan::Copy { live_schema: schema.clone(), changed })
}
