//! From rows to new contacts.

use super::formula;
use crate::error::CommandError;
use crate::records::assign_to_maker;
use crate::request::Caller;
use chrono::{DateTime, Utc};
use csv::StringRecord;
use domain::aggregate::{Aggregate as _, Rejection as _};
use domain::catalogue::{Catalogue, FieldDef, FieldIndex, Form, Kind, ListName};
use domain::contact::{Contact, ContactFields, ContactType};
use domain::error::FieldError;
use domain::ids::{ChoiceId, SubjectId};
use domain::patch::{self, InputRules, Patch};
use domain::picklist::{self, Picklist};
use domain::record::RecordCommand;
use domain::value::Value;
use domain::{import, normalize};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use store::{Expected, Meta, NewEvent, PrivateMeta, SourceRef, StreamAppend, StreamId};
use uuid::Uuid;

/// The values of a list by their labels, as [`normalize::search_key`] has them. `None` is not to
/// be given: archived, or not to be added.
pub(super) type Labels = HashMap<String, Option<ChoiceId>>;

/// The values of each list that a column draws from.
pub(super) type Lists = HashMap<ListName, Arc<Labels>>;

/// Everything that says what a row becomes.
pub(super) struct Recipe {
    /// The import's stream.
    pub import: Uuid,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// For each column the field that it goes to.
    pub columns: Vec<Option<FieldIndex>>,
    /// Whose records they become.
    pub caller: Caller,
    /// The metadata of every row's event, but for the row.
    pub meta: Meta,
    /// The file.
    pub source: domain::ids::FileId,
}

/// A row with its number.
pub(super) type Row = (u64, StringRecord);

/// A row that cannot become a contact, and why.
pub(super) struct Faulty {
    pub row: StringRecord,
    pub faults: Vec<FieldError>,
}

/// What became of some rows.
#[derive(Default)]
pub(super) struct Prepared {
    pub streams: Vec<StreamAppend>,
    pub faulty: Vec<Faulty>,
}

pub(super) fn labels(list: &Picklist) -> Labels {
    let choices = list.choices.iter();
    choices
        .map(|(id, choice)| {
            (normalize::search_key(&choice.label), (!choice.archived).then_some(*id))
        })
        .collect()
}

/// The values in a cell that may hold several.
fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([',', ';', '|']).map(str::trim).filter(|part| !part.is_empty())
}

impl Recipe {
    /// The lists that columns draw from.
    pub(super) fn lists(&self) -> BTreeSet<ListName> {
        let fields = self.columns.iter().flatten();
        fields.filter_map(|field| ContactFields::def(*field).kind.list()).collect()
    }

    /// The labels of all tags in the rows, cleaned.
    pub(super) fn tags(&self, rows: &[Row]) -> BTreeSet<String> {
        let is_tag =
            |field: &FieldIndex| ContactFields::def(*field).kind == Kind::Choices(ListName::Tag);
        let columns = self.columns.iter().enumerate();
        let tag_columns: Vec<_> =
            columns.filter(|(_, field)| field.as_ref().is_some_and(is_tag)).collect();
        tag_columns
            .iter()
            .flat_map(|(column, _)| rows.iter().filter_map(|(_, row)| row.get(*column)))
            .flat_map(parts)
            .filter_map(|part| picklist::label(ListName::Tag, part))
            .collect()
    }

    /// Turns rows into new contacts, as far as they will.
    pub(super) fn prepare(
        &self,
        rows: Vec<Row>,
        lists: &Lists,
        now: DateTime<Utc>,
    ) -> Result<Prepared, CommandError> {
        let mut prepared = Prepared::default();
        for (number, row) in rows {
            match self.events(&row, lists, now) {
                Ok(events) => prepared.streams.push(self.encode(number, &events, now)?),
                Err(faults) => prepared.faulty.push(Faulty { row, faults }),
            }
        }
        Ok(prepared)
    }

    fn events(
        &self,
        row: &StringRecord,
        lists: &Lists,
        now: DateTime<Utc>,
    ) -> Result<Vec<<Contact as domain::Aggregate>::Event>, Vec<FieldError>> {
        let command = RecordCommand::Create(self.patch(row, lists)?);
        Contact::default().decide(command, now).map_err(|error| error.fields().to_vec())
    }

    fn patch(&self, row: &StringRecord, lists: &Lists) -> Result<Patch, Vec<FieldError>> {
        let rules = InputRules::default();
        let mut patch = Patch::new();
        let mut faults = Vec::new();
        for (cell, column) in row.iter().zip(&self.columns) {
            let Some(field) = column else { continue };
            match value(ContactFields::def(*field), formula::restored(cell), lists, &rules) {
                Ok(Some(value)) => patch.push((*field, Some(value))),
                Ok(None) => {}
                Err(fault) => faults.push(fault),
            }
        }
        if row.iter().skip(self.columns.len()).any(|cell| !cell.trim().is_empty()) {
            let message = "The row has more cells than there are headings.";
            faults.push(FieldError::new("row", "too_many_cells", message));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let status = ContactFields::index("status");
        if let Some(status) = status.filter(|s| patch.iter().all(|(field, _)| field != s)) {
            patch.push((status, Some(Value::Ref(picklist::CONTACT))));
        }
        patch.sort_by_key(|(field, _)| *field);
        assign_to_maker::<ContactType>(&self.caller, &mut patch);
        Ok(patch)
    }

    fn encode(
        &self,
        number: u64,
        events: &[<Contact as domain::Aggregate>::Event],
        now: DateTime<Utc>,
    ) -> Result<StreamAppend, CommandError> {
        let id = import::record_id(self.import, self.started_at, number);
        let source = Some(SourceRef { file: self.source, row: number });
        let meta = Arc::new(Meta { source, ..self.meta.clone() });
        let private = PrivateMeta::default();
        let events = events
            .iter()
            .map(|event| NewEvent::encode(event, SubjectId(id), meta.clone(), &private, now))
            .collect::<Result<_, _>>()?;
        Ok(StreamAppend { stream: StreamId(id), expected: Expected::NoStream, events })
    }
}

fn value(
    def: &FieldDef,
    cell: &str,
    lists: &Lists,
    rules: &InputRules,
) -> Result<Option<Value>, FieldError> {
    let choice = |list: ListName, label: &str| {
        let key = match list {
            ListName::Tag => {
                picklist::label(list, label).map(|label| normalize::search_key(&label))
            }
            ListName::Status | ListName::Service | ListName::TrafficSource | ListName::Industry => {
                Some(normalize::search_key(label.trim()))
            }
        };
        let known = key.and_then(|key| lists.get(&list)?.get(&key).copied().flatten());
        known.map(|id| id.0).ok_or_else(|| {
            let shown: String = label.trim().chars().take(60).collect();
            let message = format!("{} has no value “{shown}”.", def.label);
            FieldError::new(def.name, "no_such_choice", message)
        })
    };
    let Some(list) = def.kind.list() else { return patch::text_value(def, cell, rules) };
    if cell.trim().is_empty() {
        return Ok(None);
    }
    if def.kind.form() == Form::Id {
        return choice(list, cell).map(|id| Some(Value::Ref(id)));
    }
    let mut ids: Vec<_> = parts(cell).map(|part| choice(list, part)).collect::<Result<_, _>>()?;
    ids.sort_unstable();
    ids.dedup();
    Ok((!ids.is_empty()).then_some(Value::Refs(ids)))
}
