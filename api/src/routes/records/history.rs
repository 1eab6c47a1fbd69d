//! `GET /contacts/{id}/history` and `/provenance`, and the like.

use crate::auth::Auth;
use crate::extract::{Path, Query};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, params};
use crate::routes::history::{self, Entry, History};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use commands::At;
use domain::access::{Permission, Verb};
use domain::record::RecordType;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// The origin of each field's value.
#[derive(Serialize, ToSchema)]
struct Provenance {
    /// For each field that was ever set or cleared, the entry that did so last.
    fields: BTreeMap<String, Entry>,
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
    let endpoint = Endpoint::get(
        format!("/{}/{{id}}/history", R::PLURAL),
        format!("get_{}_history", R::KIND),
        history::<R>,
    )
    .needs([Permission::on::<R>(Verb::Read)])
    .about(R::PLURAL, format!("What happened to a {}", R::LABEL.to_lowercase()))
    .param(params::id(&R::LABEL.to_lowercase()))
    .param(params::as_of());
    history::paged(endpoint)
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
    // What a cursor of this history is bound to.
    let name = format!("history {} {id}", R::KIND);
    let asked = history::wanted(&app, &name, page.limit, page.cursor.as_deref())?;
    let before = match (asked.before, page.as_of) {
        (None, Some(time)) => {
            let at = At::Position(app.position_at(&auth, time).await?);
            let then = app.records.get::<R>(&auth.caller(), auth.log(), id, at).await?;
            Some(then.version + 1)
        }
        (before, _) => before,
    };
    let (caller, log) = (auth.caller(), auth.log());
    let entries = app.records.history::<R>(&caller, log, id, before, asked.limit).await?;
    history::page(&app, &auth, &name, &entries).await
}

async fn provenance<R: RecordType>(
    State(app): State<App>,
    auth: Auth,
    Path(id): Path<Uuid>,
) -> ApiResult<Json<Provenance>> {
    let origins = app.records.provenance::<R>(&auth.caller(), auth.log(), id).await?;
    let (names, entries): (Vec<_>, Vec<_>) = origins.into_iter().unzip();
    let entries = history::render(&app, &auth, &entries).await?;
    Ok(Json(Provenance { fields: names.into_iter().map(Cow::into_owned).zip(entries).collect() }))
}
