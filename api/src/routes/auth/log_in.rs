//! `POST /auth/login`

use super::grant::{self, Carrier, Granted, SecondFactorAsked};
use crate::auth::origin::Anonymous;
use crate::extract::Json;
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use commands::identity::{Act, Entered};
use serde::Deserialize;
use utoipa::ToSchema;

/// Address and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LogIn)]
struct Body {
    /// The address for logging in, or the username.
    #[schema(max_length = 254)]
    email: String,
    /// The password.
    #[schema(format = Password, max_length = 128)]
    password: String,
    /// Whether to answer with the refresh token in the body instead of a cookie.
    #[serde(default)]
    native: bool,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/auth/login", "log_in", handler)
        .about(super::TAG, "Log in")
        .details("Refused with `401` in the same way whether or not the address has an account.")
        .public()
        .body::<Body>()
        .answers::<Granted>(200, "Logged in.")
        .answers::<SecondFactorAsked>(202, "The second factor is asked for.")
}

async fn handler(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    Json(body): Json<Body>,
) -> ApiResult<Response> {
    let attempt = app.throttle.attempt(Act::LogIn, &origin, Some(&body.email)).await?;
    let entered = app.identity.log_in(&origin, &body.email, &body.password).await?;
    attempt.succeeded().await?;
    respond(&app, entered, Carrier::of(body.native))
}

/// Answers with the tokens of a session, or asks for the second factor.
pub fn respond(app: &App, entered: Entered, carrier: Carrier) -> ApiResult<Response> {
    match entered {
        Entered::In(grant) => grant::respond(app, grant, carrier),
        Entered::SecondFactor { challenge, expires_at } => {
            let asked = SecondFactorAsked::new(challenge, expires_at, app.now());
            Ok((StatusCode::ACCEPTED, axum::Json(asked)).into_response())
        }
    }
}
