//! One member: `GET`, `PATCH` and `DELETE /members/{id}`, deactivation and reactivation.

use crate::auth::Auth;
use crate::extract::headers::{POSITION, etag};
use crate::extract::{CommandBody, CommandHeaders, Path};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params};
use crate::state::{App, AppState};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use commands::access::Fate;
use domain::access::{Permission, ProfileKind};
use domain::ids::MemberId;
use domain::member::{Member, MemberState};
use serde::{Deserialize, Serialize};
use store::Position;
use utoipa::ToSchema;
use uuid::Uuid;

const TAG: &str = "members";

/// A member with everything that those see who may.
#[derive(Serialize, ToSchema)]
struct MemberDetail {
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
    /// Ids of their roles.
    roles: Vec<Uuid>,
    /// Whether they are an owner.
    owner: bool,
}

/// What shall be otherwise.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MemberChanges)]
struct Changes {
    /// What they are called here.
    #[schema(min_length = 1, max_length = 200)]
    display_name: String,
}

/// The endpoint that shows one.
pub fn read() -> Endpoint {
    Endpoint::get("/members/{id}", "get_member", show)
        .needs([Permission::MEMBERS_READ])
        .about(TAG, "A member")
        .param(params::id("member"))
        .answers::<MemberDetail>(200, "The member.")
}

/// The endpoint that renames one.
pub fn change() -> Endpoint {
    Endpoint::patch("/members/{id}", "change_member", rename)
        .for_any_member()
        .about(TAG, "Call a member otherwise")
        .details(
            "Oneself, or with the permission “members:update” whoever has no wider rights. What was \
             said before keeps the name of then in its history.",
        )
        .param(params::id("member"))
        .params(params::command())
        .body::<Changes>()
        .answers::<MemberDetail>(200, "The member since.")
}

/// The endpoint that keeps one from entering.
pub fn deactivate() -> Endpoint {
    Endpoint::post("/members/{id}/deactivate", "deactivate_member", off)
        .needs([Permission::MEMBERS_UPDATE])
        .about(TAG, "Keep a member from entering for the time being")
        .details("Ends their sessions in this profile. The last owner cannot be deactivated.")
        .param(params::id("member"))
        .params(params::command())
        .answers::<MemberDetail>(200, "The member since.")
}

/// The endpoint that lets one enter again.
pub fn reactivate() -> Endpoint {
    Endpoint::post("/members/{id}/reactivate", "reactivate_member", on)
        .needs([Permission::MEMBERS_UPDATE])
        .about(TAG, "Let a member enter again")
        .param(params::id("member"))
        .params(params::command())
        .answers::<MemberDetail>(200, "The member since.")
}

/// The endpoint that removes one.
pub fn remove() -> Endpoint {
    Endpoint::delete("/members/{id}", "remove_member", away)
        .for_any_member()
        .about(TAG, "Remove a member, or leave")
        .details(
            "Oneself, or with the permission “members:delete” whoever has no wider rights. Ends \
             their sessions in this profile; what they did keeps their name. The last owner cannot \
             be removed.",
        )
        .param(params::id("member"))
        .params(params::command())
        .answers::<MemberDetail>(200, "The member since.")
}

async fn show(State(app): State<App>, auth: Auth, Path(id): Path<Uuid>) -> ApiResult<Response> {
    app.member(&auth, id, None).await
}

async fn rename(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    body: CommandBody<Changes>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "rename_member", &headers, &body.bytes);
    let (member, name) = (MemberId(id), &body.value.display_name);
    let done = app.access.rename_member(&request, member, headers.if_match, name).await?;
    app.member(&auth, id, Some(done.position)).await
}

async fn off(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
) -> ApiResult<Response> {
    app.decide_on(&auth, &headers, id, Fate::Deactivated).await
}

async fn on(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
) -> ApiResult<Response> {
    app.decide_on(&auth, &headers, id, Fate::Reactivated).await
}

async fn away(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
) -> ApiResult<Response> {
    app.decide_on(&auth, &headers, id, Fate::Removed).await
}

impl AppState {
    async fn decide_on(
        &self,
        auth: &Auth,
        headers: &CommandHeaders,
        id: Uuid,
        fate: Fate,
    ) -> ApiResult<Response> {
        let kind = match fate {
            Fate::Deactivated => "deactivate_member",
            Fate::Reactivated => "reactivate_member",
            Fate::Removed => "remove_member",
        };
        let request = self.command(auth, kind, headers, &[]);
        let member = MemberId(id);
        let done = self.access.decide_on_member(&request, member, headers.if_match, fate).await?;
        if fate != Fate::Reactivated {
            let folded = self.commands.load::<Member>(auth.log(), id).await?;
            if let Some(user) = folded.state.user {
                let organization = auth.actor.organization;
                self.identity.end_sessions_in(&auth.origin, user, organization, member).await?;
            }
        }
        self.member(auth, id, Some(done.position)).await
    }

    async fn member(
        &self,
        auth: &Auth,
        id: Uuid,
        position: Option<Position>,
    ) -> ApiResult<Response> {
        let folded = self.commands.load::<Member>(auth.log(), id).await?;
        let organization = auth.actor.organization;
        let state = &folded.state;
        let body = MemberDetail {
            id,
            version: folded.version,
            display_name: state.display_name.clone().unwrap_or_default(),
            state: match state.state {
                MemberState::Absent => return Err(ApiError::not_found()),
                MemberState::Active => "active",
                MemberState::Deactivated => "deactivated",
                MemberState::Removed => "removed",
            },
            profile: match state.profile {
                ProfileKind::Staff => "staff",
                ProfileKind::Client => "client",
                ProfileKind::Vendor => "vendor",
            },
            contact: state.contact.map(Uuid::from),
            roles: state.roles(organization).into_iter().map(Uuid::from).collect(),
            owner: state.is_owner(organization),
        };
        let headers = AppendHeaders([
            (header::ETAG, etag(folded.version)),
            (POSITION, HeaderValue::from(position.unwrap_or(folded.position))),
        ]);
        Ok((headers, Json(body)).into_response())
    }
}
