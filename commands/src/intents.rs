//! What was set out for in the log is carried out.
//!
//! Whoever begins what takes a job appends the intent first, and queues the job then. A process
//! that dies in between leaves an intent behind that nobody carries out. So this follows the logs,
//! and queues the job of every intent, too: everything that a job needs to know is in the log, and
//! one that was queued before, whatever became of it, stays as it is.

use crate::error::CommandError;
use crate::execute::Commands;
use crate::follow::{Follow, catch_up, keep_up};
use crate::jobs::{JobError, Jobs};
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
use store::jobs::{Followers, Found, JobStoreError, Logs};
use store::{ActorKind, LogId, StreamId};
use uuid::Uuid;

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
        catch_up(self).await
    }

    /// Queues jobs for as long as it is polled. May be dropped at any point.
    pub async fn follow(&self) {
        keep_up(self, self.commands.log().appended()).await;
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

impl Follow for Intents {
    const NAME: &'static str = "intents";
    const LOGS: Logs = Logs::Organizations;
    /// Each is the first event of its stream.
    const TYPES: &'static [&'static str] = &["bulk.started", "import.started", "undo.started"];
    type Error = IntentsError;

    fn followers(&self) -> &Followers {
        &self.followers
    }

    async fn act_upon(&self, log: LogId, found: Vec<Found>) -> Result<(), IntentsError> {
        for intent in found {
            self.queue_one(log, intent.stream).await?;
        }
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
