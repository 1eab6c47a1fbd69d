use super::{
    Module, Organization, OrganizationCommand, OrganizationError, OrganizationEvent, SettingChange,
    SettingsPatch,
};
use crate::ids::{MemberId, OrganizationId, UserId};
use crate::kernel::aggregate::Reversal;
use crate::kernel::testing::{self, Given, survives_storage};
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

const ACME: OrganizationId = OrganizationId(Uuid::from_u128(1));
const KEY: Uuid = Uuid::from_u128(7);
const ANA: UserId = UserId(Uuid::from_u128(2));
const BEN: UserId = UserId(Uuid::from_u128(3));

fn given(events: impl IntoIterator<Item = OrganizationEvent>) -> Given<Organization> {
    testing::given(events)
}

fn found(founder: UserId, name: &str) -> OrganizationCommand {
    OrganizationCommand::Found { id: ACME, name: name.into(), founder }
}

fn rename(name: &str) -> OrganizationCommand {
    OrganizationCommand::Rename(name.into())
}

fn founded() -> OrganizationEvent {
    OrganizationEvent::Founded { id: ACME, name: "Acme".into(), founder: ANA }
}

fn renamed(was: &str, now: &str) -> OrganizationEvent {
    OrganizationEvent::Renamed { was: was.into(), now: now.into() }
}

#[test]
fn a_user_founds_an_organization_once() {
    let acme = given([]).when(found(ANA, " Acme ")).then(&[founded()]);
    assert_eq!(acme.state.name.as_deref(), Some("Acme"));
    acme.when(found(BEN, "Acme")).then_refused(OrganizationError::AlreadyFounded);
}

#[test]
fn a_sign_up_that_is_finished_late_does_not_mind_a_new_name() {
    given([founded(), renamed("Acme", "Apex")]).when(found(ANA, "Acme")).then_nothing();
}

#[test]
fn an_organization_has_a_readable_name() {
    for (name, code) in [(" ", "missing"), ("\u{202e}emcA", "control_character")] {
        given([]).when(found(ANA, name)).then_invalid(&[("/name", code)]);
        given([founded()]).when(rename(name)).then_invalid(&[("/name", code)]);
    }
}

#[test]
fn an_organization_is_renamed() {
    given([founded()]).when(rename("Apex")).then(&[renamed("Acme", "Apex")]);
    given([founded()]).when(rename(" Acme")).then_nothing();
    given([]).when(rename("Apex")).then_refused(OrganizationError::NotFound);
}

#[test]
fn an_organization_keeps_at_least_one_owner() {
    let (ana, ben) = (MemberId(Uuid::from_u128(10)), MemberId(Uuid::from_u128(11)));
    let change =
        |before, added: &[MemberId], removed: &[MemberId]| OrganizationCommand::ChangeOwners {
            before,
            added: added.iter().copied().collect(),
            removed: removed.iter().copied().collect(),
        };
    let changed = |added: &[MemberId], removed: &[MemberId]| OrganizationEvent::OwnersChanged {
        added: added.to_vec(),
        removed: removed.to_vec(),
    };
    let one = given([founded()]).when(change(None, &[ana], &[])).then(&[changed(&[ana], &[])]);
    let two = one.when(change(None, &[ben], &[])).then(&[changed(&[ben], &[])]);
    let other = two.when(change(None, &[], &[ana])).then(&[changed(&[], &[ana])]);
    other.when(change(None, &[], &[ben])).then_refused(OrganizationError::LastOwner);

    // The founder owned it before anybody kept account.
    let last = change(Some(ana), &[], &[ana]);
    given([founded()]).when(last).then_refused(OrganizationError::LastOwner);
    let both = changed(&[ana, ben], &[]);
    given([founded()]).when(change(Some(ana), &[ben], &[])).then(&[both]);
    let handed_on = changed(&[ben], &[]);
    given([founded()]).when(change(Some(ana), &[ben], &[ana])).then(&[handed_on]);
    given([]).when(change(None, &[ana], &[])).then_refused(OrganizationError::NotFound);
}

#[test]
fn a_renaming_is_undone_unless_there_was_another() {
    let event = renamed("Acme", "Apex");
    let reversal = |events, kept| Ok(Reversal { events, kept });
    let once = [founded(), event.clone()];
    assert_eq!(
        given(once.clone()).reversing(&event),
        reversal(vec![renamed("Apex", "Acme")], vec![])
    );
    let twice = once.clone().into_iter().chain([renamed("Apex", "Ajax")]);
    assert_eq!(given(twice).reversing(&event), reversal(vec![], vec!["name"]));
    let back = once.into_iter().chain([renamed("Apex", "Acme")]);
    assert_eq!(given(back).reversing(&event), reversal(vec![], vec![]));
}

#[test]
fn a_founding_is_not_undone() {
    assert!(given([founded()]).reversing(&founded()).is_err());
}

proptest! {
    #[test]
    fn every_event_survives_storage(id in any::<u128>(), was in any::<String>(), now in any::<String>()) {
        let founder = UserId(Uuid::from_u128(!id));
        let founded =
            OrganizationEvent::Founded { id: OrganizationId(Uuid::from_u128(id)), name: was.clone(), founder };
        survives_storage(Organization::default(), &founded);
        survives_storage(Organization::default(), &OrganizationEvent::Renamed { was, now });
    }
}

fn change(patch: SettingsPatch) -> OrganizationCommand {
    OrganizationCommand::Change { patch: Box::new(patch), key: KEY }
}

fn to_zurich() -> SettingChange {
    SettingChange::TimeZone { was: "UTC".into(), now: "Europe/Zurich".into() }
}

#[test]
fn a_change_of_settings_says_what_was_and_what_is() {
    let patch = SettingsPatch {
        time_zone: Some("Europe/Zurich".into()),
        locale: Some("en".into()),
        ..SettingsPatch::default()
    };
    let changed = OrganizationEvent::SettingsChanged { changes: vec![to_zurich()] };
    let acme = given([founded()]).when(change(patch)).then(&[changed]);
    assert_eq!(acme.state.settings.time_zone, "Europe/Zurich");
}

#[test]
fn settings_that_do_not_fit_are_all_named_and_nothing_is_changed() {
    let patch = SettingsPatch {
        name: Some(" ".into()),
        currency: Some("XYZ".into()),
        time_zone: Some("Mars/Olympus".into()),
        locale: Some("x".into()),
        fiscal_year_start: Some(13),
        modules: Some(["portal".to_owned(), "weather".to_owned()].into()),
        ..SettingsPatch::default()
    };
    given([founded()]).when(change(patch)).then_invalid(&[
        ("/name", "missing"),
        ("/currency", "invalid_currency"),
        ("/time_zone", "invalid_time_zone"),
        ("/locale", "invalid_locale"),
        ("/fiscal_year_start", "out_of_range"),
        ("/modules", "unknown_module"),
    ]);
}

#[test]
fn an_organization_has_every_module_until_it_does_without() {
    assert!(Module::ALL.into_iter().all(|module| given([founded()]).state.has(module)));
    let names = Module::ALL.into_iter().filter(|module| *module != Module::Portal);
    let names = names.map(|module| module.as_str().to_owned()).collect();
    let patch = SettingsPatch { modules: Some(names), ..SettingsPatch::default() };
    let (enabled, disabled) = (BTreeSet::new(), BTreeSet::from([Module::Portal]));
    let without = OrganizationEvent::ModulesChanged { enabled, disabled };
    let acme = given([founded()]).when(change(patch)).then(std::slice::from_ref(&without));
    assert!(!acme.state.has(Module::Portal));
    let (enabled, disabled) = (BTreeSet::from([Module::Portal]), BTreeSet::new());
    let back = OrganizationEvent::ModulesChanged { enabled, disabled };
    assert_eq!(acme.reversing(&without), Ok(Reversal { events: vec![back], kept: Vec::new() }));
}

#[test]
fn registration_is_opened_with_a_key_that_only_another_replaces() {
    let open =
        |yes| change(SettingsPatch { self_registration: Some(yes), ..SettingsPatch::default() });
    let first = OrganizationEvent::RegistrationKeyReplaced { was: None, now: KEY };
    let opened = OrganizationEvent::RegistrationOpened {};
    let acme = given([founded()]).when(open(true)).then(&[first.clone(), opened.clone()]);
    let acme = acme.when(open(false)).then(&[OrganizationEvent::RegistrationClosed {}]);
    let acme = acme.when(open(true)).then(&[opened]);
    let other = Uuid::from_u128(8);
    let replaced = OrganizationEvent::RegistrationKeyReplaced { was: Some(KEY), now: other };
    let acme = acme.when(OrganizationCommand::ReplaceRegistrationKey(other)).then(&[replaced]);
    assert!(acme.reversing(&first).is_err());
}

#[test]
fn a_setting_is_brought_back_unless_it_was_changed_since() {
    let changed = OrganizationEvent::SettingsChanged { changes: vec![to_zurich()] };
    let back = OrganizationEvent::SettingsChanged { changes: vec![to_zurich().reversed()] };
    let reversal = given([founded(), changed.clone()]).reversing(&changed).unwrap();
    assert_eq!(reversal, Reversal { events: vec![back], kept: Vec::new() });
    let since = SettingChange::TimeZone { was: "Europe/Zurich".into(), now: "Asia/Tokyo".into() };
    let since = OrganizationEvent::SettingsChanged { changes: vec![since] };
    let reversal = given([founded(), changed.clone(), since]).reversing(&changed).unwrap();
    assert_eq!(reversal, Reversal { events: Vec::new(), kept: vec!["time_zone"] });
}

#[test]
fn who_closes_an_organization_types_its_name() {
    let close = |name: &str| OrganizationCommand::Close { name: name.into() };
    given([founded()]).when(close("acme")).then_invalid(&[("/name", "name_mismatch")]);
    let closed = given([founded()]).when(close("Acme")).then(&[OrganizationEvent::Closed {}]);
    let maintenance = SettingsPatch { maintenance: Some(true), ..SettingsPatch::default() };
    given([founded(), OrganizationEvent::Closed {}])
        .when(change(maintenance))
        .then_refused(OrganizationError::Closed);
    let open = closed.when(OrganizationCommand::Reopen).then(&[OrganizationEvent::Reopened {}]);
    assert!(!open.state.closed);
}
