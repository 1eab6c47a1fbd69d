//! `POST /auth/switch`

use super::grant::{self, Carrier, Granted};
use crate::auth::SessionAuth;
use crate::extract::Json;
use crate::http::{ApiError, ApiResult};
use crate::openapi::Endpoint;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use commands::identity::Choice;
use domain::ids::{MemberId, OrganizationId};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Where to go over to: exactly one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Switch)]
struct Body {
    /// An organization; of several profiles in it, the first.
    organization: Option<Uuid>,
    /// A profile.
    member: Option<Uuid>,
    /// Whether to answer with the refresh token in the body instead of a cookie.
    #[serde(default)]
    native: bool,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::post("/auth/switch", "switch_profile", handler)
        .about(super::TAG, "Go over to another of one's profiles")
        .details(
            "Ends this session and opens one in the other profile, where the next log-in lands too.",
        )
        .for_anyone_known()
        .body::<Body>()
        .answers::<Granted>(200, "Gone over.")
}

async fn handler(
    State(app): State<App>,
    SessionAuth(auth): SessionAuth,
    Json(body): Json<Body>,
) -> ApiResult<Response> {
    let choice = match (body.organization, body.member) {
        (Some(organization), None) => Choice::Organization(OrganizationId(organization)),
        (None, Some(member)) => Choice::Member(MemberId(member)),
        (Some(_), Some(_)) | (None, None) => {
            let detail = "Name an organization or a member, and not both.";
            return Err(ApiError::refused("one_of_two", detail, Vec::new()));
        }
    };
    let (user, session) = (auth.actor.user, auth.session);
    let grant = app.identity.switch(&auth.origin, user, session, choice).await?;
    grant::respond(&app, grant, Carrier::of(body.native))
}
