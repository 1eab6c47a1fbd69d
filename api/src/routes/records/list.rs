//! `GET /contacts`, `POST /contacts/search`, `GET /contacts/total`, and the like.

use super::labels::Wanted;
use super::query::{self, QueryString, Search};
use super::render;
use crate::auth::Auth;
use crate::extract::headers::POSITION;
use crate::extract::{Json, Query, ReadHeaders};
use crate::http::ApiResult;
use crate::openapi::{Endpoint, Shape, params, records, schema};
use crate::routes::jobs::Job;
use crate::state::{App, AppState};
use crate::world::Opened;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use domain::access::{Permission, Verb};
use domain::catalogue::Catalogue as _;
use domain::ids::MemberId;
use domain::record::RecordType;
use domain::value::FieldValue as _;
use projections::{FieldSelection, ListQuery, ReadTx, RecordRow};
use serde::Serialize;
use serde_json::{Map, Value as JsonValue, json};
use utoipa::ToSchema;

/// A number of records.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = Total)]
struct Total {
    /// The number, or the best that is known quickly.
    value: u64,
    /// Whether it is exact; beyond 10,000 it is not.
    exact: bool,
}

/// The past is being put together; ask again when the job is done.
#[derive(Serialize, ToSchema)]
pub struct Building {
    /// The work on it.
    job: Job,
}

/// The HTTP library's own refusal, which has no body.
const TOO_LONG: &str = "The address is longer than 64 KiB; use the search with a body.";

/// The endpoint with a query string.
pub fn get<R: RecordType>() -> Endpoint {
    let endpoint =
        Endpoint::get(format!("/{}", R::PLURAL), format!("list_{}", R::PLURAL), by_query::<R>)
            .needs([Permission::on::<R>(Verb::Read)])
            .about(R::PLURAL, format!("A page of {}", R::PLURAL))
            .details(
                "Query strings end up in logs of proxies: what is personal belongs into \
                 `POST …/search`, which takes the same members.",
            )
            .params(query::parameters(true))
            .answers_empty(414, TOO_LONG);
    document::<R>(endpoint)
}

/// The endpoint with a body.
pub fn post<R: RecordType>() -> Endpoint {
    let path = format!("/{}/search", R::PLURAL);
    let endpoint = Endpoint::post(path, format!("search_{}", R::PLURAL), by_body::<R>)
        .needs([Permission::on::<R>(Verb::Read)])
        .about(R::PLURAL, format!("A page of {}", R::PLURAL))
        .only_reads()
        .params(params::read())
        .body_shape(query::body(), true);
    document::<R>(endpoint)
}

/// The endpoint of the number alone.
pub fn total_endpoint<R: RecordType>() -> Endpoint {
    let path = format!("/{}/total", R::PLURAL);
    Endpoint::get(path, format!("count_{}", R::PLURAL), total::<R>)
        .needs([Permission::on::<R>(Verb::Read)])
        .about(R::PLURAL, format!("How many {} a list has", R::PLURAL))
        .params(query::parameters(false))
        .answers_empty(414, TOO_LONG)
        .answers::<Total>(200, "The number.")
        .answers::<Building>(202, "The past is being put together.")
}

fn document<R: RecordType>(endpoint: Endpoint) -> Endpoint {
    let name = records::name::<R>();
    let page = schema::closed()
        .property("items", schema::list(schema::reference(&name)))
        .required("items")
        .property("next_cursor", schema::nullable(schema::text(4_000)))
        .required("next_cursor")
        .property("total", schema::nullable_reference("Total"))
        .required("total")
        .build();
    let shape = Shape::named(&format!("{name}Page"), page)
        .and(records::output::<R>())
        .and(Shape::of::<Total>());
    let headers = [("Hindsight-Position", "The position that is shown.")];
    endpoint
        .answers_shape(200, "A page; `total` stands on the first one only.", shape, &headers)
        .answers::<Building>(
        202,
        "The moment asked for is being put together; ask again when the job is done.",
    )
}

async fn by_query<R: RecordType>(
    State(app): State<App>,
    auth: Auth,
    headers: ReadHeaders,
    Query(query): Query<QueryString>,
) -> ApiResult<Response> {
    page::<R>(app, auth, headers, query.try_into()?).await
}

async fn by_body<R: RecordType>(
    State(app): State<App>,
    auth: Auth,
    headers: ReadHeaders,
    Json(search): Json<Search>,
) -> ApiResult<Response> {
    page::<R>(app, auth, headers, search).await
}

async fn page<R: RecordType>(
    app: App,
    auth: Auth,
    headers: ReadHeaders,
    search: Search,
) -> ApiResult<Response> {
    let query = search.parse::<R>(&app, &auth)?;
    let scope = match app.open::<R>(&auth, search.as_of, headers).await? {
        Opened::Ready(scope) => scope,
        Opened::Building(job) => return Ok(building(&job)),
    };
    app.projections.prepare_list::<R>(&scope, &query).await?;
    let counted = async {
        // The first page tells how many there are; the next ones need not count again.
        match query.after {
            None => app.projections.total::<R>(&scope, &query).await.map(Some),
            Some(_) => Ok(None),
        }
    };
    let (page, total) = tokio::join!(rows::<R>(&app, &auth, &scope, &query), counted);
    let ((items, next, position), total) = (page?, total?);
    let name = search.name::<R>(&auth);
    let next_cursor = next.map(|keyset| app.cursors.sign(&name, &keyset)).transpose()?;
    let total = total.map(|total| Total { value: total.value, exact: total.exact });
    let body = json!({ "items": items, "next_cursor": next_cursor, "total": total });
    Ok((AppendHeaders([(POSITION, HeaderValue::from(position))]), axum::Json(body)).into_response())
}

type Rows = (Vec<JsonValue>, Option<projections::Keyset>, store::Position);

/// The rows of a page with the names of what they refer to, all from one snapshot.
async fn rows<R: RecordType>(
    app: &AppState,
    auth: &Auth,
    scope: &projections::Scope,
    query: &ListQuery,
) -> ApiResult<Rows> {
    let mut tx = app.projections.read(scope.clone()).await?;
    let position = tx.position().await?;
    let page = tx.list::<R>(query).await?;
    let live = matches!(scope.world, projections::World::Live);
    let items = render_rows::<R>((app, auth), &mut tx, &page.rows, query, live).await?;
    Ok((items, page.next, position))
}

async fn render_rows<R: RecordType>(
    (app, auth): (&AppState, &Auth),
    tx: &mut ReadTx,
    rows: &[RecordRow],
    query: &ListQuery,
    live: bool,
) -> ApiResult<Vec<JsonValue>> {
    let mut wanted = Wanted::default();
    for row in rows {
        wanted.member(row.created_by);
        wanted.member(row.updated_by);
        for (index, value) in &row.values {
            wanted.value(R::Fields::def(*index), Some(value));
        }
    }
    let labels = wanted.look_up_in(app, auth, tx).await?;
    let assigned = R::Fields::index("assigned_to");
    let render = |row: &RecordRow| {
        let get = |index| row.values.iter().find(|(at, _)| *at == index).map(|(_, v)| v.clone());
        let mut object = Map::new();
        object.insert("id".to_owned(), json!(row.id));
        object.insert("version".to_owned(), json!(row.version));
        object.insert("label".to_owned(), json!(row.title));
        object.insert("deleted".to_owned(), json!(row.deleted_at.is_some()));
        object.insert("created_at".to_owned(), json!(row.created_at));
        object.insert("created_by".to_owned(), json!(labels.member(row.created_by)));
        object.insert("updated_at".to_owned(), json!(row.updated_at));
        object.insert("updated_by".to_owned(), json!(labels.member(row.updated_by)));
        match &query.fields {
            FieldSelection::All => {
                if live {
                    let owner = assigned.and_then(get).and_then(MemberId::from_value);
                    let allowed = render::allowed::<R>(auth, owner, row.deleted_at.is_some());
                    object.insert("allowed".to_owned(), json!(allowed));
                }
                let shown = R::Fields::indices().filter(|index| !query.hidden.contains(index));
                render::fill::<R>(&mut object, &labels, shown, get);
            }
            FieldSelection::Only(only) => {
                render::fill::<R>(&mut object, &labels, only.iter().copied(), get);
            }
        }
        JsonValue::Object(object)
    };
    Ok(rows.iter().map(render).collect())
}

async fn total<R: RecordType>(
    State(app): State<App>,
    auth: Auth,
    headers: ReadHeaders,
    Query(query): Query<QueryString>,
) -> ApiResult<Response> {
    let search = Search::try_from(query)?;
    let query = search.parse::<R>(&app, &auth)?;
    let scope = match app.open::<R>(&auth, search.as_of, headers).await? {
        Opened::Ready(scope) => scope,
        Opened::Building(job) => return Ok(building(&job)),
    };
    app.projections.prepare_list::<R>(&scope, &query).await?;
    let total = app.projections.total::<R>(&scope, &query).await?;
    Ok(axum::Json(Total { value: total.value, exact: total.exact }).into_response())
}

/// Says that the past is being put together.
pub fn building(job: &commands::jobs::Job) -> Response {
    (StatusCode::ACCEPTED, axum::Json(Building { job: Job::from(job) })).into_response()
}
