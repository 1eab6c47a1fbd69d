//! What is appended becomes visible: once, in order, whoever works.

use crate::fixture::{Fixture, PATIENCE, contact, field, id, named};
use domain::catalogue::Catalogue as _;
use domain::company::CompanyType;
use domain::contact::{Contact, ContactType};
use domain::ids::MemberId;
use domain::reach::Reach;
use domain::record::RecordCommand;
use domain::value::Value;
use projections::{
    AuditQuery, ChangeKind, Deleted, FieldSelection, ListQuery, Named, Options, Scope, match_key,
};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_created_contact_is_read_and_listed() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    fixture.add_member(fixture.actor, "Grace").await;
    fixture.add_tag(id(70), "Vip").await;
    let ada = json!({
        "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com",
        "phone": "+49 30 901820", "tags": [id(70)], "annual_revenue": {"amount": 5, "currency": "EUR"},
        "date_of_birth": "1815-12-10", "is_active": true, "employees_count": 3,
        "last_contacted_at": "2024-05-06T07:08:09.123456Z", "custom": {"shoe": 38},
    });
    fixture.create_contact(id(100), ada).await;
    following.reach(&fixture).await;
    let mut tx = following.read(fixture.everything()).await;
    let row = tx.get::<ContactType>(id(100), &FieldSelection::All).await.unwrap().expect("a row");
    assert_eq!((row.title.as_str(), row.version), ("Ada Lovelace", 1));
    assert_eq!(row.created_by, Some(fixture.actor));
    assert_eq!((row.created_at, row.updated_at), (fixture.clock, fixture.clock));
    let state = {
        let mut state = Contact::default();
        let mut fixture = Fixture::new().await;
        let patch = contact(&json!({
            "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com",
            "phone": "+49 30 901820", "tags": [id(70)], "annual_revenue": {"amount": 5, "currency": "EUR"},
            "date_of_birth": "1815-12-10", "is_active": true, "employees_count": 3,
            "last_contacted_at": "2024-05-06T07:08:09.123456Z", "custom": {"shoe": 38},
        }));
        fixture.command(id(100), &mut state, RecordCommand::Create(patch)).await;
        state
    };
    assert_eq!(row.values, state.fields.present(), "every value comes back as it was");
    let page = tx.list::<ContactType>(&ListQuery::default()).await.unwrap();
    assert_eq!((page.rows.len(), page.next), (1, None));
    let counts = tx.counts_per_choice::<ContactType>().await.unwrap();
    assert_eq!(counts.get(&id(70)), Some(&1));
    assert_eq!(tx.members(None).await.unwrap()[0].display_name.as_deref(), Some("Grace"));
    let tags = tx.choices(Some(domain::catalogue::ListName::Tag)).await.unwrap();
    assert_eq!(tags[0].label, "Vip");
    let audit = tx
        .audit(&AuditQuery { stream: Some(id(100)), limit: 10, ..AuditQuery::default() })
        .await
        .unwrap();
    assert_eq!(audit.rows[0].event_type, "contact.created");
    assert_eq!(tx.position().await.unwrap(), fixture.head().await);
}

#[tokio::test]
async fn changes_are_told_with_who_had_the_record_before_and_after() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    let mut state = Contact::default();
    let create = RecordCommand::Create(contact(&named("Ada")));
    fixture.command(id(1), &mut state, create).await;
    following.reach(&fixture).await;
    let mut applied = following.projections.applied();
    let patch = contact(&json!({"assigned_to": id(5)}));
    let position =
        fixture.command(id(1), &mut state, RecordCommand::Change { patch, note: None }).await;
    let told = tokio::time::timeout(PATIENCE, applied.recv()).await.unwrap().unwrap();
    assert_eq!(told.position, position);
    let changes = told.changes.as_ref().expect("few changes");
    assert_eq!((changes[0].id, changes[0].version), (id(1), 2));
    assert_eq!(changes[0].kind, ChangeKind::Changed);
    let assignment = changes[0].assignment.expect("contacts are assigned");
    assert_eq!((assignment.before, assignment.after), (None, Some(MemberId(id(5)))));
    fixture.command(id(1), &mut state, RecordCommand::Delete).await;
    let told = tokio::time::timeout(PATIENCE, applied.recv()).await.unwrap().unwrap();
    assert_eq!(told.changes.as_ref().expect("few")[0].kind, ChangeKind::Deleted);
}

#[tokio::test]
async fn a_process_that_does_not_work_sees_and_hears_what_others_applied() {
    let mut fixture = Fixture::new().await;
    let reader = fixture.follow_with(Options { work: false, ..Options::default() }).await;
    let nothing = Duration::from_millis(60);
    let before = fixture.head().await;
    let log = fixture.organization.into();
    let at = reader.projections.wait_for(log, before, nothing).await.unwrap();
    assert_eq!(at, 0, "nobody works yet, so waiting ends with what is visible");
    let mut told = reader.projections.applied();
    let worker = fixture.follow().await;
    fixture.create_contact(id(1), named("Ada")).await;
    reader.reach(&fixture).await;
    worker.reach(&fixture).await;
    let mut ids = Vec::new();
    while !ids.contains(&id(1)) {
        let applied = tokio::time::timeout(PATIENCE, told.recv()).await.unwrap().unwrap();
        ids.extend(applied.changes.iter().flatten().map(|change| change.id));
    }
}

#[tokio::test]
async fn deleted_records_leave_the_list_and_its_counts_until_restored() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    fixture.add_tag(id(70), "Vip").await;
    let mut state = Contact::default();
    let patch = contact(&json!({"first_name": "Ada", "tags": [id(70)]}));
    fixture.command(id(1), &mut state, RecordCommand::Create(patch)).await;
    fixture.command(id(1), &mut state, RecordCommand::Delete).await;
    following.reach(&fixture).await;
    let listed = async |deleted| {
        let mut tx = following.read(fixture.everything()).await;
        let query = ListQuery { deleted, ..ListQuery::default() };
        tx.list::<ContactType>(&query).await.unwrap().rows.len()
    };
    assert_eq!(listed(Deleted::Exclude).await, 0);
    assert_eq!(listed(Deleted::Only).await, 1);
    assert_eq!(listed(Deleted::Include).await, 1);
    let mut tx = following.read(fixture.everything()).await;
    assert_eq!(tx.counts_per_choice::<ContactType>().await.unwrap().get(&id(70)), None);
    drop(tx);
    fixture.command(id(1), &mut state, RecordCommand::Restore).await;
    following.reach(&fixture).await;
    let mut tx = following.read(fixture.everything()).await;
    assert_eq!(tx.counts_per_choice::<ContactType>().await.unwrap().get(&id(70)), Some(&1));
    let row = tx.get::<ContactType>(id(1), &FieldSelection::All).await.unwrap().expect("a row");
    assert_eq!((row.version, row.deleted_at), (3, None));
    let tags = row.values.iter().find(|(index, _)| *index == field::<ContactType>("tags"));
    assert_eq!(tags.map(|(_, v)| v.clone()), Some(Value::Refs(vec![id(70)])));
}

#[tokio::test]
async fn records_are_matched_by_what_other_systems_know_them_by() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    fixture
        .create_contact(
            id(1),
            json!({"first_name": "Ada", "email": "Ada@Example.com", "phone": "+49 30 901820",
                   "external_id": "A-1", "assigned_to": id(8)}),
        )
        .await;
    fixture.create_contact(id(2), json!({"first_name": "Bob", "email": "ada@example.com"})).await;
    let mut gone = Contact::default();
    let create = contact(&json!({"first_name": "Cyd", "external_id": "C-1"}));
    fixture.command(id(3), &mut gone, RecordCommand::Create(create)).await;
    fixture.command(id(3), &mut gone, RecordCommand::Delete).await;
    fixture.create_company(id(4), json!({"name": "Café AG", "email": "info@cafe.example"})).await;
    following.reach(&fixture).await;
    let mut tx = following.read(fixture.everything()).await;
    let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    for (name, asked, expected) in [
        ("email", "ADA@example.com", vec![id(1), id(2)]),
        ("email", "nobody@example.com", vec![]),
        ("email", "", vec![]),
        ("phone", "0049 30 901820", vec![id(1)]),
        ("external_id", "A-1", vec![id(1)]),
        ("external_id", "C-1", vec![]),
    ] {
        let key = match_key::<ContactType>(name).expect("it can be matched by");
        let found = tx.find_by_key::<ContactType>(key, &keys(&[asked])).await.unwrap();
        assert_eq!(found.get(asked).cloned().unwrap_or_default(), expected, "{name} {asked}");
    }
    assert_eq!(match_key::<ContactType>("city"), None, "there is no index for it");
    let name = match_key::<CompanyType>("name").expect("names are sorted by");
    let found = tx.find_by_key::<CompanyType>(name, &keys(&["cafe ag"])).await.unwrap();
    assert_eq!(found["cafe ag"], [id(4)]);
    let named = tx.named::<CompanyType>(&[id(4), id(5)], &[]).await.unwrap();
    let cafe = Named { title: "Café AG".to_owned(), deleted: false };
    assert_eq!(named.into_iter().collect::<Vec<_>>(), [(id(4), cafe)]);
    drop(tx);
    let own = Scope::live(fixture.organization, Reach::Own(MemberId(id(8))));
    let mut tx = following.read(own).await;
    let key = match_key::<ContactType>("email").expect("it can be matched by");
    let found = tx.find_by_key::<ContactType>(key, &keys(&["ada@example.com"])).await.unwrap();
    assert_eq!(found["ada@example.com"], [id(1)], "within reach only");
}
