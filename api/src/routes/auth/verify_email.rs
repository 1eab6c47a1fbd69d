//! `POST /auth/email/verify`

use super::grant::{self, Carrier, Granted};
use crate::auth::origin::Anonymous;
use crate::extract::Json;
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use commands::identity::{Act, Verified};
use serde::Deserialize;
use utoipa::ToSchema;

/// What the link carried, and the password that one signed up with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VerifyEmail)]
struct Body {
    /// The token from the mail's link.
    #[schema(max_length = 200)]
    token: String,
    /// The password that one signed up with: the link alone may be somebody else's doing.
    #[schema(format = Password, max_length = 128)]
    password: String,
    /// Whether to answer with the refresh token in the body instead of a cookie.
    #[serde(default)]
    native: bool,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/auth/email/verify", "verify_email", handler)
        .about(super::TAG, "Finish a sign-up, or a change of address, by a link from a mail")
        .details(
            "Makes the user and their organization, and logs them in. The link is good once. A \
             sign-up is refused if sign-up was closed since its mail, and so is everything under \
             maintenance of the instance (`503`); neither uses up the link.",
        )
        .public()
        .body::<Body>()
        .answers::<Granted>(200, "Signed up and logged in.")
        .answers_empty(204, "The address is the one to log in by from now on.")
}

async fn handler(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    Json(body): Json<Body>,
) -> ApiResult<Response> {
    app.throttle.attempt(Act::UseLink, &origin, Some(&body.token)).await?;
    app.identity.demand_service().await?;
    let mode = app.settings.sign_up;
    match app.identity.verify_email(&origin, &body.token, &body.password, mode).await? {
        Verified::SignedUp(grant) => grant::respond(&app, *grant, Carrier::of(body.native)),
        Verified::EmailChanged => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}
