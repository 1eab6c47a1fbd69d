//! `POST /views` and `PATCH /views/{id}`

use super::body::{self, Column, View};
use super::definition;
use crate::auth::Auth;
use crate::extract::{CommandBody, CommandHeaders, Path, present};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::Permission;
use domain::view::{self, ViewPatch};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who sees a view.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ViewVisibility)]
enum Visibility {
    /// Its owner alone.
    Private,
    /// Every member of staff who sees records of its type.
    Shared,
}

impl From<Visibility> for view::Visibility {
    fn from(visibility: Visibility) -> Self {
        match visibility {
            Visibility::Private => Self::Private,
            Visibility::Shared => Self::Shared,
        }
    }
}

/// A view to save.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewView, example = json!({
    "record_type": "contacts", "name": "Leads in Bern",
    "filter": {"all": [{"field": "city", "op": "eq", "value": "Bern"}]},
    "sort": "-updated_at", "columns": [{"field": "city", "width": 160}],
}))]
struct New {
    /// Place of its records in the API, such as `contacts`.
    #[schema(max_length = 100)]
    record_type: String,
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// `private` if absent; sharing takes `views:share`.
    visibility: Option<Visibility>,
    /// Words.
    #[schema(max_length = 200)]
    q: Option<String>,
    /// Conditions, as lists take them.
    #[schema(value_type = Option<Object>)]
    filter: Option<Value>,
    /// Sort keys, as lists take them.
    #[schema(max_length = 100)]
    sort: Option<String>,
    /// Columns in order; none is the usual ones.
    #[serde(default)]
    #[schema(max_items = 100)]
    columns: Vec<Column>,
}

/// What shall be otherwise; what is absent stays, `null` clears.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(clippy::option_option, reason = "absent and null are different things")]
#[schema(as = ViewChanges, example = json!({"name": "Leads in Basel", "q": null}))]
struct Changes {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// For its owner to say; sharing takes `views:share`.
    visibility: Option<Visibility>,
    /// Words.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 200)]
    q: Option<Option<String>>,
    /// Conditions, as lists take them.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Object>)]
    filter: Option<Option<Value>>,
    /// Sort keys, as lists take them.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 100)]
    sort: Option<Option<String>>,
    /// Columns in order; none is the usual ones.
    #[schema(max_items = 100)]
    columns: Option<Vec<Column>>,
}

fn columns(columns: Vec<Column>) -> Vec<view::Column> {
    columns.into_iter().map(view::Column::from).collect()
}

/// The endpoint that saves one.
pub fn create() -> Endpoint {
    let [idempotency, _, reason] = params::command();
    Endpoint::post("/views", "create_view", save)
        .needs([Permission::VIEWS_CREATE])
        .about(super::TAG, "Save a view")
        .details("It is the caller's own. Takes the permission to read records of its type.")
        .params([idempotency, reason])
        .body::<New>()
        .leads_to(&["get_view", "change_view", "delete_view"], &[])
        .answers::<View>(201, "The view.")
}

/// The endpoint that changes one.
pub fn change() -> Endpoint {
    Endpoint::patch("/views/{id}", "change_view", patch)
        .needs_any([Permission::VIEWS_UPDATE, Permission::VIEWS_CREATE])
        .about(super::TAG, "Change a view")
        .details("One's own, or with `views:update` one that another shares.")
        .param(params::id("view"))
        .params(params::command())
        .body::<Changes>()
        .answers::<View>(200, "The view since.")
}

async fn save(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    body: CommandBody<New>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "save_view", &headers, &body.bytes);
    let new = body.value;
    let patch = ViewPatch {
        name: Some(new.name),
        filter: Some(new.filter),
        q: Some(new.q),
        sort: Some(new.sort),
        columns: Some(columns(new.columns)),
        visibility: new.visibility.map(view::Visibility::from),
    };
    fits(&auth, &new.record_type, &patch)?;
    let done = app.views.create(&request, &new.record_type, patch).await?;
    body::respond(&app, &auth, StatusCode::CREATED, &done).await
}

async fn patch(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    body: CommandBody<Changes>,
) -> ApiResult<Response> {
    let request = app.command(&auth, "change_view", &headers, &body.bytes);
    let changes = body.value;
    let patch = ViewPatch {
        name: changes.name,
        filter: changes.filter,
        q: changes.q,
        sort: changes.sort,
        columns: changes.columns.map(columns),
        visibility: changes.visibility.map(view::Visibility::from),
    };
    let known = app.views.get(&auth.caller(), auth.log(), id).await?;
    fits(&auth, &known.state.record_type, &patch)?;
    let done = app.views.change(&request, id, headers.if_match, patch).await?;
    body::respond(&app, &auth, StatusCode::OK, &done).await
}

fn fits(auth: &Auth, record_type: &str, patch: &ViewPatch) -> ApiResult<()> {
    let faults = definition::faults(auth, record_type, patch);
    if faults.is_empty() { Ok(()) } else { Err(ApiError::invalid(faults)) }
}
