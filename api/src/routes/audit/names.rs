//! What the things are called that a page of the trail is about, as far as the caller sees them.

use crate::auth::Auth;
use crate::http::ApiResult;
use crate::routes::actions::list_label;
use crate::routes::records::labels;
use crate::state::App;
use commands::HistoryEntry;
use commands::views::reading;
use domain::access::{Permission, Verb, on_kind};
use domain::aggregate::Aggregate as _;
use domain::api_key::ApiKey;
use domain::catalogue::ListName;
use domain::import::Import;
use domain::invitation::Invitation;
use domain::mail::Mail;
use domain::member::{Member, MemberState};
use domain::organization::Organization;
use domain::picklist::Picklist;
use domain::role::Roles;
use domain::team::Teams;
use domain::view::View;
use projections::{AuditRow, ReadTx, Scope};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// A thing that the caller sees.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// What it is called now, if it has a name.
    pub label: Option<String>,
    /// Whether it is deleted, or has left.
    pub deleted: bool,
}

/// The things of a page that the caller sees, by kind and id.
#[derive(Debug, Default)]
pub struct Names(HashMap<(String, Uuid), Named>);

/// The things of a page: of each kind, which.
type Asked<'a> = BTreeMap<&'a str, BTreeSet<Uuid>>;

impl Names {
    /// The thing that an entry is about; `None` if it is not the caller's to see.
    pub fn of(&self, row: &AuditRow, entry: &HistoryEntry) -> Option<&Named> {
        let id = entry.part.unwrap_or(row.stream);
        self.0.get(&(row.kind.clone(), id))
    }

    fn add(&mut self, kind: &str, id: Uuid, label: Option<String>, deleted: bool) {
        let label = label.filter(|label| !label.is_empty());
        self.0.insert((kind.to_owned(), id), Named { label, deleted });
    }
}

/// What a caller needs to see things of a kind that is not that of records; `None` is nothing.
fn needed(kind: &str) -> Option<Permission> {
    match kind {
        Member::KIND => Some(Permission::MEMBERS_READ),
        Roles::KIND => Some(Permission::ROLES_READ),
        Teams::KIND => Some(Permission::TEAMS_READ),
        Invitation::KIND => Some(Permission::INVITATIONS_READ),
        Organization::KIND => Some(Permission::ORGANIZATION_READ),
        Import::KIND => Some(Permission::IMPORTS_READ),
        Mail::KIND => Some(Permission::MAIL_READ),
        _ => None,
    }
}

/// Names the things of a page: a query for each kind of record, and few for all others, however
/// many entries there are. Rights are those of the present, as in histories.
pub async fn names(
    app: &App,
    auth: &Auth,
    tx: &mut ReadTx,
    page: &[(&AuditRow, &HistoryEntry)],
) -> ApiResult<Names> {
    let mut asked = Asked::new();
    for (row, entry) in page {
        let id = entry.part.unwrap_or(row.stream);
        asked.entry(&row.kind).or_default().insert(id);
    }
    let mut names = Names::default();
    for (kind, ids) in asked {
        let ids: Vec<Uuid> = ids.into_iter().collect();
        if let Some(read) = on_kind(kind, Verb::Read) {
            let Some(reach) = auth.actor.reach(read) else { continue };
            let scope = Scope::live(auth.actor.organization, reach);
            let mut beside = app.projections.read(scope).await?;
            for (id, named) in labels::named(auth, &mut beside, kind, &ids).await? {
                names.add(kind, id, Some(named.title), named.deleted);
            }
        } else if needed(kind).is_none_or(|permission| auth.actor.holds(permission)) {
            others(app, auth, tx, kind, &ids, &mut names).await?;
        }
    }
    Ok(names)
}

/// Names things that are not records.
async fn others(
    app: &App,
    auth: &Auth,
    tx: &mut ReadTx,
    kind: &str,
    ids: &[Uuid],
    names: &mut Names,
) -> ApiResult<()> {
    let organization = auth.actor.organization;
    match kind {
        Member::KIND => {
            for row in tx.members(Some(ids)).await? {
                names.add(kind, row.id.0, row.display_name, row.state == MemberState::Removed);
            }
        }
        Roles::KIND => {
            for (id, role) in &app.access.roles(organization).await?.state.roles {
                names.add(kind, id.0, Some(role.title.name.clone()), role.deleted);
            }
        }
        Teams::KIND => {
            for (id, team) in &app.access.teams(organization).await?.state.teams {
                names.add(kind, id.0, Some(team.name.clone()), team.deleted);
            }
        }
        Picklist::KIND => {
            for row in tx.choices_by_id(ids).await? {
                let list = ListName::parse(&row.list).map_or("", list_label);
                names.add(kind, row.id, Some(format!("{list}: {}", row.label)), row.archived);
            }
        }
        View::KIND => {
            for row in tx.views_by_id(ids).await? {
                let reads = reading(&row.view.record_type);
                if reads.is_some_and(|read| auth.actor.holds(read)) {
                    names.add(kind, row.id, row.view.name, row.view.deleted);
                }
            }
        }
        Invitation::KIND => {
            for (id, name) in tx.invitation_names(ids).await? {
                names.add(kind, id, name, false);
            }
        }
        Organization::KIND => {
            let state =
                app.commands.load_recent::<Organization>(auth.log(), organization.0).await?;
            for id in ids {
                names.add(kind, *id, state.state.name.clone(), false);
            }
        }
        ApiKey::KIND => {
            for id in ids {
                let folded = app.commands.load_recent::<ApiKey>(auth.log(), *id).await?;
                let key = &folded.state;
                let own = key.owner.is_some_and(|(_, member)| member == auth.actor.member);
                if own || auth.actor.holds(Permission::API_KEYS_READ) {
                    names.add(kind, *id, key.name.clone(), key.revoked);
                }
            }
        }
        Import::KIND => {
            for id in ids {
                let import = app.commands.load_recent::<Import>(auth.log(), *id).await?;
                let intent = import.state.intent.as_ref();
                names.add(kind, *id, intent.and_then(|intent| intent.file_name.clone()), false);
            }
        }
        _ => {
            for id in ids {
                names.add(kind, *id, None, false);
            }
        }
    }
    Ok(())
}
