//! Given, when, then.

use super::{Act, Bulk, BulkCommand, BulkError, BulkEvent, Counts, Intent, PAGE, Plan, Selecting};
use crate::kernel::aggregate::Aggregate as _;
use crate::kernel::testing::{stored, survives_storage};
use chrono::DateTime;
use serde_json::json;
use uuid::Uuid;

fn plan(by: Selecting) -> Plan {
    Plan {
        record_type: "contact".to_owned(),
        act: Act::Set,
        fields: vec!["city".to_owned()],
        by,
        intent: Some(Intent {
            filter: Some(json!({"field": "city", "op": "eq", "value": "Bern"})),
            q: None,
            values: json!({"city": "Basel"}),
        }),
    }
}

fn ids(range: std::ops::Range<u128>) -> Vec<Uuid> {
    range.map(Uuid::from_u128).collect()
}

fn then(state: &Bulk, command: BulkCommand) -> Result<(usize, Bulk), BulkError> {
    let events = state.decide(command, DateTime::default())?;
    Ok((events.len(), events.into_iter().fold(state.clone(), Bulk::evolve)))
}

fn counts(changed: u64, unchanged: u64) -> Counts {
    Counts { changed, unchanged, ..Counts::default() }
}

#[test]
fn records_that_were_named_are_fixed_with_the_intent() {
    let many = u128::try_from(PAGE).unwrap() + 1;
    let start = || BulkCommand::Start(plan(Selecting::Ids), ids(0..many));
    let (events, bulk) = then(&Bulk::default(), start()).unwrap();
    assert_eq!(events, 4, "the intent, two pages, and that this is all");
    assert!(bulk.fixed);
    assert_eq!((bulk.selected, bulk.last), (PAGE as u64 + 1, Some(Uuid::from_u128(many - 1))));
    assert_eq!(then(&bulk, start()).unwrap().0, 0, "the same again is already so");
    let other = BulkCommand::Start(plan(Selecting::Filter), Vec::new());
    assert_eq!(then(&bulk, other), Err(BulkError::AlreadyStarted));
    assert_eq!(then(&bulk, BulkCommand::Select(ids(9_000..9_001))), Err(BulkError::OtherSelection));
}

#[test]
fn what_a_filter_finds_is_selected_page_by_page_each_once() {
    let select = |range| BulkCommand::Select(ids(range));
    assert_eq!(then(&Bulk::default(), select(0..3)), Err(BulkError::NotFound));
    let start = BulkCommand::Start(plan(Selecting::Filter), Vec::new());
    let (events, bulk) = then(&Bulk::default(), start).unwrap();
    assert_eq!((events, bulk.fixed, bulk.selected), (1, false, 0));
    let (_, bulk) = then(&bulk, select(0..3)).unwrap();
    assert_eq!(then(&bulk, select(0..3)).unwrap().0, 0, "after a crash, the same page");
    let (_, bulk) = then(&bulk, select(2..5)).unwrap();
    assert_eq!((bulk.selected, bulk.last), (5, Some(Uuid::from_u128(4))));
    let muddled = BulkCommand::Select(vec![Uuid::from_u128(9), Uuid::from_u128(8)]);
    assert_eq!(then(&bulk, muddled), Err(BulkError::OtherSelection));
    assert_eq!(
        then(&bulk, BulkCommand::Complete(counts(5, 0))),
        Err(BulkError::DoesNotReconcile),
        "not before it is fixed"
    );
    let (events, bulk) = then(&bulk, BulkCommand::Fix).unwrap();
    assert_eq!((events, bulk.fixed), (1, true));
    assert_eq!(then(&bulk, BulkCommand::Fix).unwrap().0, 0);
    assert_eq!(then(&bulk, select(7..8)), Err(BulkError::OtherSelection));
}

#[test]
fn it_ends_once_with_every_record_accounted_for() {
    let start = BulkCommand::Start(plan(Selecting::Ids), ids(0..10));
    let (_, bulk) = then(&Bulk::default(), start).unwrap();
    let complete = |changed, unchanged| BulkCommand::Complete(counts(changed, unchanged));
    for (changed, unchanged) in [(9, 0), (10, 1), (u64::MAX, 11)] {
        let wrong = then(&bulk, complete(changed, unchanged));
        assert_eq!(wrong, Err(BulkError::DoesNotReconcile));
    }
    let (events, bulk) = then(&bulk, complete(7, 3)).unwrap();
    assert_eq!((events, bulk.outcome), (1, Some(counts(7, 3))));
    assert_eq!(then(&bulk, complete(7, 3)).unwrap().0, 0);
    assert_eq!(then(&bulk, complete(8, 2)), Err(BulkError::DoesNotReconcile));
}

#[test]
fn every_event_survives_storage_and_an_erased_intent_is_no_other_intent() {
    let start = BulkCommand::Start(plan(Selecting::Ids), ids(0..3));
    let events = Bulk::default().decide(start, DateTime::default()).unwrap();
    for event in &events {
        survives_storage(Bulk::default(), event);
    }
    let counts = Counts { changed: 1, unchanged: 2, not_permitted: 3, not_found: 4, refused: 5 };
    let Counts { changed, unchanged, not_permitted, not_found, refused } = counts;
    let completed = BulkEvent::Completed { changed, unchanged, not_permitted, not_found, refused };
    survives_storage(Bulk::default(), &completed);
    let erased = Bulk::default().evolve(stored(&events[0]).1).plan.unwrap();
    assert_eq!(erased, Plan { intent: None, ..plan(Selecting::Ids) });
}
