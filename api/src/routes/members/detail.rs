//! `GET /members/{id}`, and the answer to whatever is done to a member.

use super::label::Label;
use crate::auth::Auth;
use crate::extract::Path;
use crate::extract::headers::{POSITION, etag};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params};
use crate::state::{App, AppState};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use domain::access::{Permission, ProfileKind};
use domain::contact::ContactType;
use domain::ids::MemberId;
use domain::member::{Member, MemberState};
use domain::reach::ReachLevel;
use serde::Serialize;
use store::Position;
use utoipa::ToSchema;
use uuid::Uuid;

/// A member with everything that those see who may.
#[derive(Serialize, ToSchema)]
pub struct MemberDetail {
    /// The membership's id.
    id: Uuid,
    /// Its version, as in `ETag`.
    version: u32,
    /// What they are called here; empty if that was erased.
    display_name: String,
    /// `active`, `deactivated` or `removed`.
    state: &'static str,
    /// As what they belong to the organization: `staff`, `client` or `vendor`.
    profile: &'static str,
    /// The contact that they are, for clients.
    contact: Option<Uuid>,
    /// Their roles.
    roles: Vec<Label>,
    /// Whether they are an owner.
    owner: bool,
    /// Whether a second factor is asked of them; `null` to who may not change members.
    second_factor: Option<bool>,
    /// Whether they have an address, to which a link for a new password is mailed; `null` to who
    /// may not change members.
    reached_by_mail: Option<bool>,
}

/// What stands in the head of an answer about a member.
pub type Headers = AppendHeaders<[(HeaderName, HeaderValue); 2]>;

/// The endpoint that shows one.
pub fn endpoint() -> Endpoint {
    Endpoint::get("/members/{id}", "get_member", show)
        .needs([Permission::MEMBERS_READ])
        .about(super::TAG, "A member")
        .param(params::id("member"))
        .answers::<MemberDetail>(200, "The member.")
}

async fn show(State(app): State<App>, auth: Auth, Path(id): Path<Uuid>) -> ApiResult<Response> {
    let (headers, detail) = app.member(&auth, id, None).await?;
    if !profile_reads(&auth, ProfileKind::parse(detail.profile).unwrap_or_default()) {
        return Err(ApiError::not_found());
    }
    Ok((headers, Json(detail)).into_response())
}

/// Whether the caller sees members who belong to the organization like this: clients are contacts,
/// so they are for whoever sees all contacts.
pub fn profile_reads(auth: &Auth, kind: ProfileKind) -> bool {
    let contacts = Permission::on::<ContactType>(domain::access::Verb::Read);
    kind != ProfileKind::Client || auth.actor.rights.level(contacts) == Some(ReachLevel::All)
}

/// The wire name of a state; `None` where there is no member.
pub fn state_name(state: MemberState) -> Option<&'static str> {
    match state {
        MemberState::Absent => None,
        MemberState::Active => Some("active"),
        MemberState::Deactivated => Some("deactivated"),
        MemberState::Removed => Some("removed"),
    }
}

impl AppState {
    /// A member as they are, or are since a command that reached `position`.
    pub async fn member(
        &self,
        auth: &Auth,
        id: Uuid,
        position: Option<Position>,
    ) -> ApiResult<(Headers, MemberDetail)> {
        let folded = self.commands.load::<Member>(auth.log(), id).await?;
        let organization = auth.actor.organization;
        let state = &folded.state;
        let state_name = state_name(state.state).ok_or_else(ApiError::not_found)?;
        let account = match state.user.filter(|_| auth.actor.holds(Permission::MEMBERS_UPDATE)) {
            Some(user) => Some(self.identity.account(user).await?),
            None => None,
        };
        let detail = MemberDetail {
            id: MemberId(id).0,
            version: folded.version,
            display_name: state.display_name.clone().unwrap_or_default(),
            state: state_name,
            profile: state.profile.as_str(),
            contact: state.contact.map(Uuid::from),
            roles: self.labels(auth).await?.roles(state.roles(organization)),
            owner: state.is_owner(organization),
            second_factor: account.map(|account| account.second_factor),
            reached_by_mail: account.map(|account| account.has_address),
        };
        let headers = AppendHeaders([
            (header::ETAG, etag(folded.version)),
            (POSITION, HeaderValue::from(position.unwrap_or(folded.position))),
        ]);
        Ok((headers, detail))
    }
}
