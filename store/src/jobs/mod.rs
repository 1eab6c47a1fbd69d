//! Rows of long-running work, mails that wait, and how far processes have followed the logs.

mod follower;
mod outbox;
mod table;

pub use follower::{Ahead, Followers, Found, Logs};
pub use outbox::{MailRef, Outbox};
pub use table::{JobTable, Progress, Release};

use chrono::{DateTime, Utc};
use domain::ids::{JobId, MemberId, OrganizationId};
use serde_json::Value;
use uuid::Uuid;

/// Why a job could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum JobStoreError {
    /// The database failed.
    #[error("database")]
    Database(#[from] sqlx::Error),
}

/// Where a job is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for a process.
    Queued,
    /// A process has it, or had it and died.
    Running,
    /// Waits for being resumed.
    Paused,
    /// Is to end after the present step.
    Cancelling,
    /// Ended before it was done; what it did stays.
    Cancelled,
    /// Ended with a result.
    Done,
    /// Ended with an error.
    Failed,
}

impl JobState {
    /// The name in the database and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Cancelling => "cancelling",
            Self::Cancelled => "cancelled",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// Whether nothing more will happen unless somebody asks for it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Cancelled | Self::Done | Self::Failed)
    }
}

impl TryFrom<String> for JobState {
    type Error = UnknownState;

    fn try_from(name: String) -> Result<Self, UnknownState> {
        let all = [
            Self::Queued,
            Self::Running,
            Self::Paused,
            Self::Cancelling,
            Self::Cancelled,
            Self::Done,
            Self::Failed,
        ];
        all.into_iter().find(|state| state.as_str() == name).ok_or(UnknownState(name))
    }
}

/// A state that this build does not know.
#[derive(Debug, thiserror::Error)]
#[error("unknown job state {0}")]
pub struct UnknownState(String);

/// A job as it stands.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Job {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: JobId,
    /// The organization it is for.
    #[sqlx(rename = "organization_id", try_from = "Uuid")]
    pub organization: OrganizationId,
    /// What kind of work, such as `import`.
    pub kind: String,
    /// Where it is in its life.
    #[sqlx(try_from = "String")]
    pub state: JobState,
    /// What was asked for.
    pub params: Value,
    /// The member who asked for it.
    created_by: Option<Uuid>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When anything of it last changed.
    pub updated_at: DateTime<Utc>,
    /// When a process first took it up.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How much is done, in the kind's own unit.
    pub done: i64,
    /// How much there is to do, once known.
    pub total: Option<i64>,
    /// What came of it so far, in the kind's own terms.
    pub counts: Value,
    /// Where to go on after an interruption; for the handler only.
    pub cursor: Option<Value>,
    /// What came of it in the end.
    pub result: Option<Value>,
    /// Why it failed, for people.
    pub error: Option<String>,
}

impl Job {
    /// The member who asked for it.
    pub fn created_by(&self) -> Option<MemberId> {
        self.created_by.map(MemberId)
    }
}
