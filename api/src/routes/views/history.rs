//! `GET /views/{id}/history`

use crate::auth::Auth;
use crate::extract::{Path, Query};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::routes::history::{self, Asked, History};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use uuid::Uuid;

/// The endpoint.
pub fn endpoint() -> Endpoint {
    let endpoint = Endpoint::get("/views/{id}/history", "get_view_history", handler)
        .for_any_member()
        .about(super::TAG, "What happened to a view")
        .details(
            "For whoever sees it. That its filter or columns changed is told, but not how: they \
             may be about fields that the caller may not see.",
        )
        .param(params::id("view"));
    history::paged(endpoint)
}

async fn handler(
    State(app): State<App>,
    auth: Auth,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> ApiResult<Json<History>> {
    let name = format!("history view {id}");
    let asked = asked.wanted(&app, &name)?;
    let (caller, log) = (auth.caller(), auth.log());
    let entries = app.views.history(&caller, log, id, asked.before, asked.limit).await?;
    history::page(&app, &auth, &name, &entries).await
}
