//! `GET /jobs/{id}`

use super::body::Job;
use crate::auth::Auth;
use crate::extract::Path;
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use uuid::Uuid;

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::get("/jobs/{id}", "get_job", handler)
        .for_any_member()
        .about(super::TAG, "How far a job is")
        .param(params::id("job"))
        .answers::<Job>(200, "The job.")
}

async fn handler(State(app): State<App>, auth: Auth, Path(id): Path<Uuid>) -> ApiResult<Json<Job>> {
    let job = app.visible_job(&auth, id).await?;
    Ok(Json(Job::from(&job)))
}
