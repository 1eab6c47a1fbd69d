//! `POST /auth/refresh`

use super::grant::{self, Carrier, Granted};
use crate::auth::cookie;
use crate::auth::origin::{Anonymous, check_same_site};
use crate::extract::Json;
use crate::http::{ApiError, ApiResult};
use crate::openapi::Endpoint;
use crate::state::App;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

/// The token of a native client; browsers send an empty object and their cookie.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Refresh)]
struct Body {
    /// The refresh token, if it is not in the cookie.
    #[serde(default)]
    #[schema(max_length = 200)]
    refresh_token: Option<String>,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/auth/refresh", "refresh", handler)
        .about(super::TAG, "Trade the refresh token for new tokens")
        .details(
            "A refresh token is good once. A used one that comes again ends its session: somebody \
             has a copy.",
        )
        .public()
        .body::<Body>()
        .answers::<Granted>(200, "New tokens.")
}

async fn handler(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    headers: HeaderMap,
    Json(body): Json<Body>,
) -> ApiResult<Response> {
    let (token, carrier) = if let Some(token) = body.refresh_token {
        (token, Carrier::Body)
    } else {
        let token = cookie::read(&headers, app.settings.tls).ok_or_else(|| {
            ApiError::unauthorized("no_session", "There is no session to go on with.")
        })?;
        check_same_site(&headers, app.settings.public_url.as_deref())?;
        (token, Carrier::Cookie)
    };
    let grant = app.identity.refresh(&origin, &token).await?;
    grant::respond(&app, grant, carrier)
}
