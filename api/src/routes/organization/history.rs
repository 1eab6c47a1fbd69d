//! `GET /organization/history`

use crate::auth::Auth;
use crate::extract::Query;
use crate::http::ApiResult;
use crate::openapi::Endpoint;
use crate::routes::history::{self, Asked, History};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use domain::access::Permission;

/// What a cursor of this list is bound to.
const LIST: &str = "history organization";

/// The endpoint.
pub fn endpoint() -> Endpoint {
    let endpoint = Endpoint::get("/organization/history", "get_organization_history", handler)
        .about(super::TAG, "What happened to the organization")
        .needs([Permission::ORGANIZATION_READ]);
    history::paged(endpoint)
}

async fn handler(
    State(app): State<App>,
    auth: Auth,
    Query(asked): Query<Asked>,
) -> ApiResult<Json<History>> {
    let asked = asked.wanted(&app, LIST)?;
    let organization = auth.actor.organization;
    let entries = app.organizations.history(organization, asked.before, asked.limit).await?;
    history::page(&app, &auth, LIST, &entries).await
}
