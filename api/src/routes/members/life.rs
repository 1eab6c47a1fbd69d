//! `PATCH` and `DELETE /members/{id}`, deactivation and reactivation.

use super::detail::MemberDetail;
use crate::auth::{Auth, RecentAuth};
use crate::extract::{CommandBody, CommandHeaders, Path};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::{App, AppState};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use commands::access::Fate;
use domain::access::Permission;
use domain::ids::MemberId;
use domain::member::Member;
use serde::Deserialize;
use store::Position;
use utoipa::ToSchema;
use uuid::Uuid;

/// What shall be otherwise.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MemberChanges)]
struct Changes {
    /// What they are called here.
    #[schema(min_length = 1, max_length = 200)]
    display_name: String,
}

/// The endpoint that renames one.
pub fn change() -> Endpoint {
    Endpoint::patch("/members/{id}", "change_member", rename)
        .for_any_member()
        .about(super::TAG, "Call a member otherwise")
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
        .about(super::TAG, "Keep a member from entering for the time being")
        .details("Ends their sessions in this profile. The last owner cannot be deactivated.")
        .param(params::id("member"))
        .params(params::command())
        .answers::<MemberDetail>(200, "The member since.")
}

/// The endpoint that lets one enter again.
pub fn reactivate() -> Endpoint {
    Endpoint::post("/members/{id}/reactivate", "reactivate_member", on)
        .needs([Permission::MEMBERS_UPDATE])
        .about(super::TAG, "Let a member enter again")
        .param(params::id("member"))
        .params(params::command())
        .answers::<MemberDetail>(200, "The member since.")
}

/// The endpoint that removes one.
pub fn remove() -> Endpoint {
    Endpoint::delete("/members/{id}", "remove_member", away)
        .for_any_member()
        .about(super::TAG, "Remove a member, or leave")
        .details(
            "Oneself, or with the permission “members:delete” whoever has no wider rights. Ends \
             their sessions in this profile; what they did keeps their name. The last owner cannot \
             be removed. Asks for recent authentication.",
        )
        .param(params::id("member"))
        .params(params::command())
        .answers::<MemberDetail>(200, "The member since.")
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
    app.shown(&auth, id, done.position).await
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
    RecentAuth(auth): RecentAuth,
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
        self.shown(auth, id, done.position).await
    }

    async fn shown(&self, auth: &Auth, id: Uuid, position: Position) -> ApiResult<Response> {
        let (headers, detail) = self.member(auth, id, Some(position)).await?;
        Ok((headers, Json(detail)).into_response())
    }
}
