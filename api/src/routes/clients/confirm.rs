//! `POST /auth/registration/confirm`

use crate::auth::origin::Anonymous;
use crate::extract::Json;
use crate::http::{ApiError, ApiResult};
use crate::openapi::Endpoint;
use crate::routes::auth::grant::{Granted, SecondFactorAsked};
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
             more.",
        )
        .public()
        .body::<Body>()
        .answers::<Granted>(200, "A client, and logged in.")
        .answers::<SecondFactorAsked>(202, "A client; the second factor is asked for.")
}

async fn handler(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    Json(body): Json<Body>,
) -> ApiResult<Response> {
    app.throttle.attempt(Act::UseLink, &origin, Some(&body.token)).await?;
    let pending = app.identity.look_at_registration(&body.token).await?;
    let organization = app.serving_clients(pending.organization).await?;
    if !organization.state.self_registration {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "registration_closed",
            "This organization takes no registrations any more.",
        ));
    }
    let found = app.contacts_with(&pending).await?;
    let done =
        app.identity.confirm_registration(&origin, &body.token, &body.password, &found).await?;
    super::entered(&app, done, body.native)
}

impl AppState {
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
