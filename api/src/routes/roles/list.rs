//! `GET /roles` and `GET /roles/{id}`

use super::body::Role;
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
use domain::ids::RoleId;
use domain::normalize;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The roles of the organization.
#[derive(Serialize, ToSchema)]
#[schema(as = Roles)]
struct Body {
    /// Built-in ones first, then in order of name; deleted ones last.
    items: Vec<Role>,
}

/// The endpoint of the list.
pub fn every() -> Endpoint {
    Endpoint::get("/roles", "list_roles", all)
        .needs([Permission::ROLES_READ])
        .about(super::TAG, "The roles of the organization")
        .details("Read from their events, so it is never behind.")
        .answers::<Body>(200, "The roles.")
}

/// The endpoint of one.
pub fn one() -> Endpoint {
    Endpoint::get("/roles/{id}", "get_role", single)
        .needs([Permission::ROLES_READ])
        .about(super::TAG, "A role")
        .param(params::id("role"))
        .answers::<Role>(200, "The role.")
}

async fn all(State(app): State<App>, auth: Auth) -> ApiResult<impl IntoResponse> {
    let folded = app.access.roles(auth.actor.organization).await?;
    let mut roles: Vec<_> = folded.state.of(auth.actor.organization).into_iter().collect();
    roles.sort_by_cached_key(|(_, role)| {
        let builtin = role.builtin.map_or(u8::MAX, |builtin| builtin as u8);
        (role.deleted, builtin, normalize::search_key(&role.title.name))
    });
    let wire = |(id, role)| Role::new(&auth, id, &role, folded.version);
    let items = roles.into_iter().map(wire).collect();
    Ok((AppendHeaders([(header::ETAG, etag(folded.version))]), Json(Body { items })))
}

async fn single(
    State(app): State<App>,
    auth: Auth,
    Path(id): Path<Uuid>,
) -> ApiResult<impl IntoResponse> {
    let folded = app.access.roles(auth.actor.organization).await?;
    let id = RoleId(id);
    let role = folded.state.get(auth.actor.organization, id).ok_or_else(ApiError::not_found)?;
    let body = Role::new(&auth, id, &role, folded.version);
    Ok((AppendHeaders([(header::ETAG, etag(folded.version))]), Json(body)))
}
