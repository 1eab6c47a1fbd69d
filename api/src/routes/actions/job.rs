//! An undo of many things, carried out by a job.

use super::undo::{Counts, outcomes};
use crate::auth::Auth;
use crate::http::ApiResult;
use crate::routes::jobs::Job;
use crate::state::AppState;
use commands::jobs::{JobFailure, JobHandler, JobRun, Progress};
use commands::undo::{KIND, Outcome, Undo};
use commands::{Caller, CommandError, CommandRequest, Commands, Origin};
use domain::ids::{ActionId, ApiKeyId, JobId, OrganizationId};
use domain::reach::Reach;
use projections::{ActionStreamRow, Projections, Scope};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{LogId, Position};

/// Streams between two reports of a job.
const STEP: u32 = 500;

impl AppState {
    /// Begins to undo `action`, or to count what that would come to. The job has the id of the
    /// undo's own action.
    pub async fn undo_by_job(
        &self,
        auth: &Auth,
        request: &CommandRequest,
        action: ActionId,
        preview: bool,
    ) -> ApiResult<Job> {
        let params = if preview {
            Params { preview: Some(Preview { action, key: auth.actor.key }) }
        } else {
            Undo::new(self.commands.clone()).start(request, action).await?;
            Params::default()
        };
        let (organization, id) = (auth.actor.organization, JobId(request.action.0));
        let by = Some(auth.actor.member);
        Ok(Job::from(&self.jobs.start(organization, id, KIND, &json!(params), by).await?))
    }
}

/// What the job is asked to do. What changes something, its stream says.
#[derive(Default, Deserialize, Serialize)]
struct Params {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    preview: Option<Preview>,
}

/// Only to say what it would come to.
#[derive(Deserialize, Serialize)]
struct Preview {
    action: ActionId,
    /// The API key that it was asked for with: it may no more than that.
    key: Option<ApiKeyId>,
}

/// How far a job has come.
#[derive(Default, Deserialize, Serialize)]
struct Place {
    position: Position,
    done: i64,
    counts: Counts,
}

/// Undoes what touched many things.
pub struct UndoJobs {
    /// How it is done.
    pub commands: Commands,
    /// Where it is known what an action touched.
    pub projections: Projections,
}

impl UndoJobs {
    /// The action that a job takes back, and in which circumstances, with the rights that whoever
    /// asked for it has now.
    async fn asked(
        &self,
        run: &JobRun,
        params: &Params,
    ) -> Result<Option<(ActionId, CommandRequest)>, CommandError> {
        let (organization, id) = (run.job.organization, run.job.id.0);
        let Some(Preview { action, key }) = params.preview else {
            return Undo::new(self.commands.clone()).started(organization, id).await;
        };
        let Some(member) = run.job.created_by() else { return Ok(None) };
        let actor = self.commands.actor_by(organization, member, key).await?;
        Ok(actor.map(|actor| {
            let (log, caller) = (LogId::from(organization), Caller::Member(actor));
            (action, self.commands.request(log, caller, Origin::WORKER, KIND))
        }))
    }

    async fn streams(
        &self,
        organization: OrganizationId,
        action: ActionId,
        after: Position,
    ) -> Result<Vec<ActionStreamRow>, JobFailure> {
        let failed = |error| JobFailure::Interrupted(Box::new(error));
        // Only headers are read, which belong to the organization.
        let scope = Scope::live(organization, Reach::Team(Vec::new()));
        let mut tx = self.projections.read(scope).await.map_err(failed)?;
        tx.action_streams(action, after, STEP).await.map_err(failed)
    }

    async fn total(&self, organization: OrganizationId, action: ActionId) -> Option<i64> {
        let scope = Scope::live(organization, Reach::Team(Vec::new()));
        let row = self.projections.read(scope).await.ok()?.action(action).await.ok()??;
        i64::try_from(row.streams).ok()
    }
}

#[async_trait::async_trait]
impl JobHandler for UndoJobs {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, run: &JobRun) -> Result<Value, JobFailure> {
        let malformed = |_| JobFailure::Failed("The job is not one of an undo.".to_owned());
        let params: Params = serde_json::from_value(run.job.params.clone()).map_err(malformed)?;
        let mut place: Place = match &run.job.cursor {
            Some(cursor) if !cursor.is_null() => {
                serde_json::from_value(cursor.clone()).map_err(malformed)?
            }
            Some(_) | None => Place::default(),
        };
        let gone = || JobFailure::Failed("Who began this may not go on any more.".to_owned());
        let (organization, preview) = (run.job.organization, params.preview.is_some());
        let (action, request) = self.asked(run, &params).await?.ok_or_else(gone)?;
        let undo = Undo::new(self.commands.clone());
        let total = self.total(organization, action).await;
        loop {
            let streams = self.streams(organization, action, place.position).await?;
            let Some(last) = streams.last() else { break };
            place.position = last.position;
            let outcomes = outcomes(&undo, &request, &streams, action, preview).await?;
            place.counts.add(&outcomes);
            let told = outcomes.iter().filter(|outcome| **outcome != Outcome::Aside).count();
            place.done += i64::try_from(told).unwrap_or(i64::MAX);
            run.report(&Progress {
                done: place.done,
                total,
                counts: json!(place.counts),
                cursor: json!(place),
            })
            .await?;
        }
        let done = !preview && place.counts.reverted > 0;
        let action = done.then_some(run.job.id);
        let head = self.commands.log().head(organization.into()).await?;
        Ok(json!({
            "preview": preview, "action": action, "counts": place.counts,
            "position": head.position,
        }))
    }
}
