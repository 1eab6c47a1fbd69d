//! `POST /members`: a member without mail.

use super::detail::MemberDetail;
use crate::auth::RecentAuth;
use crate::config::SignUp;
use crate::extract::{CommandBody, CommandHeaders};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params};
use crate::routes::invitations::read_profile;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use commands::identity::{Issued, NewAccount};
use commands::mail::Template;
use domain::access::Permission;
use domain::ids::{RoleId, TeamId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody to make a member.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMember {
    /// What they are called.
    #[schema(min_length = 1, max_length = 200)]
    display_name: String,
    /// What they log in by. Nobody else may have it.
    #[schema(min_length = 3, max_length = 40)]
    username: String,
    /// Ids of their roles, none wider than one's own rights.
    #[schema(max_items = 20)]
    roles: Vec<Uuid>,
    /// As what they belong to the organization: `staff` or `vendor`.
    profile: String,
    /// The team that they are in; for staff.
    team: Option<Uuid>,
}

/// A member who was made.
#[derive(Serialize, ToSchema)]
struct MadeMember {
    /// By which they choose their password; to be handed over.
    link: PasswordLink,
    /// The member.
    #[serde(flatten)]
    member: MemberDetail,
}

/// A link to choose a password by. It is shown only once.
#[derive(Serialize, ToSchema)]
pub struct PasswordLink {
    /// The address to open; good once.
    url: String,
    /// Until when it is good.
    expires_at: DateTime<Utc>,
}

impl PasswordLink {
    /// The link of a token.
    pub fn new(app: &App, token: Issued) -> ApiResult<Self> {
        let url = app.mails.link(Template::SetPassword, token.id);
        let url = url.ok_or_else(|| ApiError::internal("the template has no page"))?;
        Ok(Self { url, expires_at: token.expires_at })
    }
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    let [idempotency, _, reason] = params::command();
    Endpoint::post("/members", "create_member", handler)
        .needs([Permission::MEMBERS_CREATE])
        .about(super::TAG, "Make a member without mail")
        .details(
            "Makes a user, too, who logs in by their username. The answer has a link by which they \
             choose their password (`POST /auth/password/set`), good once, for seven days. Who has \
             an address is invited instead: nobody is registered with one that they did not show to \
             be theirs. Where sign-up is closed, this is for administrators of the instance. Asks \
             for recent authentication.",
        )
        .params([idempotency, reason])
        .body::<NewMember>()
        .leads_to(&["get_member", "change_member", "remove_member"], &[])
        .answers::<MadeMember>(201, "The member, and the link; shown only once.")
}

async fn handler(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    body: CommandBody<NewMember>,
) -> ApiResult<Response> {
    let sign_up = app.sign_up_mode().await?;
    if sign_up == SignUp::Closed && !auth.entrance.administrator {
        return Err(ApiError::forbidden("No accounts are made here but by the operator."));
    }
    let request = app.command(&auth, "make_member", &headers, &body.bytes);
    let NewMember { display_name, username, roles, profile, team } = body.value;
    let profile = read_profile(&profile)?;
    let roles = roles.into_iter().map(RoleId).collect();
    let input = NewAccount { display_name, username, profile, roles, team: team.map(TeamId) };
    let made = app.identity.make_member(&request, input).await?;
    let (headers, member) = app.member(&auth, made.member.0, Some(made.position)).await?;
    let link = PasswordLink::new(&app, made.link)?;
    Ok((StatusCode::CREATED, headers, Json(MadeMember { link, member })).into_response())
}
