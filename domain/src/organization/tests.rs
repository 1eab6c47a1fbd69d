use super::{Organization, OrganizationCommand, OrganizationError, OrganizationEvent};
use crate::ids::{MemberId, OrganizationId, UserId};
use crate::kernel::aggregate::Reversal;
use crate::kernel::testing::{self, Given, survives_storage};
use proptest::prelude::*;
use uuid::Uuid;

const ACME: OrganizationId = OrganizationId(Uuid::from_u128(1));
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
