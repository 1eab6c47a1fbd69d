//! `POST /auth/reauthenticate`

use crate::auth::SessionAuth;
use crate::extract::Json;
use crate::http::{ApiError, ApiResult};
use crate::openapi::Endpoint;
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use commands::identity::{Act, Proof};
use domain::error::FieldError;
use serde::Deserialize;
use utoipa::ToSchema;

/// One of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Reauthenticate)]
struct Body {
    /// The password.
    #[serde(default)]
    #[schema(format = Password, max_length = 128)]
    password: Option<String>,
    /// A code of the second factor, or a recovery code.
    #[serde(default)]
    #[schema(max_length = 40)]
    code: Option<String>,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/auth/reauthenticate", "reauthenticate", handler)
        .about(super::TAG, "Show once more who one is")
        .details("For ten minutes, this session may do what asks for it.")
        .for_anyone_known()
        .body::<Body>()
        .answers_empty(204, "Shown.")
}

async fn handler(
    State(app): State<App>,
    SessionAuth(auth): SessionAuth,
    Json(body): Json<Body>,
) -> ApiResult<StatusCode> {
    let (act, proof) = match (&body.password, &body.code) {
        (Some(password), None) => (Act::Reauthenticate, Proof::Password(password)),
        (None, Some(code)) => (Act::SecondFactor, Proof::Code(code)),
        (Some(_), Some(_)) | (None, None) => {
            let message = "Send the password or a code, and not both.";
            return Err(ApiError::invalid(vec![FieldError::new("password", "missing", message)]));
        }
    };
    let account = auth.actor.user.to_string();
    let attempt = app.throttle.attempt(act, &auth.origin, Some(&account)).await?;
    app.identity.reauthenticate(&auth.origin, auth.actor.user, auth.session, proof).await?;
    attempt.succeeded().await?;
    Ok(StatusCode::NO_CONTENT)
}
