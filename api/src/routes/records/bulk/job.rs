//! Carrying out a bulk act: a job that first writes down which records it is about, and then deals
//! with one page of them after the other.

use super::Search;
use crate::routes::records::query::Bin;
use commands::bulk::{Bulks, KIND, Tally};
use commands::jobs::{JobFailure, JobHandler, JobRun, Progress};
use commands::records::RecordAct;
use commands::{Caller, CommandRequest};
use domain::access::{Permission, Verb};
use domain::bulk::{Act, Counts, Plan};
use domain::record::RecordType;
use projections::{ListQuery, Projections, ReadError, Scope};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;
use store::{LogId, Position};
use uuid::Uuid;

/// Records between two reports.
const STEP: usize = 250;
/// Records that are found at once.
const PAGE: u32 = 5_000;
/// How long it waits for the read models between two reports.
const CATCH_UP: Duration = Duration::from_secs(5);

/// How far a job has come.
#[derive(Default, Deserialize, Serialize)]
struct Place {
    /// The version of the act's stream up to which all pages are done.
    version: u32,
    /// Records of the next page that are done.
    within: usize,
    tally: Tally,
}

/// Carries out bulk acts.
pub struct BulkJobs {
    /// How it is done.
    pub bulks: Bulks,
    /// What filters find.
    pub projections: Projections,
}

fn unreadable(error: ReadError) -> JobFailure {
    JobFailure::Interrupted(Box::new(error))
}

fn gone() -> JobFailure {
    JobFailure::Failed("Who began this may not go on any more.".to_owned())
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[async_trait::async_trait]
impl JobHandler for BulkJobs {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, run: &JobRun) -> Result<Value, JobFailure> {
        let none = || JobFailure::Failed("There is no such bulk act.".to_owned());
        let plan = self.bulks.plan(run.job.organization.into(), run.job.id.0).await?;
        let plan = plan.ok_or_else(none)?;
        macro_rules! of_type {
            ($($record:ty,)+) => {$(
                if plan.record_type == <$record>::KIND {
                    return self.carry_out::<$record>(run, &plan).await;
                }
            )+};
        }
        domain::for_each_record_type!(of_type);
        Err(none())
    }
}

impl BulkJobs {
    async fn carry_out<R: RecordType>(
        &self,
        run: &JobRun,
        plan: &Plan,
    ) -> Result<Value, JobFailure> {
        let malformed = |_| JobFailure::Failed("The job is not one of a bulk act.".to_owned());
        let mut place: Place = match &run.job.cursor {
            Some(cursor) if !cursor.is_null() => {
                serde_json::from_value(cursor.clone()).map_err(malformed)?
            }
            Some(_) | None => Place::default(),
        };
        let (log, id) = (LogId::from(run.job.organization), run.job.id.0);
        let request = async || {
            let request = self.bulks.request(run.job.organization, id).await?;
            request.ok_or_else(gone)
        };
        let mut bulk = self.bulks.load(log, id).await?;
        if !bulk.state.fixed {
            let intended = bulk.position;
            self.select::<R>(run, &request().await?, plan, (bulk.state.last, intended)).await?;
            bulk = self.bulks.load(log, id).await?;
        }
        let selected = bulk.state.selected;
        while let Some((version, ids)) = self.bulks.page(log, id, place.version).await? {
            // Rights as they are now, of whoever asked for it.
            let request = request().await?;
            self.deal_with::<R>(run, &request, plan, (&ids, selected), &mut place).await?;
            (place.version, place.within) = (version, 0);
        }
        let Tally { counts, .. } = place.tally;
        let position = self.bulks.complete(&request().await?, counts).await?;
        let action = (counts.changed > 0).then_some(id);
        Ok(json!({
            "action": action, "position": position, "counts": told(selected, &place.tally),
        }))
    }

    /// Writes down what the filter finds, all in one snapshot that is no older than the intent.
    async fn select<R: RecordType>(
        &self,
        run: &JobRun,
        request: &CommandRequest,
        plan: &Plan,
        (last, intended): (Option<Uuid>, Position),
    ) -> Result<(), JobFailure> {
        let query = query::<R>(&request.caller, plan)?;
        let read = Permission::on::<R>(Verb::Read);
        let reach = request.caller.reach(read).ok_or_else(gone)?;
        while self
            .projections
            .wait_for(request.log, intended, CATCH_UP)
            .await
            .map_err(unreadable)?
            < intended
        {
            let (counts, cursor) = (Value::Null, Value::Null);
            run.report(&Progress { done: 0, total: None, counts, cursor }).await?;
        }
        let scope = Scope::live(run.job.organization, reach);
        let mut tx = self.projections.read(scope).await.map_err(unreadable)?;
        let (mut found, mut after) = (Vec::new(), last);
        loop {
            let page = tx.list_ids::<R>(&query, after, PAGE).await.map_err(unreadable)?;
            found.extend(page.ids);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        drop(tx);
        for ids in found.chunks(domain::bulk::PAGE) {
            self.bulks.select(request, ids).await?;
            let (counts, cursor) = (Value::Null, Value::Null);
            run.report(&Progress { done: 0, total: None, counts, cursor }).await?;
        }
        Ok(self.bulks.fix(request).await?)
    }

    async fn deal_with<R: RecordType>(
        &self,
        run: &JobRun,
        request: &CommandRequest,
        plan: &Plan,
        (ids, selected): (&[Uuid], u64),
        place: &mut Place,
    ) -> Result<(), JobFailure> {
        if ids.len() <= place.within {
            return Ok(());
        }
        let values = plan.intent.as_ref().map_or(&Value::Null, |intent| &intent.values);
        let act = RecordAct::read::<R>(plan.act, values).map_err(|_| erased())?;
        let prepared = self.bulks.prepare::<R>(request, act).await?;
        for ids in ids[place.within..].chunks(STEP) {
            place.tally.add(self.bulks.act::<R>(request, &prepared, ids).await?);
            place.within += ids.len();
            let done = place.tally.counts.total().unwrap_or(u64::MAX);
            run.report(&Progress {
                done: number(done),
                total: Some(number(selected)),
                counts: told(selected, &place.tally),
                cursor: json!(place),
            })
            .await?;
        }
        Ok(())
    }
}

fn erased() -> JobFailure {
    JobFailure::Failed("What was to be done has been erased.".to_owned())
}

/// What the filter of an act means for its actor, as of now.
fn query<R: RecordType>(caller: &Caller, plan: &Plan) -> Result<ListQuery, JobFailure> {
    // Without its conditions it would be about everything.
    let intent = plan.intent.as_ref().ok_or_else(erased)?;
    let deleted = if plan.act == Act::Restore { Bin::Only } else { Bin::Exclude };
    let (filter, q) = (intent.filter.clone(), intent.q.clone());
    let search = Search { q, filter, deleted, ..Search::default() };
    search
        .matching::<R>(caller.hidden::<R>())
        .map_err(|_| JobFailure::Failed("What it is about can no longer be looked for.".to_owned()))
}

/// What came of it so far, as a job shows it.
fn told(selected: u64, tally: &Tally) -> Value {
    let Counts { changed, unchanged, not_permitted, not_found, refused } = tally.counts;
    json!({
        "selected": selected, "changed": changed, "unchanged": unchanged,
        "not_permitted": not_permitted, "not_found": not_found, "refused": refused,
        "reasons": tally.reasons,
    })
}
