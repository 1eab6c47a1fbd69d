//! Jobs as JSON.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// Long-running work as it stands.
#[derive(Serialize, ToSchema)]
pub struct Job {
    /// Its id.
    id: Uuid,
    /// What kind of work, such as `import`.
    kind: String,
    /// Where it is in its life.
    #[schema(pattern = "^(queued|running|paused|cancelling|cancelled|done|failed)$")]
    state: &'static str,
    /// How much is done, in the kind's own unit.
    #[schema(minimum = 0)]
    done: i64,
    /// How much there is to do, once known.
    total: Option<i64>,
    /// What came of it so far, in the kind's own terms.
    #[schema(value_type = Option<Value>)]
    counts: Value,
    /// What came of it in the end.
    #[schema(value_type = Option<Value>)]
    result: Option<Value>,
    /// Why it failed.
    error: Option<String>,
    /// The member who asked for it.
    created_by: Option<Uuid>,
    /// When it was asked for.
    created_at: DateTime<Utc>,
    /// When it was taken up.
    started_at: Option<DateTime<Utc>>,
    /// When it ended.
    ended_at: Option<DateTime<Utc>>,
}

impl From<&commands::jobs::Job> for Job {
    fn from(job: &commands::jobs::Job) -> Self {
        Self {
            id: job.id.0,
            kind: job.kind.clone(),
            state: job.state.as_str(),
            done: job.done,
            total: job.total,
            counts: job.counts.clone(),
            result: job.result.clone(),
            error: job.error.clone(),
            created_by: job.created_by().map(|member| member.0),
            created_at: job.created_at,
            started_at: job.started_at,
            ended_at: job.ended_at,
        }
    }
}
