use super::{
    CONTACT, CUSTOMER, Choice, LEAD, Picklist, PicklistCommand, PicklistError, PicklistEvent,
    builtin, builtin_id, label, stream_id,
};
use crate::catalogue::ListName;
use crate::ids::{ChoiceId, OrganizationId};
use crate::kernel::aggregate::{NotReversible, Reversal};
use crate::kernel::testing::{self, Given, survives_storage};
use chrono::DateTime;
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

const VIP: ChoiceId = ChoiceId(Uuid::from_u128(1));
const FAIR: ChoiceId = ChoiceId(Uuid::from_u128(2));

fn given(events: impl IntoIterator<Item = PicklistEvent>) -> Given<Picklist> {
    testing::given(events)
}

fn added(id: ChoiceId, label: &str) -> PicklistEvent {
    PicklistEvent::ValueAdded { list: ListName::Tag, id, label: label.into(), key: None }
}

fn renamed(id: ChoiceId, was: &str, now: &str) -> PicklistEvent {
    PicklistEvent::ValueRenamed { list: ListName::Tag, id, was: was.into(), now: now.into() }
}

fn archived(id: ChoiceId) -> PicklistEvent {
    PicklistEvent::ValueArchived { list: ListName::Tag, id }
}

fn unarchived(id: ChoiceId) -> PicklistEvent {
    PicklistEvent::ValueUnarchived { list: ListName::Tag, id }
}

fn add(id: ChoiceId, label: &str) -> PicklistCommand {
    PicklistCommand::Add { list: ListName::Tag, id, label: label.into() }
}

fn rename(id: ChoiceId, label: &str) -> PicklistCommand {
    PicklistCommand::Rename { id, label: label.into() }
}

fn only(event: PicklistEvent) -> Reversal<PicklistEvent> {
    Reversal { events: vec![event], kept: Vec::new() }
}

fn nothing() -> Reversal<PicklistEvent> {
    Reversal { events: Vec::new(), kept: Vec::new() }
}

#[test]
fn a_new_organization_gets_the_four_statuses_in_order() {
    let list = given([]).when(PicklistCommand::AddBuiltins(ListName::Status)).then_state();
    let labels: Vec<_> = list.choices.values().map(|choice| choice.label.as_str()).collect();
    assert_eq!(labels, ["Lead", "Prospect", "Contact", "Customer"]);
    assert_eq!(list.by_key("lead"), Some(ChoiceId(LEAD)));
    assert_eq!(list.by_key("contact"), Some(ChoiceId(CONTACT)));
    assert_eq!(list.by_key("customer"), Some(ChoiceId(CUSTOMER)));
    assert_eq!(list.by_key("nobody"), None);
}

#[test]
fn builtin_values_are_added_once_and_beside_what_people_added() {
    for list in ListName::ALL {
        let state = given([]).when(PicklistCommand::AddBuiltins(list)).then_state();
        assert_eq!(state.choices.len(), builtin(list).len());
        given([PicklistEvent::ValueAdded {
            list: ListName::Service,
            id: VIP,
            label: "support".into(),
            key: None,
        }])
        .when(PicklistCommand::AddBuiltins(ListName::Service))
        .then_state()
        .choices
        .values()
        .for_each(|choice| assert_ne!(choice.label, "Support"));
    }
}

#[test]
fn ids_of_builtin_values_are_valid_distinct_and_fixed_for_ever() {
    let mut ids = BTreeSet::new();
    for list in ListName::ALL {
        for number in 1..=99 {
            let id = builtin_id(list, number);
            assert!(ids.insert(id));
            assert_eq!((id.get_version_num(), id.get_variant()), (8, uuid::Variant::RFC4122));
        }
    }
    assert_eq!(LEAD.to_string(), "48696e64-7369-8000-8000-000000000001");
    assert_eq!(CUSTOMER.to_string(), "48696e64-7369-8000-8000-000000000004");
    assert_eq!(
        builtin_id(ListName::Industry, 2).to_string(),
        "48696e64-7369-8000-8000-000000040002"
    );
}

#[test]
fn each_organization_has_its_own_stream_per_list() {
    let organization = |n| OrganizationId(Uuid::from_u128(n));
    let streams: BTreeSet<_> = [1, 2]
        .into_iter()
        .flat_map(|n| ListName::ALL.map(|list| stream_id(organization(n), list)))
        .collect();
    assert_eq!(streams.len(), 10);
    assert_eq!(
        stream_id(organization(1), ListName::Tag).to_string(),
        stream_id(organization(1), ListName::Tag).to_string(),
    );
}

#[test]
fn a_tag_is_titled() {
    given([]).when(add(VIP, "  vip   client ")).then(&[added(VIP, "Vip Client")]);
    assert_eq!(label(ListName::Service, "on site"), Some("on site".into()));
}

#[test]
fn a_label_that_cannot_be_read_is_refused() {
    for bad in ["", "  ", "a\0", "\u{202e}tag", "\u{200b}", &"x".repeat(101)] {
        given([]).when(add(VIP, bad)).then_refused(PicklistError::InvalidLabel);
        given([added(VIP, "Vip")]).when(rename(VIP, bad)).then_refused(PicklistError::InvalidLabel);
    }
}

#[test]
fn a_list_has_each_label_once_whatever_its_case() {
    let list = || given([added(VIP, "Vip")]);
    list().when(add(FAIR, "VIP")).then_refused(PicklistError::Duplicate);
    list().when(add(VIP, "Fair")).then_refused(PicklistError::Duplicate);
    list().when(add(VIP, "vip")).then_nothing();
    given([added(VIP, "Vip"), added(FAIR, "Fair")])
        .when(rename(FAIR, "vip"))
        .then_refused(PicklistError::Duplicate);
    given([added(VIP, "Vip"), archived(VIP)])
        .when(add(FAIR, "Vip"))
        .then_refused(PicklistError::Duplicate);
}

#[test]
fn a_value_is_renamed_also_in_case_only() {
    given([added(VIP, "Vip")]).when(rename(VIP, "VIP")).then(&[renamed(VIP, "Vip", "VIP")]);
    given([added(VIP, "Vip")]).when(rename(VIP, "vip")).then_nothing();
}

#[test]
fn a_value_is_archived_and_offered_again() {
    let list =
        given([added(VIP, "Vip")]).when(PicklistCommand::Archive(VIP)).then(&[archived(VIP)]);
    let expected = Choice { label: "Vip".into(), key: None, archived: true };
    assert_eq!(list.state.by_label("vip"), Some((VIP, &expected)));
    list.when(PicklistCommand::Unarchive(VIP)).then(&[unarchived(VIP)]);
}

#[test]
fn a_value_that_never_was_is_not_found() {
    for command in
        [rename(FAIR, "x"), PicklistCommand::Archive(FAIR), PicklistCommand::Unarchive(FAIR)]
    {
        given([added(VIP, "Vip")]).when(command.clone()).then_refused(PicklistError::NotFound);
        given([]).when(command).then_refused(PicklistError::NotFound);
    }
}

#[test]
fn a_list_does_not_grow_without_end() {
    let full = (0..5_000).map(|n| added(ChoiceId(Uuid::from_u128(n + 10)), &format!("Tag {n}")));
    given(full).when(add(VIP, "One more")).then_refused(PicklistError::Full);
}

#[test]
fn undoing_an_addition_stops_offering_the_value_which_may_be_in_use() {
    assert_eq!(given([added(VIP, "Vip")]).reversing(&added(VIP, "Vip")), Ok(only(archived(VIP))));
    let done = given([added(VIP, "Vip"), archived(VIP)]);
    assert_eq!(done.reversing(&added(VIP, "Vip")), Ok(nothing()));
}

#[test]
fn undoing_a_renaming_puts_the_label_back_unless_it_changed_since() {
    let event = renamed(VIP, "Vip", "Gold");
    let start = [added(VIP, "Vip"), event.clone()];
    assert_eq!(given(start.clone()).reversing(&event), Ok(only(renamed(VIP, "Gold", "Vip"))));

    let since = start.clone().into_iter().chain([renamed(VIP, "Gold", "Silver")]);
    let kept = Ok(Reversal { events: Vec::new(), kept: vec!["label"] });
    assert_eq!(given(since).reversing(&event), kept);

    let back = start.clone().into_iter().chain([renamed(VIP, "Gold", "Vip")]);
    assert_eq!(given(back).reversing(&event), Ok(nothing()));

    let taken = start.into_iter().chain([added(FAIR, "Vip")]);
    let refused = NotReversible("Another value has the earlier label now.");
    assert_eq!(given(taken).reversing(&event), Err(refused));
}

#[test]
fn undoing_an_archiving_offers_the_value_again_and_back() {
    let list = || given([added(VIP, "Vip"), archived(VIP)]);
    assert_eq!(list().reversing(&archived(VIP)), Ok(only(unarchived(VIP))));
    let again = || given([added(VIP, "Vip"), archived(VIP), unarchived(VIP)]);
    assert_eq!(again().reversing(&unarchived(VIP)), Ok(only(archived(VIP))));
    assert_eq!(again().reversing(&archived(VIP)), Ok(nothing()));
    assert!(given([]).reversing(&archived(VIP)).is_err());
}

fn event() -> impl Strategy<Value = PicklistEvent> {
    let list = || prop::sample::select(ListName::ALL.to_vec());
    let id = || any::<u128>().prop_map(|n| ChoiceId(Uuid::from_u128(n)));
    let text = any::<String>;
    prop_oneof![
        (list(), id(), text(), proptest::option::of(text()))
            .prop_map(|(list, id, label, key)| PicklistEvent::ValueAdded { list, id, label, key }),
        (list(), id(), text(), text())
            .prop_map(|(list, id, was, now)| PicklistEvent::ValueRenamed { list, id, was, now }),
        (list(), id()).prop_map(|(list, id)| PicklistEvent::ValueArchived { list, id }),
        (list(), id()).prop_map(|(list, id)| PicklistEvent::ValueUnarchived { list, id }),
    ]
}

fn command() -> impl Strategy<Value = PicklistCommand> {
    let id = || (0..4_u128).prop_map(|n| ChoiceId(Uuid::from_u128(n)));
    prop_oneof![
        (id(), "[a-cA-C]").prop_map(|(id, label)| add(id, &label)),
        (id(), "[a-cA-C]").prop_map(|(id, label)| rename(id, &label)),
        id().prop_map(PicklistCommand::Archive),
        id().prop_map(PicklistCommand::Unarchive),
    ]
}

proptest! {
    #[test]
    fn every_event_survives_storage(event in event()) {
        survives_storage(Picklist::default(), &event);
    }

    #[test]
    fn whatever_is_asked_labels_stay_unique_and_the_last_event_can_be_taken_back(
        commands in proptest::collection::vec(command(), 1..12),
    ) {
        use crate::kernel::aggregate::Aggregate as _;
        let mut list = Picklist::default();
        for command in commands {
            let before = list.clone();
            let Ok(events) = list.decide(command.clone(), DateTime::UNIX_EPOCH) else { continue };
            list = events.iter().cloned().fold(list, Picklist::evolve);
            prop_assert_eq!(list.decide(command, DateTime::UNIX_EPOCH), Ok(Vec::new()));
            let labels: BTreeSet<_> = list.choices.values().map(|c| c.label.to_lowercase()).collect();
            prop_assert_eq!(labels.len(), list.choices.len());
            for event in &events {
                let reversal = list.reverse(event).unwrap();
                let back = reversal.events.into_iter().fold(list.clone(), Picklist::evolve);
                if !matches!(event, PicklistEvent::ValueAdded { .. }) {
                    prop_assert_eq!(back, before.clone());
                }
            }
        }
    }
}
