//! Teams: whose records a member sees whose reach is the team.

mod body;
mod change;
mod delete;
mod list;

use crate::extract::headers::{POSITION, etag};
use crate::http::{ApiError, ApiResult};
use crate::state::App;
use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use body::Team;
use commands::Done;
use domain::ids::TeamId;
use domain::team::Teams;
use store::Position;
use utoipa_axum::router::OpenApiRouter;

/// Group in the documentation.
const TAG: &str = "teams";

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(list::every().build())
        .routes(list::one().build())
        .routes(change::create().build())
        .routes(change::rename().build())
        .routes(change::members().build())
        .routes(delete::endpoint().build())
        .routes(delete::restore().build())
}

/// The answer to a command on a part of what is one stream for the organization.
pub struct Changed;

impl Changed {
    /// Its headers.
    pub fn headers(
        version: u32,
        position: Position,
    ) -> AppendHeaders<[(HeaderName, HeaderValue); 2]> {
        AppendHeaders([(header::ETAG, etag(version)), (POSITION, HeaderValue::from(position))])
    }
}

/// Answers a command with the team as it is since.
fn respond(id: TeamId, status: StatusCode, done: &Done<Teams>) -> ApiResult<Response> {
    let team = done.folded.state.teams.get(&id).ok_or_else(ApiError::not_found)?;
    let body = Json(Team::new(id, team, done.folded.version));
    Ok((status, Changed::headers(done.folded.version, done.position), body).into_response())
}
