//! The account of a contact, for staff: `POST` and `DELETE /contacts/{id}/account`, and its reset.

use crate::auth::RecentAuth;
use crate::extract::headers::POSITION;
use crate::extract::{CommandHeaders, NoBody, Path};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::state::{App, AppState};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use commands::identity::OfferedLink;
use commands::mail::Template;
use domain::access::{Permission, Verb};
use domain::contact::ContactType;
use domain::ids::ContactId;
use domain::organization::Module;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

const READ: Permission = Permission::on::<ContactType>(Verb::Read);
const UPDATE: Permission = Permission::on::<ContactType>(Verb::Update);

/// A link that was sent, or is to be handed over.
#[derive(Serialize, ToSchema)]
struct ClientLink {
    /// Whether it was sent to the person's address.
    mailed: bool,
    /// The link, if there is no address to send it to. Hand it to that person only: it lets its
    /// reader in. It is shown once.
    link: Option<String>,
    /// Until when it is good.
    expires_at: DateTime<Utc>,
}

fn endpoint(endpoint: Endpoint) -> Endpoint {
    let [idempotency, _, reason] = params::command();
    endpoint.of(Module::Portal).param(params::id("contact")).params([idempotency, reason])
}

/// The endpoint that offers an account.
pub fn offer() -> Endpoint {
    let offer = Endpoint::post("/contacts/{id}/account", "offer_client_account", give)
        .needs([READ, UPDATE, Permission::MEMBERS_CREATE])
        .about(super::TAG, "Offer a contact an account")
        .details(
            "Sends a link to the contact's address; without one, answers with a link to hand over, \
             by which the person chooses a username. Offering again sends another link; those \
             before are good no longer. `account_exists` if the contact has an account. Asks for \
             recent authentication.",
        )
        .answers::<ClientLink>(200, "Offered.");
    endpoint(offer)
}

/// The endpoint that takes an account away.
pub fn take_away() -> Endpoint {
    let remove = Endpoint::delete("/contacts/{id}/account", "remove_client_account", away)
        .needs([READ, UPDATE, Permission::MEMBERS_DELETE])
        .about(super::TAG, "Take a contact's account away")
        .details(
            "Or the offer of one. The membership is removed and its sessions end; contact and \
             history stay. The user keeps what else they have. Asks for recent authentication.",
        )
        .answers_empty(204, "There is no account.");
    endpoint(remove)
}

/// The endpoint that offers a new password.
pub fn reset() -> Endpoint {
    let reset = Endpoint::post("/contacts/{id}/account/reset", "reset_client_password", renew)
        .needs([READ, UPDATE, Permission::MEMBERS_UPDATE])
        .about(super::TAG, "Let a client choose a new password")
        .details(
            "Sends a link to the address that they log in by; to a person without one, answers with \
             a link to hand over, if the account opens nothing but this organization \
             (`belongs_elsewhere`). Asks for recent authentication.",
        )
        .answers::<ClientLink>(200, "On its way, or to be handed over.");
    endpoint(reset)
}

async fn give(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    body: NoBody,
) -> ApiResult<Response> {
    let request = app.command(&auth, "offer_account", &headers, &body.0);
    app.may_mail(&auth, &id.to_string()).await?;
    let offered = app.identity.offer_account(&request, ContactId(id)).await?;
    Ok(app.handed(&offered, Template::ClientAccount))
}

async fn renew(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    body: NoBody,
) -> ApiResult<Response> {
    let request = app.command(&auth, "reset_client_password", &headers, &body.0);
    app.may_mail_reset(&auth, id).await?;
    let offered = app.identity.offer_client_reset(&request, ContactId(id)).await?;
    Ok(app.handed(&offered, Template::SetPassword))
}

async fn away(
    State(app): State<App>,
    RecentAuth(auth): RecentAuth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "remove_account", &headers, &[]);
    let done = app.identity.take_account_away(&request, ContactId(id)).await?;
    let position = AppendHeaders([(POSITION, HeaderValue::from(done.position))]);
    Ok((StatusCode::NO_CONTENT, position).into_response())
}

impl AppState {
    fn handed(&self, offered: &OfferedLink, page: Template) -> Response {
        let OfferedLink { done, token, mailed } = offered;
        let link = if *mailed { None } else { self.mails.link(page, token.id) };
        let body = ClientLink { mailed: *mailed, link, expires_at: token.expires_at };
        let position = AppendHeaders([(POSITION, HeaderValue::from(done.position))]);
        (position, Json(body)).into_response()
    }
}
