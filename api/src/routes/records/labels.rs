//! What people call the things that records refer to.

use crate::auth::Auth;
use crate::http::ApiResult;
use crate::routes::records::body::Reference;
use crate::state::{App, AppState};
use commands::{At, CommandError, Refers};
use domain::access::{Permission, Verb, on_kind};
use domain::catalogue::{FieldDef, Form, Kind, ListName};
use domain::ids::{ChoiceId, MemberId};
use domain::member::Member;
use domain::picklist::{self, Picklist};
use domain::record::{self, RecordType};
use domain::value::Value;
use futures::future::try_join_all;
use projections::{Named, ReadError, ReadTx, Scope};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// The references of an answer, collected before any of them is looked up.
#[derive(Debug, Default)]
pub struct Wanted {
    choices: BTreeMap<Uuid, ListName>,
    members: BTreeSet<Uuid>,
    links: BTreeMap<&'static str, BTreeSet<Uuid>>,
    roles: bool,
    teams: bool,
}

/// Their present names.
#[derive(Debug, Default)]
pub struct Labels(HashMap<Uuid, String>);

impl Wanted {
    /// What a field's value refers to.
    pub fn value(&mut self, def: &FieldDef, value: Option<&Value>) {
        if let Some(value) = value {
            self.of_kind(def.kind, value);
        }
    }

    fn of_kind(&mut self, kind: Kind, value: &Value) {
        match (kind, value) {
            (Kind::Choice(list), Value::Ref(id)) => {
                self.choices.insert(*id, list);
            }
            (Kind::Choices(list), Value::Refs(ids)) => {
                self.choices.extend(ids.iter().map(|id| (*id, list)));
            }
            (Kind::Member, Value::Ref(id)) => self.member(Some(MemberId(*id))),
            (Kind::Link(kind), Value::Ref(id)) => {
                self.links.entry(kind).or_default().insert(*id);
            }
            (_, _) => {}
        }
    }

    /// What a value refers to that an event gave or took.
    pub fn changed(&mut self, refers: Refers, value: Option<&Value>) {
        let Some(value) = value else { return };
        match refers {
            Refers::Nothing => {}
            Refers::Kind(kind) => self.of_kind(kind, value),
            Refers::Members => self.members.extend(ids(value)),
            Refers::Roles => self.roles = true,
            Refers::Teams => self.teams = true,
        }
    }

    /// A member.
    pub fn member(&mut self, member: Option<MemberId>) {
        self.members.extend(member.map(|member| member.0));
    }

    /// Looks them up in a snapshot. What is not the caller's to see, or was erased, has no name.
    /// Linked records are judged by the reach over their own type; where it is another than the
    /// snapshot's, they are looked up beside it.
    pub async fn look_up_in(
        &self,
        app: &AppState,
        auth: &Auth,
        tx: &mut ReadTx,
    ) -> Result<Labels, ReadError> {
        let mut labels = HashMap::new();
        if !self.choices.is_empty() {
            let ids: Vec<Uuid> = self.choices.keys().copied().collect();
            let rows = tx.choices_by_id(&ids).await?;
            labels.extend(rows.into_iter().map(|row| (row.id, row.label)));
        }
        if !self.members.is_empty() {
            let ids: Vec<Uuid> = self.members.iter().copied().collect();
            for row in tx.members(Some(&ids)).await? {
                labels.extend(row.display_name.map(|name| (row.id.0, name)));
            }
        }
        for (kind, ids) in &self.links {
            let ids: Vec<Uuid> = ids.iter().copied().collect();
            let reach = on_kind(kind, Verb::Read).and_then(|read| auth.actor.reach(read));
            let Some(reach) = reach else { continue };
            if reach == tx.scope().reach {
                labels.extend(titles(named(auth, tx, kind, &ids).await?));
            } else {
                let scope = Scope::live(auth.actor.organization, reach);
                let mut beside = app.projections.read(scope).await?;
                labels.extend(titles(named(auth, &mut beside, kind, &ids).await?));
            }
        }
        Ok(Labels(labels))
    }

    /// What roles and teams are called, of which each organization has one stream.
    pub async fn look_up_rights(
        &self,
        app: &AppState,
        auth: &Auth,
        labels: &mut Labels,
    ) -> Result<(), CommandError> {
        let organization = auth.actor.organization;
        if self.roles {
            let roles = app.access.roles(organization).await?;
            let names = roles.state.roles.iter().map(|(id, role)| (id.0, role.title.name.clone()));
            labels.0.extend(names);
        }
        if self.teams {
            let teams = app.access.teams(organization).await?;
            let names = teams.state.teams.iter().map(|(id, team)| (id.0, team.name.clone()));
            labels.0.extend(names);
        }
        Ok(())
    }

    /// Looks them up as they are now, from their events: what this process made a moment ago is
    /// there; what another one renamed may have its old name for two seconds more.
    pub async fn look_up(&self, app: &App, auth: &Auth) -> ApiResult<Labels> {
        let names: BTreeSet<ListName> = self.choices.values().copied().collect();
        let lists: Vec<_> = names
            .into_iter()
            .map(|name| picklist::stream_id(auth.actor.organization, name))
            .map(|stream| app.commands.load_recent::<Picklist>(auth.log(), stream))
            .collect();
        let members: Vec<_> = self
            .members
            .iter()
            .map(|id| app.commands.load_recent::<Member>(auth.log(), *id))
            .collect();
        let mut links = Vec::new();
        for (kind, ids) in &self.links {
            links.extend(ids.iter().map(|id| title(app, auth, kind, *id)));
        }
        let (lists, members, links) =
            tokio::try_join!(try_join_all(lists), try_join_all(members), try_join_all(links))?;

        let mut labels = HashMap::new();
        for list in lists {
            let choices =
                self.choices.keys().map(|id| (id, list.state.choices.get(&ChoiceId(*id))));
            labels.extend(choices.filter_map(|(id, choice)| Some((*id, choice?.label.clone()))));
        }
        for member in members {
            let name = member.state.display_name.clone();
            labels.extend(name.map(|name| (member.stream.0, name)));
        }
        labels.extend(links.into_iter().flatten());
        Ok(Labels(labels))
    }
}

impl Labels {
    /// A reference with its name.
    pub fn reference(&self, id: Uuid) -> Reference {
        Reference { id, label: self.0.get(&id).cloned().unwrap_or_default() }
    }

    /// A reference to a member with their name; `None` is Hindsight itself.
    pub fn member(&self, member: Option<MemberId>) -> Option<Reference> {
        member.map(|member| self.reference(member.0))
    }

    /// The name alone.
    pub fn name(&self, id: Uuid) -> Option<&str> {
        self.0.get(&id).map(String::as_str)
    }

    /// A field's value, references named.
    pub fn json(&self, def: &FieldDef, value: Option<&Value>) -> Json {
        self.changed(Refers::Kind(def.kind), value)
    }

    /// A value that an event gave or took, references named.
    pub fn changed(&self, refers: Refers, value: Option<&Value>) -> Json {
        let named = match refers {
            Refers::Nothing => false,
            Refers::Kind(kind) => matches!(kind.form(), Form::Id | Form::Ids),
            Refers::Members | Refers::Roles | Refers::Teams => true,
        };
        match value {
            None => Json::Null,
            Some(Value::Ref(id)) if named => json!(self.reference(*id)),
            Some(Value::Refs(ids)) if named => {
                json!(ids.iter().map(|id| self.reference(*id)).collect::<Vec<_>>())
            }
            Some(value) => value.to_json(),
        }
    }
}

/// The ids of a value.
fn ids(value: &Value) -> Vec<Uuid> {
    if let Value::Refs(ids) = value {
        ids.clone()
    } else if let Value::Ref(id) = value {
        vec![*id]
    } else {
        Vec::new()
    }
}

fn titles(named: HashMap<Uuid, Named>) -> impl Iterator<Item = (Uuid, String)> {
    named.into_iter().map(|(id, named)| (id, named.title))
}

/// What records within the caller's reach are called.
pub async fn named(
    auth: &Auth,
    tx: &mut ReadTx,
    kind: &str,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Named>, ReadError> {
    macro_rules! of_kind {
        ($($record:ty,)+) => {$(
            if kind == <$record>::KIND {
                let hidden = auth.actor.rights.hidden::<$record>();
                return tx.named::<$record>(ids, &hidden).await;
            }
        )+};
    }
    domain::for_each_record_type!(of_kind);
    Ok(HashMap::new())
}

/// The title of one linked record, from its events, if the caller may see it.
async fn title(
    app: &App,
    auth: &Auth,
    kind: &str,
    id: Uuid,
) -> Result<Option<(Uuid, String)>, CommandError> {
    macro_rules! of_kind {
        ($($record:ty,)+) => {$(
            if kind == <$record>::KIND {
                let caller = auth.caller();
                if !caller.holds(Permission::on::<$record>(Verb::Read)) {
                    return Ok(None);
                }
                let hidden = caller.hidden::<$record>();
                let found = app.records.get::<$record>(&caller, auth.log(), id, At::Now);
                return match found.await {
                    Ok(folded) => Ok(Some((id, <$record>::title(&record::without::<$record>(&folded.state.fields, &hidden))))),
                    Err(CommandError::NotFound) => Ok(None),
                    Err(error) => Err(error),
                };
            }
        )+};
    }
    domain::for_each_record_type!(of_kind);
    Ok(None)
}
