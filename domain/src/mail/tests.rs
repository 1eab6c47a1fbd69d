use super::{
    FailureReason, Language, Letter, Mail, MailCommand, MailError, MailEvent, Outcome, Template,
    retry_after,
};
use crate::ids::SubjectId;
use crate::kernel::aggregate::Aggregate as _;
use crate::kernel::testing::{self, Given, stored, survives_storage};
use chrono::TimeDelta;
use std::collections::BTreeMap;
use uuid::Uuid;

fn letter() -> Letter {
    Letter {
        template: Template::ResetPassword,
        language: Language::En,
        subject: SubjectId(Uuid::from_u128(1)),
        token: Some(Uuid::from_u128(2)),
        to: Some("ana@example.org".into()),
        values: Some(BTreeMap::from([("name".to_owned(), "Ana Lima".to_owned())])),
    }
}

fn given(events: impl IntoIterator<Item = MailEvent>) -> Given<Mail> {
    testing::given(std::iter::once(letter().queued()).chain(events))
}

fn start(attempt: u32) -> MailCommand {
    MailCommand::StartSending { attempt }
}

fn started(attempt: u32) -> MailEvent {
    MailEvent::SendingStarted { attempt }
}

fn sent(attempt: u32) -> MailEvent {
    MailEvent::Sent { attempt, code: 250 }
}

fn succeed(attempt: u32) -> MailCommand {
    MailCommand::Succeed { attempt, code: 250 }
}

fn fail(attempt: u32, permanent: bool) -> MailCommand {
    MailCommand::Fail { attempt, permanent, reason: FailureReason::Refused, code: Some(451) }
}

fn failed(attempt: u32, permanent: bool) -> MailEvent {
    MailEvent::Failed { attempt, permanent, reason: FailureReason::Refused, code: Some(451) }
}

#[test]
fn a_mail_is_queued_once() {
    let queue = MailCommand::Queue(letter());
    let mail = testing::given::<Mail>([]).when(queue).then(&[letter().queued()]);
    let other = Letter { to: Some("ben@example.org".into()), ..letter() };
    mail.when(MailCommand::Queue(other)).then_refused(MailError::AlreadyQueued);
}

#[test]
fn an_attempt_is_begun_by_one_and_by_no_second() {
    given([]).when(start(1)).then_each_time(&[started(1)]);
    given([started(1)]).when(start(1)).then_refused(MailError::AlreadyStarted);
    given([]).when(start(2)).then_refused(MailError::AlreadyStarted);
    given([]).when(start(0)).then_refused(MailError::AlreadyStarted);
}

#[test]
fn a_mail_that_was_sent_is_not_sent_again() {
    let mail = given([started(1)]).when(succeed(1)).then(&[sent(1)]);
    assert_eq!(mail.state.outcome, Some(Outcome::Sent));
    mail.when(start(2)).then_refused(MailError::Over);
    given([started(1), sent(1)]).when(MailCommand::GiveUp(FailureReason::Erased)).then_nothing();
}

#[test]
fn after_a_failure_that_may_pass_comes_the_next_attempt() {
    let mail = given([started(1)]).when(fail(1, false)).then(&[failed(1, false)]);
    assert_eq!((mail.state.outcome, mail.state.open.as_slice()), (None, &[][..]));
    mail.when(start(2)).then_each_time(&[started(2)]);
}

#[test]
fn after_a_permanent_failure_there_is_nothing_more() {
    let mail = given([started(1)]).when(fail(1, true)).then(&[failed(1, true)]);
    assert_eq!(mail.state.outcome, Some(Outcome::GivenUp(FailureReason::Refused)));
    mail.when(start(2)).then_refused(MailError::Over);
}

#[test]
fn an_attempt_lost_in_a_crash_is_followed_by_the_next_and_its_late_outcome_still_counts() {
    let (mail, _) = given([started(1)]).when(start(2)).then_each_time(&[started(2)]);
    assert_eq!(mail.state.open, [1, 2]);
    let mail = mail.when(succeed(1)).then(&[sent(1)]);
    // It was sent twice then, and the log says so.
    let mail = mail.when(succeed(2)).then(&[sent(2)]);
    mail.when(fail(2, true)).then_nothing();
}

#[test]
fn a_late_failure_does_not_undo_that_it_was_sent() {
    let mail = given([started(1), started(2), sent(2)]).when(fail(1, true)).then_state();
    assert_eq!(mail.outcome, Some(Outcome::Sent));
}

#[test]
fn an_attempt_that_never_began_has_no_outcome() {
    given([]).when(succeed(1)).then_refused(MailError::NoSuchAttempt);
    given([started(1)]).when(fail(2, false)).then_refused(MailError::NoSuchAttempt);
    given([started(1)]).when(succeed(0)).then_refused(MailError::NoSuchAttempt);
}

#[test]
fn a_mail_can_be_given_up_before_it_was_tried() {
    let reason = FailureReason::Obsolete;
    let event = MailEvent::Failed { attempt: 0, permanent: true, reason, code: None };
    let mail = given([]).when(MailCommand::GiveUp(reason)).then(&[event]);
    assert_eq!(mail.state.outcome, Some(Outcome::GivenUp(reason)));
}

#[test]
fn nothing_happens_to_a_mail_that_nobody_queued() {
    for command in
        [start(1), succeed(1), fail(1, false), MailCommand::GiveUp(FailureReason::Erased)]
    {
        testing::given::<Mail>([]).when(command).then_refused(MailError::NotFound);
    }
}

#[test]
fn every_event_survives_storage_and_an_erasure_takes_address_and_values() {
    for event in [letter().queued(), started(1), sent(1), failed(1, false)] {
        survives_storage(Mail::default(), &event);
    }
    let erased = Mail::default().evolve(stored(&letter().queued()).1).letter.unwrap();
    assert_eq!(erased, Letter { to: None, values: None, ..letter() });
}

#[test]
fn a_mail_is_not_undone() {
    assert!(Mail::default().reverse(&sent(1)).is_err());
}

#[test]
fn names_are_those_that_are_stored() {
    for template in Template::ALL {
        assert_eq!(serde_json::to_value(template).unwrap(), template.name());
    }
    for language in Language::ALL {
        assert_eq!(serde_json::to_value(language).unwrap(), language.code());
    }
}

#[test]
fn a_mail_is_tried_ever_more_rarely_and_for_three_days() {
    let waits: Vec<_> = (1..).map_while(retry_after).collect();
    assert!(waits.is_sorted());
    let all: TimeDelta = waits.iter().sum();
    assert!(all >= TimeDelta::days(2) && all <= TimeDelta::days(4), "{all}");
    assert_eq!(retry_after(0), None);
    assert_eq!(retry_after(u32::MAX), None);
}
