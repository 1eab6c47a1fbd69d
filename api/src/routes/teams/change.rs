//! `POST /teams`, `PATCH /teams/{id}` and `PUT /teams/{id}/members`

use super::body::Team;
use super::respond;
use crate::auth::Auth;
use crate::extract::{CommandBody, CommandHeaders, Path};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::Permission;
use domain::ids::{MemberId, TeamId};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a team is called.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TeamName)]
struct Name {
    /// A name that no other team has.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// Who is in a team.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TeamMembers)]
struct Members {
    /// Ids of all its members.
    #[schema(max_items = 500)]
    members: Vec<Uuid>,
}

/// The endpoint that makes a team.
pub fn create() -> Endpoint {
    let [idempotency, _, reason] = params::command();
    Endpoint::post("/teams", "create_team", make)
        .needs([Permission::TEAMS_CREATE])
        .about(super::TAG, "Make a team, with nobody in it yet")
        .params([idempotency, reason])
        .body::<Name>()
        .answers::<Team>(201, "The team.")
}

/// The endpoint that renames it.
pub fn rename() -> Endpoint {
    Endpoint::patch("/teams/{id}", "rename_team", call)
        .needs([Permission::TEAMS_UPDATE])
        .about(super::TAG, "Give a team another name")
        .param(params::id("team"))
        .params(params::command())
        .body::<Name>()
        .answers::<Team>(200, "The team since.")
}

/// The endpoint of its members.
pub fn members() -> Endpoint {
    Endpoint::put("/teams/{id}/members", "set_team_members", fill)
        .needs([Permission::TEAMS_UPDATE])
        .about(super::TAG, "Let a team have exactly these members")
        .details(
            "They will see each other's records where their reach is the team; so one must see \
             the records of all of them oneself.",
        )
        .param(params::id("team"))
        .params(params::command())
        .body::<Members>()
        .answers::<Team>(200, "The team since.")
}

async fn make(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    body: CommandBody<Name>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "create_team", &headers, &body.bytes);
    let (id, done) = app.access.create_team(&request, &body.value.name).await?;
    respond(id, StatusCode::CREATED, &done)
}

async fn call(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    body: CommandBody<Name>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "rename_team", &headers, &body.bytes);
    let (id, name) = (TeamId(id), &body.value.name);
    let done = app.access.rename_team(&request, id, headers.if_match, name).await?;
    respond(id, StatusCode::OK, &done)
}

async fn fill(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    body: CommandBody<Members>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "change_team", &headers, &body.bytes);
    let members = body.value.members.into_iter().map(MemberId).collect();
    let id = TeamId(id);
    let done = app.access.set_team_members(&request, id, headers.if_match, members).await?;
    respond(id, StatusCode::OK, &done)
}
