//! `GET /views` and `GET /views/{id}`

use super::body::{self, Shown, View};
use crate::auth::Auth;
use crate::extract::headers::{POSITION, etag};
use crate::extract::{Path, Query, ReadHeaders};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::routes::records::labels::Wanted;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse};
use commands::views::reading;
use domain::normalize;
use projections::ViewQuery;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use uuid::Uuid;

const LONGEST_PAGE: u16 = 200;
/// What a cursor of this list is bound to; it finds nothing of others.
const NAME: &str = "views";

/// A page of views.
#[derive(Serialize, ToSchema)]
#[schema(as = ViewPage)]
struct Page {
    /// In order of name: the caller's own ones and shared ones, of record types that they read.
    items: Vec<View>,
    /// Where the next ones go on.
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    record_type: Option<String>,
    #[serde(default)]
    deleted: bool,
    limit: Option<u16>,
    cursor: Option<String>,
}

/// The endpoint of the list.
pub fn every() -> Endpoint {
    Endpoint::get("/views", "list_views", all)
        .for_any_member()
        .about(super::TAG, "One's own views and shared ones")
        .details(
            "A view's filter, sort or columns that name a field which the caller may not see are \
             left out, and `incomplete` says so.",
        )
        .params([
            params::query("record_type", schema::any_text(), "Only of this type: `contacts`."),
            params::query("deleted", schema::boolean(), "Deleted ones instead."),
            params::query(
                "limit",
                schema::integer(1, LONGEST_PAGE.into()),
                "Views per page; 200 if absent.",
            ),
            params::query("cursor", schema::text(1_000), "Where the page before ended."),
            params::min_position(),
        ])
        .answers::<Page>(200, "A page.")
}

/// The endpoint of one.
pub fn one() -> Endpoint {
    Endpoint::get("/views/{id}", "get_view", single)
        .for_any_member()
        .about(super::TAG, "A view")
        .details("Read from its events, so it is never behind. Deleted ones are shown too.")
        .param(params::id("view"))
        .answers::<View>(200, "The view.")
}

async fn all(
    State(app): State<App>,
    auth: Auth,
    headers: ReadHeaders,
    Query(asked): Query<Asked>,
) -> ApiResult<impl IntoResponse> {
    let limit = asked.limit.unwrap_or(LONGEST_PAGE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(ApiError::bad_parameter("limit", "out_of_range", "Between 1 and 200."));
    }
    let types = domain::access::resources().iter().map(|resource| resource.name);
    let wanted = types
        .filter(|name| asked.record_type.as_deref().is_none_or(|one| one == *name))
        .filter(|name| reading(name).is_some_and(|read| auth.actor.holds(read)));
    let after = asked.cursor.map(|cursor| app.cursors.read::<(String, Uuid)>(NAME, &cursor));
    let query = ViewQuery {
        member: auth.actor.member,
        record_types: wanted.map(str::to_owned).collect(),
        deleted: asked.deleted,
        after: after.transpose()?,
        limit: limit + 1,
    };
    app.catch_up(&auth, headers).await?;
    let mut tx = app.projections.read(auth.settings()).await?;
    let position = tx.position().await?;
    let mut rows = tx.views(&query).await?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let last = rows
        .last()
        .filter(|_| more)
        .map(|row| (normalize::search_key(row.view.name.as_deref().unwrap_or_default()), row.id));
    let next_cursor = last.map(|place| app.cursors.sign(NAME, &place)).transpose()?;
    let mut owners = Wanted::default();
    for row in &rows {
        owners.member(row.view.owner);
    }
    let labels = owners.look_up_in(&app, &auth, &mut tx).await?;
    let mut chosen = BTreeSet::new();
    for record_type in rows.iter().map(|row| &row.view.record_type).collect::<BTreeSet<_>>() {
        let view = app.views.default_of(&auth.caller(), auth.log(), record_type).await?;
        chosen.extend(view.map(|view| view.0));
    }
    let items = rows
        .iter()
        .map(|row| {
            let shown = Shown {
                id: row.id,
                version: row.version,
                state: &row.view,
                created_at: row.created_at,
                updated_at: row.updated_at,
                default: chosen.contains(&row.id),
            };
            View::new(&auth, &labels, &shown)
        })
        .collect();
    let headers = AppendHeaders([(POSITION, HeaderValue::from(position))]);
    Ok((headers, Json(Page { items, next_cursor })))
}

async fn single(
    State(app): State<App>,
    auth: Auth,
    Path(id): Path<Uuid>,
) -> ApiResult<impl IntoResponse> {
    let folded = app.views.get(&auth.caller(), auth.log(), id).await?;
    let body = Json(body::view(&app, &auth, &folded).await?);
    Ok((AppendHeaders([(header::ETAG, etag(folded.version))]), body))
}
