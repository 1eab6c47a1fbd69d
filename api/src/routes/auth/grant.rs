//! What a caller gets who has shown who they are.

use crate::auth::cookie;
use crate::auth::token::{Claims, LIFETIME};
use crate::http::{ApiError, ApiResult};
use crate::state::App;
use axum::Json;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use commands::identity::Grant;
use serde::Serialize;
use utoipa::ToSchema;

/// Tokens.
#[derive(Serialize, ToSchema)]
pub struct Granted {
    /// To be sent as `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds until the access token expires.
    expires_in: i64,
    /// For native clients, who asked for it: to be used once. Browsers have it as a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

/// The password was right; the second factor is asked for.
#[derive(Serialize, ToSchema)]
pub struct SecondFactorAsked {
    /// To be sent to `POST /auth/totp/verify` with a code.
    challenge: String,
    /// Seconds until it is good no longer.
    expires_in: i64,
}

impl SecondFactorAsked {
    /// A challenge that is good until `expires_at`.
    pub fn new(challenge: String, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self { challenge, expires_in: (expires_at - now).num_seconds() }
    }
}

/// How the refresh token is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A cookie that no script can read.
    Cookie,
    /// The body, for clients that are not browsers.
    Body,
}

impl Carrier {
    /// `native` in requests.
    pub fn of(native: bool) -> Self {
        if native { Self::Body } else { Self::Cookie }
    }
}

/// Answers with the tokens of a session.
pub fn respond(app: &App, grant: Grant, carrier: Carrier) -> ApiResult<Response> {
    let now = app.now();
    let claims = Claims {
        sub: grant.actor.user,
        org: grant.actor.organization,
        mem: grant.actor.member,
        sid: grant.session,
        ver: i64::from(grant.authorization_version),
    };
    let access_token = app.tokens.issue(claims, now).map_err(ApiError::internal)?;
    let mut granted = Granted {
        access_token,
        token_type: "Bearer",
        expires_in: LIFETIME.num_seconds(),
        refresh_token: None,
    };
    Ok(match carrier {
        Carrier::Body => {
            granted.refresh_token = Some(grant.refresh_token);
            Json(granted).into_response()
        }
        Carrier::Cookie => {
            let lifetime = grant.refresh_until - now;
            let cookie = cookie::set(&grant.refresh_token, lifetime, app.settings.tls)?;
            (AppendHeaders([(header::SET_COOKIE, cookie)]), Json(granted)).into_response()
        }
    })
}
