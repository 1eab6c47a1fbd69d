//! `GET /contacts/{id}/history` and `/provenance`, and the like.

use super::entry::{Entry, render};
use crate::auth::Auth;
use crate::extract::{Path, Query};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use commands::At;
use domain::access::{Permission, Verb};
use domain::record::RecordType;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

const PAGE: u32 = 50;
const LONGEST_PAGE: u32 = 200;

/// A page of a record's history.
#[derive(Serialize, ToSchema)]
struct History {
    /// Newest first.
    items: Vec<Entry>,
    /// Where older entries go on.
    next_cursor: Option<String>,
}

/// The origin of each field's value.
#[derive(Serialize, ToSchema)]
struct Provenance {
    /// For each field that was ever set or cleared, the entry that did so last.
    fields: BTreeMap<&'static str, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    limit: Option<u32>,
    cursor: Option<String>,
    as_of: Option<DateTime<Utc>>,
}

/// The endpoint of the history.
pub fn endpoint<R: RecordType>() -> Endpoint {
    Endpoint::get(
        format!("/{}/{{id}}/history", R::PLURAL),
        format!("get_{}_history", R::KIND),
        history::<R>,
    )
    .needs([Permission::on::<R>(Verb::Read)])
    .about(R::PLURAL, format!("What happened to a {}", R::LABEL.to_lowercase()))
    .param(params::id(&R::LABEL.to_lowercase()))
    .param(params::query(
        "limit",
        schema::integer(1, LONGEST_PAGE.into()),
        "Entries per page; 50 if absent.",
    ))
    .param(params::query("cursor", schema::text(40), "Where the page before ended."))
    .param(params::as_of())
    .answers::<History>(200, "A page, newest first.")
}

/// The endpoint of the provenance.
pub fn provenance_endpoint<R: RecordType>() -> Endpoint {
    Endpoint::get(
        format!("/{}/{{id}}/provenance", R::PLURAL),
        format!("get_{}_provenance", R::KIND),
        provenance::<R>,
    )
    .needs([Permission::on::<R>(Verb::Read)])
    .about(R::PLURAL, "Where each value comes from")
    .param(params::id(&R::LABEL.to_lowercase()))
    .answers::<Provenance>(200, "The entry that set each field last.")
}

async fn history<R: RecordType>(
    State(app): State<App>,
    auth: Auth,
    Path(id): Path<Uuid>,
    Query(page): Query<Page>,
) -> ApiResult<Json<History>> {
    let limit = page.limit.unwrap_or(PAGE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(ApiError::bad_parameter("limit", "out_of_range", "Between 1 and 200."));
    }
    let before = match (&page.cursor, page.as_of) {
        (Some(cursor), _) => Some(app.cursors.read::<u32>(&list_name::<R>(id), cursor)?),
        (None, None) => None,
        (None, Some(time)) => {
            let position = app.position_at(&auth, time).await?;
            let at = At::Position(position);
            let then = app.records.get::<R>(&auth.caller(), auth.log(), id, at).await?;
            Some(then.version + 1)
        }
    };
    let entries = app.records.history::<R>(&auth.caller(), auth.log(), id, before, limit).await?;
    let next_cursor = entries
        .last()
        .map(|entry| entry.version)
        .filter(|version| *version > 1)
        .map(|version| app.cursors.sign(&list_name::<R>(id), &version))
        .transpose()?;
    let items = render::<R>(&app, &auth, &entries).await?;
    Ok(Json(History { items, next_cursor }))
}

async fn provenance<R: RecordType>(
    State(app): State<App>,
    auth: Auth,
    Path(id): Path<Uuid>,
) -> ApiResult<Json<Provenance>> {
    let origins = app.records.provenance::<R>(&auth.caller(), auth.log(), id).await?;
    let (names, entries): (Vec<_>, Vec<_>) = origins.into_iter().unzip();
    let entries = render::<R>(&app, &auth, &entries).await?;
    Ok(Json(Provenance { fields: names.into_iter().zip(entries).collect() }))
}

/// What a cursor of this history is bound to.
fn list_name<R: RecordType>(id: Uuid) -> String {
    format!("history {} {id}", R::KIND)
}
