//! `GET /invitations` and `GET /invitations/{id}`

use super::TAG;
use super::body::{self, Invitation};
use crate::auth::Auth;
use crate::extract::headers::{POSITION, etag};
use crate::extract::{Path, Query, ReadHeaders};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use domain::access::Permission;
use domain::ids::InvitationId;
use domain::invitation::Status;
use projections::InvitationQuery;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::Position;
use utoipa::ToSchema;
use uuid::Uuid;

const PAGE: u16 = 50;
const LONGEST_PAGE: u16 = 200;

/// A page of invitations.
#[derive(Serialize, ToSchema)]
struct Invitations {
    /// Newest first.
    items: Vec<Invitation>,
    /// Where older ones go on.
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    status: Option<String>,
    limit: Option<u16>,
    cursor: Option<String>,
}

/// The endpoint of all.
pub fn every() -> Endpoint {
    let statuses = schema::one_of(Status::ALL.map(Status::as_str));
    Endpoint::get("/invitations", "list_invitations", all)
        .needs([Permission::INVITATIONS_READ])
        .about(TAG, "Who was invited, newest first")
        .params([
            params::query("status", statuses, "Only those that stand like this."),
            params::query(
                "limit",
                schema::integer(1, LONGEST_PAGE.into()),
                "Entries per page; 50 if absent.",
            ),
            params::query("cursor", schema::text(200), "Where the page before ended."),
            params::min_position(),
        ])
        .answers::<Invitations>(200, "A page.")
}

/// The endpoint of one.
pub fn one() -> Endpoint {
    Endpoint::get("/invitations/{id}", "get_invitation", single)
        .needs([Permission::INVITATIONS_READ])
        .about(TAG, "An invitation")
        .param(params::id("invitation"))
        .answers::<Invitation>(200, "The invitation.")
}

async fn all(
    State(app): State<App>,
    auth: Auth,
    headers: ReadHeaders,
    Query(filter): Query<Filter>,
) -> ApiResult<Json<Invitations>> {
    let limit = filter.limit.unwrap_or(PAGE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(ApiError::bad_parameter("limit", "out_of_range", "Between 1 and 200."));
    }
    let status = match filter.status.as_deref() {
        None => None,
        Some(name) => {
            let known = Status::ALL.into_iter().find(|status| status.as_str() == name);
            Some(known.ok_or_else(|| {
                let message = "Use pending, accepted, withdrawn or expired.";
                ApiError::bad_parameter("status", "no_such_choice", message)
            })?)
        }
    };
    let name = format!("invitations {} {status:?}", auth.actor.organization);
    let before = filter.cursor.map(|cursor| app.cursors.read::<Position>(&name, &cursor));
    let query = InvitationQuery { status, now: app.now(), before: before.transpose()?, limit };
    app.catch_up(&auth, headers).await?;
    let mut tx = app.projections.read(auth.settings()).await?;
    let page = tx.invitations(&query).await?;
    let inviters: Vec<Uuid> =
        page.rows.iter().filter_map(|row| row.invited_by).map(Uuid::from).collect();
    let inviters = tx.members(Some(&inviters)).await?.into_iter();
    let names: HashMap<_, _> = inviters.map(|row| (row.id, row.display_name)).collect();
    let labels = app.labels(&auth).await?;
    let next_cursor = page.next.map(|position| app.cursors.sign(&name, &position)).transpose()?;
    let items = page.rows.into_iter().map(|row| {
        let inviter = row.invited_by.and_then(|member| names.get(&member).cloned().flatten());
        body::Invitation::new(row, &labels, inviter)
    });
    Ok(Json(Invitations { items: items.collect(), next_cursor }))
}

async fn single(State(app): State<App>, auth: Auth, Path(id): Path<Uuid>) -> ApiResult<Response> {
    let folded = app.commands.load::<domain::invitation::Invitation>(auth.log(), id).await?;
    let shown = app.invitation(&auth, InvitationId(id), &folded).await?;
    let shown = shown.ok_or_else(ApiError::not_found)?;
    let headers = AppendHeaders([
        (header::ETAG, etag(folded.version)),
        (POSITION, HeaderValue::from(folded.position)),
    ]);
    Ok((headers, Json(shown)).into_response())
}
