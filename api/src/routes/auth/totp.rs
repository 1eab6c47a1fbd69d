//! `/auth/totp`: the second factor

use super::grant::{self, Carrier, Granted};
use crate::auth::origin::Anonymous;
use crate::auth::{RecentAuth, SessionAuth};
use crate::extract::{Json, NoBody};
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commands::identity::Act;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The answer to a question for the second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EnterSecondFactor {
    /// What the log-in answered with.
    #[schema(max_length = 200)]
    challenge: String,
    /// The code that the app shows, or a recovery code.
    #[schema(max_length = 40)]
    code: String,
    /// Whether to answer with the refresh token in the body instead of a cookie.
    #[serde(default)]
    native: bool,
}

/// Whether there is a second factor.
#[derive(Serialize, ToSchema)]
struct SecondFactor {
    /// Whether a code is asked for.
    enabled: bool,
    /// How many recovery codes are left.
    recovery_codes_left: u64,
}

/// What an authenticator app needs.
#[derive(Serialize, ToSchema)]
struct SecondFactorOffer {
    /// To be typed in: base 32.
    secret: String,
    /// The same as `otpauth://totp/…`.
    uri: String,
    /// That as a QR code: SVG.
    qr_svg: String,
}

/// The first code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmSecondFactor {
    /// The code that the app shows.
    #[schema(max_length = 40)]
    code: String,
}

/// Codes for when the app is lost; each is good once, and they cannot be had again.
#[derive(Serialize, ToSchema)]
struct RecoveryCodes {
    /// The codes.
    recovery_codes: Vec<String>,
}

/// The second step of a log-in.
pub fn verify() -> Endpoint {
    Endpoint::post("/auth/totp/verify", "enter_second_factor", enter)
        .about(super::TAG, "Log in: show the second factor")
        .details("A code is good once, even within its thirty seconds.")
        .public()
        .body::<EnterSecondFactor>()
        .answers::<Granted>(200, "Logged in.")
}

/// Whether there is one.
pub fn state() -> Endpoint {
    Endpoint::get("/auth/totp", "get_second_factor", show)
        .for_anyone_known()
        .about(super::TAG, "Whether one has a second factor")
        .answers::<SecondFactor>(200, "The second factor.")
}

/// The first step of setting it up.
pub fn enrol() -> Endpoint {
    Endpoint::post("/auth/totp/enrol", "enrol_second_factor", offer)
        .for_anyone_known()
        .about(super::TAG, "Set up a second factor")
        .details(
            "It counts once `POST /auth/totp/confirm` has had a code. Asks for recent \
             authentication.",
        )
        .answers::<SecondFactorOffer>(200, "What an authenticator app needs; shown only once.")
}

/// The second step of setting it up.
pub fn confirm() -> Endpoint {
    Endpoint::post("/auth/totp/confirm", "confirm_second_factor", first_code)
        .for_anyone_known()
        .about(super::TAG, "Confirm a second factor by its first code")
        .details("Asks for recent authentication.")
        .body::<ConfirmSecondFactor>()
        .answers::<RecoveryCodes>(200, "Set up. The recovery codes are shown only once.")
}

/// Its end.
pub fn disable() -> Endpoint {
    Endpoint::post("/auth/totp/disable", "disable_second_factor", end)
        .for_anyone_known()
        .about(super::TAG, "Have no second factor any more")
        .details("Asks for recent authentication.")
        .answers_empty(204, "No code is asked for any more.")
}

/// New recovery codes.
pub fn renew() -> Endpoint {
    Endpoint::post("/auth/totp/recovery_codes", "renew_recovery_codes", new_codes)
        .for_anyone_known()
        .about(super::TAG, "Make new recovery codes in the place of all before")
        .details("Asks for recent authentication.")
        .answers::<RecoveryCodes>(200, "The codes; shown only once.")
}

async fn enter(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    Json(body): Json<EnterSecondFactor>,
) -> ApiResult<Response> {
    let user = app.identity.challenged(&body.challenge).await?.to_string();
    let attempt = app.throttle.attempt(Act::SecondFactor, &origin, Some(&user)).await?;
    let grant = app.identity.enter_second_factor(&origin, &body.challenge, &body.code).await?;
    attempt.succeeded().await?;
    grant::respond(&app, grant, Carrier::of(body.native))
}

async fn show(
    State(app): State<App>,
    SessionAuth(auth): SessionAuth,
) -> ApiResult<axum::Json<SecondFactor>> {
    Ok(axum::Json(SecondFactor {
        enabled: app.identity.has_totp(auth.actor.user).await?,
        recovery_codes_left: app.identity.recovery_codes_left(auth.actor.user).await?,
    }))
}

async fn offer(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    _: NoBody,
) -> ApiResult<axum::Json<SecondFactorOffer>> {
    let made = app.identity.offer_totp(auth.actor.user).await?;
    Ok(axum::Json(SecondFactorOffer { secret: made.secret, uri: made.uri, qr_svg: made.qr }))
}

async fn first_code(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    Json(body): Json<ConfirmSecondFactor>,
) -> ApiResult<axum::Json<RecoveryCodes>> {
    let account = auth.actor.user.to_string();
    let attempt = app.throttle.attempt(Act::SecondFactor, &auth.origin, Some(&account)).await?;
    let confirmed = app.identity.confirm_totp(&auth.origin, auth.actor.user, &body.code).await;
    let recovery_codes = confirmed?;
    attempt.succeeded().await?;
    Ok(axum::Json(RecoveryCodes { recovery_codes }))
}

async fn end(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    _: NoBody,
) -> ApiResult<StatusCode> {
    app.identity.disable_totp(&auth.origin, auth.actor.user).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn new_codes(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    _: NoBody,
) -> ApiResult<axum::Json<RecoveryCodes>> {
    let recovery_codes = app.identity.renew_recovery_codes(&auth.origin, auth.actor.user).await?;
    Ok(axum::Json(RecoveryCodes { recovery_codes }))
}
