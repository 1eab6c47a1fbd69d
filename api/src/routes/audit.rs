//! `GET /audit`: who did what, over everything.

use crate::auth::Auth;
use crate::extract::{Query, ReadHeaders};
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::access::Permission;
use domain::ids::{ActionId, MemberId};
use projections::{AuditQuery, AuditRow};
use serde::{Deserialize, Serialize};
use store::Position;
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
    items: Vec<Header>,
    /// Where older ones go on.
    next_cursor: Option<String>,
}

/// The header of an event; its values stand in the record's history.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEntry)]
struct Header {
    /// Place in the organization's log.
    position: u64,
    /// When the server recorded it.
    recorded_at: DateTime<Utc>,
    /// Kind of thing, such as `contact`.
    record_type: String,
    /// Which one.
    record_id: Uuid,
    /// Its version since.
    version: u32,
    /// Name of the event.
    #[serde(rename = "type")]
    kind: String,
    /// The gesture that it was part of.
    action_id: Uuid,
    /// What kind of gesture, such as `import`.
    action_kind: String,
    /// What kind of actor: `user`, `api_key` or `system`.
    actor_kind: String,
    /// The member who did it.
    actor_id: Option<Uuid>,
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
    let query = AuditQuery {
        stream: filter.record_id,
        action: filter.action_id.map(ActionId),
        actor: filter.actor_id.map(MemberId),
        kind: filter.record_type,
        event_type: filter.kind,
        from: filter.from,
        to: filter.to,
        before: before.transpose()?,
        limit,
    };
    app.catch_up(&auth, headers).await?;
    let scope = auth.settings();
    let page = app.projections.read(scope).await?.audit(&query).await?;
    let next_cursor = page.next.map(|position| app.cursors.sign(&name, &position)).transpose()?;
    Ok(Json(Trail { items: page.rows.into_iter().map(header).collect(), next_cursor }))
}

fn header(row: AuditRow) -> Header {
    Header {
        position: row.position,
        recorded_at: row.recorded_at,
        record_type: row.kind,
        record_id: row.stream,
        version: row.version,
        kind: row.event_type,
        action_id: row.action.0,
        action_kind: row.action_kind,
        actor_kind: row.actor_kind,
        actor_id: row.actor_member.map(|member| member.0),
    }
}
