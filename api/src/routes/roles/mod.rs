//! Roles: what there is to grant, who may what, and who has which role.

mod assign;
mod body;
mod change;
mod create;
mod delete;
mod list;
mod permissions;

use super::teams::Changed;
use crate::auth::Auth;
use crate::http::{ApiError, ApiResult};
use crate::state::App;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use body::Role;
use commands::Done;
use domain::ids::RoleId;
use domain::role::Roles;
use utoipa_axum::router::OpenApiRouter;

/// Group in the documentation.
const TAG: &str = "roles";

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(permissions::endpoint().build())
        .routes(list::every().build())
        .routes(list::one().build())
        .routes(create::endpoint().build())
        .routes(change::title().build())
        .routes(change::permissions().build())
        .routes(change::fields().build())
        .routes(delete::endpoint().build())
        .routes(delete::restore().build())
        .routes(assign::read().build())
        .routes(assign::endpoint().build())
}

/// Answers a command with the role as it is since.
fn respond(auth: &Auth, id: RoleId, status: StatusCode, done: &Done<Roles>) -> ApiResult<Response> {
    let role = done.folded.state.get(auth.actor.organization, id);
    let role = role.ok_or_else(ApiError::not_found)?;
    let body = Json(Role::new(auth, id, &role, done.folded.version));
    Ok((status, Changed::headers(done.folded.version, done.position), body).into_response())
}
