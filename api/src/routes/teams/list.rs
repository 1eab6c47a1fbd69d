//! `GET /teams` and `GET /teams/{id}`

use super::body::Team;
use crate::auth::Auth;
use crate::extract::Path;
use crate::extract::headers::etag;
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse};
use domain::access::Permission;
use domain::ids::TeamId;
use domain::normalize;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The teams of the organization.
#[derive(Serialize, ToSchema)]
#[schema(as = Teams)]
struct Body {
    /// In order of name; deleted ones last.
    items: Vec<Team>,
}

/// The endpoint of the list.
pub fn every() -> Endpoint {
    Endpoint::get("/teams", "list_teams", all)
        .needs([Permission::TEAMS_READ])
        .about(super::TAG, "The teams of the organization")
        .details("Read from their events, so it is never behind.")
        .answers::<Body>(200, "The teams.")
}

/// The endpoint of one.
pub fn one() -> Endpoint {
    Endpoint::get("/teams/{id}", "get_team", single)
        .needs([Permission::TEAMS_READ])
        .about(super::TAG, "A team")
        .param(params::id("team"))
        .answers::<Team>(200, "The team.")
}

async fn all(State(app): State<App>, auth: Auth) -> ApiResult<impl IntoResponse> {
    let folded = app.access.teams(auth.actor.organization).await?;
    let mut teams: Vec<_> = folded.state.teams.iter().collect();
    teams.sort_by_cached_key(|(_, team)| (team.deleted, normalize::search_key(&team.name)));
    let wire = |(id, team): (&TeamId, _)| Team::new(*id, team, folded.version);
    let items = teams.into_iter().map(wire).collect();
    Ok((AppendHeaders([(header::ETAG, etag(folded.version))]), Json(Body { items })))
}

async fn single(
    State(app): State<App>,
    auth: Auth,
    Path(id): Path<Uuid>,
) -> ApiResult<impl IntoResponse> {
    let folded = app.access.teams(auth.actor.organization).await?;
    let team = folded.state.teams.get(&TeamId(id)).ok_or_else(ApiError::not_found)?;
    let body = Team::new(TeamId(id), team, folded.version);
    Ok((AppendHeaders([(header::ETAG, etag(folded.version))]), Json(body)))
}
