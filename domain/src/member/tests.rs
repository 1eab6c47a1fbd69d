use super::{Member, MemberCommand, MemberError, MemberEvent, ReachLevel};
use crate::ids::{MemberId, UserId};
use crate::kernel::testing::{self, Given, stored, survives_storage};
use crate::reach::Reach;
use proptest::prelude::*;
use uuid::Uuid;

const ANA: UserId = UserId(Uuid::from_u128(1));
const BEN: UserId = UserId(Uuid::from_u128(2));
const SELF: MemberId = MemberId(Uuid::from_u128(10));
const MATE: MemberId = MemberId(Uuid::from_u128(11));
const BOSS: MemberId = MemberId(Uuid::from_u128(9));

fn given(events: impl IntoIterator<Item = MemberEvent>) -> Given<Member> {
    testing::given(events)
}

fn add(user: UserId, name: &str) -> MemberCommand {
    MemberCommand::Add { user, display_name: name.into(), owner: true, reach: ReachLevel::All }
}

fn ana() -> MemberEvent {
    MemberEvent::Added {
        user: ANA,
        owner: true,
        reach: ReachLevel::All,
        display_name: Some("Ana Lima".into()),
    }
}

fn reach(level: ReachLevel, team: &[MemberId]) -> MemberCommand {
    MemberCommand::SetReach { level, team: team.to_vec() }
}

#[test]
fn a_user_becomes_a_member_under_the_name_used_here() {
    let member = given([]).when(add(ANA, " Ana  Lima ")).then(&[ana()]).state;
    assert_eq!(member.user, Some(ANA));
    assert_eq!(member.display_name.as_deref(), Some("Ana Lima"));
    assert!(member.owner);
    assert_eq!(member.reach(SELF), Reach::All);
}

#[test]
fn a_name_that_cannot_be_read_is_refused() {
    for (name, code) in [("", "missing"), ("\u{200b}", "missing"), ("a\0", "control_character")] {
        given([]).when(add(ANA, name)).then_invalid(&[("/display_name", code)]);
    }
    given([]).when(add(ANA, &"x".repeat(201))).then_invalid(&[("/display_name", "too_long")]);
}

#[test]
fn a_profile_belongs_to_one_user() {
    given([ana()]).when(add(BEN, "Ben")).then_refused(MemberError::AlreadyExists);
    given([ana()]).when(add(ANA, "Ana Lima")).then_nothing();
}

#[test]
fn reach_is_widened_and_narrowed() {
    let team = MemberEvent::ReachChanged {
        was: ReachLevel::All,
        now: ReachLevel::Team,
        team: vec![BOSS, MATE],
    };
    let member = given([ana()]).when(reach(ReachLevel::Team, &[MATE, BOSS, MATE])).then(&[team]);
    assert_eq!(member.state.reach(SELF), Reach::Team(vec![BOSS, SELF, MATE]));
    let own =
        MemberEvent::ReachChanged { was: ReachLevel::Team, now: ReachLevel::Own, team: Vec::new() };
    let member = member.when(reach(ReachLevel::Own, &[MATE])).then(&[own]);
    assert_eq!(member.state.reach(SELF), Reach::Own(SELF));
}

#[test]
fn the_same_team_in_another_order_is_no_change() {
    given([ana()])
        .when(reach(ReachLevel::Team, &[MATE, BOSS]))
        .then_each_time(&[MemberEvent::ReachChanged {
            was: ReachLevel::All,
            now: ReachLevel::Team,
            team: vec![BOSS, MATE],
        }])
        .0
        .when(reach(ReachLevel::Team, &[BOSS, MATE]))
        .then_nothing();
    given([ana()]).when(reach(ReachLevel::All, &[MATE])).then_nothing();
}

#[test]
fn nobody_has_rights_before_they_are_a_member() {
    given([]).when(reach(ReachLevel::All, &[])).then_refused(MemberError::NotFound);
    assert_eq!(Member::default().reach(SELF), Reach::Own(SELF));
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
    prop_oneof![
        (id(), any::<bool>(), level(), proptest::option::of(any::<String>())).prop_map(
            |(user, owner, reach, display_name)| {
                MemberEvent::Added { user: UserId(user), owner, reach, display_name }
            }
        ),
        (level(), level(), proptest::collection::vec(id().prop_map(MemberId), 0..4))
            .prop_map(|(was, now, team)| MemberEvent::ReachChanged { was, now, team }),
    ]
}

proptest! {
    #[test]
    fn every_event_survives_storage(event in event()) {
        survives_storage(Member::default(), &event);
    }
}
