//! `GET` and `PUT /members/{id}/roles`

use crate::auth::{Auth, RecentAuth};
use crate::extract::headers::{POSITION, etag};
use crate::extract::{CommandBody, CommandHeaders, Path};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use domain::access::Permission;
use domain::ids::{MemberId, RoleId};
use domain::member::Member;
use serde::{Deserialize, Serialize};
use store::Position;
use utoipa::ToSchema;
use uuid::Uuid;

/// The roles of a member.
#[derive(Serialize, ToSchema)]
#[schema(as = MemberRoles)]
struct Body {
    /// The member.
    id: Uuid,
    /// Ids of their roles.
    roles: Vec<Uuid>,
    /// The membership's version, for `If-Match`.
    version: u32,
}

/// All roles that a member shall have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMemberRoles)]
struct NewRoles {
    /// Ids of roles.
    #[schema(max_items = 20)]
    roles: Vec<Uuid>,
}

/// The endpoint that shows them.
pub fn read() -> Endpoint {
    Endpoint::get("/members/{id}/roles", "get_member_roles", show)
        .needs([Permission::MEMBERS_READ])
        .about(super::TAG, "The roles of a member")
        .param(params::id("member"))
        .answers::<Body>(200, "The roles.")
}

/// The endpoint that gives them.
pub fn endpoint() -> Endpoint {
    Endpoint::put("/members/{id}/roles", "set_member_roles", handler)
        .needs([Permission::ROLES_ASSIGN])
        .about(super::TAG, "Give a member exactly these roles")
        .details(
            "No role that they gain or lose may be wider than one's own rights. Only owners make \
             and unmake owners, and one always remains. Asks for recent authentication.",
        )
        .param(params::id("member"))
        .params(params::command())
        .body::<NewRoles>()
        .answers::<Body>(200, "The roles since.")
}

async fn show(State(app): State<App>, auth: Auth, Path(id): Path<Uuid>) -> ApiResult<Response> {
    answer(&app, &auth, id, None).await
}

async fn handler(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    body: CommandBody<NewRoles>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "assign_roles", &headers, &body.bytes);
    let roles = body.value.roles.into_iter().map(RoleId).collect();
    let done = app.access.assign_roles(&request, MemberId(id), headers.if_match, roles).await?;
    answer(&app, &auth, id, Some(done.position)).await
}

async fn answer(
    app: &App,
    auth: &Auth,
    id: Uuid,
    position: Option<Position>,
) -> ApiResult<Response> {
    let folded = app.commands.load::<Member>(auth.log(), id).await?;
    if folded.version == 0 {
        return Err(ApiError::not_found());
    }
    let roles = folded.state.roles(auth.actor.organization);
    let version = folded.version;
    let body = Body { id, roles: roles.into_iter().map(Uuid::from).collect(), version };
    let headers = AppendHeaders([
        (header::ETAG, etag(version)),
        (POSITION, HeaderValue::from(position.unwrap_or(folded.position))),
    ]);
    Ok((headers, Json(body)).into_response())
}
