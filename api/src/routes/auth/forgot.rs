//! `POST /auth/password/forgot`

use crate::auth::origin::Anonymous;
use crate::extract::Json;
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use commands::identity::Act;
use serde::Deserialize;
use utoipa::ToSchema;

/// Whose password is forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ForgotPassword)]
struct Body {
    /// The address for logging in; any text, since the answer is the same for all.
    email: String,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/auth/password/forgot", "forgot_password", handler)
        .about(super::TAG, "Ask for a link to choose a new password")
        .details("Answers in the same way whether or not the address has an account.")
        .public()
        .body::<Body>()
        .answers_empty(202, "If the address has an account, a mail is on its way.")
}

async fn handler(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    Json(body): Json<Body>,
) -> ApiResult<StatusCode> {
    app.throttle.attempt(Act::Forgot, &origin, Some(&body.email)).await?;
    app.identity.forgot_password(&origin, &body.email).await?;
    Ok(StatusCode::ACCEPTED)
}
