//! `GET /jobs`

use super::body::Job;
use super::may_see;
use crate::auth::Auth;
use crate::extract::Query;
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use domain::ids::JobId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const PAGE: u32 = 50;
const LONGEST_PAGE: u32 = 200;
/// What cursors of this list are bound to; ids of other organizations find nothing.
const NAME: &str = "jobs";

/// A page of jobs.
#[derive(Serialize, ToSchema)]
struct Jobs {
    /// Newest first; for administrators all, for others their own.
    items: Vec<Job>,
    /// Where older ones go on.
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    limit: Option<u32>,
    cursor: Option<String>,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    let limit = schema::integer(1, LONGEST_PAGE.into());
    Endpoint::get("/jobs", "list_jobs", handler)
        .for_any_member()
        .about(super::TAG, "Long-running work, newest first")
        .param(params::query("limit", limit, "Jobs per page; 50 if absent."))
        .param(params::query("cursor", schema::text(200), "Where the page before ended."))
        .answers::<Jobs>(200, "A page.")
}

async fn handler(
    State(app): State<App>,
    auth: Auth,
    Query(page): Query<Page>,
) -> ApiResult<Json<Jobs>> {
    let limit = page.limit.unwrap_or(PAGE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(ApiError::bad_parameter("limit", "out_of_range", "Between 1 and 200."));
    }
    let before = page.cursor.map(|cursor| app.cursors.read::<JobId>(NAME, &cursor)).transpose()?;
    let jobs = app.jobs.list(auth.actor.organization, before, limit).await?;
    let full = u32::try_from(jobs.len()).is_ok_and(|length| length == limit);
    let next_cursor =
        jobs.last().filter(|_| full).map(|job| app.cursors.sign(NAME, &job.id)).transpose()?;
    let items = jobs.iter().filter(|job| may_see(&auth, job)).map(Job::from).collect();
    Ok(Json(Jobs { items, next_cursor }))
}
