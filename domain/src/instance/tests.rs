use super::{Instance, InstanceCommand, InstanceEvent, SignUpMode};
use crate::ids::UserId;
use crate::kernel::testing::{self, Given, survives_storage};
use uuid::Uuid;

const ANA: UserId = UserId(Uuid::from_u128(2));

fn given(events: impl IntoIterator<Item = InstanceEvent>) -> Given<Instance> {
    testing::given(events)
}

#[test]
fn what_was_never_said_is_left_to_the_configuration() {
    assert_eq!(given([]).state.sign_up, None);
    let closed = InstanceEvent::SignUpChanged { was: None, now: SignUpMode::Closed };
    let said = given([]).when(InstanceCommand::SetSignUp(SignUpMode::Closed)).then(&[closed]);
    let open =
        InstanceEvent::SignUpChanged { was: Some(SignUpMode::Closed), now: SignUpMode::Open };
    let said = said.when(InstanceCommand::SetSignUp(SignUpMode::Open)).then(&[open]);
    assert_eq!(said.state.sign_up, Some(SignUpMode::Open));
}

#[test]
fn maintenance_begins_and_ends() {
    given([]).when(InstanceCommand::SetMaintenance(false)).then_nothing();
    let begun = given([])
        .when(InstanceCommand::SetMaintenance(true))
        .then(&[InstanceEvent::MaintenanceStarted {}]);
    let ended = begun
        .when(InstanceCommand::SetMaintenance(false))
        .then(&[InstanceEvent::MaintenanceEnded {}]);
    assert!(!ended.state.maintenance);
}

#[test]
fn administrators_come_and_go() {
    let added = InstanceEvent::AdministratorAdded { user: ANA };
    let there = given([]).when(InstanceCommand::AddAdministrator(ANA)).then(&[added]);
    assert!(there.state.administrators.contains(&ANA));
    let removed = InstanceEvent::AdministratorRemoved { user: ANA };
    let gone = there.when(InstanceCommand::RemoveAdministrator(ANA)).then(&[removed]);
    gone.when(InstanceCommand::RemoveAdministrator(ANA)).then_nothing();
}

#[test]
fn every_event_survives_storage() {
    for mode in SignUpMode::ALL {
        assert_eq!(SignUpMode::parse(mode.as_str()), Some(mode));
        let event = InstanceEvent::SignUpChanged { was: None, now: mode };
        survives_storage(Instance::default(), &event);
    }
    for event in [
        InstanceEvent::MaintenanceStarted {},
        InstanceEvent::MaintenanceEnded {},
        InstanceEvent::AdministratorAdded { user: ANA },
        InstanceEvent::AdministratorRemoved { user: ANA },
    ] {
        survives_storage(Instance::default(), &event);
    }
}
