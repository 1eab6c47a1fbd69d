//! An entry of a history as JSON.

use crate::auth::Auth;
use crate::http::ApiResult;
use crate::routes::records::labels::{Labels, Wanted};
use crate::state::App;
use chrono::{DateTime, Utc};
use commands::HistoryEntry;
use domain::ids::MemberId;
use domain::import::Import;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use store::{ActorKind, Channel};
use utoipa::ToSchema;
use uuid::Uuid;

/// What happened.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = HistoryEntry)]
pub struct Entry {
    /// The version of the thing since.
    version: u32,
    /// Place in the organization's log.
    position: u64,
    /// When the server recorded it.
    recorded_at: DateTime<Utc>,
    /// Name of the event.
    #[serde(rename = "type")]
    kind: String,
    /// One line that says what happened.
    summary: String,
    /// Who did it.
    actor: Actor,
    /// For whom, if not for themselves.
    on_behalf_of: Option<Uuid>,
    /// The gesture that it was part of; the unit of undo.
    action: Action,
    /// By which way it came in.
    #[schema(value_type = String, pattern = "^(api|cli|worker)$")]
    channel: Channel,
    /// Why, in the actor's words.
    reason: Option<String>,
    /// What the actor noted with the change.
    note: Option<String>,
    /// The file and row that it came from.
    source: Option<Source>,
    /// The fields that it changed.
    changes: Vec<Change>,
    /// Whether personal data in it was erased.
    erased: bool,
}

/// Who did it.
#[derive(Clone, Serialize, ToSchema)]
struct Actor {
    /// The member's id, for a person.
    id: Option<Uuid>,
    /// What they are called; empty if that was erased.
    name: String,
    /// What kind of actor.
    #[schema(value_type = String, pattern = "^(user|api_key|system)$")]
    kind: ActorKind,
}

/// A gesture.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Gesture)]
struct Action {
    /// Its id.
    id: Uuid,
    /// What kind of gesture, such as `edit` or `import`.
    kind: String,
}

/// The file and row that a record came from.
#[derive(Clone, Serialize, ToSchema)]
struct Source {
    /// The kept file.
    file: Uuid,
    /// What it was called; empty if that was erased.
    file_name: String,
    /// Its row, as a spreadsheet counts, the heading included.
    row: u64,
}

/// A field before and after.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = FieldChange)]
struct Change {
    /// Name of the field.
    field: String,
    /// What people call it.
    label: String,
    /// What it was.
    #[schema(value_type = Option<Value>)]
    from: serde_json::Value,
    /// What it is since.
    #[schema(value_type = Option<Value>)]
    to: serde_json::Value,
}

/// Entries with the names of what they refer to, as they are now.
pub async fn render(app: &App, auth: &Auth, entries: &[HistoryEntry]) -> ApiResult<Vec<Entry>> {
    let mut wanted = Wanted::default();
    want(&mut wanted, entries);
    let mut labels = wanted.look_up(app, auth).await?;
    wanted.look_up_rights(app, auth, &mut labels).await?;
    render_with(app, auth, entries, &labels).await
}

/// Collects what entries refer to.
pub fn want<'a>(wanted: &mut Wanted, entries: impl IntoIterator<Item = &'a HistoryEntry>) {
    for entry in entries {
        wanted.member(entry.actor.member);
        for change in &entry.changes {
            wanted.changed(change.refers, change.from.as_ref());
            wanted.changed(change.refers, change.to.as_ref());
        }
    }
}

/// Entries with the names of what they refer to, which were looked up before.
pub async fn render_with(
    app: &App,
    auth: &Auth,
    entries: &[HistoryEntry],
    labels: &Labels,
) -> ApiResult<Vec<Entry>> {
    let name = |member: Option<MemberId>| {
        member.and_then(|member| labels.name(member.0)).unwrap_or_default().to_owned()
    };
    let files = file_names(app, auth, entries).await?;
    let wire = |entry: &HistoryEntry| Entry {
        version: entry.version,
        position: entry.position,
        recorded_at: entry.recorded_at,
        kind: entry.event_type.clone(),
        summary: entry.summary.clone(),
        actor: Actor {
            id: entry.actor.member.map(|member| member.0),
            name: name(entry.actor.member),
            kind: entry.actor.kind,
        },
        on_behalf_of: entry.on_behalf_of.map(|user| user.0),
        action: Action { id: entry.action.0, kind: entry.action_kind.to_string() },
        channel: entry.channel,
        reason: entry.reason.clone(),
        note: entry.note.clone(),
        source: entry.source.map(|source| Source {
            file: source.file.0,
            file_name: entry
                .causation
                .and_then(|import| files.get(&import).cloned())
                .unwrap_or_default(),
            row: source.row,
        }),
        changes: entry
            .changes
            .iter()
            .map(|change| Change {
                field: change.field.to_string(),
                label: change.label.to_string(),
                from: labels.changed(change.refers, change.from.as_ref()),
                to: labels.changed(change.refers, change.to.as_ref()),
            })
            .collect(),
        erased: entry.erased,
    };
    Ok(entries.iter().map(wire).collect())
}

/// What the files were called that entries come from, by the import that read them.
async fn file_names(
    app: &App,
    auth: &Auth,
    entries: &[HistoryEntry],
) -> ApiResult<HashMap<Uuid, String>> {
    let imports = entries.iter().filter(|entry| entry.source.is_some());
    let imports: BTreeSet<Uuid> = imports.filter_map(|entry| entry.causation).collect();
    let mut names = HashMap::new();
    for import in imports {
        let folded = app.commands.load::<Import>(auth.log(), import).await?;
        let name = folded.state.intent.as_ref().and_then(|intent| intent.file_name.clone());
        names.extend(name.map(|name| (import, name)));
    }
    Ok(names)
}
