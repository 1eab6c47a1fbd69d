//! A caller who is there in person, and one who has just shown who they are.

use super::Auth;
use crate::http::{ApiError, ApiResult};
use crate::state::App;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

/// A caller who showed by password or code within the last ten minutes who they are: asked of
/// whatever would do great harm in the hands of somebody who found an open browser.
#[derive(Clone, Debug)]
pub struct RecentAuth(pub Auth);

/// A caller who has logged in, and not a program with an API key: asked of whatever is about
/// credentials, so that a key cannot make itself wider or last longer.
#[derive(Clone, Debug)]
pub struct SessionAuth(pub Auth);

impl FromRequestParts<App> for SessionAuth {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let auth = Auth::from_request_parts(parts, app).await?;
        if auth.actor.key.is_none() {
            return Ok(Self(auth));
        }
        Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "person_required",
            "This is for people who have logged in, not for API keys.",
        ))
    }
}

impl FromRequestParts<App> for RecentAuth {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let SessionAuth(auth) = SessionAuth::from_request_parts(parts, app).await?;
        if app.identity.is_recent(auth.session).await? {
            return Ok(Self(auth));
        }
        Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "reauthentication_required",
            "Show once more who you are: POST /auth/reauthenticate.",
        ))
    }
}
