//! `POST /auth/registration/confirm`

use crate::auth::SessionAuth;
use crate::auth::origin::Anonymous;
use crate::extract::Json;
use crate::http::{ApiError, ApiResult};
use crate::openapi::Endpoint;
use crate::routes::auth::grant::{Carrier, Granted, SecondFactorAsked};
use crate::routes::auth::log_in;
use crate::routes::auth::token::{JoinedOrganization, LinkToken};
use crate::state::{App, AppState};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commands::identity::{Act, PendingRegistration};
use domain::catalogue::Catalogue as _;
use domain::contact::{ContactFields, ContactType};
use domain::ids::ContactId;
use domain::reach::Reach;
use projections::Scope;
use serde::Deserialize;
use std::time::Duration;
use store::LogId;
use utoipa::ToSchema;

/// For how long to wait until contacts can be found that were made just now.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the link carried, and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConfirmRegistration)]
struct Body {
    /// The token from the mail's link.
    #[schema(max_length = 200)]
    token: String,
    /// The password that one registered with; of whoever has an account already, theirs.
    #[schema(format = Password, max_length = 128)]
    password: String,
    /// Whether to answer with the refresh token in the body instead of a cookie.
    #[serde(default)]
    native: bool,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/auth/registration/confirm", "confirm_registration", handler)
        .about(super::TAG, "Finish a registration as a client by the link from the mail")
        .details(
            "Makes user, contact and membership, and logs in. Who has an account becomes a client \
             beside what they are. If exactly one contact of the organization has the address, and \
             nobody has its account, that contact is theirs; otherwise a new one is made. The link \
             is good once. `registration_closed` if the organization takes no registrations any \
             more. Where sign-up is closed, only who has an account becomes a client. Who is logged \
             in uses `/auth/registration/join` instead.",
        )
        .public()
        .body::<Body>()
        .answers::<Granted>(200, "A client, and logged in.")
        .answers::<SecondFactorAsked>(202, "A client; the second factor is asked for.")
}

/// The endpoint for those who are logged in.
pub fn join() -> Endpoint {
    Endpoint::post("/auth/registration/join", "join_by_registration", belong)
        .about(super::TAG, "Finish a registration with the account that one is logged in with")
        .details("Refused with `other_account` if the address that it went to has another account.")
        .for_anyone_known()
        .body::<LinkToken>()
        .answers::<JoinedOrganization>(200, "A client; this session stays where it is.")
}

async fn handler(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    Json(body): Json<Body>,
) -> ApiResult<Response> {
    app.throttle.attempt(Act::UseLink, &origin, Some(&body.token)).await?;
    let found = app.contacts_to_link(&body.token).await?;
    let (link, mode) = ((&*body.token, &*body.password), app.sign_up_mode().await?);
    let done = app.identity.confirm_registration(&origin, link, &found, mode).await?;
    log_in::respond(&app, done, Carrier::of(body.native))
}

async fn belong(
    State(app): State<App>,
    SessionAuth(auth): SessionAuth,
    Json(body): Json<LinkToken>,
) -> ApiResult<axum::Json<JoinedOrganization>> {
    app.throttle.attempt(Act::UseLink, &auth.origin, Some(&body.token)).await?;
    let found = app.contacts_to_link(&body.token).await?;
    let (origin, user) = (&auth.origin, auth.actor.user);
    let joined = app.identity.join_by_registration(origin, user, &body.token, &found).await?;
    Ok(axum::Json(joined.into()))
}

impl AppState {
    /// The contacts that may be whoever registered, if their organization still takes them.
    async fn contacts_to_link(&self, token: &str) -> ApiResult<Vec<ContactId>> {
        let pending = self.identity.look_at_registration(token).await?;
        let organization = self.serving_clients(pending.organization).await?;
        if !organization.state.self_registration {
            return Err(ApiError::new(
                StatusCode::FORBIDDEN,
                "registration_closed",
                "This organization takes no registrations any more.",
            ));
        }
        self.contacts_with(&pending).await
    }

    /// The contacts that may have the address of a registration.
    async fn contacts_with(&self, pending: &PendingRegistration) -> ApiResult<Vec<ContactId>> {
        let Some(field) = ContactFields::index("email") else { return Ok(Vec::new()) };
        let log = LogId::from(pending.organization);
        let head = self.commands.log().head(log).await?;
        self.projections.wait_for(log, head.position, PATIENCE).await?;
        let scope = Scope::live(pending.organization, Reach::All);
        let mut tx = self.projections.read(scope).await?;
        let keys = [pending.email.clone()];
        let found = tx.find_by_key::<ContactType>(field, &keys).await?;
        Ok(found.into_values().flatten().map(ContactId).collect())
    }
}
