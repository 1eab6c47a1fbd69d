use super::*;
use crate::catalogue::Catalogue as _;
use crate::contact::ContactFields;
use crate::ids::ContactId;
use crate::kernel::aggregate::Aggregate;
use chrono::DateTime;
use uuid::Uuid;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn holder(number: u128) -> Holder {
    Holder { user: UserId(id(number)), member: MemberId(id(100 + number)) }
}

fn offer(email: Option<&str>) -> ClientAccountCommand {
    let offer = Offer { token: id(7), email: email.map(str::to_owned) };
    ClientAccountCommand::Offer { contact: ContactId(id(1)), offer }
}

fn open(number: u128) -> ClientAccountCommand {
    ClientAccountCommand::Open { contact: ContactId(id(1)), holder: holder(number) }
}

fn after<A: Aggregate>(commands: Vec<A::Command>) -> A {
    commands.into_iter().fold(A::default(), |state, command| {
        let events = state.decide(command, DateTime::UNIX_EPOCH).unwrap();
        events.into_iter().fold(state, A::evolve)
    })
}

fn refused(state: &ClientAccount, command: ClientAccountCommand) -> ClientAccountError {
    state.decide(command, DateTime::UNIX_EPOCH).unwrap_err()
}

fn adds_nothing<A: Aggregate>(state: &A, command: A::Command) -> bool {
    state.decide(command, DateTime::UNIX_EPOCH).unwrap().is_empty()
}

#[test]
fn a_contact_has_one_account_and_whoever_was_first_has_it() {
    let account: ClientAccount = after(vec![offer(Some("ana@example.org")), open(1)]);
    assert_eq!((&account.offer, account.holder), (&None, Some(holder(1))));
    assert!(adds_nothing(&account, open(1)), "opening it again is already so");
    assert_eq!(refused(&account, open(2)), ClientAccountError::Exists);
    assert_eq!(refused(&account, offer(None)), ClientAccountError::Exists);
    let again: ClientAccount = after(vec![open(1), ClientAccountCommand::Close, open(2)]);
    assert_eq!(again.holder, Some(holder(2)));
}

#[test]
fn an_offer_is_repeated_replaced_and_taken_back() {
    let offered: ClientAccount = after(vec![offer(None)]);
    assert!(adds_nothing(&offered, offer(None)));
    assert!(!adds_nothing(&offered, offer(Some("ana@example.org"))));
    let withdrawn: ClientAccount = after(vec![offer(None), ClientAccountCommand::Close]);
    assert_eq!(withdrawn, ClientAccount::default());
    assert_eq!(refused(&withdrawn, ClientAccountCommand::Close), ClientAccountError::Absent);
}

#[test]
fn only_who_has_an_account_gets_a_link_for_a_new_password() {
    let reset = ClientAccountCommand::OfferReset { token: id(9) };
    let offered: ClientAccount = after(vec![offer(None)]);
    assert_eq!(refused(&offered, reset.clone()), ClientAccountError::Absent);
    let open: ClientAccount = after(vec![open(1), reset.clone()]);
    assert!(adds_nothing(&open, reset));
}

#[test]
fn a_registration_is_asked_for_once_and_confirmed_once() {
    let registrant = Registrant {
        email: "ana@example.org".into(),
        full_name: "Ana".into(),
        phone: None,
        company_name: None,
    };
    let ask = RegistrationCommand::Ask(registrant.clone());
    let confirm =
        RegistrationCommand::Confirm { member: MemberId(id(1)), contact: ContactId(id(2)) };
    let absent = Registration::default();
    let refused = |state: &Registration, command| state.decide(command, DateTime::UNIX_EPOCH);
    assert_eq!(refused(&absent, confirm.clone()), Err(RegistrationError::NotFound));
    let asked: Registration = after(vec![ask.clone()]);
    assert!(adds_nothing(&asked, ask));
    let other = Registrant { full_name: "Eve".into(), ..registrant };
    let other = refused(&asked, RegistrationCommand::Ask(other));
    assert_eq!(other, Err(RegistrationError::AlreadyExists));
    let confirmed: Registration =
        after(vec![RegistrationCommand::Ask(asked.registrant.unwrap()), confirm.clone()]);
    assert!(adds_nothing(&confirmed, confirm));
}

#[test]
fn clients_see_fields_that_there_are_and_change_those_that_they_see() {
    for name in SHOWN {
        assert!(ContactFields::index(name).is_some(), "{name}");
    }
    for name in EDITABLE {
        assert!(SHOWN.contains(&name), "{name}");
    }
    for name in ["remark", "notes", "tags", "status", "assigned_to", "custom", "traffic_source"] {
        assert!(ContactFields::index(name).is_some() && !SHOWN.contains(&name), "{name}");
    }
}
