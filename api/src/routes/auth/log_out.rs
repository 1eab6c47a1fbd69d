//! `POST /auth/logout` and `POST /auth/logout_all`

use crate::auth::{SessionAuth, cookie};
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// What became of the sessions.
#[derive(Serialize, ToSchema)]
struct LoggedOut {
    /// How many sessions were ended.
    sessions: u64,
}

/// The endpoint that ends this session.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/auth/logout", "log_out", here)
        .for_anyone_known()
        .about(super::TAG, "End this session")
        .answers_empty(204, "Logged out; the access token is good for a few seconds at most.")
}

/// The endpoint that ends all sessions.
pub fn everywhere() -> Endpoint {
    Endpoint::post("/auth/logout_all", "log_out_everywhere", all)
        .for_anyone_known()
        .about(super::TAG, "End all of one's sessions")
        .answers::<LoggedOut>(200, "Logged out everywhere.")
}

async fn here(State(app): State<App>, SessionAuth(auth): SessionAuth) -> ApiResult<Response> {
    app.identity.log_out(&auth.origin, auth.actor.user, auth.session).await?;
    let cookie = cookie::clear(app.settings.tls)?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie)])).into_response())
}

async fn all(State(app): State<App>, SessionAuth(auth): SessionAuth) -> ApiResult<Response> {
    let sessions = app.identity.log_out_everywhere(&auth.origin, auth.actor.user).await?;
    let cookie = cookie::clear(app.settings.tls)?;
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Json(LoggedOut { sessions }))
        .into_response())
}
