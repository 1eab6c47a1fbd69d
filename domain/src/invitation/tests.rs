use super::{Invitation, InvitationCommand, InvitationError, InvitationEvent, Offer, Status};
use crate::access::ProfileKind;
use crate::ids::{MemberId, RoleId, TeamId, UserId};
use crate::kernel::testing::{self, Given, survives_storage};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The moment at which the tests decide.
const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

const FIRST: Uuid = Uuid::from_u128(1);
const SECOND: Uuid = Uuid::from_u128(2);
const USER: UserId = UserId(Uuid::from_u128(3));
const MEMBER: MemberId = MemberId(Uuid::from_u128(4));
const TEAM: TeamId = TeamId(Uuid::from_u128(5));
const ROLE: RoleId = RoleId(Uuid::from_u128(6));

fn given(events: impl IntoIterator<Item = InvitationEvent>) -> Given<Invitation> {
    testing::given(events)
}

/// After the moment at which the tests decide.
fn later() -> DateTime<Utc> {
    NOW + TimeDelta::days(7)
}

fn offer() -> Offer {
    Offer {
        email: "Ana@Example.com ".into(),
        display_name: Some(" Ana  Lima".into()),
        profile: ProfileKind::Staff,
        roles: BTreeSet::from([ROLE]),
        team: Some(TEAM),
    }
}

fn create(offer: Offer) -> InvitationCommand {
    InvitationCommand::Create { offer, token: FIRST, expires_at: later() }
}

fn created(expires_at: DateTime<Utc>) -> InvitationEvent {
    InvitationEvent::Created {
        profile: ProfileKind::Staff,
        roles: BTreeSet::from([ROLE]),
        team: Some(TEAM),
        token: FIRST,
        expires_at,
        email: Some("Ana@example.com".into()),
        display_name: Some("Ana Lima".into()),
    }
}

fn resent() -> InvitationEvent {
    InvitationEvent::Resent { token: SECOND, expires_at: later() }
}

/// An invitation with another token.
fn other() -> InvitationEvent {
    let InvitationEvent::Created { profile, roles, team, expires_at, email, display_name, .. } =
        created(later())
    else {
        unreachable!("it is created")
    };
    let token = SECOND;
    InvitationEvent::Created { profile, roles, team, token, expires_at, email, display_name }
}

fn accept(token: Uuid) -> InvitationCommand {
    InvitationCommand::Accept { token, user: USER, member: MEMBER }
}

fn accepted() -> InvitationEvent {
    InvitationEvent::Accepted { user: USER, member: MEMBER }
}

#[test]
fn somebody_is_invited_and_accepts() {
    let state = given([]).when(create(offer())).then(&[created(later())]).state;
    assert_eq!(state.status(NOW), Some(Status::Pending));
    assert_eq!(state.status(later()), Some(Status::Expired));
    let state = given([created(later())]).when(accept(FIRST)).then(&[accepted()]).state;
    assert_eq!(state.status(later()), Some(Status::Accepted));
    assert_eq!(state.member, Some(MEMBER));
}

#[test]
fn all_faults_of_an_offer_are_named() {
    let wrong = Offer {
        email: "ana".into(),
        display_name: Some(" ".into()),
        profile: ProfileKind::Client,
        roles: (0..21).map(|n| RoleId(Uuid::from_u128(n))).collect(),
        team: Some(TEAM),
    };
    given([]).when(create(wrong)).then_invalid(&[
        ("/email", "invalid_email"),
        ("/display_name", "missing"),
        ("/roles", "too_many"),
        ("/profile", "not_for_clients"),
        ("/team", "staff_only"),
    ]);
    let vendor = Offer { profile: ProfileKind::Vendor, team: None, display_name: None, ..offer() };
    let made = given([]).when(create(vendor)).then_state();
    assert_eq!(made.display_name, None);
}

#[test]
fn another_link_takes_the_place_of_the_first_and_lasts_from_then_on() {
    let resend = InvitationCommand::Resend { token: SECOND, expires_at: later() };
    let past = created(NOW);
    given([past.clone()]).when(accept(FIRST)).then_refused(InvitationError::Expired);
    let state = given([past.clone()]).when(resend.clone()).then(&[resent()]).state;
    assert_eq!(state.status(NOW), Some(Status::Pending));
    given([past.clone(), resent()]).when(accept(FIRST)).then_refused(InvitationError::Expired);
    given([past.clone(), resent()]).when(accept(SECOND)).then(&[accepted()]);
    given([past, resent()]).when(resend).then_nothing();
}

#[test]
fn what_was_withdrawn_or_accepted_is_over() {
    let withdraw = InvitationCommand::Withdraw;
    let resend = InvitationCommand::Resend { token: SECOND, expires_at: later() };
    let gone = [created(later()), InvitationEvent::Withdrawn {}];
    let state = given([created(later())]).when(withdraw.clone()).then(&gone[1..]).state;
    assert_eq!(state.status(NOW), Some(Status::Withdrawn));
    given(gone.clone()).when(withdraw.clone()).then_nothing();
    given(gone.clone()).when(accept(FIRST)).then_refused(InvitationError::Withdrawn);
    given(gone).when(resend.clone()).then_refused(InvitationError::Withdrawn);
    let done = [created(later()), accepted()];
    let somebody = MemberId(Uuid::from_u128(9));
    let by_others = InvitationCommand::Accept { token: FIRST, user: USER, member: somebody };
    for command in [withdraw, by_others, resend] {
        given(done.clone()).when(command).then_refused(InvitationError::Accepted);
    }
}

#[test]
fn nothing_is_done_with_an_invitation_that_there_is_not() {
    let resend = InvitationCommand::Resend { token: SECOND, expires_at: later() };
    for command in [InvitationCommand::Withdraw, accept(FIRST), resend] {
        given([]).when(command).then_refused(InvitationError::NotFound);
    }
    given([other()]).when(create(offer())).then_refused(InvitationError::AlreadyExists);
    assert_eq!(Invitation::default().status(NOW), None);
}

#[test]
fn every_event_survives_storage() {
    let nameless = InvitationEvent::Created {
        profile: ProfileKind::Vendor,
        roles: BTreeSet::new(),
        team: None,
        token: SECOND,
        expires_at: later(),
        email: Some("b@example.com".into()),
        display_name: None,
    };
    let events = [created(later()), nameless, resent(), InvitationEvent::Withdrawn {}, accepted()];
    for event in events {
        survives_storage(Invitation::default(), &event);
        assert!(given([]).reversing(&event).is_err());
    }
}
