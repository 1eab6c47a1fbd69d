use super::{
    Arrangement, Column, Criteria, View, ViewCommand, ViewError, ViewEvent, ViewPatch, Visibility,
};
use crate::ids::MemberId;
use crate::kernel::testing::{self, Given, survives_storage};
use serde_json::json;
use uuid::Uuid;

const ANA: MemberId = MemberId(Uuid::from_u128(10));

fn given(events: impl IntoIterator<Item = ViewEvent>) -> Given<View> {
    testing::given(events)
}

fn column(field: &str, width: Option<u16>) -> Column {
    Column { field: field.to_owned(), width }
}

fn criteria(city: &str) -> Criteria {
    let filter = json!({"field": "city", "op": "eq", "value": city});
    Criteria { filter: Some(filter), q: None }
}

fn arrangement() -> Arrangement {
    Arrangement { sort: Some("-updated_at".into()), columns: vec![column("city", Some(120))] }
}

fn created() -> ViewEvent {
    ViewEvent::Created {
        record_type: "contacts".into(),
        owner: ANA,
        visibility: Visibility::Private,
        arrangement: arrangement(),
        name: Some("In Bern".into()),
        criteria: Some(criteria("Bern")),
    }
}

fn named(name: &str) -> ViewPatch {
    ViewPatch { name: Some(name.to_owned()), ..ViewPatch::default() }
}

fn create(patch: ViewPatch) -> ViewCommand {
    ViewCommand::Create { record_type: "contacts".into(), owner: ANA, patch }
}

fn whole() -> ViewPatch {
    ViewPatch {
        name: Some(" In Bern ".into()),
        filter: Some(criteria("Bern").filter),
        q: Some(Some(String::new())),
        sort: Some(Some("-updated_at".into())),
        columns: Some(arrangement().columns),
        visibility: None,
    }
}

#[test]
fn a_view_is_saved_under_a_name() {
    given([]).when(create(whole())).then(&[created()]);
    given([]).when(create(ViewPatch::default())).then_invalid(&[("/name", "missing")]);
    given([created()]).when(create(named("Other"))).then_refused(ViewError::AlreadyExists);
    let twice = vec![column("city", None), column("city", None)];
    let twice = ViewPatch { columns: Some(twice), ..named("Twice") };
    given([]).when(create(twice)).then_invalid(&[("/columns/1/field", "duplicate_field")]);
    let thin = ViewPatch { columns: Some(vec![column("city", Some(3))]), ..named("Thin") };
    given([]).when(create(thin)).then_invalid(&[("/columns/0/width", "out_of_range")]);
    let long = Some(Some(json!("x".repeat(17_000))));
    let long = ViewPatch { filter: long, ..named("Long") };
    given([]).when(create(long)).then_invalid(&[("/filter", "too_long")]);
}

#[test]
fn each_part_changes_by_an_event_of_its_own() {
    let patch = ViewPatch {
        name: Some("In Basel".into()),
        filter: Some(criteria("Basel").filter),
        sort: Some(None),
        visibility: Some(Visibility::Shared),
        ..ViewPatch::default()
    };
    let now = Arrangement { sort: None, ..arrangement() };
    given([created()]).when(ViewCommand::Change(patch)).then(&[
        ViewEvent::Renamed { was: Some("In Bern".into()), now: Some("In Basel".into()) },
        ViewEvent::Narrowed { was: Some(criteria("Bern")), now: Some(criteria("Basel")) },
        ViewEvent::Arranged { was: arrangement(), now },
        ViewEvent::Shared {},
    ]);
    given([]).when(ViewCommand::Change(named("X"))).then_refused(ViewError::NotFound);
}

#[test]
fn a_deleted_view_comes_back_as_it_was() {
    let deleted = given([created()]).when(ViewCommand::Delete).then(&[ViewEvent::Deleted {}]);
    deleted.when(ViewCommand::Change(named("X"))).then_refused(ViewError::Deleted);
    let back = given([created(), ViewEvent::Deleted {}]);
    let back = back.when(ViewCommand::Restore).then(&[ViewEvent::Restored {}]);
    assert_eq!(back.state, given([created()]).state);
    given([]).when(ViewCommand::Delete).then_refused(ViewError::NotFound);
}

#[test]
fn what_was_changed_since_is_kept() {
    let name = |was: &str, now: &str| ViewEvent::Renamed {
        was: Some(was.to_owned()),
        now: Some(now.to_owned()),
    };
    let first = name("In Bern", "Bern");
    let back = given([created(), first.clone()]).reversing(&first).unwrap();
    assert_eq!((back.events, back.kept), (vec![name("Bern", "In Bern")], vec![]));
    let later = given([created(), first.clone(), name("Bern", "Berne")]);
    let kept = later.reversing(&first).unwrap();
    assert_eq!((kept.events, kept.kept), (vec![], vec!["name"]));
    let back = given([created()]).reversing(&created()).unwrap();
    assert_eq!(back.events, [ViewEvent::Deleted {}]);
    let deleted = given([created(), first.clone(), ViewEvent::Deleted {}]);
    assert!(deleted.reversing(&first).is_err());
}

#[test]
fn every_event_survives_storage() {
    for event in [
        created(),
        ViewEvent::Renamed { was: Some("A".into()), now: Some("B".into()) },
        ViewEvent::Narrowed { was: Some(criteria("A")), now: Some(Criteria::default()) },
        ViewEvent::Arranged { was: arrangement(), now: Arrangement::default() },
        ViewEvent::Shared {},
        ViewEvent::Unshared {},
        ViewEvent::Deleted {},
        ViewEvent::Restored {},
    ] {
        survives_storage(View::default(), &event);
    }
}
