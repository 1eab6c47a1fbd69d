//! `POST /organization/close`, and opening one again as an administrator of the instance.

use super::body::{self, OrganizationSettings};
use crate::auth::RecentAuth;
use crate::extract::{CommandBody, CommandHeaders, Path};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use commands::Caller;
use domain::access::Permission;
use domain::ids::OrganizationId;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The organization, typed again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CloseOrganization)]
struct Close {
    /// Its name, as it is.
    #[schema(max_length = 200)]
    name: String,
}

/// The endpoint that closes it.
pub fn close() -> Endpoint {
    let [idempotency, _, reason] = params::command();
    Endpoint::post("/organization/close", "close_organization", shut)
        .about(super::TAG, "Close the organization")
        .needs([Permission::ORGANIZATION_CLOSE])
        .details(
            "For owners. Nobody enters it any more, its owners included; everything is kept. An \
             administrator of the instance can open it again. Asks for recent authentication.",
        )
        .params([idempotency, reason])
        .body::<Close>()
        .answers::<OrganizationSettings>(200, "Closed.")
}

/// The endpoint that opens a closed one again.
pub fn reopen() -> Endpoint {
    let [_, _, reason] = params::command();
    Endpoint::post("/instance/organizations/{id}/reopen", "reopen_organization", open)
        .about("instance", "Open a closed organization again")
        .details("Asks for recent authentication.")
        .for_administrators()
        .param(params::id("organization"))
        .param(reason)
        .answers::<OrganizationSettings>(200, "Open again.")
}

async fn shut(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    body: CommandBody<Close>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "close", &headers, &body.bytes);
    let done = app.organizations.close(&request, &body.value.name).await?;
    Ok(body::respond_done(&done))
}

async fn open(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
) -> ApiResult<Response> {
    let log = OrganizationId(id).into();
    let caller = Caller::User(auth.actor.user);
    let mut request = app.commands.request(log, caller, auth.origin.clone(), "reopen");
    request.reason = headers.reason;
    Ok(body::respond_done(&app.organizations.reopen(&request).await?))
}
