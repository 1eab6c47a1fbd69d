//! `GET` and `POST /search`: the same words over all records that the caller sees.

use super::meta::capitalised;
use super::records::labels::{Labels, Wanted};
use super::records::list::{Building, building};
use super::records::query;
use crate::auth::Auth;
use crate::extract::{Json, Query, ReadHeaders};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::state::App;
use crate::world::Opened;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use domain::access::{Permission, Verb};
use domain::catalogue::Catalogue as _;
use domain::record::RecordType;
use futures::FutureExt as _;
use futures::future::{BoxFuture, try_join_all};
use projections::{FieldSelection, ListQuery, RecordRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

const TAG: &str = "search";
const LIMIT: u16 = 5;
const MOST: u16 = 50;
/// So many fields tell about a record beside its label.
const DETAILS: usize = 2;

/// What to look for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SearchEverything, example = json!({"q": "meier ber", "limit": 5}))]
struct Asked {
    /// Words, all of which a record has in its searchable fields. Three letters are found anywhere,
    /// fewer where a word begins.
    #[schema(max_length = 200)]
    q: String,
    /// Records per type; 5 if absent.
    #[schema(minimum = 1, maximum = 50)]
    limit: Option<u16>,
    /// Look there instead: a moment in the past. Present rights apply.
    as_of: Option<DateTime<Utc>>,
}

/// What was found.
#[derive(Serialize, ToSchema)]
#[schema(as = Found, example = json!({"groups": [{
    "type": "contact", "plural": "contacts", "label": "Contacts", "more": false,
    "items": [{"id": "0192f0c1-5a2b-7000-8000-000000000001", "type": "contact",
        "label": "Eva Meier", "detail": "Acme AG · eva@example.com"}],
}]}))]
struct Body {
    /// By record type, in the order of `GET /meta`; those of which nothing was found are left out.
    groups: Vec<Group>,
}

/// Records of one type.
#[derive(Serialize, ToSchema)]
#[schema(as = FoundGroup)]
struct Group {
    /// The record type, such as `contact`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Its place in the API, such as `contacts`.
    plural: &'static str,
    /// What people call them.
    label: String,
    /// Last changed first.
    items: Vec<Hit>,
    /// Whether there are more: the type's own list has them.
    more: bool,
}

/// A record that was found.
#[derive(Serialize, ToSchema)]
#[schema(as = Hit)]
struct Hit {
    id: Uuid,
    /// The record type, such as `contact`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// What is shown where only one line fits.
    label: String,
    /// What tells it from others of that label; may be empty.
    detail: String,
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    let by_query = Endpoint::get("/search", "search", by_query)
        .for_any_member()
        .details("Query strings end up in logs of proxies: `POST` takes the same members.")
        .params([
            params::query("q", schema::text(200), "Words, the last of which may be unfinished."),
            params::query(
                "limit",
                schema::integer(1, MOST.into()),
                "Records per type; 5 if absent.",
            ),
            params::as_of(),
        ]);
    let by_body = Endpoint::post("/search", "search_everything", by_body)
        .for_any_member()
        .only_reads()
        .body::<Asked>();
    OpenApiRouter::new().routes(document(by_query).build()).routes(document(by_body).build())
}

fn document(endpoint: Endpoint) -> Endpoint {
    endpoint
        .about(TAG, "Records of all types with these words")
        .params(params::read())
        .answers::<Body>(200, "What was found.")
        .answers::<Building>(202, "The past is being put together.")
}

async fn by_query(
    State(app): State<App>,
    auth: Auth,
    headers: ReadHeaders,
    Query(asked): Query<Asked>,
) -> ApiResult<Response> {
    search(&app, &auth, headers, &asked).await
}

async fn by_body(
    State(app): State<App>,
    auth: Auth,
    headers: ReadHeaders,
    Json(asked): Json<Asked>,
) -> ApiResult<Response> {
    search(&app, &auth, headers, &asked).await
}

/// What became of one type.
enum Answer {
    Found(Group),
    Building(Box<commands::jobs::Job>),
}

async fn search(
    app: &App,
    auth: &Auth,
    headers: ReadHeaders,
    asked: &Asked,
) -> ApiResult<Response> {
    let limit = asked.limit.unwrap_or(LIMIT);
    if !(1..=MOST).contains(&limit) {
        return Err(ApiError::bad_parameter("limit", "out_of_range", "Between 1 and 50."));
    }
    let mut types: Vec<BoxFuture<'_, ApiResult<Answer>>> = Vec::new();
    macro_rules! of_types {
        ($($record:ty,)+) => {$(
            if auth.actor.holds(Permission::on::<$record>(Verb::Read)) {
                types.push(of_type::<$record>(app, auth, headers, asked, limit).boxed());
            }
        )+};
    }
    domain::for_each_record_type!(of_types);
    let mut groups = Vec::new();
    for answer in try_join_all(types).await? {
        match answer {
            Answer::Building(job) => return Ok(building(&job)),
            Answer::Found(group) if group.items.is_empty() => {}
            Answer::Found(group) => groups.push(group),
        }
    }
    Ok(axum::Json(Body { groups }).into_response())
}

async fn of_type<R: RecordType>(
    app: &App,
    auth: &Auth,
    headers: ReadHeaders,
    asked: &Asked,
    limit: u16,
) -> ApiResult<Answer> {
    let wanted = query::Search {
        q: Some(asked.q.clone()),
        limit: Some(limit),
        as_of: asked.as_of,
        ..query::Search::default()
    };
    let query = wanted.parse::<R>(app, auth)?;
    let shown = R::DETAIL.iter().filter_map(|name| R::Fields::index(name));
    let shown: Vec<_> = shown.filter(|field| !query.hidden.contains(field)).collect();
    let query = ListQuery { fields: FieldSelection::Only(shown), ..query };
    let mut group = Group {
        kind: R::KIND,
        plural: R::PLURAL,
        label: capitalised(R::PLURAL),
        items: Vec::new(),
        more: false,
    };
    if !query.has_words() {
        return Ok(Answer::Found(group));
    }
    let scope = match app.open::<R>(auth, asked.as_of, headers).await? {
        Opened::Ready(scope) => scope,
        Opened::Building(job) => return Ok(Answer::Building(job)),
    };
    app.projections.prepare_list::<R>(&scope, &query).await?;
    let mut tx = app.projections.read(scope).await?;
    let page = tx.list::<R>(&query).await?;
    let mut references = Wanted::default();
    for (field, value) in page.rows.iter().flat_map(|row| &row.values) {
        references.value(R::Fields::def(*field), Some(value));
    }
    let labels = references.look_up_in(app, auth, &mut tx).await?;
    group.more = page.next.is_some();
    group.items = page.rows.into_iter().map(|row| hit::<R>(&labels, row)).collect();
    Ok(Answer::Found(group))
}

fn hit<R: RecordType>(labels: &Labels, row: RecordRow) -> Hit {
    let mut details: Vec<String> = Vec::new();
    for field in R::DETAIL.iter().filter_map(|name| R::Fields::index(name)) {
        let value = row.values.iter().find(|(at, _)| *at == field).map(|(_, value)| value);
        let json = labels.json(R::Fields::def(field), value);
        let text = json.as_str().or_else(|| json["label"].as_str()).unwrap_or_default();
        let new = !text.is_empty() && text != row.title && !details.iter().any(|d| d == text);
        if new && details.len() < DETAILS {
            details.push(text.to_owned());
        }
    }
    Hit { id: row.id, kind: R::KIND, label: row.title, detail: details.join(" · ") }
}
