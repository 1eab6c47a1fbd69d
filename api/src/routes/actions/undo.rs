//! `POST /actions/{id}/undo`: taking an action back, at once or as a job.

use super::known::{Known, MOST_TOLD};
use crate::auth::Auth;
use crate::extract::headers::POSITION;
use crate::extract::{CommandHeaders, NoBody, Path, Query};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::routes::jobs::Job;
use crate::state::{App, AppState};
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use commands::undo::{KIND, Outcome, Undo};
use commands::{CommandError, CommandRequest};
use domain::ids::ActionId;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use projections::ActionStreamRow;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::StreamId;
use utoipa::ToSchema;
use uuid::Uuid;

/// So many streams are taken back side by side; the log writes what comes together in one go.
const AT_ONCE: usize = 8;
/// How long an undo waits until the read model shows all of what is to be undone.
const CATCH_UP: Duration = Duration::from_secs(1);

/// What undoing came to, in numbers of things.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[schema(as = UndoCounts, example = json!({"reverted": 412, "partly": 3, "kept": 9,
    "unchanged": 0, "refused": 0, "hidden": 0}))]
pub struct Counts {
    /// Taken back, wholly or partly.
    pub reverted: u64,
    /// Those of them of which something was changed since, and is kept.
    partly: u64,
    /// Wholly changed since, and kept.
    kept: u64,
    /// As before the action already.
    unchanged: u64,
    /// Not to be taken back; the things say why.
    refused: u64,
    /// Not the caller's to see.
    hidden: u64,
}

impl Counts {
    /// Counts some more.
    pub fn add(&mut self, outcomes: &[Outcome]) {
        for outcome in outcomes {
            self.count(outcome);
        }
    }

    fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Reverted(kept) => {
                self.reverted += 1;
                self.partly += u64::from(!kept.is_empty());
            }
            Outcome::Kept(_) => self.kept += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Refused(_) => self.refused += 1,
            Outcome::Hidden => self.hidden += 1,
            Outcome::Aside => {}
        }
    }
}

/// What undoing came to on one thing.
#[derive(Serialize, ToSchema)]
#[schema(as = UndoneRecord)]
struct Undone {
    id: Uuid,
    /// What kind of thing, such as `contact`.
    #[serde(rename = "type")]
    kind: String,
    /// What it was called before.
    label: String,
    #[schema(pattern = "^(reverted|kept|unchanged|refused)$")]
    outcome: &'static str,
    /// Fields that were changed since the action and are kept.
    kept: Vec<&'static str>,
    /// Why it was refused.
    why: Option<String>,
}

impl Undone {
    fn new(known: &Known, stream: &ActionStreamRow, outcome: &Outcome) -> Option<Self> {
        let (word, kept, why) = match outcome {
            Outcome::Reverted(kept) => ("reverted", kept.clone(), None),
            Outcome::Kept(kept) => ("kept", kept.clone(), None),
            Outcome::Unchanged => ("unchanged", Vec::new(), None),
            Outcome::Refused(why) => ("refused", Vec::new(), Some(why.clone())),
            Outcome::Hidden | Outcome::Aside => return None,
        };
        Some(Self {
            id: stream.stream,
            kind: stream.kind.clone(),
            label: known.labels.get(&stream.stream).cloned().unwrap_or_default(),
            outcome: word,
            kept,
            why,
        })
    }
}

/// What undoing came to, or would.
#[derive(Serialize, ToSchema)]
#[schema(as = Undone)]
struct Body {
    /// Whether this is only what would be.
    preview: bool,
    /// The undo's own action, which can be undone; `null` if nothing was taken back.
    action: Option<Uuid>,
    counts: Counts,
    /// Every thing that the caller sees.
    records: Vec<Undone>,
}

/// The undo is carried out by a job; its `counts` are those of an undo, and its result has the id of
/// the undo's own action.
#[derive(Serialize, ToSchema)]
struct Undoing {
    job: Job,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct How {
    #[serde(default)]
    preview: bool,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    let [idempotency, _, reason] = params::command();
    Endpoint::post("/actions/{id}/undo", "undo_action", handler)
        .for_any_member()
        .about(super::TAG, "Take an action back")
        .details(
            "Each thing gets back what this action changed, unless it was changed since: then it \
             keeps that. What was made goes into the recycle bin, what was deleted comes out of \
             it. It takes what doing the same by hand would take, thing by thing. The undo is an \
             action of its own and can be undone. Of more than a hundred things a job does it \
             (also the preview); those of other things answer at once.",
        )
        .param(params::id("action"))
        .param(params::query("preview", schema::boolean(), "Only say what it would come to."))
        .params([idempotency, reason])
        .answers::<Body>(200, "What it came to.")
        .answers::<Undoing>(202, "A job does it.")
}

async fn handler(
    State(app): State<App>,
    auth: Auth,
    headers: CommandHeaders,
    Path(id): Path<Uuid>,
    Query(How { preview }): Query<How>,
    NoBody(bytes): NoBody,
) -> ApiResult<Response> {
    app.show_everything(&auth).await?;
    let known = app.known_action(&auth, ActionId(id)).await?;
    app.refuse_unfinished(&auth, &known).await?;
    let mut request = app.command(&auth, KIND, &headers, &bytes);
    // The same attempt is the same action, whose streams' commands are recognised; to ask what it
    // would come to is none.
    if !preview {
        request.action = request.command_id.map_or(request.action, ActionId);
    }
    request.command_id = Some(request.action.0);
    request.causation = Some(id);
    if known.streams.len() > MOST_TOLD {
        let job = app.undo_by_job(&auth, &request, known.row.id, preview).await?;
        return Ok((StatusCode::ACCEPTED, axum::Json(Undoing { job })).into_response());
    }
    let undo = Undo::new(app.commands.clone());
    let outcomes = outcomes(&undo, &request, &known.streams, known.row.id, preview).await?;
    let mut counts = Counts::default();
    counts.add(&outcomes);
    refuse_the_impossible(&outcomes)?;
    let told = known.streams.iter().zip(&outcomes);
    let body = Body {
        preview,
        action: (!preview && counts.reverted > 0).then_some(request.action.0),
        counts,
        records: told
            .filter_map(|(stream, outcome)| Undone::new(&known, stream, outcome))
            .collect(),
    };
    let position = app.commands.log().head(auth.log()).await?.position;
    let headers = AppendHeaders([(POSITION, HeaderValue::from(position))]);
    Ok((headers, axum::Json(body)).into_response())
}

/// Refuses an undo of which nothing can be done, whatever is changed since, for the first reason.
fn refuse_the_impossible(outcomes: &[Outcome]) -> ApiResult<()> {
    let told = || outcomes.iter().filter(|outcome| **outcome != Outcome::Aside);
    if told().next().is_some() && told().all(|outcome| *outcome == Outcome::Hidden) {
        return Err(ApiError::not_found());
    }
    let all_refused =
        told().all(|outcome| matches!(outcome, Outcome::Refused(_) | Outcome::Hidden));
    match told().find_map(|o| if let Outcome::Refused(why) = o { Some(why) } else { None }) {
        Some(why) if all_refused => {
            Err(ApiError::refused("not_reversible", why.clone(), Vec::new()))
        }
        Some(_) | None => Ok(()),
    }
}

/// What undoing comes to on each of these streams.
pub async fn outcomes(
    undo: &Undo,
    request: &CommandRequest,
    streams: &[ActionStreamRow],
    action: ActionId,
    preview: bool,
) -> Result<Vec<Outcome>, CommandError> {
    let each = streams
        .iter()
        .map(|stream| undo.stream(request, &stream.kind, StreamId(stream.stream), action, preview));
    stream::iter(each.collect::<Vec<_>>()).buffered(AT_ONCE).try_collect().await
}

impl AppState {
    /// Waits until the read models show everything that was ever done: what they do not show yet
    /// would be left out of an undo.
    async fn show_everything(&self, auth: &Auth) -> ApiResult<()> {
        let head = self.commands.log().head(auth.log()).await?.position;
        let shown = self.projections.wait_for(auth.log(), head, CATCH_UP).await?;
        if shown < head { Err(ApiError::overloaded()) } else { Ok(()) }
    }
}
