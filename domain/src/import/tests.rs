//! Given, when, then.

use super::{Import, ImportCommand, ImportError, ImportEvent, Intent, file_id, record_id};
use crate::ids::{JobId, OrganizationId};
use crate::kernel::aggregate::Aggregate as _;
use crate::kernel::testing::{stored, survives_storage};
use chrono::DateTime;
use uuid::Uuid;

const ACME: OrganizationId = OrganizationId(Uuid::from_u128(1));

fn intent(rows: u64) -> Intent {
    Intent {
        record_type: "contact".to_owned(),
        file: file_id(ACME, "ab"),
        sha256: "ab".to_owned(),
        bytes: 100,
        rows,
        job: JobId(Uuid::from_u128(2)),
        encoding: "UTF-8".to_owned(),
        delimiter: ';',
        heading_row: 1,
        columns: vec![Some("email".to_owned()), None],
        file_name: Some("leads.csv".to_owned()),
        headings: Some(vec!["E-mail".to_owned(), "Shoe size".to_owned()]),
    }
}

fn then(state: Import, command: ImportCommand) -> Result<(usize, Import), ImportError> {
    let events = state.decide(command, DateTime::default())?;
    Ok((events.len(), events.into_iter().fold(state, Import::evolve)))
}

#[test]
fn an_import_begins_once_and_ends_once() {
    let (events, import) = then(Import::default(), ImportCommand::Start(intent(10))).unwrap();
    assert_eq!((events, import.intent.as_ref()), (1, Some(&intent(10))));
    assert_eq!(then(import.clone(), ImportCommand::Start(intent(10))).unwrap().0, 0);
    let other = ImportCommand::Start(intent(11));
    assert_eq!(then(import.clone(), other), Err(ImportError::AlreadyStarted));
    let complete = |imported, failed| ImportCommand::Complete { imported, failed };
    assert_eq!(then(Import::default(), complete(0, 0)), Err(ImportError::NotFound));
    assert_eq!(then(import.clone(), complete(8, 1)), Err(ImportError::DoesNotReconcile));
    assert_eq!(then(import.clone(), complete(u64::MAX, 11)), Err(ImportError::DoesNotReconcile));
    let (events, import) = then(import, complete(8, 2)).unwrap();
    assert_eq!(events, 1);
    assert_eq!(then(import.clone(), complete(8, 2)).unwrap().0, 0);
    assert_eq!(then(import, complete(9, 1)), Err(ImportError::DoesNotReconcile));
}

#[test]
fn every_event_survives_storage() {
    let started = Import::default()
        .decide(ImportCommand::Start(intent(10)), DateTime::default())
        .unwrap()
        .remove(0);
    survives_storage(Import::default(), &started);
    survives_storage(Import::default(), &ImportEvent::Completed { imported: 8, failed: 2 });
    let erased = Import::default().evolve(stored(&started).1).intent.unwrap();
    assert_eq!(erased, Intent { file_name: None, headings: None, ..intent(10) });
}

#[test]
fn an_import_is_not_undone_as_a_whole() {
    let event = ImportEvent::Completed { imported: 8, failed: 2 };
    assert!(Import::default().reverse(&event).is_err());
}

#[test]
fn a_row_becomes_the_same_record_every_time_and_rows_keep_their_order() {
    let start = DateTime::from_timestamp_millis(1_790_000_000_123).unwrap();
    let import = Uuid::from_u128(7);
    let rows = [2, 3, 4, 1_048_575, 1_048_576, 1_048_577, 4_000_000_000];
    let ids: Vec<_> = rows.iter().map(|row| record_id(import, start, *row)).collect();
    assert!(ids.is_sorted());
    for (id, row) in ids.iter().zip(rows) {
        assert_eq!(*id, record_id(import, start, row));
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
        assert_ne!(*id, record_id(Uuid::from_u128(8), start, row), "another import");
        assert_eq!(id.as_u128() >> 80, 1_790_000_000_123);
    }
}
