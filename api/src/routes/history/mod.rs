//! Pages of histories: of records, of saved views, of the organization. All have one form.

mod entry;

pub use entry::{Entry, render, render_with, want};

use crate::auth::Auth;
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::state::App;
use axum::Json;
use commands::HistoryEntry;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const PAGE: u32 = 50;
const LONGEST_PAGE: u32 = 200;

/// A page of a history.
#[derive(Serialize, ToSchema)]
pub struct History {
    /// Newest first.
    items: Vec<Entry>,
    /// Where older entries go on.
    next_cursor: Option<String>,
}

/// Which page of a history.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    limit: Option<u32>,
    cursor: Option<String>,
}

/// The same, checked.
pub struct Wanted {
    /// At most so many entries.
    pub limit: u32,
    /// Those below this version; the newest, if absent.
    pub before: Option<u32>,
}

/// Declares the parameters and the answer of a page.
pub fn paged(endpoint: Endpoint) -> Endpoint {
    endpoint
        .param(params::query(
            "limit",
            schema::integer(1, LONGEST_PAGE.into()),
            "Entries per page; 50 if absent.",
        ))
        .param(params::query("cursor", schema::text(200), "Where the page before ended."))
        .answers::<History>(200, "A page, newest first.")
}

/// Reads what is asked of the history of this name, to which cursors are bound.
pub fn wanted(
    app: &App,
    name: &str,
    limit: Option<u32>,
    cursor: Option<&str>,
) -> ApiResult<Wanted> {
    let limit = limit.unwrap_or(PAGE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(ApiError::bad_parameter("limit", "out_of_range", "Between 1 and 200."));
    }
    let before = cursor.map(|cursor| app.cursors.read::<u32>(name, cursor)).transpose()?;
    Ok(Wanted { limit, before })
}

impl Asked {
    /// Reads it, for the history of this name.
    pub fn wanted(&self, app: &App, name: &str) -> ApiResult<Wanted> {
        wanted(app, name, self.limit, self.cursor.as_deref())
    }
}

/// The page of the history of this name that holds these entries.
pub async fn page(
    app: &App,
    auth: &Auth,
    name: &str,
    entries: &[HistoryEntry],
) -> ApiResult<Json<History>> {
    let last = entries.last().map(|entry| entry.version).filter(|version| *version > 1);
    let next_cursor = last.map(|version| app.cursors.sign(name, &version)).transpose()?;
    Ok(Json(History { items: render(app, auth, entries).await?, next_cursor }))
}
