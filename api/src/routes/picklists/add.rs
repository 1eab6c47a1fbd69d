//! `POST /tags` and `POST /picklists/{list}/values`

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
    let path = match mount {
        Mount::Tags => mount.path().to_owned(),
        Mount::Any => format!("{}/values", mount.path()),
    };
    let [idempotency, _, reason] = params::command();
    let value = mount.value();
    let next = ["rename", "archive", "unarchive"].map(|verb| format!("{verb}_{value}"));
    let next = next.each_ref().map(String::as_str);
    let endpoint = Endpoint::post(path, format!("add_{}", mount.value()), handler)
        .needs_any(mount.permissions(Permission::TAGS_CREATE))
        .details(
            "A tag is made by typing it: where there is one of that label already, it is the \
             answer.",
        )
        .params([idempotency, reason])
        .body::<Label>()
        .leads_to(&next, mount.path_names())
        .answers::<ListValue>(201, "The value.");
    mount.document(endpoint, "Add a value")
}

async fn handler(
    State(app): State<App>,
    auth: Auth,
    path: ListPath,
    headers: CommandHeaders,
    body: CommandBody<Label>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "settings", &headers, &body.bytes);
    let (id, done) = app.picklists.add(&request, path.list, &body.value.label).await?;
    respond(StatusCode::CREATED, id, &done)
}
