//! An undo of many things, carried out by a job.

use super::undo::{Counts, KIND, outcomes};
use crate::auth::Auth;
use crate::http::ApiResult;
use crate::routes::jobs::Job;
use crate::state::AppState;
use commands::jobs::{JobFailure, JobHandler, JobRun, Progress};
use commands::undo::{Outcome, Undo};
use commands::{Caller, CommandRequest, Commands, Origin};
use domain::access::Permission;
use domain::ids::{ActionId, JobId, OrganizationId};
use domain::reach::Reach;
use projections::{ActionStreamRow, Projections, Scope};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::{LogId, Position};
use uuid::Uuid;

/// Streams between two reports of a job.
const STEP: u32 = 500;

impl AppState {
    /// Begins to undo `action`. The job has the id of the undo's own action.
    pub async fn undo_by_job(
        &self,
        auth: &Auth,
        request: &CommandRequest,
        action: Uuid,
        preview: bool,
    ) -> ApiResult<Job> {
        // A program may no more by way of a job than at once.
        let held = || auth.actor.rights.permissions().map(|(held, _)| held.to_string()).collect();
        let permissions = auth.actor.key.is_some().then(held);
        let params = Params { action, undo: request.action.0, preview, permissions };
        let (organization, id) = (auth.actor.organization, JobId(request.action.0));
        let by = Some(auth.actor.member);
        Ok(Job::from(&self.jobs.start(organization, id, KIND, &json!(params), by).await?))
    }
}

/// What the job is asked to do.
#[derive(Deserialize, Serialize)]
struct Params {
    action: Uuid,
    /// The undo's own action.
    undo: Uuid,
    preview: bool,
    /// The only permissions that it may use, if it was asked for by a program.
    permissions: Option<BTreeSet<String>>,
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
    /// The request of a job, with its member's rights as they are now.
    async fn request(&self, run: &JobRun, params: &Params) -> Result<CommandRequest, JobFailure> {
        let organization = run.job.organization;
        let gone = || JobFailure::Failed("Who began this may not go on any more.".to_owned());
        let member = run.job.created_by().ok_or_else(gone)?;
        let mut actor = self.commands.actor(organization, member).await?.ok_or_else(gone)?;
        if let Some(names) = &params.permissions {
            let held = names.iter().filter_map(|name| Permission::parse(name)).collect();
            actor.rights = actor.rights.limited_to(&held).into();
        }
        let log = LogId::from(organization);
        let caller = Caller::Member(actor);
        let mut request = self.commands.request(log, caller, Origin::WORKER, KIND);
        request.action = ActionId(params.undo);
        request.command_id = Some(params.undo);
        request.causation = Some(params.action);
        Ok(request)
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
        let (organization, action) = (run.job.organization, ActionId(params.action));
        let request = self.request(run, &params).await?;
        let undo = Undo::new(self.commands.clone());
        let total = self.total(organization, action).await;
        loop {
            let streams = self.streams(organization, action, place.position).await?;
            let Some(last) = streams.last() else { break };
            place.position = last.position;
            let outcomes = outcomes(&undo, &request, &streams, action, params.preview).await?;
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
        let done = !params.preview && place.counts.reverted > 0;
        let action = done.then_some(params.undo);
        let head = self.commands.log().head(organization.into()).await?;
        Ok(json!({
            "preview": params.preview, "action": action, "counts": place.counts,
            "position": head.position,
        }))
    }
}
