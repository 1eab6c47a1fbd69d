use super::{TeamCommand, TeamError, TeamEvent, Teams};
use crate::ids::{MemberId, TeamId};
use crate::kernel::testing::{self, Given, survives_storage};
use std::collections::BTreeSet;
use uuid::Uuid;

const NORTH: TeamId = TeamId(Uuid::from_u128(1));
const SOUTH: TeamId = TeamId(Uuid::from_u128(2));
const ANA: MemberId = MemberId(Uuid::from_u128(10));
const BEN: MemberId = MemberId(Uuid::from_u128(11));
const EVA: MemberId = MemberId(Uuid::from_u128(12));

fn given(events: impl IntoIterator<Item = TeamEvent>) -> Given<Teams> {
    testing::given(events)
}

fn made(id: TeamId, name: &str) -> TeamEvent {
    TeamEvent::Created { id, name: name.to_owned() }
}

fn with(id: TeamId, added: &[MemberId]) -> TeamEvent {
    TeamEvent::MembersChanged { id, added: added.to_vec(), removed: Vec::new() }
}

fn set(id: TeamId, members: &[MemberId]) -> TeamCommand {
    TeamCommand::SetMembers { id, members: members.iter().copied().collect() }
}

#[test]
fn a_team_has_a_name_of_its_own() {
    let create = |id, name: &str| TeamCommand::Create { id, name: name.to_owned() };
    given([]).when(create(NORTH, " North ")).then(&[made(NORTH, "North")]);
    let north = || given([made(NORTH, "North")]);
    north().when(create(SOUTH, "NORTH")).then_refused(TeamError::Duplicate);
    north().when(create(NORTH, "South")).then_refused(TeamError::AlreadyExists);
    given([]).when(create(NORTH, "")).then_invalid(&[("/name", "missing")]);
    let rename = |name: &str| TeamCommand::Rename { id: NORTH, name: name.to_owned() };
    let renamed = TeamEvent::Renamed { id: NORTH, was: "North".into(), now: "Nord".into() };
    north().when(rename("Nord")).then(&[renamed]);
    given([]).when(rename("Nord")).then_refused(TeamError::NotFound);
}

#[test]
fn members_come_and_go() {
    let event = TeamEvent::MembersChanged { id: NORTH, added: vec![EVA], removed: vec![ANA] };
    let teams = given([made(NORTH, "North"), with(NORTH, &[ANA, BEN])])
        .when(set(NORTH, &[BEN, EVA]))
        .then(&[event]);
    assert_eq!(teams.state.teams[&NORTH].members, BTreeSet::from([BEN, EVA]));
    let crowd: Vec<_> = (0..501).map(|n| MemberId(Uuid::from_u128(n))).collect();
    given([made(NORTH, "North")]).when(set(NORTH, &crowd)).then_refused(TeamError::TooLarge);
}

#[test]
fn who_joins_the_organization_is_let_into_a_team_if_it_is_there_and_has_room() {
    let welcome = |member| TeamCommand::Welcome { id: NORTH, member };
    let north = || given([made(NORTH, "North"), with(NORTH, &[BEN])]);
    north().when(welcome(ANA)).then(&[with(NORTH, &[ANA])]);
    north().when(welcome(BEN)).then_nothing();
    given([made(NORTH, "North"), TeamEvent::Deleted { id: NORTH }])
        .when(welcome(ANA))
        .then_nothing();
    given([]).when(welcome(ANA)).then_nothing();
    let crowd: Vec<_> = (100..600).map(|n| MemberId(Uuid::from_u128(n))).collect();
    given([made(NORTH, "North"), with(NORTH, &crowd)]).when(welcome(ANA)).then_nothing();
}

#[test]
fn mates_are_the_members_of_all_ones_teams_that_are_not_deleted() {
    let events = [
        made(NORTH, "North"),
        made(SOUTH, "South"),
        with(NORTH, &[ANA, BEN]),
        with(SOUTH, &[ANA, EVA]),
    ];
    let teams = given(events);
    assert_eq!(teams.state.mates(ANA), BTreeSet::from([ANA, BEN, EVA]));
    assert_eq!(teams.state.mates(BEN), BTreeSet::from([ANA, BEN]));
    let deleted = TeamEvent::Deleted { id: SOUTH };
    let teams = teams.when(TeamCommand::Delete(SOUTH)).then(&[deleted]);
    assert_eq!(teams.state.mates(ANA), BTreeSet::from([ANA, BEN]));
    assert_eq!(teams.state.mates(EVA), BTreeSet::new());
    let restored = TeamEvent::Restored { id: SOUTH };
    let teams = teams.when(TeamCommand::Restore(SOUTH)).then(&[restored]);
    assert_eq!(teams.state.mates(EVA), BTreeSet::from([ANA, EVA]));
}

#[test]
fn a_deleted_team_is_not_changed_and_its_name_is_free() {
    let deleted = || given([made(NORTH, "North"), TeamEvent::Deleted { id: NORTH }]);
    deleted().when(set(NORTH, &[ANA])).then_refused(TeamError::Deleted);
    let again = TeamCommand::Create { id: SOUTH, name: "North".into() };
    deleted()
        .when(again)
        .then(&[made(SOUTH, "North")])
        .when(TeamCommand::Restore(NORTH))
        .then_refused(TeamError::Duplicate);
}

#[test]
fn every_event_survives_storage() {
    for event in [
        made(NORTH, "North \"ä\""),
        TeamEvent::Renamed { id: NORTH, was: "a".into(), now: "b".into() },
        TeamEvent::MembersChanged { id: NORTH, added: vec![ANA], removed: vec![BEN, EVA] },
        TeamEvent::Deleted { id: NORTH },
        TeamEvent::Restored { id: NORTH },
    ] {
        survives_storage(Teams::default(), &event);
        assert!(given([]).reversing(&event).is_err());
    }
}
