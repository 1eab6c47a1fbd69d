//! `PUT /views/{id}/default` and `DELETE /views/{id}/default`: through which view one sees a list
//! from the start.

use super::body::{self, View};
use crate::auth::Auth;
use crate::extract::headers::{POSITION, etag};
use crate::extract::{CommandHeaders, NoBody, Path};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use uuid::Uuid;

/// The endpoint that chooses it.
pub fn choose() -> Endpoint {
    let [idempotency, _, reason] = params::command();
    Endpoint::put("/views/{id}/default", "choose_default_view", set)
        .for_any_member()
        .about(super::TAG, "See the list through a view from the start")
        .details("For the caller alone, in place of the one that they chose before.")
        .param(params::id("view"))
        .params([idempotency, reason])
        .answers::<View>(200, "The view.")
}

/// The endpoint that takes it back.
pub fn forget() -> Endpoint {
    let [idempotency, _, reason] = params::command();
    Endpoint::delete("/views/{id}/default", "forget_default_view", unset)
        .for_any_member()
        .about(super::TAG, "See the list through this view from the start no more")
        .param(params::id("view"))
        .params([idempotency, reason])
        .answers::<View>(200, "The view.")
}

async fn set(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    NoBody(bytes): NoBody,
) -> ApiResult<Response> {
    respond(&app, &auth, &headers, &bytes, id, true).await
}

async fn unset(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
) -> ApiResult<Response> {
    respond(&app, &auth, &headers, b"", id, false).await
}

async fn respond(
    app: &App,
    auth: &Auth,
    headers: &CommandHeaders,
    bytes: &[u8],
    id: Uuid,
    wanted: bool,
) -> ApiResult<Response> {
    let kind = if wanted { "choose_default_view" } else { "forget_default_view" };
    let request = app.command(auth, kind, headers, bytes);
    let (view, done) = app.views.set_default(&request, id, wanted).await?;
    let headers = AppendHeaders([
        (header::ETAG, etag(view.version)),
        (POSITION, HeaderValue::from(done.position)),
    ]);
    Ok((headers, Json(body::view(app, auth, &view).await?)).into_response())
}
