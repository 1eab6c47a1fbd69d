//! `POST /auth/email/change`

use crate::auth::RecentAuth;
use crate::extract::Json;
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use commands::identity::Act;
use serde::Deserialize;
use utoipa::ToSchema;

/// Another address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeEmail)]
struct Body {
    /// The address to log in by.
    #[schema(format = Email, max_length = 254)]
    email: String,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/auth/email/change", "change_email", handler)
        .for_anyone_known()
        .about(super::TAG, "Ask to log in by another address")
        .details(
            "The link in the mail leads to `POST /auth/email/verify`; until then nothing changes. \
             The answer is the same if somebody else has the address. Asks for recent \
             authentication.",
        )
        .body::<Body>()
        .answers_empty(202, "A mail is on its way to the new address.")
}

async fn handler(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    Json(body): Json<Body>,
) -> ApiResult<StatusCode> {
    app.throttle.attempt(Act::SignUp, &auth.origin, Some(&body.email)).await?;
    app.identity.ask_email_change(&auth.origin, auth.actor.user, &body.email).await?;
    Ok(StatusCode::ACCEPTED)
}
