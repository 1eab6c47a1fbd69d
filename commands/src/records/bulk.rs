//! One act, the same for many records: read and judged once, carried out on each as the single
//! command that it would be by hand.

use super::references::References;
use super::{Records, check, field_rights, judge};
use crate::error::CommandError;
use crate::execute::{Commands, Done, Target};
use crate::request::{Caller, CommandRequest};
use domain::access::{FieldAccess, Permission, Verb};
use domain::bulk::Act;
use domain::catalogue::{Catalogue as _, FieldIndex, Kind};
use domain::error::FieldError;
use domain::patch::{self, InputRules, Patch};
use domain::record::{Record, RecordCommand, RecordType};
use domain::value::Value;
use serde_json::{Map, Value as Json};
use store::{LogId, StreamId};
use uuid::Uuid;

/// What is done to each record, in terms of its type.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordAct {
    /// Fields get these values.
    Set(Patch),
    /// Lists get these values beside those that they have.
    Add(Patch),
    /// Lists lose these values.
    Remove(Patch),
    /// It goes into the recycle bin.
    Delete,
    /// It comes out of the recycle bin.
    Restore,
}

/// An act that was found to be possible, with what it refers to.
pub struct Prepared {
    act: RecordAct,
    references: References,
}

const ASSIGNED_TO: &str = "assigned_to";

fn empty() -> Vec<FieldError> {
    vec![FieldError::new("", "missing", "Say at least one field.")]
}

/// Reads values for lists: of each, at least one.
fn lists<R: RecordType>(values: &Map<String, Json>) -> Result<Patch, Vec<FieldError>> {
    let patch = patch::parse::<R::Fields>(values, &InputRules::default())?;
    let mut faults = Vec::new();
    for (field, value) in &patch {
        let def = R::Fields::def(*field);
        if !matches!(def.kind, Kind::Choices(_)) {
            let message = format!("{} is no list: set it.", def.label);
            faults.push(FieldError::new(def.name, "no_list", message));
        } else if value.is_none() {
            faults.push(FieldError::new(def.name, "missing", "Say at least one value."));
        }
    }
    if faults.is_empty() { Ok(patch) } else { Err(faults) }
}

impl RecordAct {
    /// Reads what an act is given. The faults point into `values`.
    pub fn read<R: RecordType>(act: Act, values: &Json) -> Result<Self, Vec<FieldError>> {
        let none = Map::new();
        let fields = values.as_object().unwrap_or(&none);
        let read = match act {
            Act::Delete => return Ok(Self::Delete),
            Act::Restore => return Ok(Self::Restore),
            Act::Set => Self::Set(patch::parse::<R::Fields>(fields, &InputRules::default())?),
            Act::Add => Self::Add(lists::<R>(fields)?),
            Act::Remove => Self::Remove(lists::<R>(fields)?),
            Act::Assign => {
                let assigned = Map::from_iter([(ASSIGNED_TO.to_owned(), values.clone())]);
                Self::Set(patch::parse::<R::Fields>(&assigned, &InputRules::default())?)
            }
        };
        if read.patch().is_empty() { Err(empty()) } else { Ok(read) }
    }

    fn patch(&self) -> &[(FieldIndex, Option<Value>)] {
        match self {
            Self::Set(patch) | Self::Add(patch) | Self::Remove(patch) => patch,
            Self::Delete | Self::Restore => &[],
        }
    }

    /// The names of the fields that it is about.
    pub fn fields<R: RecordType>(&self) -> Vec<&'static str> {
        self.patch().iter().map(|(field, _)| R::Fields::def(*field).name).collect()
    }

    /// What it takes, with whatever reach.
    pub fn needs<R: RecordType>(&self) -> Vec<Permission> {
        let verb = match self {
            Self::Set(_) | Self::Add(_) | Self::Remove(_) => Verb::Update,
            Self::Delete | Self::Restore => Verb::Delete,
        };
        let mut needs = vec![Permission::on::<R>(Verb::Read), Permission::on::<R>(verb)];
        if self.fields::<R>().contains(&ASSIGNED_TO) {
            needs.push(Permission::on::<R>(Verb::Assign));
        }
        needs
    }

    /// What it comes to for a record that has the `present` values.
    fn patch_for<R: RecordType>(&self, present: &R::Fields) -> Patch {
        let had = |field: FieldIndex| match present.get(field) {
            Some(Value::Refs(ids)) => ids,
            _ => Vec::new(),
        };
        let named = |value: &Option<Value>| match value {
            Some(Value::Refs(ids)) => ids.clone(),
            _ => Vec::new(),
        };
        match self {
            Self::Set(patch) => patch.clone(),
            Self::Add(lists) => lists
                .iter()
                .map(|(field, value)| {
                    let mut ids = had(*field);
                    ids.extend(named(value));
                    (*field, Some(Value::Refs(ids)))
                })
                .collect(),
            Self::Remove(lists) => lists
                .iter()
                .map(|(field, value)| {
                    let (mut ids, gone) = (had(*field), named(value));
                    ids.retain(|id| !gone.contains(id));
                    (*field, Some(Value::Refs(ids)))
                })
                .collect(),
            Self::Delete | Self::Restore => Patch::new(),
        }
    }
}

/// What is wrong with an act whatever the record: fields that the caller may not write, values that
/// do not exist, members to whom they may not assign.
fn faults<R: RecordType>(
    caller: &Caller,
    act: &RecordAct,
    references: &References,
) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for name in act.fields::<R>() {
        match caller.field(R::KIND, name) {
            FieldAccess::Full => {}
            FieldAccess::Hidden => {
                faults.push(FieldError::new(name, "unknown_field", "There is no such field."));
            }
            FieldAccess::ReadOnly => {
                let message = "You may read this field, but not change it.";
                faults.push(FieldError::new(name, "field_read_only", message));
            }
        }
    }
    if let RecordAct::Set(patch) | RecordAct::Add(patch) = act {
        // As for a record that has nothing yet: whatever is named must be there.
        let (nothing, nowhere) = (R::Fields::default(), StreamId(Uuid::nil()));
        faults.extend(references.faults::<R>(nowhere, &nothing, patch));
        let fault = super::assignment::fault::<R>(caller, (&nothing, true), patch);
        faults.extend(fault);
    }
    faults
}

impl Records {
    /// Reads what an act refers to, and refuses one that could be carried out on no record.
    pub async fn prepare<R: RecordType>(
        &self,
        request: &CommandRequest,
        act: RecordAct,
    ) -> Result<Prepared, CommandError> {
        let patch = act.patch().to_vec();
        let references = References::gather::<R>(&self.commands, request, &patch).await?;
        let faults = faults::<R>(&request.caller, &act, &references);
        field_rights::refuse(&faults)?;
        Ok(Prepared { act, references })
    }

    /// Carries an act out on one record, by the rules and rights of the single command.
    pub(crate) async fn act<R: RecordType>(
        &self,
        request: &CommandRequest,
        id: Uuid,
        Prepared { act, references }: &Prepared,
    ) -> Result<Done<Record<R>>, CommandError> {
        let (target, caller) = (Target::existing(id), &request.caller);
        let verb = match act {
            RecordAct::Set(_) | RecordAct::Add(_) | RecordAct::Remove(_) => Verb::Update,
            RecordAct::Delete | RecordAct::Restore => Verb::Delete,
        };
        let authorize = |record: &Record<R>| judge(caller, verb, record);
        let make = |record: &Record<R>| {
            let patch = match act {
                RecordAct::Delete => return Ok(RecordCommand::Delete),
                RecordAct::Restore => return Ok(RecordCommand::Restore),
                RecordAct::Set(_) | RecordAct::Add(_) | RecordAct::Remove(_) => {
                    act.patch_for::<R>(&record.fields)
                }
            };
            let faults = field_rights::faults::<R>(caller, Some(&record.fields), &patch);
            field_rights::refuse(&faults)?;
            check(request, references, target, record, &patch)?;
            Ok(RecordCommand::Change { patch, note: None })
        };
        self.commands.execute(request, target, authorize, make).await
    }
}

impl Commands {
    /// Whether a command was carried out before.
    pub async fn is_done(&self, log: LogId, command: Uuid) -> Result<bool, CommandError> {
        Ok(self.log().find_command(log, command).await?.is_some())
    }
}
