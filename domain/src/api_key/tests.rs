use super::{ApiKey, ApiKeyCommand, ApiKeyError, ApiKeyEvent, NewKey};
use crate::ids::{MemberId, UserId};
use crate::kernel::testing::{given, stored, survives_storage};
use chrono::{DateTime, NaiveDate, TimeDelta};
use std::collections::BTreeSet;
use uuid::Uuid;

fn key() -> NewKey {
    NewKey {
        user: UserId(Uuid::from_u128(1)),
        member: MemberId(Uuid::from_u128(2)),
        name: "Website".into(),
        scopes: BTreeSet::from(["contacts:read".into(), "contacts:create".into()]),
        expires_at: DateTime::UNIX_EPOCH + TimeDelta::days(30),
    }
}

fn created() -> ApiKeyEvent {
    let NewKey { user, member, name, scopes, expires_at } = key();
    ApiKeyEvent::Created { user, member, scopes, expires_at, name: Some(name) }
}

#[test]
fn a_key_is_made_used_and_revoked() {
    let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    let made = given::<ApiKey>([]).when(ApiKeyCommand::Create(key())).then(&[created()]);
    assert_eq!(made.state.permissions().len(), 2);
    let used = made.when(ApiKeyCommand::Use(day)).then(&[ApiKeyEvent::Used { day }]);
    let revoked = used.when(ApiKeyCommand::Revoke).then(&[ApiKeyEvent::Revoked {}]);
    revoked.when(ApiKeyCommand::Use(day)).then_refused(ApiKeyError::Revoked);
    given::<ApiKey>([]).when(ApiKeyCommand::Revoke).then_refused(ApiKeyError::NotFound);
    let other = NewKey { member: MemberId(Uuid::from_u128(9)), ..key() };
    given::<ApiKey>([created()])
        .when(ApiKeyCommand::Create(other))
        .then_refused(ApiKeyError::AlreadyExists);
}

#[test]
fn every_fault_of_a_key_is_named() {
    let bad = NewKey {
        name: " ".into(),
        scopes: BTreeSet::from(["contacts:fly".into()]),
        expires_at: DateTime::UNIX_EPOCH,
        ..key()
    };
    given::<ApiKey>([]).when(ApiKeyCommand::Create(bad)).then_invalid(&[
        ("/name", "missing"),
        ("/scopes", "no_such_permission"),
        ("/expires_at", "out_of_range"),
    ]);
    let for_ever = NewKey { expires_at: DateTime::UNIX_EPOCH + TimeDelta::days(367), ..key() };
    given::<ApiKey>([])
        .when(ApiKeyCommand::Create(for_ever))
        .then_invalid(&[("/expires_at", "out_of_range")]);
    let nothing = NewKey { scopes: BTreeSet::new(), ..key() };
    given::<ApiKey>([])
        .when(ApiKeyCommand::Create(nothing))
        .then_invalid(&[("/scopes", "no_such_permission")]);
}

#[test]
fn a_key_survives_storage_and_the_erasure_of_its_name() {
    survives_storage(ApiKey::default(), &created());
    let erased = given::<ApiKey>([stored(&created()).1]).state;
    assert_eq!((erased.name, erased.scopes.len()), (None, 2));
}
