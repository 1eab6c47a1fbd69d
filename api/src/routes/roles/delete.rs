//! `DELETE /roles/{id}` and `POST /roles/{id}/restore`

use super::body::Role;
use super::respond;
use crate::auth::RecentAuth;
use crate::extract::{CommandHeaders, NoBody, Path};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::Permission;
use domain::ids::RoleId;
use uuid::Uuid;

/// The endpoint that deletes a role.
pub fn endpoint() -> Endpoint {
    Endpoint::delete("/roles/{id}", "delete_role", delete)
        .needs([Permission::ROLES_DELETE])
        .about(super::TAG, "Delete a role: whoever has it has nothing from it")
        .details("Built-in roles cannot be deleted. Asks for recent authentication.")
        .param(params::id("role"))
        .params(params::command())
        .answers::<Role>(200, "The role since.")
}

/// The endpoint that takes it back.
pub fn restore() -> Endpoint {
    Endpoint::post("/roles/{id}/restore", "restore_role", bring_back)
        .needs([Permission::ROLES_DELETE])
        .about(super::TAG, "Take a deleted role back, for all who had it")
        .details("Asks for recent authentication.")
        .param(params::id("role"))
        .params(params::command())
        .answers::<Role>(200, "The role since.")
}

async fn delete(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "delete_role", &headers, b"");
    let done = app.access.delete_role(&request, RoleId(id), headers.if_match).await?;
    respond(&auth, RoleId(id), StatusCode::OK, &done)
}

async fn bring_back(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    NoBody(bytes): NoBody,
) -> ApiResult<Response> {
    let request = app.command(&auth, "restore_role", &headers, &bytes);
    let done = app.access.restore_role(&request, RoleId(id), headers.if_match).await?;
    respond(&auth, RoleId(id), StatusCode::OK, &done)
}
