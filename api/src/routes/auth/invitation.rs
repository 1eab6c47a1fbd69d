//! `POST /auth/invitations/look_up`, `/accept` and `/join`: what somebody who was invited does.

use super::grant::SecondFactorAsked;
use super::grant::{Carrier, Granted};
use super::log_in;
use super::token::{JoinedOrganization, LinkToken};
use crate::auth::SessionAuth;
use crate::auth::origin::Anonymous;
use crate::extract::Json;
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use commands::identity::{Acceptance, Act};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// With what somebody accepts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptInvitation {
    /// The token from the mail's link.
    #[schema(max_length = 200)]
    token: String,
    /// Their name, if their address has no account yet.
    #[schema(max_length = 200)]
    full_name: Option<String>,
    /// The password of the account that their address has, or of the one to be made.
    #[schema(format = Password, max_length = 128)]
    password: String,
    /// Whether to answer with the refresh token in the body instead of a cookie.
    #[serde(default)]
    native: bool,
}

/// An invitation, for whoever has its link.
#[derive(Serialize, ToSchema)]
struct OpenInvitation {
    /// The organization's name.
    organization: String,
    /// Who invites.
    inviter: String,
    /// Where it was sent.
    email: String,
    /// What they will be called, if the inviter said so.
    display_name: Option<String>,
    /// As what they will belong to the organization: `staff` or `vendor`.
    profile: &'static str,
    /// The names of the roles that they will have.
    roles: Vec<String>,
    /// Until when the link is good.
    expires_at: DateTime<Utc>,
    /// `existing` if the address has an account, to log in with; `new` if one is to be made.
    account: &'static str,
}

/// The endpoint that shows one.
pub fn look_up() -> Endpoint {
    Endpoint::post("/auth/invitations/look_up", "look_up_invitation", show)
        .about(super::TAG, "What an invitation is about, by its link")
        .details("Does not use the link up. Whoever has it has the mailbox.")
        .public()
        .body::<LinkToken>()
        .answers::<OpenInvitation>(200, "The invitation.")
}

/// The endpoint that accepts one.
pub fn accept() -> Endpoint {
    Endpoint::post("/auth/invitations/accept", "accept_invitation", enter)
        .about(super::TAG, "Accept an invitation, and log in")
        .details(
            "With the password of the account that the address has; or else with a name and a new \
             password, which makes an account. The link is good once; what does not fit does not \
             use it up. Who is logged in uses `/auth/invitations/join` instead.",
        )
        .public()
        .body::<AcceptInvitation>()
        .answers::<Granted>(200, "A member, and logged in.")
        .answers::<SecondFactorAsked>(202, "A member; the second factor is asked for.")
}

/// The endpoint for those who are logged in.
pub fn join() -> Endpoint {
    Endpoint::post("/auth/invitations/join", "join_by_invitation", belong)
        .about(super::TAG, "Accept an invitation with the account that one is logged in with")
        .details("Refused with `other_account` if the address that it went to has another account.")
        .for_anyone_known()
        .body::<LinkToken>()
        .answers::<JoinedOrganization>(200, "A member; this session stays where it is.")
}

async fn show(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    Json(body): Json<LinkToken>,
) -> ApiResult<axum::Json<OpenInvitation>> {
    app.throttle.attempt(Act::UseLink, &origin, Some(&body.token)).await?;
    let found = app.identity.look_up_invitation(&body.token).await?;
    Ok(axum::Json(OpenInvitation {
        organization: found.organization,
        inviter: found.inviter,
        email: found.email,
        display_name: found.display_name,
        profile: found.profile.as_str(),
        roles: found.roles,
        expires_at: found.expires_at,
        account: if found.has_account { "existing" } else { "new" },
    }))
}

async fn enter(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    Json(body): Json<AcceptInvitation>,
) -> ApiResult<Response> {
    app.throttle.attempt(Act::UseLink, &origin, Some(&body.token)).await?;
    let mode = app.sign_up_mode().await?;
    let acceptance = Acceptance { full_name: body.full_name.as_deref(), password: &body.password };
    let entered = app.identity.accept_invitation(&origin, &body.token, acceptance, mode).await?;
    log_in::respond(&app, entered, Carrier::of(body.native))
}

async fn belong(
    State(app): State<App>,
    SessionAuth(auth): SessionAuth,
    Json(body): Json<LinkToken>,
) -> ApiResult<axum::Json<JoinedOrganization>> {
    app.throttle.attempt(Act::UseLink, &auth.origin, Some(&body.token)).await?;
    let user = auth.actor.user;
    let joined = app.identity.join_by_invitation(&auth.origin, user, &body.token).await?;
    Ok(axum::Json(joined.into()))
}
