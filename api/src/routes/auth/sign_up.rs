//! `POST /auth/signup`

use crate::auth::origin::Anonymous;
use crate::extract::Json;
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use commands::identity::{Act, SignUp};
use serde::Deserialize;
use utoipa::ToSchema;

/// A person and the organization that they found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignUp)]
struct Body {
    /// Name of the organization.
    #[schema(min_length = 1, max_length = 200)]
    organization: String,
    /// The person's name.
    #[schema(min_length = 1, max_length = 200)]
    full_name: String,
    /// Their address for logging in.
    #[schema(format = Email, max_length = 254)]
    email: String,
    /// Their password; common ones are refused.
    #[schema(format = Password, min_length = 8, max_length = 128)]
    password: String,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/auth/signup", "sign_up", handler)
        .about(super::TAG, "Sign up and found an organization")
        .details(
            "Sends a mail whose link goes on: to `POST /auth/email/verify`, which makes a user, and an \
             organization that they own. The answer is the same whether or not the address has an \
             account; if it has, the mail says so.",
        )
        .public()
        .body::<Body>()
        .answers_empty(202, "A mail is on its way.")
}

async fn handler(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    Json(body): Json<Body>,
) -> ApiResult<StatusCode> {
    app.throttle.attempt(Act::SignUp, &origin, Some(&body.email)).await?;
    app.identity.demand_service().await?;
    app.identity.demand_open_sign_up(app.settings.sign_up).await?;
    let input = SignUp {
        organization: body.organization,
        full_name: body.full_name,
        email: body.email,
        password: body.password,
    };
    app.identity.begin_sign_up(&origin, input).await?;
    Ok(StatusCode::ACCEPTED)
}
