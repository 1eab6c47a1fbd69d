//! `GET /sessions` and `DELETE /sessions/{id}`

use crate::auth::SessionAuth;
use crate::extract::Path;
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use commands::identity::SessionInfo;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// One's open sessions.
#[derive(Serialize, ToSchema)]
struct Sessions {
    /// Newest first.
    items: Vec<Session>,
}

/// An open session.
#[derive(Serialize, ToSchema)]
struct Session {
    /// Its id.
    id: Uuid,
    /// Whether it is the one that asks.
    current: bool,
    /// When it was opened.
    created_at: DateTime<Utc>,
    /// When it was last refreshed.
    last_seen_at: DateTime<Utc>,
    /// The browser that it was opened with.
    user_agent: Option<String>,
    /// The address that it was opened from.
    ip: Option<String>,
}

/// The endpoint that lists them.
pub fn list() -> Endpoint {
    Endpoint::get("/sessions", "list_sessions", show)
        .for_anyone_known()
        .about(super::TAG, "One's open sessions")
        .answers::<Sessions>(200, "The sessions.")
}

/// The endpoint that ends one.
pub fn end() -> Endpoint {
    Endpoint::delete("/sessions/{id}", "end_session", revoke)
        .for_anyone_known()
        .about(super::TAG, "End one of one's sessions")
        .param(params::id("session"))
        .answers_empty(204, "Ended.")
}

async fn show(State(app): State<App>, SessionAuth(auth): SessionAuth) -> ApiResult<Json<Sessions>> {
    let sessions = app.identity.sessions(auth.actor.user).await?;
    let items = sessions.into_iter().map(|session| wire(session, auth.session)).collect();
    Ok(Json(Sessions { items }))
}

fn wire(session: SessionInfo, current: Uuid) -> Session {
    Session {
        id: session.id,
        current: session.id == current,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        user_agent: session.user_agent,
        ip: session.ip,
    }
}

async fn revoke(
    State(app): State<App>,
    SessionAuth(auth): SessionAuth,
    Path(id): Path<Uuid>,
) -> ApiResult<StatusCode> {
    let own = app.identity.sessions(auth.actor.user).await?;
    if !own.iter().any(|session| session.id == id) {
        return Err(ApiError::not_found());
    }
    app.identity.log_out(&auth.origin, auth.actor.user, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
