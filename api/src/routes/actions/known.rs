//! What is known of actions, as far as a caller may know it.

use super::body::undoes;
use crate::auth::Auth;
use crate::http::{ApiError, ApiResult};
use crate::routes::records::labels;
use crate::state::AppState;
use commands::jobs::JobError;
use domain::access::{Permission, Verb, on_kind};
use domain::aggregate::Aggregate as _;
use domain::catalogue::ListName;
use domain::ids::{ActionId, JobId};
use domain::import::Import;
use domain::picklist::Picklist;
use domain::view::View;
use projections::{ActionRow, ActionStreamRow, ReadError, ReadTx, Scope};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// So many streams of an action are told by name, and taken back at once.
pub const MOST_TOLD: usize = 100;

/// How often an undo may have been undone, for what is asked of it.
const DEEPEST: usize = 50;

/// An action with the streams that it came to first.
pub struct Known {
    pub row: ActionRow,
    /// At most one more than [`MOST_TOLD`].
    pub streams: Vec<ActionStreamRow>,
    /// Names of those that the caller sees.
    pub labels: HashMap<Uuid, String>,
    /// The undo that is in force, if one is.
    pub undone_by: Option<ActionId>,
}

impl AppState {
    /// An action that the caller may know of: their own; any with the right to read the audit
    /// trail; or one on something that they see, in whose history it stands.
    pub async fn known_action(&self, auth: &Auth, id: ActionId) -> ApiResult<Known> {
        let mut tx = self.projections.read(auth.settings()).await?;
        let row = tx.action(id).await?.ok_or_else(ApiError::not_found)?;
        let most = u32::try_from(MOST_TOLD + 1).unwrap_or(u32::MAX);
        let streams = tx.action_streams(id, 0, most).await?;
        let labels = self.stream_labels(auth, &streams).await?;
        let own = row.actor_member == Some(auth.actor.member);
        if !own && !auth.actor.holds(Permission::AUDIT_READ) && labels.is_empty() {
            return Err(ApiError::not_found());
        }
        let undone_by = undone_by(&mut tx, &[id]).await?.remove(&id);
        Ok(Known { row, streams, labels, undone_by })
    }

    /// What the streams are called that the caller sees.
    async fn stream_labels(
        &self,
        auth: &Auth,
        streams: &[ActionStreamRow],
    ) -> ApiResult<HashMap<Uuid, String>> {
        let mut by_kind: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
        for stream in streams {
            by_kind.entry(&stream.kind).or_default().push(stream.stream);
        }
        let mut found = HashMap::new();
        for (kind, ids) in by_kind {
            let read = on_kind(kind, Verb::Read);
            if let Some(reach) = read.and_then(|read| auth.actor.reach(read)) {
                let scope = Scope::live(auth.actor.organization, reach);
                let mut tx = self.projections.read(scope).await?;
                let named = labels::named(auth, &mut tx, kind, &ids).await?;
                found.extend(named.into_iter().map(|(id, named)| (id, named.title)));
            } else if kind == View::KIND {
                for id in ids {
                    if let Ok(view) = self.views.get(&auth.caller(), auth.log(), id).await {
                        found.insert(id, view.state.name.clone().unwrap_or_default());
                    }
                }
            } else if kind == Picklist::KIND {
                for id in ids {
                    let list = self.commands.load_recent::<Picklist>(auth.log(), id).await?;
                    found.insert(id, list.state.list.map_or("", list_label).to_owned());
                }
            }
        }
        Ok(found)
    }

    /// Refuses an action whose job is still at it: the rest of it would stay.
    pub async fn refuse_unfinished(&self, auth: &Auth, known: &Known) -> ApiResult<()> {
        let mut jobs = vec![JobId(known.row.id.0)];
        if let Some(import) = known.streams.first().filter(|stream| stream.kind == Import::KIND) {
            let import = self.commands.load::<Import>(auth.log(), import.stream).await?;
            jobs.extend(import.state.intent.as_ref().map(|intent| intent.job));
        }
        for job in jobs {
            match self.jobs.get(auth.actor.organization, job).await {
                Ok(job) if !job.state.is_over() => {
                    let detail = "This is still going on. Stop it, or wait until it has ended.";
                    let status = axum::http::StatusCode::CONFLICT;
                    return Err(ApiError::new(status, "still_running", detail));
                }
                Ok(_) | Err(JobError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// What people call a pick-list.
pub fn list_label(list: ListName) -> &'static str {
    match list {
        ListName::Status => "Statuses",
        ListName::Tag => "Tags",
        ListName::Service => "Services",
        ListName::TrafficSource => "Traffic sources",
        ListName::Industry => "Industries",
    }
}

/// What these actions took back, as far as they are undos; and so on, where that was an undo.
pub async fn undone(
    tx: &mut ReadTx,
    actions: &[ActionRow],
) -> Result<HashMap<ActionId, ActionRow>, ReadError> {
    let mut found: HashMap<ActionId, ActionRow> = HashMap::new();
    let mut asked: Vec<ActionId> = actions.iter().filter_map(undoes).collect();
    for _ in 0..DEEPEST {
        asked.retain(|action| !found.contains_key(action));
        if asked.is_empty() {
            break;
        }
        let rows = tx.actions_by_id(&asked).await?;
        asked = rows.iter().filter_map(undoes).collect();
        found.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    Ok(found)
}

/// For each of these actions that is undone, the undo that is in force: one that was not itself
/// undone.
pub async fn undone_by(
    tx: &mut ReadTx,
    actions: &[ActionId],
) -> Result<HashMap<ActionId, ActionId>, ReadError> {
    let mut latest: HashMap<ActionId, ActionId> = HashMap::new();
    let mut asked = actions.to_vec();
    for _ in 0..DEEPEST {
        if asked.is_empty() {
            break;
        }
        let undos = tx.undos_of(&asked).await?;
        asked = undos.iter().map(|undo| undo.id).filter(|id| !latest.contains_key(id)).collect();
        let pairs = undos.iter().filter_map(|undo| Some((ActionId(undo.causation?), undo.id)));
        latest.extend(pairs);
    }
    let in_force = |action: &ActionId| {
        let undo = *latest.get(action)?;
        let (mut holds, mut next) = (true, undo);
        for _ in 0..DEEPEST {
            let Some(later) = latest.get(&next) else { break };
            (holds, next) = (!holds, *later);
        }
        holds.then_some((*action, undo))
    };
    Ok(actions.iter().filter_map(in_force).collect())
}
