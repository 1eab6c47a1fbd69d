//! An action as JSON.

use super::known::{Known, MOST_TOLD};
use chrono::{DateTime, Utc};
use commands::undo::{self, reversible};
use domain::aggregate::Aggregate as _;
use domain::bulk::Bulk;
use domain::ids::ActionId;
use domain::undo::Undoing;
use projections::ActionRow;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who did it.
#[derive(Serialize, ToSchema)]
#[schema(as = ActionActor)]
struct Actor {
    /// The member, for a person or their API key.
    id: Option<Uuid>,
    /// What they are called; empty if that was erased.
    name: String,
    /// What kind of actor.
    #[schema(pattern = "^(user|api_key|system)$")]
    kind: String,
}

/// Whether it can be undone.
#[derive(Serialize, ToSchema)]
#[schema(as = ActionUndo)]
struct Undoable {
    /// Whether it can, as far as that can be told without looking at each record: the preview
    /// does.
    possible: bool,
    /// Why not, in a sentence.
    why: Option<String>,
}

/// What was done in one gesture.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-5a2b-7000-8000-000000000001", "kind": "edit",
    "label": "Contact details changed", "position": 4711,
    "actor": {"id": "0192f0c1-5a2b-7000-8000-000000000002", "name": "Ana Lima", "kind": "user"},
    "began_at": "2026-03-01T09:00:00Z", "ended_at": "2026-03-01T09:00:00Z",
    "types": ["contact"], "records": 1, "undo": {"possible": true, "why": null},
    "undone_by": null, "undoes": null,
}))]
pub struct Action {
    id: Uuid,
    /// What kind of gesture, such as `edit`, `import` or `undo`.
    kind: String,
    /// One line for people.
    label: String,
    /// Place of its first event in the log.
    position: u64,
    actor: Actor,
    began_at: DateTime<Utc>,
    /// When the last of it was recorded.
    ended_at: DateTime<Utc>,
    /// What kinds of things it touched, such as `contact`.
    types: Vec<String>,
    /// How many things it touched.
    records: u64,
    undo: Undoable,
    /// The action that took it back, if that is in force.
    undone_by: Option<Uuid>,
    /// Of an undo, the action that it took back.
    undoes: Option<Uuid>,
}

/// A thing that an action touched.
#[derive(Serialize, ToSchema)]
struct ActionRecord {
    id: Uuid,
    /// What kind of thing, such as `contact`.
    #[serde(rename = "type")]
    kind: String,
    /// What it is called now.
    label: String,
}

/// An action with what it touched.
#[derive(Serialize, ToSchema)]
pub struct ActionDetail {
    action: Action,
    /// The first things that it touched, up to 100; those that the caller does not see are left
    /// out.
    records: Vec<ActionRecord>,
    /// Whether it touched more than 100 things.
    more: bool,
}

/// `contact.details_changed` as `Contact details changed`.
fn words(event: &str) -> String {
    let text = event.replace(['.', '_'], " ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What an action itself was, in one line.
fn done(row: &ActionRow, names: &Names) -> String {
    if let Some(label) = names.bulks.get(&row.id) {
        return label.clone();
    }
    let what = words(&row.first_type);
    if row.streams > 1 { format!("{what} and {} more", row.streams - 1) } else { what }
}

/// One line for people. An undo is told by what it took back, not by what that came to: of a
/// deletion it is the undo of a deletion, and no restoration.
fn label(row: &ActionRow, names: &Names) -> String {
    let (mut root, mut undos) = (row, 0);
    while let Some(undone) = undoes(root).and_then(|id| names.undone.get(&id)) {
        (root, undos) = (undone, undos + 1);
    }
    let what = done(root, names);
    let mut letters = what.chars();
    let small = letters.next().into_iter().flat_map(char::to_lowercase).chain(letters);
    match undos {
        0 => what,
        n if n % 2 == 1 => format!("Undone: {}", small.collect::<String>()),
        _ => format!("Redone: {}", small.collect::<String>()),
    }
}

/// Of an undo, the action that it took back.
pub fn undoes(row: &ActionRow) -> Option<ActionId> {
    row.causation.filter(|_| row.kind == undo::KIND).map(ActionId)
}

fn undoable(row: &ActionRow, undone: bool) -> Undoable {
    let kinds = || row.stream_kinds.iter().map(|kind| reversible(kind));
    let why = if undone {
        Some("It is undone already.".to_owned())
    } else if kinds().any(|kind| kind.is_ok()) {
        None
    } else {
        kinds().find_map(Result::err).map(str::to_owned)
    };
    Undoable { possible: why.is_none(), why }
}

/// Whether streams of a kind are how an action itself is kept, and nothing that it touched.
fn is_intent(kind: &str) -> bool {
    [Bulk::KIND, Undoing::KIND].contains(&kind)
}

/// What people call what actions are about.
#[derive(Default)]
pub struct Names {
    /// Of members.
    pub members: HashMap<Uuid, String>,
    /// Of bulk acts, in one line.
    pub bulks: HashMap<ActionId, String>,
    /// What undos took back, and, where that was an undo, what it took back.
    pub undone: HashMap<ActionId, ActionRow>,
}

impl Action {
    /// An action.
    pub fn new(row: &ActionRow, undone_by: Option<ActionId>, names: &Names) -> Self {
        let actor = row.actor_member.map(|member| member.0);
        Self {
            id: row.id.0,
            kind: row.kind.clone(),
            label: label(row, names),
            position: row.first_position,
            actor: Actor {
                id: actor,
                name: actor.and_then(|id| names.members.get(&id).cloned()).unwrap_or_default(),
                kind: row.actor_kind.clone(),
            },
            began_at: row.began_at,
            ended_at: row.ended_at,
            types: row.stream_kinds.iter().filter(|kind| !is_intent(kind)).cloned().collect(),
            records: row.streams,
            undo: undoable(row, undone_by.is_some()),
            undone_by: undone_by.map(|undo| undo.0),
            undoes: undoes(row).map(|action| action.0),
        }
    }
}

impl ActionDetail {
    /// An action with what it touched, as far as the caller sees it.
    pub fn new(known: &Known, names: &Names) -> Self {
        let seen = known.streams.iter().take(MOST_TOLD).filter_map(|stream| {
            Some(ActionRecord {
                id: stream.stream,
                kind: stream.kind.clone(),
                label: known.labels.get(&stream.stream)?.clone(),
            })
        });
        Self {
            action: Action::new(&known.row, known.undone_by, names),
            records: seen.collect(),
            more: known.streams.len() > MOST_TOLD,
        }
    }
}
