//! `POST /roles`

use super::body::{self, Access, Reach, Role};
use super::respond;
use crate::auth::RecentAuth;
use crate::extract::{CommandBody, CommandHeaders};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::Permission;
use domain::role::Title;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A role to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRole)]
struct Body {
    /// A name that no other role has.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 500)]
    description: Option<String>,
    /// What it grants, by name; see `GET /roles/permissions`.
    permissions: BTreeMap<String, Reach>,
    /// The fields that it restricts, by record type.
    #[serde(default)]
    fields: BTreeMap<String, BTreeMap<String, Access>>,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    let [idempotency, _, reason] = params::command();
    Endpoint::post("/roles", "create_role", handler)
        .needs([Permission::ROLES_CREATE])
        .about(super::TAG, "Make a role")
        .details(
            "Not wider than one's own rights: `wider_than_own` otherwise. Asks for recent \
             authentication.",
        )
        .params([idempotency, reason])
        .body::<Body>()
        .answers::<Role>(201, "The role.")
}

async fn handler(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    body: CommandBody<Body>,
) -> ApiResult<Response> {
    let Body { name, description, permissions, fields } = body.value;
    let request = app.command(&auth, "create_role", &headers, &body.bytes);
    let (permissions, fields) = (body::permissions(permissions), body::fields(fields));
    let title = Title { name, description };
    let (id, done) = app.access.create_role(&request, title, permissions, fields).await?;
    respond(&auth, id, StatusCode::CREATED, &done)
}
