//! What was set out for in the log is carried out.
//!
//! Whoever begins what takes a job appends the intent first, and queues the job then. A process
//! that dies in between leaves an intent behind that nobody carries out. So this follows the logs,
//! and queues the job of every intent, too: everything that a job needs to know is in the log, and
//! one that was queued before, whatever became of it, stays as it is.

use crate::error::CommandError;
use crate::execute::Commands;
use crate::jobs::{JobError, Jobs};
use crate::news::{POLL, news};
use crate::request::{Caller, CommandRequest, Origin};
use crate::{bulk, import, undo};
use domain::access::Actor;
use domain::aggregate::Aggregate as _;
use domain::api_key::ApiKey;
use domain::bulk::Bulk;
use domain::ids::{ApiKeyId, JobId, MemberId, OrganizationId};
use domain::import::Import;
use domain::undo::Undoing;
use serde_json::json;
use store::jobs::{Ahead, Followers, JobStoreError};
use store::{ActorKind, LogId, StreamId};
use uuid::Uuid;

/// Under which name the places in the logs are kept.
const PROCESS: &str = "intents";

/// The events that set out for something that a job does; each is the first of its stream.
const INTENTS: [&str; 3] = ["bulk.started", "import.started", "undo.started"];

/// How many positions are looked through at once.
const STEP: u64 = 50_000;

/// How many logs are asked for at once.
const LOGS: u32 = 500;

/// Why jobs could not be queued.
#[derive(Debug, thiserror::Error)]
pub enum IntentsError {
    /// The place in a log could not be read or written.
    #[error("place in a log")]
    Store(#[from] JobStoreError),
    /// The log failed.
    #[error("command")]
    Command(#[from] CommandError),
    /// A job could not be queued.
    #[error("job")]
    Job(#[from] JobError),
}

/// Queues the jobs of intents. Cheap to clone.
#[derive(Clone)]
pub struct Intents {
    commands: Commands,
    followers: Followers,
    jobs: Jobs,
}

impl Intents {
    /// Queues in `jobs` what `commands` left in the logs.
    pub fn new(commands: Commands, followers: Followers, jobs: Jobs) -> Self {
        Self { commands, followers, jobs }
    }

    /// Queues the job of every intent up to now that has none. Safe in any number of processes, and
    /// beside the requests that do the same.
    pub async fn queue(&self) -> Result<(), IntentsError> {
        loop {
            let logs = self.followers.ahead(PROCESS, LOGS).await?;
            if logs.is_empty() {
                return Ok(());
            }
            for log in logs {
                self.queue_of(log).await?;
            }
        }
    }

    /// Queues jobs for as long as it is polled. May be dropped at any point.
    pub async fn follow(&self) {
        let mut appended = self.commands.log().appended();
        loop {
            if let Err(error) = self.queue().await {
                tracing::error!(error = &error as &dyn std::error::Error, "intents are stuck");
                tokio::time::sleep(POLL).await;
            }
            news(&mut appended).await;
        }
    }

    async fn queue_of(&self, ahead: Ahead) -> Result<(), IntentsError> {
        let Ahead { log, mut reached, head, .. } = ahead;
        if log == LogId::PLATFORM {
            return Ok(self.followers.advance(PROCESS, log, head).await?);
        }
        while reached < head {
            let upto = head.min(reached + STEP);
            for event_type in INTENTS {
                for (stream, _) in
                    self.followers.streams_with(log, reached, upto, event_type).await?
                {
                    self.queue_one(log, stream).await?;
                }
            }
            self.followers.advance(PROCESS, log, upto).await?;
            reached = upto;
        }
        Ok(())
    }

    async fn queue_one(&self, log: LogId, stream: StreamId) -> Result<(), IntentsError> {
        let events = self.commands.log().read_stream(log, stream, 0, 1).await;
        let events = events.map_err(CommandError::from)?;
        let Some(intent) = events.first() else { return Ok(()) };
        let (id, kind, params) = match intent.kind() {
            Bulk::KIND => (JobId(stream.0), bulk::KIND, json!({})),
            Undoing::KIND => (JobId(stream.0), undo::KIND, json!({})),
            Import::KIND => {
                let import = self.commands.load::<Import>(log, stream).await?;
                let Some(intent) = &import.state.intent else { return Ok(()) };
                (intent.job, import::KIND, import::params(stream))
            }
            _ => return Ok(()),
        };
        let by = intent.meta().map_err(CommandError::from)?.actor.member;
        self.jobs.start(OrganizationId(log.0), id, kind, &params, by).await?;
        Ok(())
    }
}

impl Commands {
    /// A member with the rights that they have now, by an API key no more than that may. `None` if
    /// they may not enter, or the key was revoked.
    pub async fn actor_by(
        &self,
        organization: OrganizationId,
        member: MemberId,
        key: Option<ApiKeyId>,
    ) -> Result<Option<Actor>, CommandError> {
        let Some(mut actor) = self.actor(organization, member).await? else { return Ok(None) };
        if let Some(key) = key {
            let known = self.load::<ApiKey>(organization.into(), key.0).await?;
            if known.state.revoked {
                return Ok(None);
            }
            actor.rights = actor.rights.limited_to(&known.state.permissions()).into();
            actor.key = Some(key);
        }
        Ok(Some(actor))
    }

    /// The circumstances in which an intent is carried out: its own (who, by which way, why, in
    /// which action), with the rights that its actor has now. `None` if they may not enter any more,
    /// or there is no such intent.
    pub(crate) async fn intended(
        &self,
        organization: OrganizationId,
        stream: Uuid,
    ) -> Result<Option<CommandRequest>, CommandError> {
        let log = LogId::from(organization);
        let events = self.log().read_stream(log, stream.into(), 0, 1).await?;
        let Some(intent) = events.first() else { return Ok(None) };
        let meta = intent.meta()?;
        // A program of which nobody knows any more how little it might do.
        let nameless = meta.actor.kind == ActorKind::ApiKey && meta.actor.key.is_none();
        let Some(member) = meta.actor.member.filter(|_| !nameless) else { return Ok(None) };
        let Some(actor) = self.actor_by(organization, member, meta.actor.key).await? else {
            return Ok(None);
        };
        let origin =
            Origin { channel: meta.channel, correlation: meta.correlation, ..Origin::WORKER };
        let mut request = self.request(log, Caller::Member(actor), origin, meta.action_kind);
        request.action = meta.action;
        request.command_id = Some(stream);
        request.causation = meta.causation.or(Some(stream));
        request.reason = intent.private_meta()?.reason;
        Ok(Some(request))
    }
}
