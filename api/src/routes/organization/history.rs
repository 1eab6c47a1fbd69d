//! `GET /organization/history`

use crate::auth::Auth;
use crate::extract::Query;
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use commands::HistoryEntry;
use domain::access::Permission;
use domain::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

const PAGE: u32 = 50;
const LONGEST_PAGE: u32 = 200;
/// What a cursor of this list is bound to.
const LIST: &str = "history organization";

/// A page of the organization's history.
#[derive(Serialize, ToSchema)]
struct OrganizationHistory {
    /// Newest first.
    items: Vec<Entry>,
    /// Where older entries go on.
    next_cursor: Option<String>,
}

/// What happened.
#[derive(Serialize, ToSchema)]
#[schema(as = OrganizationHistoryEntry)]
struct Entry {
    /// The organization's version since.
    version: u32,
    /// Place in its log.
    position: u64,
    /// When the server recorded it.
    recorded_at: DateTime<Utc>,
    /// Name of the event.
    #[serde(rename = "type")]
    kind: String,
    /// One line that says what happened.
    summary: String,
    /// The member who did it; `null` for Hindsight itself and for administrators of the instance.
    actor: Option<Uuid>,
    /// What that member is called; empty if that was erased.
    actor_name: String,
    /// The gesture that it was part of.
    action: Uuid,
    /// Why, in the actor's words.
    reason: Option<String>,
    /// The settings that it changed.
    changes: Vec<Change>,
}

/// A setting before and after.
#[derive(Serialize, ToSchema)]
#[schema(as = SettingChange)]
struct Change {
    /// Its name.
    field: &'static str,
    /// What people call it.
    label: &'static str,
    /// What it was.
    #[schema(value_type = Option<Value>)]
    from: serde_json::Value,
    /// What it is since.
    #[schema(value_type = Option<Value>)]
    to: serde_json::Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    limit: Option<u32>,
    cursor: Option<String>,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::get("/organization/history", "get_organization_history", handler)
        .about(super::TAG, "What happened to the organization")
        .needs([Permission::ORGANIZATION_READ])
        .param(params::query(
            "limit",
            schema::integer(1, LONGEST_PAGE.into()),
            "Entries per page; 50 if absent.",
        ))
        .param(params::query("cursor", schema::text(200), "Where the page before ended."))
        .answers::<OrganizationHistory>(200, "A page, newest first.")
}

async fn handler(
    State(app): State<App>,
    auth: Auth,
    Query(page): Query<Page>,
) -> ApiResult<Json<OrganizationHistory>> {
    let limit = page.limit.unwrap_or(PAGE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(ApiError::bad_parameter("limit", "out_of_range", "Use 1 to 200."));
    }
    let before = page.cursor.as_deref().map(|c| app.cursors.read::<u32>(LIST, c)).transpose()?;
    let entries = app.organizations.history(auth.actor.organization, before, limit).await?;
    let last = entries.last().map(|entry| entry.version).filter(|version| *version > 1);
    let next_cursor = last.map(|version| app.cursors.sign(LIST, &version)).transpose()?;
    let ids: Vec<Uuid> = entries.iter().filter_map(|e| e.actor.member.map(|m| m.0)).collect();
    let mut tx = app.projections.read(auth.settings()).await?;
    let names: HashMap<Uuid, String> = tx
        .members(Some(&ids))
        .await?
        .into_iter()
        .filter_map(|member| Some((member.id.0, member.display_name?)))
        .collect();
    let items = entries.into_iter().map(|entry| wire(entry, &names)).collect();
    Ok(Json(OrganizationHistory { items, next_cursor }))
}

fn wire(entry: HistoryEntry, names: &HashMap<Uuid, String>) -> Entry {
    let actor = entry.actor.member.map(|member| member.0);
    let value =
        |value: Option<Value>| value.as_ref().map_or(serde_json::Value::Null, Value::to_json);
    Entry {
        version: entry.version,
        position: entry.position,
        recorded_at: entry.recorded_at,
        kind: entry.event_type,
        summary: entry.summary,
        actor,
        actor_name: actor.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
        action: entry.action.0,
        reason: entry.reason,
        changes: entry
            .changes
            .into_iter()
            .map(|change| Change {
                field: change.field,
                label: change.label,
                from: value(change.from),
                to: value(change.to),
            })
            .collect(),
    }
}
