//! `GET /organizations` and `POST /organizations`: one's own, and founding a further one.

use crate::auth::SessionAuth;
use crate::config::SignUp;
use crate::extract::{CommandBody, CommandHeaders};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use commands::IdempotencyKey;
use commands::identity::Profile;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

const TAG: &str = "organizations";

/// One's profiles.
#[derive(Serialize, ToSchema)]
struct Profiles {
    /// In the order in which one came to have them.
    items: Vec<OwnProfile>,
}

/// One of one's profiles.
#[derive(Serialize, ToSchema)]
#[allow(clippy::struct_excessive_bools, reason = "a wire form of independent properties")]
struct OwnProfile {
    /// The organization.
    organization: Uuid,
    /// The organization's name.
    name: Option<String>,
    /// The profile in it.
    member: Uuid,
    /// What one is called in it.
    display_name: Option<String>,
    /// As what one belongs to it: `staff`, `client` or `vendor`.
    profile: &'static str,
    /// Whether one is its owner.
    owner: bool,
    /// Whether one may enter.
    active: bool,
    /// Whether only owners may enter for the time being.
    maintenance: bool,
    /// Whether it was closed.
    closed: bool,
    /// Whether this session is in it.
    current: bool,
}

/// An organization to found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewOrganization)]
struct New {
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
}

/// What was founded.
#[derive(Serialize, ToSchema)]
#[schema(as = FoundedOrganization)]
struct Founded {
    /// The organization.
    organization: Uuid,
    /// One's profile in it.
    member: Uuid,
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    let [idempotency, ..] = params::command();
    OpenApiRouter::new()
        .routes(
            Endpoint::get("/organizations", "list_organizations", list)
                .about(TAG, "One's organizations and profiles")
                .for_anyone_known()
                .answers::<Profiles>(200, "The profiles.")
                .build(),
        )
        .routes(
            Endpoint::post("/organizations", "found_organization", found)
                .about(TAG, "Found a further organization")
                .details(
                    "Whose owner one becomes. Where sign-up is not open, this is for \
                     administrators of the instance. Go over to it by `/auth/switch`.",
                )
                .for_any_member()
                .param(idempotency)
                .body::<New>()
                .answers::<Founded>(201, "Founded.")
                .build(),
        )
}

async fn list(State(app): State<App>, SessionAuth(auth): SessionAuth) -> ApiResult<Json<Profiles>> {
    let profiles = app.identity.profiles(auth.actor.user).await?;
    let items = profiles.into_iter().map(|profile| wire(profile, auth.actor.member.0)).collect();
    Ok(Json(Profiles { items }))
}

fn wire(profile: Profile, current: Uuid) -> OwnProfile {
    let member = profile.membership.member.0;
    OwnProfile {
        organization: profile.membership.organization.0,
        name: profile.organization_name,
        member,
        display_name: profile.display_name,
        profile: profile.kind.as_str(),
        owner: profile.owner,
        active: profile.active,
        maintenance: profile.maintenance,
        closed: profile.closed,
        current: member == current,
    }
}

async fn found(
    State(app): State<App>,
    SessionAuth(auth): SessionAuth,
    headers: CommandHeaders,
    body: CommandBody<New>,
) -> ApiResult<(StatusCode, Json<Founded>)> {
    let mode = app.sign_up_mode().await?;
    if mode != SignUp::Open && !auth.entrance.administrator {
        return Err(ApiError::forbidden("Founding organizations is not open here."));
    }
    let user = auth.actor.user;
    let key = headers.idempotency_key.as_deref().map(|key| IdempotencyKey {
        principal: user.0,
        route: &headers.route,
        key,
        body: &body.bytes,
    });
    let name = &body.value.name;
    let founded = app.identity.found_further(&auth.origin, user, name, key.as_ref()).await?;
    let founded = Founded { organization: founded.organization.0, member: founded.member.0 };
    Ok((StatusCode::CREATED, Json(founded)))
}
