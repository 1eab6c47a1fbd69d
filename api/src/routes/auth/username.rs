//! `POST /auth/username`

use crate::auth::RecentAuth;
use crate::extract::Json;
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::state::App;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A username.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Username)]
struct Body {
    /// 3 to 40 letters a–z, digits, dots, hyphens or underscores; `null` for none.
    // Only a `null` that was meant takes it away: absent is malformed.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required, max_length = 40)]
    username: Option<String>,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/auth/username", "change_username", handler)
        .about(super::TAG, "Choose a username to log in by, beside the address")
        .details("Asks for recent authentication.")
        .for_anyone_known()
        .body::<Body>()
        .answers::<Body>(200, "The username, in the form in which it is kept.")
}

async fn handler(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    Json(body): Json<Body>,
) -> ApiResult<axum::Json<Body>> {
    let name = body.username.as_deref();
    let username = app.identity.change_username(&auth.origin, auth.actor.user, name).await?;
    Ok(axum::Json(Body { username }))
}
