//! `GET /audit`: who did what, over everything.

mod names;

use crate::auth::Auth;
use crate::extract::{Query, ReadHeaders};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::routes::history::{self, Entry};
use crate::routes::records::labels::Wanted;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, TimeDelta, Utc};
use commands::HistoryEntry;
use domain::access::{FieldAccess, Permission};
use domain::ids::{ActionId, MemberId};
use names::Named;
use projections::{AuditQuery, AuditRow, ReadTx};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::{Channel, LogError, Meta, Position};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

const PAGE: u16 = 50;
const LONGEST_PAGE: u16 = 200;
const LONGEST_NAME: usize = 100;

/// A page of the trail.
#[derive(Serialize, ToSchema)]
struct Trail {
    /// Newest first.
    items: Vec<Item>,
    /// Where older ones go on.
    next_cursor: Option<String>,
}

/// Something that happened, and as much of it as the caller may see.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEntry)]
struct Item {
    /// Place in the organization's log.
    position: u64,
    /// When the server recorded it.
    recorded_at: DateTime<Utc>,
    /// Kind of thing, such as `contact`.
    record_type: String,
    /// Which one.
    record_id: Uuid,
    /// Which part of it, where many things have one history: of all roles, which role.
    part_id: Option<Uuid>,
    /// What that is called now; `null` if it has no name or is not the caller's to see.
    label: Option<String>,
    /// Whether it is deleted now, or has left.
    deleted: bool,
    /// Its version since.
    version: u32,
    /// Name of the event.
    #[serde(rename = "type")]
    kind: String,
    /// The gesture that it was part of.
    action_id: Uuid,
    /// What kind of gesture, such as `import`.
    action_kind: String,
    /// What caused it: of an undo the action that it takes back, else a thing, such as the import
    /// that a record came from.
    caused_by: Option<Uuid>,
    /// By which way it came in.
    #[schema(value_type = String, pattern = "^(api|cli|worker)$")]
    channel: Channel,
    /// What kind of actor: `user`, `api_key` or `system`.
    actor_kind: String,
    /// The member who did it.
    actor_id: Option<Uuid>,
    /// What they are called; empty if that was erased.
    actor_name: String,
    /// The entry in the history of the thing; `null` if it is not the caller's to see, or about
    /// nothing but fields that they may not see.
    history: Option<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    record_id: Option<Uuid>,
    action_id: Option<Uuid>,
    actor_id: Option<Uuid>,
    record_type: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    limit: Option<u16>,
    cursor: Option<String>,
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    let name = || schema::text(LONGEST_NAME);
    OpenApiRouter::new().routes(
        Endpoint::get("/audit", "list_audit", handler)
            .needs([Permission::AUDIT_READ])
            .about("audit", "Everything that happened, newest first")
            .details(
                "Of each thing that the caller may see now, its name and what changed, as in its \
                 history: what is out of reach has neither, and fields that are hidden from the \
                 caller are left out. That something happened is always told.",
            )
            .params([
                params::query("record_id", schema::id(), "Only this record."),
                params::query("action_id", schema::id(), "Only this gesture."),
                params::query("actor_id", schema::id(), "Only what this member did."),
                params::query("record_type", name(), "Only this kind of thing."),
                params::query("type", name(), "Only events of this name."),
                params::query("from", schema::time(), "Not before."),
                params::query("to", schema::time(), "Before."),
                params::query(
                    "limit",
                    schema::integer(1, LONGEST_PAGE.into()),
                    "Entries per page; 50 if absent.",
                ),
                params::query("cursor", schema::text(200), "Where the page before ended."),
                params::min_position(),
            ])
            .answers::<Trail>(200, "A page.")
            .build(),
    )
}

async fn handler(
    State(app): State<App>,
    auth: Auth,
    headers: ReadHeaders,
    Query(filter): Query<Filter>,
) -> ApiResult<Json<Trail>> {
    let limit = filter.limit.unwrap_or(PAGE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(ApiError::bad_parameter("limit", "out_of_range", "Between 1 and 200."));
    }
    for (name, value) in [("record_type", &filter.record_type), ("type", &filter.kind)] {
        let sane = |text: &String| text.len() <= LONGEST_NAME && !text.contains('\0');
        if !value.as_ref().is_none_or(sane) {
            return Err(ApiError::bad_parameter(name, "out_of_range", "There is no such name."));
        }
    }
    // Positions of another organization's log find nothing here; the name keeps them apart anyway.
    let name = format!("audit {}", auth.actor.organization);
    let before = filter.cursor.map(|cursor| app.cursors.read::<Position>(&name, &cursor));
    let (from, to) = (filter.from, filter.to);
    let mut query = AuditQuery {
        stream: filter.record_id,
        action: filter.action_id.map(ActionId),
        actor: filter.actor_id.map(MemberId),
        kind: filter.record_type,
        event_type: filter.kind,
        after: 0,
        before: before.transpose()?,
        limit,
    };
    app.catch_up(&auth, headers).await?;
    let Some((after, end)) = span(&app, &auth, from, to).await? else {
        return Ok(Json(Trail { items: Vec::new(), next_cursor: None }));
    };
    query.after = after;
    query.before = [query.before, end].into_iter().flatten().min();
    let mut tx = app.projections.read(auth.settings()).await?;
    let page = tx.audit(&query).await?;
    let next_cursor = page.next.map(|position| app.cursors.sign(&name, &position)).transpose()?;
    let items = told(&app, &auth, &mut tx, page.rows).await?;
    Ok(Json(Trail { items, next_cursor }))
}

/// The positions behind and before which lies what was recorded in a span of time; nothing, if it
/// lies in the future. By the log's clock, as every question about the past: it never goes back, so
/// that a span of time is a span of positions.
async fn span(
    app: &App,
    auth: &Auth,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
) -> ApiResult<Option<(Position, Option<Position>)>> {
    let log = app.commands.log();
    let just_before = |time: DateTime<Utc>| time - TimeDelta::microseconds(1);
    let after = match from {
        None => 0,
        Some(from) => match log.position_at(auth.log(), just_before(from)).await {
            Err(LogError::FutureTime) => return Ok(None),
            position => position?,
        },
    };
    let end = match to {
        None => None,
        Some(to) => match log.position_at(auth.log(), just_before(to)).await {
            Err(LogError::FutureTime) => None,
            position => Some(position? + 1),
        },
    };
    Ok(Some((after, end)))
}

/// A page of headers with what the caller may see of each: a fixed number of queries, and one for
/// each kind of thing among them.
async fn told(
    app: &App,
    auth: &Auth,
    tx: &mut ReadTx,
    rows: Vec<AuditRow>,
) -> ApiResult<Vec<Item>> {
    let positions: Vec<Position> = rows.iter().map(|row| row.position).collect();
    let events = app.commands.log().read_events(auth.log(), &positions).await?;
    let mut metas: HashMap<Position, Meta> = HashMap::new();
    let mut parts: HashMap<Position, Uuid> = HashMap::new();
    let mut read: HashMap<Position, HistoryEntry> = HashMap::new();
    for event in &events {
        metas.insert(event.position, event.meta().map_err(ApiError::failed)?);
        let Some(entry) = HistoryEntry::of(event)? else { continue };
        parts.extend(entry.part.map(|part| (event.position, part)));
        read.insert(event.position, entry);
    }
    let page: Vec<_> =
        rows.iter().filter_map(|row| Some((row, read.get(&row.position)?))).collect();
    let names = names::names(app, auth, tx, &page).await?;
    let things: HashMap<Position, Named> = page
        .iter()
        .filter_map(|(row, entry)| Some((row.position, names.of(row, entry)?.clone())))
        .collect();
    let seen: Vec<HistoryEntry> = rows
        .iter()
        .filter(|row| things.contains_key(&row.position))
        .filter_map(|row| read.remove(&row.position)?.without(&hidden(auth, &row.kind)))
        .collect();

    let mut wanted = Wanted::default();
    history::want(&mut wanted, &seen);
    for row in &rows {
        wanted.member(row.actor_member);
    }
    let mut labels = wanted.look_up_in(app, auth, tx).await?;
    wanted.look_up_rights(app, auth, &mut labels).await?;
    let shown = history::render_with(app, auth, &seen, &labels).await?;
    let mut shown: HashMap<Position, Entry> =
        seen.iter().map(|entry| entry.position).zip(shown).collect();
    let item = |row: AuditRow| {
        let meta = metas.get(&row.position);
        let known = things.get(&row.position);
        let actor = row.actor_member.map(|member| member.0);
        Item {
            position: row.position,
            recorded_at: row.recorded_at,
            record_type: row.kind,
            record_id: row.stream,
            part_id: parts.get(&row.position).copied(),
            label: known.and_then(|known| known.label.clone()),
            deleted: known.is_some_and(|known| known.deleted),
            version: row.version,
            kind: row.event_type,
            action_id: row.action.0,
            action_kind: row.action_kind,
            caused_by: meta.and_then(|meta| meta.causation),
            channel: meta.map_or(Channel::Worker, |meta| meta.channel),
            actor_kind: row.actor_kind,
            actor_id: actor,
            actor_name: actor.and_then(|id| labels.name(id)).unwrap_or_default().to_owned(),
            history: shown.remove(&row.position),
        }
    };
    Ok(rows.into_iter().map(item).collect())
}

/// The fields of records of a kind that the caller may not see.
fn hidden(auth: &Auth, kind: &str) -> Vec<&'static str> {
    let restricted = auth.actor.rights.restricted(kind);
    restricted.filter(|(_, access)| *access == FieldAccess::Hidden).map(|(name, _)| name).collect()
}
