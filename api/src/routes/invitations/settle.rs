//! `POST /invitations/{id}/resend` and `POST /invitations/{id}/withdraw`

use super::TAG;
use super::body::{self, Invitation};
use crate::auth::Auth;
use crate::extract::{CommandHeaders, Path};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::Permission;
use domain::ids::InvitationId;
use uuid::Uuid;

/// The endpoint that sends one again.
pub fn resend() -> Endpoint {
    Endpoint::post("/invitations/{id}/resend", "resend_invitation", again)
        .needs([Permission::INVITATIONS_CREATE])
        .about(TAG, "Send an invitation again")
        .details(
            "With a new link, good for seven days; the one before is good no longer. Its roles may \
             not be wider than one's own rights.",
        )
        .param(params::id("invitation"))
        .params(params::command())
        .answers::<Invitation>(200, "The invitation since.")
}

/// The endpoint that takes one back.
pub fn withdraw() -> Endpoint {
    Endpoint::post("/invitations/{id}/withdraw", "withdraw_invitation", back)
        .needs([Permission::INVITATIONS_DELETE])
        .about(TAG, "Withdraw an invitation")
        .details("Its link is good no longer. Its roles may not be wider than one's own rights.")
        .param(params::id("invitation"))
        .params(params::command())
        .answers::<Invitation>(200, "The invitation since.")
}

async fn again(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
) -> ApiResult<Response> {
    let known = app.commands.load::<domain::invitation::Invitation>(auth.log(), id).await?;
    let email = known.state.email.as_deref().ok_or_else(ApiError::not_found)?;
    app.may_invite(&auth, email).await?;
    let request = app.command(&auth, "resend_invitation", &headers, &[]);
    let id = InvitationId(id);
    let done = app.identity.resend_invitation(&request, id, headers.if_match).await?;
    body::respond(&app, &auth, StatusCode::OK, done).await
}

async fn back(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "withdraw_invitation", &headers, &[]);
    let id = InvitationId(id);
    let done = app.identity.withdraw_invitation(&request, id, headers.if_match).await?;
    body::respond(&app, &auth, StatusCode::OK, done).await
}
