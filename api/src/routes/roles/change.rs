//! `PATCH /roles/{id}`, `PUT /roles/{id}/permissions` and `PUT /roles/{id}/fields`

use super::body::{self, Access, Reach, Role};
use super::respond;
use crate::auth::{Auth, RecentAuth};
use crate::extract::{CommandBody, CommandHeaders, Path};
use crate::http::ApiResult;
use crate::openapi::endpoint::Undeclared;
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::Permission;
use domain::ids::RoleId;
use domain::role::Title;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a role is called.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RoleTitle)]
struct NewTitle {
    /// A name that no other role has.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it is for; nothing, if absent.
    #[serde(default)]
    #[schema(max_length = 500)]
    description: Option<String>,
}

/// All that a role grants.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RolePermissions)]
struct NewPermissions {
    /// By name; what is not named is not granted.
    permissions: BTreeMap<String, Reach>,
}

/// All fields that a role restricts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RoleFields)]
struct NewFields {
    /// By record type; what is not named is not restricted.
    fields: BTreeMap<String, BTreeMap<String, Access>>,
}

const BOUNDS: &str = "Neither before nor after may the role be wider than one's own rights.";

fn document(endpoint: Endpoint<Undeclared>, summary: &str, details: String) -> Endpoint {
    endpoint
        .needs([Permission::ROLES_UPDATE])
        .about(super::TAG, summary)
        .details(details)
        .param(params::id("role"))
        .params(params::command())
        .answers::<Role>(200, "The role since.")
}

/// The endpoint of name and description.
pub fn title() -> Endpoint {
    let endpoint = Endpoint::patch("/roles/{id}", "rename_role", rename).body::<NewTitle>();
    document(endpoint, "Give a role another name and description", BOUNDS.to_owned())
}

/// The endpoint of the permissions.
pub fn permissions() -> Endpoint {
    let path = "/roles/{id}/permissions";
    let endpoint = Endpoint::put(path, "set_role_permissions", grant).body::<NewPermissions>();
    document(endpoint, "Let a role grant exactly these permissions", with_recent())
}

/// The endpoint of the restricted fields.
pub fn fields() -> Endpoint {
    let path = "/roles/{id}/fields";
    let endpoint = Endpoint::put(path, "set_role_fields", restrict).body::<NewFields>();
    document(endpoint, "Let a role restrict exactly these fields", with_recent())
}

fn with_recent() -> String {
    format!("{BOUNDS} Asks for recent authentication.")
}

async fn rename(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    body: CommandBody<NewTitle>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "rename_role", &headers, &body.bytes);
    let NewTitle { name, description } = body.value;
    let (id, title) = (RoleId(id), Title { name, description });
    let done = app.access.rename_role(&request, id, headers.if_match, title).await?;
    respond(&auth, id, StatusCode::OK, &done)
}

async fn grant(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    body: CommandBody<NewPermissions>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "change_role", &headers, &body.bytes);
    let (id, permissions) = (RoleId(id), body::permissions(body.value.permissions));
    let done = app.access.set_role_permissions(&request, id, headers.if_match, permissions).await?;
    respond(&auth, id, StatusCode::OK, &done)
}

async fn restrict(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    body: CommandBody<NewFields>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "change_role", &headers, &body.bytes);
    let (id, fields) = (RoleId(id), body::fields(body.value.fields));
    let done = app.access.set_role_fields(&request, id, headers.if_match, fields).await?;
    respond(&auth, id, StatusCode::OK, &done)
}
