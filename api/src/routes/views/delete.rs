//! `DELETE /views/{id}` and `POST /views/{id}/restore`

use super::body::{self, View};
use crate::auth::Auth;
use crate::extract::{CommandHeaders, NoBody, Path};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::Permission;
use uuid::Uuid;

/// The endpoint that deletes one.
pub fn endpoint() -> Endpoint {
    Endpoint::delete("/views/{id}", "delete_view", delete)
        .needs_any([Permission::VIEWS_UPDATE, Permission::VIEWS_CREATE])
        .about(super::TAG, "Delete a view")
        .param(params::id("view"))
        .params(params::command())
        .answers::<View>(200, "The view since.")
}

/// The endpoint that takes it back.
pub fn restore() -> Endpoint {
    Endpoint::post("/views/{id}/restore", "restore_view", bring_back)
        .needs_any([Permission::VIEWS_UPDATE, Permission::VIEWS_CREATE])
        .about(super::TAG, "Take a deleted view back")
        .param(params::id("view"))
        .params(params::command())
        .answers::<View>(200, "The view since.")
}

async fn delete(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "delete_view", &headers, b"");
    let done = app.views.delete(&request, id, headers.if_match).await?;
    body::respond(&app, &auth, StatusCode::OK, &done).await
}

async fn bring_back(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    NoBody(bytes): NoBody,
) -> ApiResult<Response> {
    let request = app.command(&auth, "restore_view", &headers, &bytes);
    let done = app.views.restore(&request, id, headers.if_match).await?;
    body::respond(&app, &auth, StatusCode::OK, &done).await
}
