//! Laws of every record type, over random values, and the soundness of every catalogue.

use super::{Change, FieldSet, Life, Record, RecordCommand, RecordError, RecordEvent, RecordType};
use crate::catalogue::{Catalogue, DETAILS_CHANGED, Kind, ListName};
use crate::kernel::aggregate::Aggregate as _;
use crate::kernel::codec::EventCodec as _;
use crate::kernel::testing::{OWNER, stored, survives_storage, values};
use crate::patch::Patch;
use crate::value::Value;
use chrono::DateTime;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

fn decide<R: RecordType>(
    record: &Record<R>,
    command: RecordCommand,
) -> Result<Vec<RecordEvent<R>>, RecordError> {
    record.decide(command, DateTime::UNIX_EPOCH)
}

fn fold<R: RecordType>(record: Record<R>, events: &[RecordEvent<R>]) -> Record<R> {
    events.iter().cloned().fold(record, Record::evolve)
}

/// What a patch means, told once more in the plainest way.
fn patched<R: RecordType>(mut fields: R::Fields, patch: &Patch) -> R::Fields {
    for (field, value) in patch {
        let value = match (value, fields.get(*field)) {
            (Some(Value::Custom(patch)), present) => {
                let mut all: BTreeMap<_, _> = match present {
                    Some(Value::Custom(values)) => values.into_iter().collect(),
                    _ => BTreeMap::new(),
                };
                all.extend(patch.clone());
                all.retain(|_, json| *json != Json::Null);
                (!all.is_empty()).then(|| Value::Custom(all.into_iter().collect()))
            }
            (value, _) => value.clone(),
        };
        fields.set(*field, value);
    }
    fields
}

/// A record made from a patch, which is given a name if it has none.
fn created<R: RecordType>(name: &str, mut patch: Patch) -> (Record<R>, RecordEvent<R>, Patch) {
    let field = R::Fields::index(name).unwrap();
    patch.retain(|(at, value)| *at != field || value.is_some());
    if patch.iter().all(|(at, _)| *at != field) {
        patch.push((field, Some(Value::Text("Ada".into()))));
        patch.sort_by_key(|(at, _)| *at);
    }
    let mut events = decide(&Record::<R>::default(), RecordCommand::Create(patch.clone())).unwrap();
    assert_eq!(events.len(), 1);
    let event = events.remove(0);
    (Record::default().evolve(event.clone()), event, patch)
}

fn a_record_is_made_as_patched_and_only_once<R: RecordType>(name: &str, patch: Patch) {
    let (record, event, patch) = created::<R>(name, patch);
    let mut expected = patched::<R>(R::Fields::default(), &patch);
    R::complete(&mut expected);
    assert_eq!(record, Record { life: Life::Active, fields: expected });
    assert_eq!(decide(&record, RecordCommand::Create(patch)), Ok(Vec::new()));
    survives_storage(Record::<R>::default(), &event);
}

fn a_change_leaves_what_was_patched_and_only_once<R: RecordType>(
    name: &str,
    first: Patch,
    second: &Patch,
    note: Option<String>,
) {
    let (before, ..) = created::<R>(name, first);
    let command = RecordCommand::Change { patch: second.clone(), note };
    let expected = patched::<R>(before.fields.clone(), second);
    let Ok(events) = decide(&before, command.clone()) else {
        assert!(!R::check(&expected).is_empty(), "refused without a reason");
        return;
    };
    let after = fold(before.clone(), &events);
    assert_eq!(after.fields, expected);
    assert_eq!(decide(&after, command), Ok(Vec::new()));

    let mut seen = BTreeSet::new();
    for event in &events {
        let RecordEvent::Changed { name, changes, .. } = event else { panic!("{event:?}") };
        for Change { field, was, now } in changes {
            assert!(seen.insert(*field), "a field changes once");
            assert_ne!(was, now);
            assert_eq!((was, now), (&before.fields.get(*field), &after.fields.get(*field)));
            let def = R::Fields::def(*field);
            assert_eq!(name.split_once('.'), Some((R::KIND, def.event)));
        }
        survives_storage(before.clone(), event);
    }

    let mut back = after;
    for event in events.iter().rev() {
        let reversal = back.reverse(event).unwrap();
        assert!(reversal.kept.is_empty());
        back = fold(back, &reversal.events);
    }
    assert_eq!(back, before);
}

fn after_an_erasure_only_what_is_public_is_left<R: RecordType>(
    name: &str,
    first: Patch,
    second: Patch,
) {
    let (record, event, _) = created::<R>(name, first);
    let mut erased = Record::<R>::default().evolve(stored(&event).1);
    let mut whole = record;
    let change = RecordCommand::Change { patch: second, note: Some("By telephone".into()) };
    for event in decide(&whole, change).unwrap_or_default() {
        erased = erased.evolve(stored(&event).1);
        whole = whole.evolve(event);
    }
    for (field, def) in R::Fields::indices().zip(R::Fields::FIELDS) {
        let left = if def.personal { None } else { whole.fields.get(field) };
        assert_eq!(erased.fields.get(field), left, "{}", def.name);
    }
    // What is left can still be worked with.
    let assigned = R::Fields::index("assigned_to").unwrap();
    let someone = Some(Value::Ref(uuid::Uuid::from_u128(7)));
    let command = RecordCommand::Change { patch: vec![(assigned, someone)], note: None };
    assert!(decide(&erased, command).is_ok());
}

fn nothing_personal_is_in_the_public_payload<R: RecordType>(
    name: &str,
    first: Patch,
    second: Patch,
) {
    let (record, event, _) = created::<R>(name, first);
    let note = "Ask for Zephyrine.".to_owned();
    let change = RecordCommand::Change { patch: second, note: Some(note.clone()) };
    let changes = decide(&record, change).unwrap_or_default();
    for event in [event].iter().chain(&changes) {
        let encoded = event.encode(OWNER).unwrap();
        let public: Json = serde_json::from_slice(&encoded.payload).unwrap();
        let members = public.as_object().unwrap();
        for group in ["fields", "changes"] {
            for name in
                members.get(group).and_then(Json::as_object).into_iter().flat_map(|m| m.keys())
            {
                assert!(!R::Fields::def(R::Fields::index(name).unwrap()).personal, "{name}");
            }
        }
        assert!(!String::from_utf8(encoded.payload).unwrap().contains(&note));
    }
}

fn the_catalogue_is_sound<R: RecordType>() {
    let mut names = BTreeSet::new();
    let mut headings: BTreeMap<String, &str> = BTreeMap::new();
    let heading = |name: &str| {
        let words = name.to_lowercase().replace('_', " ");
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for (field, def) in R::Fields::indices().zip(R::Fields::FIELDS) {
        assert!(names.insert(def.name), "{} twice", def.name);
        assert!(def.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{}", def.name);
        assert!(!def.label.is_empty() && !def.section.is_empty(), "{}", def.name);
        assert_eq!(R::Fields::index(def.name), Some(field));
        for from in 0..=R::Fields::FIELDS.len() {
            assert_eq!(R::Fields::index_from(from, def.name), Some(field));
        }
        let event = format!("{}.{}", R::KIND, def.event);
        assert!(R::EVENTS.changed.contains(&event.as_str()), "{event} is not an event");
        assert_eq!(R::EVENTS.of(R::KIND, def), event);
        // Text in its own words is personal, and so is what people search a person by.
        let free =
            matches!(def.kind, Kind::LongText { .. } | Kind::Email | Kind::Phone | Kind::Custom);
        assert!(def.personal || !free, "{} is not sealed", def.name);
        for alias in def.aliases {
            assert_eq!(heading(alias), *alias, "{alias} of {}", def.name);
            let owner = headings.insert((*alias).to_owned(), def.name);
            assert_eq!(owner, None, "{alias} of {}", def.name);
        }
        // Files do not know our ids: a column "Company" holds a name, not a reference.
        if !matches!(def.kind, Kind::Link(_) | Kind::Custom) {
            for own in BTreeSet::from([heading(def.name), heading(def.label)]) {
                let owner = headings.insert(own.clone(), def.name);
                assert_eq!(owner, None, "{own} of {}", def.name);
            }
        }
    }
    assert_eq!(R::Fields::index("no such field"), None);
    assert_eq!(R::Fields::index_from(99, ""), None);
}

/// A field's declared kind is that of its Rust type: a value goes in and comes out.
fn every_field_keeps_a_value_of_its_kind<R: RecordType>() {
    let mut random = TestRunner::deterministic();
    for (field, def) in R::Fields::indices().zip(R::Fields::FIELDS) {
        for _ in 0..20 {
            let value = values::value(def.kind).new_tree(&mut random).unwrap().current();
            let mut fields = R::Fields::default();
            fields.set(field, Some(value.clone()));
            assert_eq!(fields.get(field), Some(value.clone()), "{}", def.name);
            assert_eq!(fields.text(field), value.as_text());
            assert_eq!(fields.present(), [(field, value.clone())]);
            assert!(fields.has(field));
            // It is stored as values are everywhere else, and read from that.
            let stored = fields.write(field, serde_json::value::Serializer).unwrap();
            assert_eq!(stored, value.to_json(), "{}", def.name);
            let mut read = R::Fields::default();
            read.read(field, stored).unwrap();
            assert_eq!(read, fields);
            fields.set(field, None);
            assert!(!fields.has(field) && fields == R::Fields::default());
        }
        // A value of any other type clears it, since nothing else is left to do.
        let mut fields = R::Fields::default();
        let wrong =
            if def.kind == Kind::Boolean { Value::Integer(1) } else { Value::Boolean(true) };
        fields.set(field, Some(wrong));
        assert_eq!(fields, R::Fields::default());
    }
}

fn event_names_are_sound<R: RecordType>() {
    let all: Vec<_> = R::EVENTS.all().collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    for name in &all {
        assert!(name.strip_prefix(R::KIND).is_some_and(|rest| rest.starts_with('.')), "{name}");
    }
    assert_eq!(R::EVENTS.created, format!("{}.created", R::KIND));
    assert_eq!(R::EVENTS.changed[0], format!("{}.{DETAILS_CHANGED}", R::KIND));
    let unused: Vec<_> = R::EVENTS
        .changed
        .iter()
        .filter(|name| R::Fields::FIELDS.iter().all(|def| R::EVENTS.of(R::KIND, def) != **name))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

fn what_no_build_wrote_is_not_read<R: RecordType>() {
    let read = |event_type: &str, version, payload: &str| {
        RecordEvent::<R>::decode(event_type, version, payload.as_bytes(), &[]).is_ok()
    };
    assert!(read(R::EVENTS.created, 1, r#"{"fields":{}}"#));
    assert!(!read(R::EVENTS.created, 2, r#"{"fields":{}}"#));
    assert!(!read(R::EVENTS.created, 1, r#"{"fields":{"shoe_size":44}}"#));
    assert!(!read(R::EVENTS.created, 1, r#"{"fields":{"is_active":"yes"}}"#));
    assert!(!read(R::EVENTS.created, 1, "{}"));
    assert!(!read(R::EVENTS.created, 1, ""));
    assert!(!read(R::EVENTS.changed[0], 1, r#"{"changes":[]}"#));
    assert!(!read("record.created", 1, r#"{"fields":{}}"#));
    let torn = b"{\"fields\":{\"website\":\"\xff\"}}";
    assert!(RecordEvent::<R>::decode(R::EVENTS.created, 1, torn, &[]).is_err());
}

macro_rules! laws {
    ($module:ident, $record:ty, $name:literal) => {
        mod $module {
            use super::*;

            type Fields = <$record as RecordType>::Fields;

            proptest! {
                #[test]
                fn a_record_is_made_as_patched_and_only_once(patch in values::patch::<Fields>()) {
                    super::a_record_is_made_as_patched_and_only_once::<$record>($name, patch);
                }

                #[test]
                fn a_change_leaves_what_was_patched_and_only_once(
                    first in values::patch::<Fields>(),
                    second in values::patch::<Fields>(),
                    note in proptest::option::of("[a-z ]{0,20}"),
                ) {
                    super::a_change_leaves_what_was_patched_and_only_once::<$record>(
                        $name, first, &second, note,
                    );
                }

                #[test]
                fn after_an_erasure_only_what_is_public_is_left(
                    first in values::patch::<Fields>(),
                    second in values::patch::<Fields>(),
                ) {
                    super::after_an_erasure_only_what_is_public_is_left::<$record>($name, first, second);
                }

                #[test]
                fn nothing_personal_is_in_the_public_payload(
                    first in values::patch::<Fields>(),
                    second in values::patch::<Fields>(),
                ) {
                    super::nothing_personal_is_in_the_public_payload::<$record>($name, first, second);
                }
            }

            #[test]
            fn the_catalogue_is_sound() {
                super::the_catalogue_is_sound::<$record>();
            }

            #[test]
            fn every_field_keeps_a_value_of_its_kind() {
                super::every_field_keeps_a_value_of_its_kind::<$record>();
            }

            #[test]
            fn event_names_are_sound() {
                super::event_names_are_sound::<$record>();
            }

            #[test]
            fn what_no_build_wrote_is_not_read() {
                super::what_no_build_wrote_is_not_read::<$record>();
            }

            #[test]
            fn deleting_and_restoring_survive_storage() {
                let record = Record { life: Life::Active, fields: Fields::default() };
                survives_storage::<Record<$record>>(record.clone(), &RecordEvent::Deleted);
                survives_storage::<Record<$record>>(record, &RecordEvent::Restored);
            }
        }
    };
}

laws!(contacts, crate::contact::ContactType, "full_name");
laws!(companies, crate::company::CompanyType, "name");

#[test]
fn wire_names_of_lists_are_read_back() {
    for list in ListName::ALL {
        assert_eq!(ListName::parse(list.as_str()), Some(list));
        assert_eq!(serde_json::to_value(list).unwrap(), Json::from(list.as_str()));
    }
    assert_eq!(ListName::parse("colour"), None);
}

#[test]
fn values_look_the_same_in_events_and_in_the_api() {
    let mut random = TestRunner::deterministic();
    for def in crate::contact::ContactFields::FIELDS {
        let value = values::value(def.kind).new_tree(&mut random).unwrap().current();
        assert_eq!(serde_json::to_value(&value).unwrap(), value.to_json(), "{}", def.name);
    }
}

#[test]
fn a_field_set_shows_its_fields_by_name() {
    let field = crate::contact::ContactFields::index("city").unwrap();
    let mut fields = crate::contact::ContactFields::default();
    fields.set(field, Some(Value::Text("Rome".into())));
    let set = FieldSet::<crate::contact::ContactType>::new(fields);
    assert_eq!(format!("{set:?}"), r#"{"city": Text("Rome")}"#);
}

fn title_is_made_of<R: RecordType>() {
    let mut fields = R::Fields::default();
    for (n, index) in R::Fields::indices().enumerate() {
        let def = R::Fields::def(index);
        if matches!(def.kind, Kind::Text { .. } | Kind::Email | Kind::Phone | Kind::LongText { .. })
        {
            fields.set(index, Some(Value::Text(format!("{}{n}", def.name))));
        }
    }
    let others: Vec<_> = R::Fields::indices()
        .filter(|index| !R::TITLE.contains(&R::Fields::def(*index).name))
        .collect();
    let shown = super::without::<R>(&fields, &others);
    assert_eq!(R::title(&shown), R::title(&fields));
    assert_eq!(R::sort_title(&shown), R::sort_title(&fields));
    let named: Vec<_> = R::TITLE.iter().map(|name| R::Fields::index(name).unwrap()).collect();
    let nameless = super::without::<R>(&fields, &named);
    assert_eq!(R::title(&nameless), R::title(&R::Fields::default()), "of nothing else");
    for (kept, field) in named.iter().enumerate() {
        let all_but = named.iter().enumerate().filter(|(at, _)| *at != kept).map(|(_, f)| *f);
        let one = super::without::<R>(&fields, &all_but.collect::<Vec<_>>());
        let text = fields.text(*field).unwrap();
        assert!(R::title(&one).contains(text), "a title needs {text}");
    }
}

#[test]
fn a_title_is_made_of_the_fields_that_its_type_names() {
    title_is_made_of::<crate::contact::ContactType>();
    title_is_made_of::<crate::company::CompanyType>();
}
