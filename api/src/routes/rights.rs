//! `GET /audit/rights`: who had which right when.

use crate::auth::Auth;
use crate::extract::Query;
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use commands::At;
use domain::access::Permission;
use domain::ids::MemberId;
use domain::role::{self, Roles};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Position;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    member: Uuid,
    at: Option<DateTime<Utc>>,
}

/// What a member might do at a moment.
#[derive(Serialize, ToSchema)]
#[schema(as = PastRights)]
struct Body {
    /// The member.
    member: Uuid,
    /// The position of the log that was looked at.
    position: Position,
    /// Whether they might enter. If not, they might do nothing.
    active: bool,
    /// Whether they were an owner.
    owner: bool,
    /// The roles that they had.
    roles: Vec<HeldRole>,
    /// The permissions that they held, with the reach of each; those without one have `all`.
    permissions: BTreeMap<String, &'static str>,
    /// The members whose records a reach over the team covered.
    team: Vec<Uuid>,
}

/// A role that a member had.
#[derive(Serialize, ToSchema)]
struct HeldRole {
    id: Uuid,
    /// What it was called then.
    name: String,
    /// Whether it was deleted then, and gave nothing.
    deleted: bool,
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(
        Endpoint::get("/audit/rights", "get_past_rights", handler)
            .needs([Permission::AUDIT_READ])
            .about("audit", "Which rights a member had at a moment")
            .details("Read from the events of their membership, of the roles and of the teams.")
            .param(params::query("member", schema::id(), "The member."))
            .param(params::query("at", schema::time(), "The moment; now, if absent."))
            .answers::<Body>(200, "The rights.")
            .build(),
    )
}

async fn handler(
    State(app): State<App>,
    auth: Auth,
    Query(asked): Query<Asked>,
) -> ApiResult<Json<Body>> {
    let organization = auth.actor.organization;
    let position = match asked.at {
        Some(time) => app.position_at(&auth, time).await?,
        None => app.commands.log().head(auth.log()).await?.position,
    };
    let at = At::Position(position);
    let standing = app.commands.standing(organization, MemberId(asked.member), at).await?;
    if standing.member.version == 0 {
        return Err(ApiError::not_found());
    }
    let stream = role::stream_id(organization);
    let known = app.commands.load_at::<Roles>(auth.log(), stream, at).await?;
    let roles = standing.member.state.roles(organization).into_iter().filter_map(|id| {
        let role = known.state.get(organization, id)?;
        Some(HeldRole { id: id.0, name: role.title.name, deleted: role.deleted })
    });
    let permissions = standing.rights.permissions();
    Ok(Json(Body {
        member: asked.member,
        position,
        active: standing.member.state.is_active(),
        owner: standing.rights.is_owner(),
        roles: roles.collect(),
        permissions: permissions.map(|(p, level)| (p.to_string(), level.as_str())).collect(),
        team: standing.rights.team().iter().map(|member| member.0).collect(),
    }))
}
