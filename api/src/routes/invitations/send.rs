//! `POST /invitations`

use super::TAG;
use super::body::{self, Invitation};
use crate::auth::{Auth, RecentAuth};
use crate::extract::{CommandBody, CommandHeaders};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params};
use crate::state::{App, AppState};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commands::Origin;
use commands::identity::Act;
use domain::access::{Permission, ProfileKind};
use domain::error::FieldError;
use domain::ids::{RoleId, TeamId};
use domain::invitation::Offer;
use domain::normalize;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Whom to invite, and to what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewInvitation {
    /// Their address.
    #[schema(format = Email, max_length = 254)]
    email: String,
    /// What they shall be called; as they say themselves, if absent.
    #[schema(min_length = 1, max_length = 200)]
    display_name: Option<String>,
    /// Ids of the roles that they shall have, none wider than one's own rights.
    #[schema(max_items = 20)]
    roles: Vec<Uuid>,
    /// As what they shall belong to the organization: `staff` or `vendor`. Clients register, or get
    /// an account from their contact.
    profile: String,
    /// The team that they shall be in; for staff.
    team: Option<Uuid>,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    let [idempotency, _, reason] = params::command();
    Endpoint::post("/invitations", "create_invitation", handler)
        .needs([Permission::INVITATIONS_CREATE])
        .about(TAG, "Invite somebody by mail")
        .details(
            "The mail tells who invites, to which organization and as what, and has a link that is \
             good once, for seven days. Nothing in the answer tells whether the address has an \
             account; only that it belongs to the organization already is refused \
             (`already_member`). A team takes “teams:update”. Asks for recent authentication.",
        )
        .params([idempotency, reason])
        .body::<NewInvitation>()
        .leads_to(&["get_invitation", "resend_invitation", "withdraw_invitation"], &[])
        .answers::<Invitation>(201, "Invited; the mail is on its way.")
}

/// The kind of profile that is asked for.
pub fn read_profile(name: &str) -> ApiResult<ProfileKind> {
    ProfileKind::parse(name).ok_or_else(|| {
        let fault = FieldError::new("profile", "no_such_choice", "Use staff or vendor.");
        ApiError::invalid(vec![fault])
    })
}

async fn handler(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    body: CommandBody<NewInvitation>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "invite", &headers, &body.bytes);
    let NewInvitation { email, display_name, roles, profile, team } = body.value;
    let profile = read_profile(&profile)?;
    app.may_invite(&auth, &email).await?;
    let roles = roles.into_iter().map(RoleId).collect();
    let offer = Offer { email, display_name, profile, roles, team: team.map(TeamId) };
    let done = app.identity.invite(&request, offer).await?;
    body::respond(&app, &auth, StatusCode::CREATED, done).await
}

impl AppState {
    /// Counts an invitation: an organization may not send any number of them, and few to one
    /// address. What others sent there does not count, lest it be told.
    pub async fn may_invite(&self, auth: &Auth, email: &str) -> ApiResult<()> {
        let address = normalize::email(email).unwrap_or_default();
        self.may_mail(auth, &normalize::email_key(&address)).await
    }

    /// The same for a mail to whoever `to` names.
    pub async fn may_mail(&self, auth: &Auth, to: &str) -> ApiResult<()> {
        // A whole office invites from one network.
        let origin = Origin { ip: None, ..auth.origin.clone() };
        let organization = auth.actor.organization.to_string();
        let one = format!("{organization} {to}");
        self.throttle.attempt(Act::InviteOne, &origin, Some(&one)).await?;
        self.throttle.attempt(Act::Invite, &origin, Some(&organization)).await?;
        Ok(())
    }
}
