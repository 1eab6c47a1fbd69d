//! `GET /users/me`

use crate::auth::Auth;
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use commands::identity::Barred;
use domain::access::ProfileKind;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a caller may know of themselves.
#[derive(Serialize, ToSchema)]
#[schema(as = Me)]
struct Body {
    /// The user.
    id: Uuid,
    /// The address for logging in.
    email: Option<String>,
    /// Full name.
    full_name: Option<String>,
    /// The profile in the organization of this session.
    member: Uuid,
    /// What they are called in it.
    display_name: Option<String>,
    /// As what they belong to it: `staff`, `client` (who have the portal and nothing else) or
    /// `vendor`.
    profile: &'static str,
    /// Whether they act as an owner of it.
    owner: bool,
    /// Their roles in it, in order of name.
    roles: Vec<Role>,
    /// What they may do there: permissions with the reach of each, `all`, `team` or `own`. Those
    /// that have no reach are `all`.
    permissions: BTreeMap<String, &'static str>,
    /// The organization of this session.
    organization: Organization,
    /// Why they may not enter it just now, as the code that other routes answer with; `null` if
    /// they may.
    barred: Option<&'static str>,
    /// Whether they are an administrator of the instance.
    administrator: bool,
}

/// A role that one has.
#[derive(Serialize, ToSchema)]
#[schema(as = OwnRole)]
struct Role {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
}

/// An organization, for its members.
#[derive(Serialize, ToSchema)]
pub struct Organization {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: Option<String>,
    /// Whether its times are made up, as a demo's are.
    pub simulated: bool,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::get("/users/me", "get_me", handler)
        .for_anyone_known()
        .about(super::TAG, "Who one is")
        .answers::<Body>(200, "The caller.")
}

fn barred_code(barred: Barred) -> &'static str {
    match barred {
        Barred::InstanceMaintenance => "instance_maintenance",
        Barred::OrganizationMaintenance => "organization_maintenance",
        Barred::OrganizationClosed => "organization_closed",
        Barred::NoMembership => "no_membership",
    }
}

async fn handler(State(app): State<App>, auth: Auth) -> ApiResult<Json<Body>> {
    let me = app.identity.me(&auth.actor).await?;
    let permissions = me.rights.permissions();
    let barred = auth.entrance.barred.map(barred_code);
    Ok(Json(Body {
        barred,
        administrator: auth.entrance.administrator,
        id: me.user.0,
        email: me.email,
        full_name: me.full_name,
        member: me.member.0,
        display_name: me.display_name,
        profile: match me.rights.profile() {
            ProfileKind::Staff => "staff",
            ProfileKind::Client => "client",
            ProfileKind::Vendor => "vendor",
        },
        owner: me.rights.is_owner(),
        roles: me.roles.into_iter().map(|(id, name)| Role { id: id.0, name }).collect(),
        permissions: permissions.map(|(p, level)| (p.to_string(), level.as_str())).collect(),
        organization: Organization {
            id: me.organization.0,
            name: me.organization_name,
            simulated: me.simulated,
        },
    }))
}
