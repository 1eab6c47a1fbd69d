//! `DELETE /contacts/{id}` and `POST /contacts/{id}/restore`, and the like.

use super::command;
use crate::auth::Auth;
use crate::extract::{CommandHeaders, NoBody, Path};
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::{Permission, Verb};
use domain::record::RecordType;
use uuid::Uuid;

/// The endpoint that puts a record into the recycle bin.
pub fn endpoint<R: RecordType>() -> Endpoint {
    let endpoint = Endpoint::delete(
        format!("/{}/{{id}}", R::PLURAL),
        format!("delete_{}", R::KIND),
        delete::<R>,
    )
    .needs([Permission::on::<R>(Verb::Read), Permission::on::<R>(Verb::Delete)])
    .about(R::PLURAL, format!("Put a {} into the recycle bin", R::LABEL.to_lowercase()));
    command::document::<R>(endpoint)
}

/// The endpoint that takes it out again.
pub fn restore_endpoint<R: RecordType>() -> Endpoint {
    let endpoint = Endpoint::post(
        format!("/{}/{{id}}/restore", R::PLURAL),
        format!("restore_{}", R::KIND),
        restore::<R>,
    )
    .needs([Permission::on::<R>(Verb::Read), Permission::on::<R>(Verb::Delete)])
    .about(R::PLURAL, format!("Take a {} out of the recycle bin", R::LABEL.to_lowercase()));
    command::document::<R>(endpoint)
}

async fn delete<R: RecordType>(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "delete", &headers, b"");
    let done = app.records.delete::<R>(&request, id, headers.if_match).await?;
    command::respond(&app, &auth, StatusCode::OK, done).await
}

async fn restore<R: RecordType>(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    NoBody(bytes): NoBody,
) -> ApiResult<Response> {
    let request = app.command(&auth, "restore", &headers, &bytes);
    let done = app.records.restore::<R>(&request, id, headers.if_match).await?;
    command::respond(&app, &auth, StatusCode::OK, done).await
}
