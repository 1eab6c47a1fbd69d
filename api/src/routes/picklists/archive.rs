//! `POST /tags/{id}/archive` and `/unarchive`, and the same for every list.

use super::Mount;
use super::body::{ListPath, ListValue, respond};
use crate::auth::Auth;
use crate::extract::{CommandHeaders, NoBody};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::Permission;

/// The endpoint that offers a value no longer.
pub fn archive(mount: Mount) -> Endpoint {
    let path = format!("{}/archive", mount.value_path());
    let endpoint = Endpoint::post(path, format!("archive_{}", mount.value()), put_away)
        .needs_any(mount.permissions(Permission::TAGS_DELETE));
    document(mount, endpoint, "Offer a value no longer; records that have it keep it")
}

/// The endpoint that offers it again.
pub fn unarchive(mount: Mount) -> Endpoint {
    let path = format!("{}/unarchive", mount.value_path());
    let endpoint = Endpoint::post(path, format!("unarchive_{}", mount.value()), bring_back)
        .needs_any(mount.permissions(Permission::TAGS_UPDATE));
    document(mount, endpoint, "Offer a value again")
}

fn document(mount: Mount, endpoint: Endpoint, summary: &str) -> Endpoint {
    let endpoint = endpoint
        .param(params::id("value"))
        .params(params::command())
        .answers::<ListValue>(200, "The value since.");
    mount.document(endpoint, summary)
}

async fn put_away(
    State(app): State<App>,
    auth: Auth,
    path: ListPath,
    headers: CommandHeaders,
    NoBody(bytes): NoBody,
) -> ApiResult<Response> {
    let id = path.value()?;
    let request = app.command(&auth, "settings", &headers, &bytes);
    let done = app.picklists.archive(&request, path.list, id, headers.if_match).await?;
    respond(StatusCode::OK, id, &done)
}

async fn bring_back(
    State(app): State<App>,
    auth: Auth,
    path: ListPath,
    headers: CommandHeaders,
    NoBody(bytes): NoBody,
) -> ApiResult<Response> {
    let id = path.value()?;
    let request = app.command(&auth, "settings", &headers, &bytes);
    let done = app.picklists.unarchive(&request, path.list, id, headers.if_match).await?;
    respond(StatusCode::OK, id, &done)
}
