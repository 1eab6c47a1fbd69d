//! What cannot be applied is parked in sight, and everything else goes on.

use crate::fixture::{Fixture, contact, id, named};
use domain::contact::{Contact, ContactType};
use domain::ids::SubjectId;
use domain::record::RecordCommand;
use projections::{AuditQuery, FieldSelection};
use serde_json::json;
use std::sync::Arc;
use store::{NewEvent, PrivateMeta};
use uuid::Uuid;

/// An event that this build cannot read.
fn unreadable(fixture: &Fixture) -> NewEvent {
    let event = domain::contact::ContactEvent::Deleted;
    let (meta, private) = (Arc::new(fixture.meta()), PrivateMeta::default());
    let mut event =
        NewEvent::encode(&event, SubjectId(id(1)), meta, &private, fixture.clock).expect("encodes");
    event.event_type = "contact.from_the_future";
    event
}

#[tokio::test]
async fn an_unreadable_event_parks_its_stream_and_no_other() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    fixture.create_contact(id(1), named("Ada")).await;
    let event = unreadable(&fixture);
    let poisoned = fixture.append_raw(id(1), vec![event]).await;
    fixture.create_contact(id(2), named("Bob")).await;
    following.reach(&fixture).await;
    let parked = following.projections.parked().await.unwrap();
    assert_eq!(parked.len(), 1, "{parked:?}");
    assert_eq!((parked[0].stream_id, parked[0].position.unsigned_abs()), (id(1), poisoned));
    assert!(parked[0].schema.starts_with("contacts_v"));
    assert!(parked[0].error.contains("contact.from_the_future"), "{}", parked[0].error);
    let mut tx = following.read(fixture.everything()).await;
    let ada = tx.get::<ContactType>(id(1), &FieldSelection::All).await.unwrap().expect("Ada");
    assert_eq!(ada.version, 1, "it stays as it was");
    assert!(tx.get::<ContactType>(id(2), &FieldSelection::All).await.unwrap().is_some());
    // The audit trail reads headers only, so it has all three.
    let audit = tx
        .audit(&AuditQuery { kind: Some("contact".into()), limit: 9, ..AuditQuery::default() })
        .await
        .unwrap();
    assert_eq!(audit.rows.len(), 3);
    drop(tx);
    assert_eq!(following.projections.retry_parked().await.unwrap(), 0, "it is still unreadable");
    let again = following.projections.parked().await.unwrap();
    assert_eq!(again[0].attempts, 2);
    assert!(again[0].next_attempt_at > parked[0].next_attempt_at, "the wait grows");
}

#[tokio::test]
async fn a_rebuild_parks_what_it_cannot_read_too() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    fixture.create_contact(id(1), named("Ada")).await;
    fixture.create_contact(id(2), named("Bob")).await;
    let event = unreadable(&fixture);
    fixture.append_raw(id(1), vec![event]).await;
    fixture.create_contact(id(3), named("Cyd")).await;
    following.reach(&fixture).await;
    let rebuilt = following.projections.rebuild("contacts", &|_| {}).await.expect("rebuilds");
    let parked = following.projections.parked().await.unwrap();
    let new: Vec<_> = parked.iter().filter(|p| p.schema == rebuilt.schema).collect();
    assert_eq!(new.len(), 1, "{parked:?}");
    assert_eq!(new[0].stream_id, id(1));
    let mut tx = following.read(fixture.everything()).await;
    for known in [id(2), id(3)] {
        assert!(tx.get::<ContactType>(known, &FieldSelection::All).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_row_that_the_database_refuses_parks_its_stream_until_a_retry_succeeds() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    let schema = fixture.live_schema("contacts").await;
    let check = "ADD CONSTRAINT no_bob CHECK (first_name <> 'Bob')";
    fixture.run(&format!("ALTER TABLE {schema}.contacts {check}")).await;
    let mut bob = Contact::default();
    for n in 10..20 {
        fixture.create_contact(id(n), named("Ada")).await;
    }
    let create = RecordCommand::Create(contact(&named("Bob")));
    fixture.command(id(1), &mut bob, create).await;
    let change = RecordCommand::Change { patch: contact(&json!({"city": "Rome"})), note: None };
    fixture.command(id(1), &mut bob, change).await;
    for n in 20..30 {
        fixture.create_contact(id(n), named("Cyd")).await;
    }
    following.reach(&fixture).await;
    let parked = following.projections.parked().await.unwrap();
    assert_eq!(parked.iter().map(|p| p.stream_id).collect::<Vec<_>>(), [id(1)]);
    assert_eq!(parked[0].error, "database error 23514", "no values in it");
    let everyone: Vec<Uuid> = (10..30).chain([1]).map(id).collect();
    let mut tx = following.read(fixture.everything()).await;
    assert_eq!(tx.visible::<ContactType>(&everyone).await.unwrap().len(), 20);
    drop(tx);
    fixture.run(&format!("ALTER TABLE {schema}.contacts DROP CONSTRAINT no_bob")).await;
    // A change after it was parked waits with the others.
    let change = RecordCommand::Change { patch: contact(&json!({"city": "Oslo"})), note: None };
    fixture.command(id(1), &mut bob, change).await;
    following.reach(&fixture).await;
    assert_eq!(following.projections.retry_parked().await.unwrap(), 1);
    assert_eq!(following.projections.parked().await.unwrap(), []);
    let mut tx = following.read(fixture.everything()).await;
    let row = tx.get::<ContactType>(id(1), &FieldSelection::All).await.unwrap().expect("Bob");
    assert_eq!(row.version, 3);
}

#[tokio::test]
async fn the_audit_trail_halts_as_a_whole_and_catches_up() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    following.reach(&fixture).await;
    let schema = fixture.live_schema("audit").await;
    let next = fixture.head().await + 3;
    let check = format!("ADD CONSTRAINT stuck CHECK (position <> {next})");
    fixture.run(&format!("ALTER TABLE {schema}.audit {check}")).await;
    for n in 1..8 {
        fixture.create_contact(id(n), named("Ada")).await;
    }
    following.reach(&fixture).await;
    let parked = following.projections.parked().await.unwrap();
    assert_eq!(parked.len(), 1);
    assert_eq!((parked[0].stream_id, parked[0].position.unsigned_abs()), (Uuid::nil(), next));
    let trail = async || {
        let mut tx = following.read(fixture.everything()).await;
        let query = AuditQuery { kind: Some("contact".into()), limit: 99, ..AuditQuery::default() };
        tx.audit(&query).await.unwrap().rows.iter().rev().map(|r| r.position).collect::<Vec<_>>()
    };
    assert_eq!(trail().await, [next - 2, next - 1], "nothing behind the halt, no gap before it");
    let mut tx = following.read(fixture.everything()).await;
    let all: Vec<Uuid> = (1..8).map(id).collect();
    assert_eq!(tx.visible::<ContactType>(&all).await.unwrap().len(), 7, "contacts go on");
    drop(tx);
    fixture.run(&format!("ALTER TABLE {schema}.audit DROP CONSTRAINT stuck")).await;
    assert_eq!(following.projections.retry_parked().await.unwrap(), 1);
    assert_eq!(trail().await, (next - 2..next + 5).collect::<Vec<_>>());
}
