//! What people call the things that records refer to.

use crate::auth::Auth;
use crate::http::ApiResult;
use crate::routes::records::body::Reference;
use crate::state::App;
use commands::{At, CommandError};
use domain::catalogue::{FieldDef, Kind, ListName};
use domain::ids::MemberId;
use domain::member::Member;
use domain::record::RecordType;
use domain::value::Value;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// The references of an answer, collected before any of them is looked up.
#[derive(Debug, Default)]
pub struct Wanted {
    lists: BTreeSet<ListName>,
    members: BTreeSet<MemberId>,
    links: BTreeMap<&'static str, BTreeSet<Uuid>>,
}

/// Their present names.
#[derive(Debug, Default)]
pub struct Labels(HashMap<Uuid, String>);

impl Wanted {
    /// What a field's value refers to.
    pub fn value(&mut self, def: &FieldDef, value: Option<&Value>) {
        match (def.kind, value) {
            (_, None) => {}
            (Kind::Choice(list) | Kind::Choices(list), Some(_)) => {
                self.lists.insert(list);
            }
            (Kind::Member, Some(Value::Ref(id))) => self.member(Some(MemberId(*id))),
            (Kind::Link(kind), Some(Value::Ref(id))) => {
                self.links.entry(kind).or_default().insert(*id);
            }
            (_, Some(_)) => {}
        }
    }

    /// A member.
    pub fn member(&mut self, member: Option<MemberId>) {
        self.members.extend(member);
    }

    /// Looks them up. What is not the caller's to see, or was erased, has no name.
    pub async fn look_up(self, app: &App, auth: &Auth) -> ApiResult<Labels> {
        let mut labels = HashMap::new();
        for list in self.lists {
            let picklist = app.picklists.get(auth.actor.organization, list).await?;
            let choices = picklist.state.choices.iter();
            labels.extend(choices.map(|(id, choice)| (id.0, choice.label.clone())));
        }
        for id in self.members {
            let member = app.commands.load::<Member>(auth.log(), id.0).await?;
            labels.extend(member.state.display_name.clone().map(|name| (id.0, name)));
        }
        for (kind, ids) in self.links {
            for id in ids {
                labels.extend(title(app, auth, kind, id).await?.map(|title| (id, title)));
            }
        }
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
        match (def.kind, value) {
            (_, None) => Json::Null,
            (Kind::Choice(_) | Kind::Member | Kind::Link(_), Some(Value::Ref(id))) => {
                json!(self.reference(*id))
            }
            (Kind::Choices(_), Some(Value::Refs(ids))) => {
                json!(ids.iter().map(|id| self.reference(*id)).collect::<Vec<_>>())
            }
            (_, Some(value)) => value.to_json(),
        }
    }
}

/// The title of a linked record, if the caller may see it.
async fn title(app: &App, auth: &Auth, kind: &str, id: Uuid) -> ApiResult<Option<String>> {
    macro_rules! of_kind {
        ($($record:ty,)+) => {$(
            if kind == <$record>::KIND {
                return title_of::<$record>(app, auth, id).await;
            }
        )+};
    }
    domain::for_each_record_type!(of_kind);
    Ok(None)
}

async fn title_of<R: RecordType>(app: &App, auth: &Auth, id: Uuid) -> ApiResult<Option<String>> {
    match app.records.get::<R>(&auth.caller(), auth.log(), id, At::Now).await {
        Ok(folded) => Ok(Some(R::title(&folded.state.fields))),
        Err(CommandError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
