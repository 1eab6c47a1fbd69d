use super::{Member, MemberCommand, MemberError, MemberEvent, MemberState};
use crate::access::ProfileKind;
use crate::ids::{ContactId, MemberId, OrganizationId, RoleId, UserId, ViewId};
use crate::kernel::testing::{self, Given, stored, survives_storage};
use crate::reach::ReachLevel;
use crate::role::Builtin;
use proptest::collection::btree_set;
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

const ACME: OrganizationId = OrganizationId(Uuid::from_u128(5));
const ANA: UserId = UserId(Uuid::from_u128(1));
const BEN: UserId = UserId(Uuid::from_u128(2));
const SOME: RoleId = RoleId(Uuid::from_u128(20));
const OTHER: RoleId = RoleId(Uuid::from_u128(21));
const CARD: ContactId = ContactId(Uuid::from_u128(30));

fn given(events: impl IntoIterator<Item = MemberEvent>) -> Given<Member> {
    testing::given(events)
}

fn join(user: UserId, name: &str) -> MemberCommand {
    MemberCommand::Join {
        user,
        display_name: name.into(),
        roles: BTreeSet::from([SOME]),
        profile: ProfileKind::Staff,
        contact: None,
    }
}

fn ana() -> MemberEvent {
    MemberEvent::Joined {
        user: ANA,
        roles: BTreeSet::from([SOME]),
        profile: ProfileKind::Staff,
        contact: None,
        display_name: Some("Ana Lima".into()),
    }
}

fn roles(roles: &[RoleId]) -> MemberCommand {
    MemberCommand::SetRoles { organization: ACME, roles: roles.iter().copied().collect() }
}

#[test]
fn a_user_becomes_a_member_under_the_name_used_here() {
    let member = given([]).when(join(ANA, " Ana  Lima ")).then(&[ana()]).state;
    assert_eq!(member.user, Some(ANA));
    assert_eq!(member.display_name.as_deref(), Some("Ana Lima"));
    assert_eq!(member.roles(ACME), BTreeSet::from([SOME]));
    assert!(member.is_active() && member.takes_records());
}

#[test]
fn a_name_that_cannot_be_read_is_refused() {
    for (name, code) in [("", "missing"), ("\u{200b}", "missing"), ("a\0", "control_character")] {
        given([]).when(join(ANA, name)).then_invalid(&[("/display_name", code)]);
        let rename = MemberCommand::Rename(name.into());
        given([ana()]).when(rename).then_invalid(&[("/display_name", code)]);
    }
    given([]).when(join(ANA, &"x".repeat(201))).then_invalid(&[("/display_name", "too_long")]);
}

#[test]
fn a_profile_belongs_to_one_user() {
    given([ana()]).when(join(BEN, "Ben")).then_refused(MemberError::AlreadyExists);
    given([ana()]).when(join(ANA, "Ana Lima")).then_nothing();
}

#[test]
fn a_client_is_a_contact_and_nobody_else_is() {
    let join = |profile, contact| MemberCommand::Join {
        user: ANA,
        display_name: "Ana".into(),
        roles: BTreeSet::new(),
        profile,
        contact,
    };
    let mismatch = || MemberError::ContactMismatch;
    given([]).when(join(ProfileKind::Client, None)).then_refused(mismatch());
    given([]).when(join(ProfileKind::Staff, Some(CARD))).then_refused(mismatch());
    let client = given([]).when(join(ProfileKind::Client, Some(CARD))).then_state();
    assert_eq!(client.contact, Some(CARD));
    assert!(!client.takes_records());
}

#[test]
fn a_change_of_roles_says_what_was_and_what_is() {
    let changed = MemberEvent::RolesChanged {
        was: BTreeSet::from([SOME]),
        now: BTreeSet::from([SOME, OTHER]),
    };
    let member = given([ana()]).when(roles(&[OTHER, SOME])).then(&[changed]).state;
    assert_eq!(member.roles(ACME), BTreeSet::from([SOME, OTHER]));
    given([ana()]).when(roles(&[SOME])).then_nothing();
    given([]).when(roles(&[SOME])).then_refused(MemberError::NotFound);
    let many: Vec<_> = (0..21).map(|n| RoleId(Uuid::from_u128(n))).collect();
    given([ana()]).when(roles(&many)).then_invalid(&[("/roles", "too_many")]);
}

#[test]
fn a_membership_is_suspended_ended_and_begun_again() {
    let out = given([ana()]).when(MemberCommand::Deactivate).then(&[MemberEvent::Deactivated {}]);
    assert!(!out.state.is_active());
    let back = out.when(MemberCommand::Reactivate).then(&[MemberEvent::Reactivated {}]);
    let gone = back.when(MemberCommand::Remove).then(&[MemberEvent::Removed {}]);
    assert_eq!(gone.state.state, MemberState::Removed);
    for command in [
        MemberCommand::Reactivate,
        MemberCommand::Deactivate,
        MemberCommand::Rename("X".into()),
        roles(&[OTHER]),
    ] {
        given([ana(), MemberEvent::Removed {}]).when(command).then_refused(MemberError::Removed);
    }
    let again = gone.when(join(ANA, "Ana Lima")).then(&[ana()]);
    assert!(again.state.is_active());
    for command in [MemberCommand::Deactivate, MemberCommand::Remove] {
        given([]).when(command).then_refused(MemberError::NotFound);
    }
}

#[test]
fn each_help_with_a_password_is_told() {
    for (command, event) in [
        (MemberCommand::NotePassword, MemberEvent::PasswordSet {}),
        (
            MemberCommand::NotePasswordLink { mailed: true },
            MemberEvent::PasswordLinkMade { mailed: true },
        ),
    ] {
        let once = [event];
        let (again, command) = given([ana()]).when(command).then_each_time(&once);
        again.when(command.clone()).then_each_time(&once);
        given([]).when(command.clone()).then_refused(MemberError::NotFound);
        given([ana(), MemberEvent::Removed {}]).when(command).then_refused(MemberError::Removed);
    }
}

#[test]
fn a_member_sees_each_list_from_the_start_as_they_chose() {
    let (one, other) = (ViewId(Uuid::from_u128(40)), ViewId(Uuid::from_u128(41)));
    let choose = |view| MemberCommand::ChooseView { record_type: "contacts".into(), view };
    let chosen =
        |was, now| MemberEvent::DefaultViewChosen { record_type: "contacts".into(), was, now };
    given([ana()]).when(choose(Some(one))).then(&[chosen(None, Some(one))]);
    let before = || given([ana(), chosen(None, Some(one))]);
    before().when(choose(Some(one))).then_nothing();
    before().when(choose(Some(other))).then(&[chosen(Some(one), Some(other))]);
    before().when(choose(None)).then(&[chosen(Some(one), None)]);
    given([ana()]).when(choose(None)).then_nothing();
    given([ana(), MemberEvent::Removed {}]).when(choose(None)).then_refused(MemberError::Removed);
}

#[test]
fn a_member_is_called_otherwise() {
    let renamed =
        MemberEvent::Renamed { was: Some("Ana Lima".into()), now: Some("Ana Costa".into()) };
    let member = given([ana()]).when(MemberCommand::Rename("Ana  Costa".into())).then(&[renamed]);
    assert_eq!(member.state.display_name.as_deref(), Some("Ana Costa"));
}

#[test]
fn roles_take_the_place_of_rights_from_before_there_were_any() {
    let added =
        MemberEvent::Added { user: ANA, owner: false, reach: ReachLevel::Own, display_name: None };
    let sales = Builtin::Sales.id(ACME);
    let changed =
        MemberEvent::RolesChanged { was: BTreeSet::from([sales]), now: BTreeSet::from([sales]) };
    let member = given([added]).when(roles(&[sales])).then(&[changed]).state;
    assert_eq!(member.legacy_level(), None);
}

#[test]
fn rights_are_not_undone() {
    assert!(given([ana()]).reversing(&ana()).is_err());
}

#[test]
fn an_erased_member_keeps_their_place_but_not_their_name() {
    let member = given([stored(&ana()).1]).state;
    assert_eq!((member.user, member.display_name), (Some(ANA), None));
}

fn level() -> impl Strategy<Value = ReachLevel> {
    prop_oneof![Just(ReachLevel::All), Just(ReachLevel::Team), Just(ReachLevel::Own)]
}

fn event() -> impl Strategy<Value = MemberEvent> {
    let id = || any::<u128>().prop_map(Uuid::from_u128);
    let name = || proptest::option::of(any::<String>());
    let roles = || btree_set(id().prop_map(RoleId), 0..4);
    let contact = proptest::option::of(id().prop_map(ContactId));
    prop_oneof![
        (id(), any::<bool>(), level(), name()).prop_map(|(user, owner, reach, display_name)| {
            MemberEvent::Added { user: UserId(user), owner, reach, display_name }
        }),
        (level(), level(), proptest::collection::vec(id().prop_map(MemberId), 0..4))
            .prop_map(|(was, now, team)| MemberEvent::ReachChanged { was, now, team }),
        (id(), roles(), contact, name()).prop_map(|(user, roles, contact, display_name)| {
            let profile = ProfileKind::Client;
            MemberEvent::Joined { user: UserId(user), roles, profile, contact, display_name }
        }),
        (roles(), roles()).prop_map(|(was, now)| MemberEvent::RolesChanged { was, now }),
        (name(), name()).prop_map(|(was, now)| MemberEvent::Renamed { was, now }),
        Just(MemberEvent::Deactivated {}),
        Just(MemberEvent::Reactivated {}),
        Just(MemberEvent::Removed {}),
        any::<bool>().prop_map(|mailed| MemberEvent::PasswordLinkMade { mailed }),
        Just(MemberEvent::PasswordSet {}),
    ]
}

proptest! {
    #[test]
    fn every_event_survives_storage(event in event()) {
        survives_storage(Member::default(), &event);
    }
}
