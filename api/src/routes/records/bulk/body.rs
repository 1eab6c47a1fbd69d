//! What is asked of a bulk act.

use super::Search;
use crate::auth::Auth;
use crate::extract::present;
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Shape, records, schema};
use crate::routes::records::query::Bin;
use commands::records::RecordAct;
use domain::bulk::Act;
use domain::catalogue::{Catalogue as _, Kind};
use domain::error::FieldError;
use domain::record::RecordType;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use utoipa::openapi::schema::{ArrayBuilder, SchemaType, Type};
use uuid::Uuid;

/// So many records can be named one by one.
const MOST_IDS: usize = 10_000;

/// The body.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    select: Select,
    #[serde(rename = "do")]
    act: Do,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::option_option, reason = "absent and null are different things")]
struct Select {
    ids: Option<Vec<Uuid>>,
    #[serde(default, deserialize_with = "present")]
    filter: Option<Option<Json>>,
    q: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::option_option, reason = "absent and null are different things")]
struct Do {
    set: Option<Map<String, Json>>,
    add: Option<Map<String, Json>>,
    remove: Option<Map<String, Json>>,
    #[serde(default, deserialize_with = "present")]
    assign_to: Option<Option<Uuid>>,
    delete: Option<bool>,
    restore: Option<bool>,
}

/// Which records.
pub enum Selection {
    /// These, in order of their ids, each once.
    Ids(Vec<Uuid>),
    /// All that this finds.
    Filter(Search),
}

/// What was understood.
pub struct Asked {
    /// What is done.
    pub act: Act,
    /// What it is given, as it was sent.
    pub values: Json,
    /// The same, in terms of the records' type.
    pub record_act: RecordAct,
    /// To which records.
    pub selection: Selection,
}

fn one_fault(field: &str, code: &'static str, message: &str) -> ApiError {
    ApiError::invalid(vec![FieldError::new(field, code, message)])
}

/// The member of the body that an act is.
const fn name(act: Act) -> &'static str {
    match act {
        Act::Set => "set",
        Act::Add => "add",
        Act::Remove => "remove",
        Act::Assign => "assign_to",
        Act::Delete => "delete",
        Act::Restore => "restore",
    }
}

/// A fault within a member.
pub fn inside(member: &str, fault: FieldError) -> FieldError {
    let pointer = format!("/{member}{}", fault.pointer.trim_end_matches('/'));
    FieldError { pointer, ..fault }
}

/// A fault of what an act is given.
pub fn at_value(act: Act, fault: FieldError) -> FieldError {
    match act {
        // It is one value, not an object of them.
        Act::Assign => FieldError { pointer: "/do/assign_to".to_owned(), ..fault },
        Act::Set | Act::Add | Act::Remove | Act::Delete | Act::Restore => {
            inside("do", inside(name(act), fault))
        }
    }
}

impl Do {
    /// The one act that it is, with what it is given.
    fn read(self) -> ApiResult<(Act, Json)> {
        let Self { set, add, remove, assign_to, delete, restore } = self;
        let acts = [
            set.map(|fields| (Act::Set, Json::Object(fields))),
            add.map(|lists| (Act::Add, Json::Object(lists))),
            remove.map(|lists| (Act::Remove, Json::Object(lists))),
            assign_to.map(|member| (Act::Assign, json!(member))),
            delete.map(|yes| (Act::Delete, json!(yes))),
            restore.map(|yes| (Act::Restore, json!(yes))),
        ];
        let mut acts = acts.into_iter().flatten();
        match (acts.next(), acts.next()) {
            (Some((act @ (Act::Delete | Act::Restore), Json::Bool(true))), None) => {
                Ok((act, Json::Null))
            }
            (Some((act @ (Act::Delete | Act::Restore), _)), None) => {
                let field = format!("do/{}", name(act));
                Err(one_fault(&field, "wrong_type", "It is `true`."))
            }
            (Some(act), None) => Ok(act),
            _ => Err(one_fault("do", "one_act", "Say one thing to do, and only one.")),
        }
    }
}

impl Select {
    fn read(self, act: Act) -> ApiResult<Selection> {
        match self {
            Self { ids: Some(mut ids), filter: None, q: None } => {
                ids.sort_unstable();
                ids.dedup();
                if ids.is_empty() {
                    return Err(one_fault("select/ids", "missing", "Name at least one record."));
                }
                if ids.len() > MOST_IDS {
                    let message = "At most 10,000; use a filter.";
                    return Err(one_fault("select/ids", "too_many", message));
                }
                Ok(Selection::Ids(ids))
            }
            Self { ids: None, filter, q } if filter.is_some() || q.is_some() => {
                // What is to be restored is in the recycle bin, and nothing else is.
                let deleted = if act == Act::Restore { Bin::Only } else { Bin::Exclude };
                let filter = filter.flatten();
                Ok(Selection::Filter(Search { q, filter, deleted, ..Search::default() }))
            }
            _ => {
                let message = "Say either `ids`, or `filter` and `q`; `\"filter\": null` is all.";
                Err(one_fault("select", "one_selection", message))
            }
        }
    }
}

impl Body {
    /// Reads it, and refuses callers who may do such a thing to no record at all.
    pub fn read<R: RecordType>(self, auth: &Auth) -> ApiResult<Asked> {
        let (act, values) = self.act.read()?;
        let record_act = RecordAct::read::<R>(act, &values).map_err(|faults| {
            ApiError::invalid(faults.into_iter().map(|fault| at_value(act, fault)).collect())
        });
        // Who may not is told so first, whatever the values.
        let needs = match &record_act {
            Ok(record_act) => record_act.needs::<R>(),
            Err(_) => needs_at_least::<R>(act),
        };
        for permission in needs {
            auth.demand(permission)?;
        }
        let (record_act, selection) = (record_act?, self.select.read(act)?);
        Ok(Asked { act, values, record_act, selection })
    }
}

fn needs_at_least<R: RecordType>(act: Act) -> Vec<domain::access::Permission> {
    let plain = match act {
        Act::Set | Act::Add | Act::Remove | Act::Assign => RecordAct::Set(Vec::new()),
        Act::Delete | Act::Restore => RecordAct::Delete,
    };
    plain.needs::<R>()
}

/// The form of the body.
pub fn shape<R: RecordType>() -> Shape {
    let record = records::name::<R>();
    let ids = ArrayBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Array, Type::Null]))
        .items(schema::id())
        .min_items(Some(1))
        .max_items(Some(MOST_IDS));
    let words = "Words that a record must contain, in any of its searchable fields.";
    let filter = "Conditions, as in a search; `null` is every record.";
    let mut q = schema::nullable(schema::text(200));
    q.description = Some(words.to_owned());
    let select = schema::closed()
        .property("ids", ids.build())
        .property("filter", schema::nullable(schema::described_object(filter)))
        .property("q", q)
        .description(Some("Either `ids`, or `filter` and `q`."));
    let lists = || {
        let lists = R::Fields::FIELDS.iter().filter(|def| matches!(def.kind, Kind::Choices(_)));
        lists.fold(schema::closed(), |object, def| {
            object.property(def.name, schema::list(schema::id()))
        })
    };
    let yes = || {
        let mut yes = schema::boolean();
        yes.enum_values = Some(vec![json!(true)]);
        yes
    };
    let act = schema::closed()
        .property("set", schema::reference(&format!("New{record}")))
        .property("add", lists().build())
        .property("remove", lists().build())
        .property("assign_to", schema::nullable(schema::id()))
        .property("delete", yes())
        .property("restore", yes())
        .description(Some("Exactly one of these."));
    let body = schema::closed()
        .property("select", select.build())
        .required("select")
        .property("do", act.build())
        .required("do");
    Shape::named(&format!("Bulk{record}"), body.build()).and(records::input::<R>())
}
