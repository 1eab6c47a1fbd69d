//! `POST /jobs/{id}/cancel`

use super::body::Job;
use crate::auth::Auth;
use crate::extract::{NoBody, Path};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use uuid::Uuid;

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/jobs/{id}/cancel", "cancel_job", handler)
        .for_any_member()
        .about(super::TAG, "End a job after its present step")
        .details("What it did so far stays.")
        .param(params::id("job"))
        .answers::<Job>(200, "The job since.")
}

async fn handler(
    State(app): State<App>,
    auth: Auth,
    Path(id): Path<Uuid>,
    _: NoBody,
) -> ApiResult<Json<Job>> {
    let job = app.visible_job(&auth, id).await?;
    let job = app.jobs.cancel(auth.actor.organization, job.id).await?;
    Ok(Json(Job::from(&job)))
}
