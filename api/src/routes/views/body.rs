//! A view as JSON.

use super::definition;
use crate::auth::Auth;
use crate::extract::headers::answer;
use crate::http::ApiResult;
use crate::routes::records::body::Reference;
use crate::routes::records::labels::{Labels, Wanted};
use crate::state::App;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use commands::views::ViewRights;
use commands::{Done, Folded};
use domain::view::{self, View as State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A column of a list.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ViewColumn, example = json!({"field": "city", "width": 160}))]
pub struct Column {
    /// Name of the field.
    #[schema(max_length = 100)]
    field: String,
    /// Width in CSS pixels; absent or `null` leaves it to the list.
    #[schema(minimum = 24, maximum = 2_000)]
    width: Option<u16>,
}

impl From<Column> for view::Column {
    fn from(Column { field, width }: Column) -> Self {
        Self { field, width }
    }
}

impl From<view::Column> for Column {
    fn from(view::Column { field, width }: view::Column) -> Self {
        Self { field, width }
    }
}

/// What the caller may do with a view in its present state.
#[derive(Serialize, ToSchema)]
#[schema(as = ViewAllowed)]
#[allow(clippy::struct_excessive_bools, reason = "a wire form of independent properties")]
struct Allowed {
    /// Change it.
    edit: bool,
    /// Share it, or keep it to oneself again.
    share: bool,
    /// Delete it.
    delete: bool,
    /// Take it back.
    restore: bool,
}

/// A saved view.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-5a2b-7000-8000-000000000001", "version": 3, "record_type": "contacts",
    "name": "Leads in Bern", "visibility": "shared",
    "owner": {"id": "0192f0c1-5a2b-7000-8000-000000000002", "label": "Ana Lima"}, "own": true,
    "default": false,
    "q": null, "filter": {"all": [{"field": "city", "op": "eq", "value": "Bern"}]},
    "sort": "-updated_at", "columns": [{"field": "city", "width": 160}], "incomplete": [],
    "deleted": false, "created_at": "2026-03-01T09:00:00Z", "updated_at": "2026-03-02T09:00:00Z",
    "allowed": {"edit": true, "share": true, "delete": true, "restore": false},
}))]
pub struct View {
    id: Uuid,
    /// Its version, as in `ETag`.
    version: u32,
    /// Place of its records in the API, such as `contacts`.
    record_type: String,
    /// Its name; empty if that was erased.
    name: String,
    /// `private` or `shared`.
    #[schema(pattern = "^(private|shared)$")]
    visibility: &'static str,
    /// Whose it is.
    owner: Option<Reference>,
    /// Whether it is the caller's own.
    own: bool,
    /// Whether the caller sees the list through it from the start.
    default: bool,
    /// Words.
    q: Option<String>,
    /// Conditions, as lists take them.
    #[schema(value_type = Option<Object>)]
    filter: Option<Value>,
    /// Sort keys, as lists take them.
    sort: Option<String>,
    /// Its columns in order; none is the usual ones.
    columns: Vec<Column>,
    /// Which of `filter`, `sort` and `columns` are not shown whole, since they name a field that
    /// the caller may not see. Without its filter, a view shows other records than it is meant to.
    #[schema(example = json!([]))]
    incomplete: Vec<&'static str>,
    /// Whether it is deleted.
    deleted: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    /// What the caller may do with it.
    allowed: Allowed,
}

/// A view with its place in time.
pub struct Shown<'a> {
    pub id: Uuid,
    pub version: u32,
    pub state: &'a State,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Whether the caller sees the list through it from the start.
    pub default: bool,
}

impl View {
    /// A view as the caller may see it.
    pub fn new(auth: &Auth, labels: &Labels, shown: &Shown<'_>) -> Self {
        let state = shown.state;
        let (criteria, arrangement, incomplete) =
            definition::shown(auth, &state.record_type, &state.criteria, &state.arrangement);
        let rights = ViewRights::of(&auth.caller(), state);
        Self {
            id: shown.id,
            version: shown.version,
            record_type: state.record_type.clone(),
            name: state.name.clone().unwrap_or_default(),
            visibility: state.visibility.as_str(),
            owner: labels.member(state.owner),
            own: state.owner == Some(auth.actor.member),
            default: shown.default && !state.deleted,
            q: criteria.q,
            filter: criteria.filter,
            sort: arrangement.sort,
            columns: arrangement.columns.into_iter().map(Column::from).collect(),
            incomplete,
            deleted: state.deleted,
            created_at: shown.created_at,
            updated_at: shown.updated_at,
            allowed: Allowed {
                edit: rights.change && !state.deleted,
                share: rights.share && !state.deleted,
                delete: rights.change && !state.deleted,
                restore: rights.change && state.deleted,
            },
        }
    }
}

/// A folded view, with the name of its owner.
pub async fn view(app: &App, auth: &Auth, folded: &Folded<State>) -> ApiResult<View> {
    let mut wanted = Wanted::default();
    wanted.member(folded.state.owner);
    let labels = wanted.look_up(app, auth).await?;
    let default =
        app.views.default_of(&auth.caller(), auth.log(), &folded.state.record_type).await?;
    let shown = Shown {
        id: folded.stream.0,
        version: folded.version,
        state: &folded.state,
        created_at: folded.created.time,
        updated_at: folded.updated.time,
        default: default.is_some_and(|view| view.0 == folded.stream.0),
    };
    Ok(View::new(auth, &labels, &shown))
}

/// Answers a command with the view as it is since.
pub async fn respond(
    app: &App,
    auth: &Auth,
    status: StatusCode,
    done: &Done<State>,
) -> ApiResult<Response> {
    let body = Json(view(app, auth, &done.folded).await?);
    Ok((status, answer(done), body).into_response())
}
