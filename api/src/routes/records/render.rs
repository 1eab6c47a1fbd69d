//! Records and their history as JSON.

use super::body::{ACCOUNT, Allowed, ContactAccount};
use super::labels::{Labels, Wanted};
use crate::auth::Auth;
use crate::http::ApiResult;
use crate::state::App;
use commands::identity::AccountState;
use commands::{At, Folded};
use domain::access::{Permission, Verb};
use domain::catalogue::{Catalogue as _, FieldIndex};
use domain::contact::ContactType;
use domain::ids::{ContactId, MemberId};
use domain::record::{self, Life, Record, RecordType};
use domain::value::Value;
use serde_json::{Map, Value as Json, json};
use store::Position;

/// A folded record, every field as it is or `null`.
pub async fn record<R: RecordType>(
    app: &App,
    auth: &Auth,
    folded: &Folded<Record<R>>,
    at: At,
) -> ApiResult<Json> {
    let hidden = auth.actor.rights.hidden::<R>();
    let fields = &record::without::<R>(&folded.state.fields, &hidden);
    let shown = || R::Fields::indices().filter(|index| !hidden.contains(index));
    let mut wanted = Wanted::default();
    for index in shown() {
        wanted.value(R::Fields::def(index), fields.get(index).as_ref());
    }
    wanted.member(folded.created.member);
    wanted.member(folded.updated.member);
    let labels = wanted.look_up(app, auth).await?;

    let deleted = folded.state.life == Life::Deleted;
    let mut object = Map::new();
    object.insert("id".to_owned(), json!(folded.stream.0));
    object.insert("version".to_owned(), json!(folded.version));
    object.insert("label".to_owned(), json!(R::title(fields)));
    object.insert("deleted".to_owned(), json!(deleted));
    object.insert("created_at".to_owned(), json!(folded.created.time));
    object.insert("created_by".to_owned(), json!(labels.member(folded.created.member)));
    object.insert("updated_at".to_owned(), json!(folded.updated.time));
    object.insert("updated_by".to_owned(), json!(labels.member(folded.updated.member)));
    if at == At::Now {
        let allowed = allowed::<R>(auth, folded.state.assigned_to(), deleted);
        object.insert("allowed".to_owned(), json!(allowed));
        if R::KIND == ContactType::KIND {
            let account = account(app, auth, ContactId(folded.stream.0)).await?;
            object.insert(ACCOUNT.to_owned(), json!(account));
        }
    }
    fill::<R>(&mut object, &labels, shown(), |index| fields.get(index));
    Ok(Json::Object(object))
}

/// How the account of a contact stands now.
async fn account(app: &App, auth: &Auth, contact: ContactId) -> ApiResult<Option<ContactAccount>> {
    let account = app.commands.account_of(auth.log(), contact).await?;
    Ok(account.map(|account| match account {
        AccountState::Offered => ContactAccount { member: None, status: "offered" },
        AccountState::Open { member, active } => ContactAccount {
            member: Some(member.0),
            status: if active { "active" } else { "deactivated" },
        },
    }))
}

/// Adds the fields' values to an object.
pub fn fill<R: RecordType>(
    object: &mut Map<String, Json>,
    labels: &Labels,
    indices: impl Iterator<Item = FieldIndex>,
    get: impl Fn(FieldIndex) -> Option<Value>,
) {
    for index in indices {
        let def = R::Fields::def(index);
        object.insert(def.name.to_owned(), labels.json(def, get(index).as_ref()));
    }
}

/// What the caller may do with a record in its present state.
pub fn allowed<R: RecordType>(
    auth: &Auth,
    assigned_to: Option<MemberId>,
    deleted: bool,
) -> Allowed {
    let may = |verb| auth.actor.may(Permission::on::<R>(verb), assigned_to);
    Allowed {
        edit: !deleted && may(Verb::Update),
        delete: !deleted && may(Verb::Delete),
        restore: deleted && may(Verb::Delete),
    }
}

/// The position at which a folded state is read.
pub fn at(version: Option<u32>, position: Option<Position>) -> At {
    match (version, position) {
        (Some(version), _) => At::Version(version),
        (None, Some(position)) => At::Position(position),
        (None, None) => At::Now,
    }
}
