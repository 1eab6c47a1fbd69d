//! Built-in roles of organizations that an earlier build founded.

use crate::support::World;
use commands::access::Access;
use domain::ids::{OrganizationId, SubjectId};
use domain::role::{self, Builtin, Role, RoleEvent};
use std::sync::Arc;
use store::{
    ActorKind, Append, EventLog as _, Expected, LogId, NewEvent, PrivateMeta, StreamAppend,
    StreamId,
};
use uuid::Uuid;

/// An organization whose salespeople were made by a build without exports.
async fn older(world: &World) -> OrganizationId {
    let log = world.test.log();
    let roles = role::stream_id(world.organization).into();
    let known = log.read_stream(world.log(), roles, 0, 1).await.unwrap();
    let meta = Arc::new(known[0].meta().unwrap());
    let organization = OrganizationId(Uuid::now_v7());
    let id = Builtin::Sales.id(organization);
    let Role { title, builtin, mut permissions, fields, .. } = Role::builtin(Builtin::Sales);
    permissions.remove("contacts:export").unwrap();
    let made = RoleEvent::Created { id, title, builtin, permissions, fields };
    let stream = role::stream_id(organization);
    let now = commands::Clock::now(&*world.clock);
    let private = PrivateMeta::default();
    let event = NewEvent::encode(&made, SubjectId(stream), meta, &private, now).unwrap();
    let stream = StreamId(stream);
    let streams = vec![StreamAppend { stream, expected: Expected::NoStream, events: vec![event] }];
    log.create_log(organization.into(), false).await.unwrap();
    let append = Append { command_id: None, fingerprint: None, streams };
    log.append(organization.into(), append).await.unwrap();
    organization
}

#[tokio::test]
async fn organizations_of_an_earlier_build_gain_what_is_new_once() {
    let world = World::new().await;
    let organization = older(&world).await;
    let log = LogId::from(organization);
    let access = Access::new(world.commands.clone());
    let head = async |log| world.commands.log().head(log).await.unwrap().position;
    let ours = head(world.log()).await;
    // Two processes that start at once.
    let (one, other) = tokio::join!(access.raise_defaults(), async {
        Access::new(world.other_process()).raise_defaults().await
    },);
    one.unwrap();
    other.unwrap();
    let roles = access.roles(organization).await.unwrap();
    let sales = roles.state.get(organization, Builtin::Sales.id(organization)).unwrap();
    assert_eq!(sales.permissions, Role::builtin(Builtin::Sales).permissions);
    assert_eq!(head(log).await, 2);
    assert_eq!(head(world.log()).await, ours, "what is of this build is left alone");
    let events = world.commands.log().read_stream(log, roles.stream, 1, 9).await.unwrap();
    let meta = events[0].meta().unwrap();
    assert_eq!(events[0].event_type, "role.defaults_raised");
    assert_eq!((meta.actor.kind, &*meta.action_kind), (ActorKind::System, "raise_defaults"));
    access.raise_defaults().await.unwrap();
    assert_eq!(head(log).await, 2);
}
