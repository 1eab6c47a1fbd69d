//! Who belongs to the organization.

mod life;

use crate::auth::Auth;
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::state::{App, AppState};
use axum::Json;
use axum::extract::State;
use domain::access::Permission;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

/// The members of the organization.
#[derive(Serialize, ToSchema)]
struct Members {
    /// In the order in which they joined.
    items: Vec<Member>,
}

/// A member, as everybody in the organization may see them.
#[derive(Serialize, ToSchema)]
pub struct Member {
    /// The membership's id; what records are assigned to.
    id: Uuid,
    /// What they are called here; empty if that was erased.
    display_name: String,
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(
            Endpoint::get("/members", "list_members", handler)
                .needs([Permission::MEMBERS_READ])
                .about("members", "Who belongs to the organization")
                .answers::<Members>(200, "The members.")
                .build(),
        )
        .routes(life::read().build())
        .routes(life::change().build())
        .routes(life::deactivate().build())
        .routes(life::reactivate().build())
        .routes(life::remove().build())
}

async fn handler(State(app): State<App>, auth: Auth) -> ApiResult<Json<Members>> {
    Ok(Json(Members { items: app.members(&auth).await? }))
}

impl AppState {
    /// The members of the caller's organization, for choosing one.
    pub async fn members(&self, auth: &Auth) -> ApiResult<Vec<Member>> {
        let scope = auth.settings();
        let mut tx = self.projections.read(scope).await?;
        let members = tx.members(None).await?;
        let wire = |row: projections::MemberRow| Member {
            id: row.id.0,
            display_name: row.display_name.unwrap_or_default(),
        };
        Ok(members.into_iter().map(wire).collect())
    }
}
