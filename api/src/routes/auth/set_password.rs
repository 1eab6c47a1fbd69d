//! `POST /auth/password/set`

use super::grant::SecondFactorAsked;
use super::grant::{Carrier, Granted};
use super::log_in;
use crate::auth::origin::Anonymous;
use crate::extract::Json;
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use commands::identity::Act;
use serde::Deserialize;
use utoipa::ToSchema;

/// What the link carried, and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SetPassword)]
struct Body {
    /// The token from the link that one was handed.
    #[schema(max_length = 200)]
    token: String,
    /// The password; common ones are refused.
    #[schema(format = Password, min_length = 8, max_length = 128)]
    password: String,
    /// Whether to answer with the refresh token in the body instead of a cookie.
    #[serde(default)]
    native: bool,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/auth/password/set", "set_password", handler)
        .about(super::TAG, "Choose a password by a link that one was handed, and log in")
        .details(
            "For links from an administrator: of a member made without mail, or of one without an \
             address who forgot their password. Ends the user's other sessions. The link is good \
             once; a password that does not fit does not use it up.",
        )
        .public()
        .body::<Body>()
        .answers::<Granted>(200, "The password is set, and one is logged in.")
        .answers::<SecondFactorAsked>(202, "It is set; the second factor is asked for.")
}

async fn handler(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    Json(body): Json<Body>,
) -> ApiResult<Response> {
    app.throttle.attempt(Act::UseLink, &origin, Some(&body.token)).await?;
    let entered = app.identity.set_first_password(&origin, &body.token, &body.password).await?;
    log_in::respond(&app, entered, Carrier::of(body.native))
}
