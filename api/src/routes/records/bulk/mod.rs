//! `POST /contacts/bulk` and the like: one act on the records that were named, or on all that a
//! filter finds.

mod body;
mod job;
mod preview;

pub use job::BulkJobs;

use super::query::Search;
use crate::auth::Auth;
use crate::extract::headers::{ACTION, POSITION};
use crate::extract::{CommandBody, CommandHeaders, Query};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, Shape, params, schema};
use crate::routes::jobs::Job;
use crate::state::App;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use body::{Asked, Body, Selection};
use commands::bulk::KIND;
use commands::{CommandError, CommandRequest};
use domain::access::{Permission, Verb};
use domain::bulk::{Intent, Plan, Selecting};
use domain::error::FieldError;
use domain::ids::JobId;
use domain::record::RecordType;
use projections::ListQuery;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct How {
    #[serde(default)]
    preview: bool,
}

/// A job does it. Its id is that of the action, by which it can be undone; its `counts` are
/// `selected`, `changed`, `unchanged`, `not_permitted`, `not_found`, `refused`, and the `reasons` of
/// what was refused.
#[derive(Serialize, ToSchema)]
#[schema(as = BulkStarted)]
struct Started {
    job: Job,
}

/// The endpoint.
pub fn endpoint<R: RecordType>() -> Endpoint {
    let [idempotency, _, reason] = params::command();
    let headers = [
        ("Hindsight-Position", "Where the intent stands in the log."),
        ("Hindsight-Action", "The action to undo it by, once the job is over."),
    ];
    Endpoint::post(format!("/{}/bulk", R::PLURAL), format!("bulk_{}", R::PLURAL), handler::<R>)
        .needs([Permission::on::<R>(Verb::Read)])
        .about(R::PLURAL, format!("Do the same to many {}", R::PLURAL))
        .details(
            "To those named by `ids`, or to all that `filter` and `q` find, as in a search; \
             `\"filter\": null` is all there are. One act: `set` fields as a change does, `add` \
             values to lists or `remove` them from there, `assign_to` a member or `null`, \
             `delete`, or `restore` (which looks into the recycle bin). With `preview=true` it \
             only counts, exactly, what it is about. Which records it is about is settled when \
             the job begins; each is then changed by the rules and rights of the single command, \
             at its time, or left and counted.",
        )
        .params([idempotency, reason])
        .param(params::query("preview", schema::boolean(), "Only count."))
        .body_shape(body::shape::<R>(), true)
        .answers::<preview::Preview>(200, "What it would be about.")
        .answers_shape(202, "A job does it.", Shape::of::<Started>(), &headers)
}

async fn handler<R: RecordType>(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Query(How { preview }): Query<How>,
    body: CommandBody<Body>,
) -> ApiResult<Response> {
    let Asked { act, values, record_act, selection } = body.value.read::<R>(&auth)?;
    let query = match &selection {
        Selection::Filter(search) => Some(matching::<R>(&auth, search)?),
        Selection::Ids(_) => None,
    };
    let request = app.command(&auth, KIND, &headers, &body.bytes);
    let repeated = match request.command_id {
        Some(command) => app.commands.is_done(auth.log(), command).await?,
        None => false,
    };
    // What was asked for before was judged then; by now it may be done, and find nothing.
    if !repeated || preview {
        let prepared = app.bulks.prepare::<R>(&request, record_act.clone()).await;
        prepared.map_err(|error| below(error, act))?;
        app.show_present(&auth, preview).await?;
        let needs = record_act.needs::<R>();
        let restores = act == domain::bulk::Act::Restore;
        if preview {
            let found = match (&selection, &query) {
                (Selection::Ids(ids), _) => {
                    preview::of_ids::<R>(&app, &auth, ids, &needs, restores).await?
                }
                (Selection::Filter(_), query) => {
                    let query = query.clone().unwrap_or_default();
                    preview::of_filter::<R>(&app, &auth, &query, &needs).await?
                }
            };
            return Ok(axum::Json(found).into_response());
        }
        if !preview::any::<R>(&app, &auth, &selection, query.as_ref()).await? {
            let message = "There is none of these records.";
            let fault = FieldError::new("select", "nothing_selected", message);
            return Err(ApiError::invalid(vec![fault]));
        }
    }
    let fields = record_act.fields::<R>().into_iter().map(str::to_owned).collect();
    let (by, ids, filter, q) = match selection {
        Selection::Ids(ids) => (Selecting::Ids, ids, None, None),
        Selection::Filter(search) => (Selecting::Filter, Vec::new(), search.filter, search.q),
    };
    let intent = Some(Intent { filter, q, values });
    let plan = Plan { record_type: R::KIND.to_owned(), act, fields, by, intent };
    start(&app, &auth, &request, plan, ids).await
}

async fn start(
    app: &App,
    auth: &Auth,
    request: &CommandRequest,
    plan: Plan,
    ids: Vec<uuid::Uuid>,
) -> ApiResult<Response> {
    let done = app.bulks.start(request, plan, ids).await?;
    let id = done.folded.stream.0;
    let (organization, by) = (auth.actor.organization, Some(auth.actor.member));
    let job = app.jobs.start(organization, JobId(id), KIND, &json!({}), by).await?;
    let answer = axum::Json(Started { job: Job::from(&job) });
    let mut response = (StatusCode::ACCEPTED, answer).into_response();
    let headers = response.headers_mut();
    headers.insert(POSITION, HeaderValue::from(done.position));
    // An id is always a header value.
    headers.extend(HeaderValue::try_from(id.to_string()).ok().map(|id| (ACTION, id)));
    Ok(response)
}

/// What a selection finds, refused as a search would be.
fn matching<R: RecordType>(auth: &Auth, search: &Search) -> ApiResult<ListQuery> {
    let hidden = auth.actor.rights.hidden::<R>();
    search.matching::<R>(hidden).map_err(|faults| {
        let faults = faults.into_iter().map(|fault| body::inside("select", fault)).collect();
        ApiError::bad_request("invalid_query", "The selection is not understood.")
            .with_errors(faults)
    })
}

/// A refusal with pointers from the body's root.
fn below(error: CommandError, act: domain::bulk::Act) -> ApiError {
    match error {
        CommandError::Refused(mut refusal) => {
            let fields = std::mem::take(&mut refusal.fields);
            refusal.fields = fields.into_iter().map(|fault| body::at_value(act, fault)).collect();
            CommandError::Refused(refusal).into()
        }
        error @ (CommandError::NotFound
        | CommandError::Forbidden
        | CommandError::Stale { .. }
        | CommandError::KeyReused
        | CommandError::Contended
        | CommandError::Log(_)) => error.into(),
    }
}
