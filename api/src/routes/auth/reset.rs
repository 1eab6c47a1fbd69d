//! `POST /auth/password/reset`

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

/// What the link carried, and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ResetPassword)]
struct Body {
    /// The token from the mail's link.
    #[schema(max_length = 200)]
    token: String,
    /// The new password; common ones are refused.
    #[schema(format = Password, min_length = 8, max_length = 128)]
    password: String,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/auth/password/reset", "reset_password", handler)
        .about(super::TAG, "Choose a new password by a link from a mail")
        .details(
            "Ends all of the user's sessions. The link is good once; a password that does not fit \
             does not use it up. A second factor stays as it is.",
        )
        .public()
        .body::<Body>()
        .answers_empty(204, "The password is set. Log in with it.")
}

async fn handler(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    Json(body): Json<Body>,
) -> ApiResult<StatusCode> {
    app.throttle.attempt(Act::UseLink, &origin, Some(&body.token)).await?;
    app.identity.reset_by_link(&origin, &body.token, &body.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
