//! `POST /auth/client_account` and `/auth/client_account/look`: opening an offered account.

use crate::auth::SessionAuth;
use crate::auth::origin::Anonymous;
use crate::extract::Json;
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::routes::auth::grant::{Carrier, Granted, SecondFactorAsked};
use crate::routes::auth::log_in;
use crate::routes::auth::token::{JoinedOrganization, LinkToken};
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use commands::identity::Act;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the link offers.
#[derive(Serialize, ToSchema)]
struct ClientAccountOffer {
    /// Name of the organization.
    organization: Option<String>,
    /// The address that one logs in by; `null` if one is to choose a username.
    email: Option<String>,
    /// Whether the address has an account, whose password is asked for instead of a new one.
    known: bool,
}

/// What the link carried, and how to log in from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpenClientAccount)]
struct Body {
    /// The token from the link.
    #[schema(max_length = 200)]
    token: String,
    /// The password to have; of whoever has an account already, theirs.
    #[schema(format = Password, max_length = 128)]
    password: String,
    /// The username to log in by, if the link was not sent to an address.
    #[schema(max_length = 40)]
    username: Option<String>,
    /// Whether to answer with the refresh token in the body instead of a cookie.
    #[serde(default)]
    native: bool,
}

/// The endpoint that shows what a link offers.
pub fn look() -> Endpoint {
    Endpoint::post("/auth/client_account/look", "look_at_client_account", show)
        .about(super::TAG, "See what account a link offers")
        .details("Does not use the link.")
        .public()
        .body::<LinkToken>()
        .answers::<ClientAccountOffer>(200, "The offer.")
}

/// The endpoint that opens the account.
pub fn open() -> Endpoint {
    Endpoint::post("/auth/client_account", "open_client_account", handler)
        .about(super::TAG, "Open the account that a link offers")
        .details(
            "Makes the user, if there is none, and the membership, and logs in. The link is good \
             once. Where sign-up is closed, only who has an account opens one. Who is logged in uses \
             `/auth/client_account/join` instead.",
        )
        .public()
        .body::<Body>()
        .answers::<Granted>(200, "A client, and logged in.")
        .answers::<SecondFactorAsked>(202, "A client; the second factor is asked for.")
}

/// The endpoint for those who are logged in.
pub fn join() -> Endpoint {
    Endpoint::post("/auth/client_account/join", "join_by_client_account", belong)
        .about(super::TAG, "Open an account with the account that one is logged in with")
        .details("Refused with `other_account` if the address that it went to has another account.")
        .for_anyone_known()
        .body::<LinkToken>()
        .answers::<JoinedOrganization>(200, "A client; this session stays where it is.")
}

async fn show(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    Json(body): Json<LinkToken>,
) -> ApiResult<axum::Json<ClientAccountOffer>> {
    app.throttle.attempt(Act::UseLink, &origin, Some(&body.token)).await?;
    let offer = app.identity.look_at_offer(&body.token).await?;
    let organization = app.serving_clients(offer.organization).await?;
    Ok(axum::Json(ClientAccountOffer {
        organization: organization.state.name.clone(),
        email: offer.email,
        known: offer.known,
    }))
}

async fn handler(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    Json(body): Json<Body>,
) -> ApiResult<Response> {
    app.throttle.attempt(Act::UseLink, &origin, Some(&body.token)).await?;
    let offer = app.identity.look_at_offer(&body.token).await?;
    app.serving_clients(offer.organization).await?;
    let (link, mode) = ((&*body.token, &*body.password), app.sign_up_mode().await?);
    let done = app.identity.open_account(&origin, link, body.username.as_deref(), mode).await?;
    log_in::respond(&app, done, Carrier::of(body.native))
}

async fn belong(
    State(app): State<App>,
    SessionAuth(auth): SessionAuth,
    Json(body): Json<LinkToken>,
) -> ApiResult<axum::Json<JoinedOrganization>> {
    app.throttle.attempt(Act::UseLink, &auth.origin, Some(&body.token)).await?;
    let offer = app.identity.look_at_offer(&body.token).await?;
    app.serving_clients(offer.organization).await?;
    let user = auth.actor.user;
    let joined = app.identity.join_by_offer(&auth.origin, user, &body.token).await?;
    Ok(axum::Json(joined.into()))
}
