//! `PATCH /tags/{id}` and `PATCH /picklists/{list}/values/{id}`

use super::Mount;
use super::body::{Label, ListPath, ListValue, respond};
use crate::auth::Auth;
use crate::extract::{CommandBody, CommandHeaders};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::Permission;

/// The endpoint.
pub fn endpoint(mount: Mount) -> Endpoint {
    let endpoint =
        Endpoint::patch(mount.value_path(), format!("rename_{}", mount.value()), handler)
            .needs_any(mount.permissions(Permission::TAGS_UPDATE))
            .details("Records refer to it by id, so all of them show the new label.")
            .param(params::id("value"))
            .params(params::command())
            .body::<Label>()
            .answers::<ListValue>(200, "The value since.");
    mount.document(endpoint, "Rename a value")
}

async fn handler(
    State(app): State<App>,
    auth: Auth,
    path: ListPath,
    headers: CommandHeaders,
    body: CommandBody<Label>,
) -> ApiResult<Response> {
    let id = path.value()?;
    let request = app.command(&auth, "settings", &headers, &body.bytes);
    let done =
        app.picklists.rename(&request, path.list, id, headers.if_match, &body.value.label).await?;
    respond(StatusCode::OK, id, &done)
}
