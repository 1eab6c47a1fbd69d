//! `DELETE /teams/{id}` and `POST /teams/{id}/restore`

use super::body::Team;
use super::respond;
use crate::auth::Auth;
use crate::extract::{CommandHeaders, NoBody, Path};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::Permission;
use domain::ids::TeamId;
use uuid::Uuid;

/// The endpoint that deletes a team.
pub fn endpoint() -> Endpoint {
    Endpoint::delete("/teams/{id}", "delete_team", delete)
        .needs([Permission::TEAMS_DELETE])
        .about(super::TAG, "Delete a team: nobody reaches anything by it")
        .param(params::id("team"))
        .params(params::command())
        .answers::<Team>(200, "The team since.")
}

/// The endpoint that takes it back.
pub fn restore() -> Endpoint {
    Endpoint::post("/teams/{id}/restore", "restore_team", bring_back)
        .needs([Permission::TEAMS_DELETE])
        .about(super::TAG, "Take a deleted team back, with the members that it had")
        .param(params::id("team"))
        .params(params::command())
        .answers::<Team>(200, "The team since.")
}

async fn delete(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "delete_team", &headers, b"");
    let done = app.access.delete_team(&request, TeamId(id), headers.if_match).await?;
    respond(TeamId(id), StatusCode::OK, &done)
}

async fn bring_back(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    NoBody(bytes): NoBody,
) -> ApiResult<Response> {
    let request = app.command(&auth, "restore_team", &headers, &bytes);
    let done = app.access.restore_team(&request, TeamId(id), headers.if_match).await?;
    respond(TeamId(id), StatusCode::OK, &done)
}
