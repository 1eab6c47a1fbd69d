//! `POST /auth/password/change`

use crate::auth::SessionAuth;
use crate::extract::Json;
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use commands::identity::Act;
use serde::Deserialize;
use utoipa::ToSchema;

/// The present password and another one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangePassword)]
struct Body {
    /// The present password.
    #[schema(format = Password, max_length = 128)]
    current_password: String,
    /// The new one; common ones are refused.
    #[schema(format = Password, min_length = 8, max_length = 128)]
    password: String,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/auth/password/change", "change_password", handler)
        .about(super::TAG, "Choose another password")
        .details("Ends one's other sessions, and tells by mail.")
        .for_anyone_known()
        .body::<Body>()
        .answers_empty(204, "The password is changed.")
}

async fn handler(
    State(app): State<App>,
    SessionAuth(auth): SessionAuth,
    Json(body): Json<Body>,
) -> ApiResult<StatusCode> {
    let account = auth.actor.user.to_string();
    let attempt = app.throttle.attempt(Act::Reauthenticate, &auth.origin, Some(&account)).await?;
    let who = (auth.actor.user, auth.session);
    let (present, new) = (&body.current_password, &body.password);
    app.identity.change_password(&auth.origin, who, present, new).await?;
    attempt.succeeded().await?;
    Ok(StatusCode::NO_CONTENT)
}
