use super::{
    EmailCommand, EmailError, EmailEvent, EmailReservation, MemberJoining, Membership,
    RECENT_FACTS, SigningUp, User, UserCommand, UserError, UserEvent, UserFact, UsernameCommand,
    UsernameError, UsernameEvent, UsernameReservation, username,
};
use crate::access::ProfileKind;
use crate::ids::{ActionId, InvitationId, MemberId, OrganizationId, RoleId, UserId};
use crate::kernel::testing::{self, Given, stored, survives_storage};
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

const ACME: Membership = Membership {
    organization: OrganizationId(Uuid::from_u128(1)),
    member: MemberId(Uuid::from_u128(2)),
};
const ANA: UserId = UserId(Uuid::from_u128(3));
const BEN: UserId = UserId(Uuid::from_u128(4));

fn given(events: impl IntoIterator<Item = UserEvent>) -> Given<User> {
    testing::given(events)
}

fn register(email: &str, name: &str) -> UserCommand {
    UserCommand::Register { email: email.into(), full_name: name.into() }
}

fn registered() -> UserEvent {
    UserEvent::Registered {
        email: Some("Ana@example.org".into()),
        full_name: Some("Ana Lima".into()),
    }
}

fn start(name: &str) -> UserCommand {
    UserCommand::StartFounding { membership: ACME, name: name.into() }
}

fn started() -> UserEvent {
    UserEvent::FoundingStarted {
        organization: ACME.organization,
        member: ACME.member,
        organization_name: Some("Acme".into()),
    }
}

fn joined() -> UserEvent {
    UserEvent::Joined { organization: ACME.organization, member: ACME.member }
}

fn session(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

#[test]
fn a_user_signs_up_once() {
    let ana = given([]).when(register("Ana@Example.org", "Ana Lima")).then(&[registered()]);
    ana.when(register("ben@example.org", "Ben")).then_refused(UserError::AlreadyRegistered);
}

#[test]
fn a_user_without_an_address_has_a_username() {
    let by_name = |name: &str, username: &str| UserCommand::RegisterByUsername {
        full_name: name.into(),
        username: username.into(),
    };
    let events = [
        UserEvent::Registered { email: None, full_name: Some("Ana Lima".into()) },
        UserEvent::UsernameChanged { was: None, now: Some("ana.lima".into()) },
    ];
    let ana = given([]).when(by_name("Ana Lima", "Ana.Lima")).then(&events);
    assert_eq!(ana.state.email, None);
    ana.when(by_name("Ana Lima", "ana")).then_refused(UserError::AlreadyRegistered);
    given([])
        .when(by_name(" ", "7"))
        .then_invalid(&[("/display_name", "missing"), ("/username", "invalid_username")]);
}

#[test]
fn every_fault_of_a_sign_up_is_named() {
    given([])
        .when(register("ana@", " "))
        .then_invalid(&[("/email", "invalid_email"), ("/full_name", "missing")]);
    given([]).when(register("a@b.org", "A\0")).then_invalid(&[("/full_name", "control_character")]);
    given([registered()]).when(start("")).then_invalid(&[("/organization", "missing")]);
}

#[test]
fn a_founding_is_open_until_the_membership_is_recorded() {
    let open = given([registered()]).when(start("Acme")).then(&[started()]);
    assert_eq!(open.state.founding, [(ACME, Some("Acme".to_owned()))]);
    let done = open.when(UserCommand::Join(ACME)).then(&[joined()]);
    assert_eq!(done.state.founding, []);
    assert_eq!(done.state.memberships, [ACME]);
    done.when(start("Acme")).then_nothing();
}

fn as_member(invitation: Option<(InvitationId, Uuid)>) -> MemberJoining {
    MemberJoining {
        membership: ACME,
        profile: ProfileKind::Staff,
        roles: BTreeSet::from([RoleId(Uuid::from_u128(5))]),
        team: None,
        invitation,
        by: None,
        reason: None,
        action: ActionId(Uuid::from_u128(6)),
    }
}

#[test]
fn setting_out_to_be_a_member_ends_by_membership_or_is_given_up() {
    let joining = as_member(Some((InvitationId(Uuid::from_u128(7)), Uuid::from_u128(8))));
    let start = || UserCommand::StartMemberJoining(joining.clone());
    let under_way =
        given([registered()]).when(start()).then(&[UserEvent::from(joining.clone())]).state;
    assert_eq!(
        under_way.member_joining,
        std::slice::from_ref(&joining),
        "nothing is lost on the way"
    );
    assert!(under_way.is_joining(ACME));
    let started = || given([registered(), joining.clone().into()]);
    started().when(start()).then_nothing();
    let done = started().when(UserCommand::Join(ACME)).then(&[joined()]).state;
    assert_eq!((done.member_joining, done.memberships), (Vec::new(), vec![ACME]));
    let action = joining.action;
    let dropped = started().when(UserCommand::DropMemberJoining(action));
    let dropped = dropped.then(&[UserEvent::MemberJoiningDropped { action }]);
    assert!(!dropped.state.is_joining(ACME));
    dropped.when(UserCommand::DropMemberJoining(action)).then_nothing();
}

#[test]
fn who_was_removed_sets_out_for_the_same_profile_again() {
    let back = as_member(None);
    given([registered(), joined(), back.clone().into()])
        .when(UserCommand::Join(ACME))
        .then(&[joined()])
        .when(UserCommand::Join(ACME))
        .then_nothing();
}

#[test]
fn nothing_is_asked_of_a_user_who_never_signed_up() {
    let logged_in = UserCommand::Note(UserFact::LoggedIn(session(1)));
    for command in [start("Acme"), UserCommand::Join(ACME), logged_in] {
        given([]).when(command).then_refused(UserError::NotFound);
    }
}

#[test]
fn facts_about_a_session_are_recorded_once_each() {
    let note = |fact| UserCommand::Note(fact);
    let (one, two) = (session(1), session(2));
    given([registered()])
        .when(note(UserFact::LoggedIn(one)))
        .then(&[UserEvent::LoggedIn { session: one }])
        .when(note(UserFact::LoggedIn(two)))
        .then(&[UserEvent::LoggedIn { session: two }])
        .when(note(UserFact::LoggedOut(one)))
        .then(&[UserEvent::LoggedOut { session: one }])
        .when(note(UserFact::TokenReused(one)))
        .then(&[UserEvent::TokenReused { session: one }]);
}

#[test]
fn a_password_is_set_as_often_as_it_is_set() {
    given([registered()])
        .when(UserCommand::Note(UserFact::PasswordSet))
        .then_each_time(&[UserEvent::PasswordSet {}]);
}

#[test]
fn a_user_remembers_a_bounded_number_of_facts() {
    let many = (0..500).map(|n| UserEvent::LoggedIn { session: session(n) });
    let user = given([registered()].into_iter().chain(many)).state;
    assert_eq!(user.recent.len(), RECENT_FACTS);
    assert_eq!(user.recent.last(), Some(&UserFact::LoggedIn(session(499))));
}

#[test]
fn what_a_user_did_is_not_undone() {
    assert!(given([registered()]).reversing(&registered()).is_err());
}

#[test]
fn an_erased_user_has_signed_up_but_has_no_name() {
    let user = given([stored(&registered()).1, stored(&started()).1]).state;
    assert!(user.registered);
    assert_eq!((user.email, user.full_name), (None, None));
    assert_eq!(user.founding, [(ACME, None)]);
}

fn address(events: impl IntoIterator<Item = EmailEvent>) -> Given<EmailReservation> {
    testing::given(events)
}

#[test]
fn an_address_is_taken_by_one_user_at_a_time() {
    let reserved = EmailEvent::Reserved { user: ANA };
    let taken = address([]).when(EmailCommand::Reserve(ANA)).then(std::slice::from_ref(&reserved));
    taken.when(EmailCommand::Reserve(BEN)).then_refused(EmailError::Taken);
    let released = EmailEvent::Released { user: ANA };
    address([reserved.clone()])
        .when(EmailCommand::Release(ANA))
        .then(std::slice::from_ref(&released))
        .when(EmailCommand::Reserve(BEN))
        .then(&[EmailEvent::Reserved { user: BEN }]);
    assert!(address([reserved.clone()]).reversing(&reserved).is_err());
}

#[test]
fn an_address_is_given_back_only_by_its_holder() {
    address([]).when(EmailCommand::Release(ANA)).then_nothing();
    address([EmailEvent::Reserved { user: ANA }]).when(EmailCommand::Release(BEN)).then_nothing();
}

fn asked() -> SigningUp {
    SigningUp {
        email: "ana@example.org".into(),
        full_name: "Ana Lima".into(),
        organization: "Acme".into(),
    }
}

#[test]
fn who_asks_to_sign_up_is_no_user_until_they_register() {
    let SigningUp { email, full_name, organization } = asked();
    let signed_up = UserEvent::SignedUp {
        email: Some(email.clone()),
        full_name: Some(full_name.clone()),
        organization_name: Some(organization),
    };
    let waiting =
        given([]).when(UserCommand::SignUp(asked())).then(std::slice::from_ref(&signed_up));
    assert_eq!(
        (waiting.state.registered, waiting.state.signing_up.clone()),
        (false, Some(asked()))
    );
    given([signed_up.clone()]).when(start("Acme")).then_refused(UserError::NotFound);
    let other = SigningUp { email: "ben@example.org".into(), ..asked() };
    given([signed_up.clone()])
        .when(UserCommand::SignUp(other))
        .then_refused(UserError::AlreadyRegistered);
    let user = waiting.when(UserCommand::Register { email, full_name }).then_state();
    assert_eq!((user.registered, user.signing_up), (true, None));
    given([registered()])
        .when(UserCommand::SignUp(asked()))
        .then_refused(UserError::AlreadyRegistered);
    let bad = SigningUp { organization: " ".into(), ..asked() };
    given([]).when(UserCommand::SignUp(bad)).then_invalid(&[("/organization", "missing")]);
    assert_eq!(given([stored(&signed_up).1]).state.signing_up, None, "erased");
}

#[test]
fn an_address_changes_once_it_is_shown_to_be_theirs() {
    let now = || Some("ana@example.net".to_owned());
    let changed = given([registered()])
        .when(UserCommand::AskEmail("ana@example.net".into()))
        .then(&[UserEvent::EmailChangeAsked { email: now() }])
        .when(UserCommand::ChangeEmail("ana@example.net".into()))
        .then(&[UserEvent::EmailChanged { was: Some("Ana@example.org".into()), now: now() }]);
    assert_eq!((changed.state.email, changed.state.next_email), (now(), None));
    given([registered()])
        .when(UserCommand::AskEmail("ana".into()))
        .then_invalid(&[("/email", "invalid_email")]);
}

#[test]
fn a_username_is_never_an_address_and_is_the_same_in_any_case() {
    assert_eq!(username(" Ana.Lima-7 "), Ok("ana.lima-7".to_owned()));
    for bad in ["an", "7ana", "ana@example.org", "ana lima", "änä", "", &"a".repeat(41)] {
        assert!(username(bad).is_err(), "{bad}");
    }
    let change = |name: Option<&str>| UserCommand::ChangeUsername(name.map(Into::into));
    given([registered()])
        .when(change(Some("Ana")))
        .then(&[UserEvent::UsernameChanged { was: None, now: Some("ana".into()) }])
        .when(change(None))
        .then(&[UserEvent::UsernameChanged { was: Some("ana".into()), now: None }]);
    given([registered()])
        .when(change(Some("a")))
        .then_invalid(&[("/username", "invalid_username")]);

    let name = |events: Vec<UsernameEvent>| testing::given::<UsernameReservation>(events);
    let taken = name(Vec::new())
        .when(UsernameCommand::Reserve(ANA))
        .then(&[UsernameEvent::Reserved { user: ANA }]);
    taken.when(UsernameCommand::Reserve(BEN)).then_refused(UsernameError::Taken);
    name(vec![UsernameEvent::Reserved { user: ANA }])
        .when(UsernameCommand::Release(BEN))
        .then_nothing()
        .when(UsernameCommand::Release(ANA))
        .then(&[UsernameEvent::Released { user: ANA }]);
}

fn event() -> impl Strategy<Value = UserEvent> {
    let id = || any::<u128>().prop_map(Uuid::from_u128);
    let text = || proptest::option::of(any::<String>());
    prop_oneof![
        (text(), text()).prop_map(|(email, full_name)| UserEvent::Registered { email, full_name }),
        (id(), id(), text()).prop_map(|(organization, member, organization_name)| {
            UserEvent::FoundingStarted {
                organization: OrganizationId(organization),
                member: MemberId(member),
                organization_name,
            }
        }),
        (id(), id()).prop_map(|(organization, member)| UserEvent::Joined {
            organization: OrganizationId(organization),
            member: MemberId(member),
        }),
        id().prop_map(|session| UserEvent::LoggedIn { session }),
        id().prop_map(|session| UserEvent::LoggedOut { session }),
        id().prop_map(|session| UserEvent::TokenReused { session }),
        Just(UserEvent::PasswordSet {}),
        (text(), text(), text()).prop_map(|(email, full_name, organization_name)| {
            UserEvent::SignedUp { email, full_name, organization_name }
        }),
        text().prop_map(|email| UserEvent::EmailChangeAsked { email }),
        (text(), text()).prop_map(|(was, now)| UserEvent::EmailChanged { was, now }),
        (text(), text()).prop_map(|(was, now)| UserEvent::UsernameChanged { was, now }),
        Just(UserEvent::TotpEnabled {}),
    ]
}

proptest! {
    #[test]
    fn every_event_survives_storage(event in event(), user in any::<u128>()) {
        survives_storage(User::default(), &event);
        let user = UserId(Uuid::from_u128(user));
        survives_storage(EmailReservation::default(), &EmailEvent::Reserved { user });
        survives_storage(EmailReservation::default(), &EmailEvent::Released { user });
    }
}

#[test]
fn the_next_log_in_lands_where_a_user_was_last() {
    let other = Membership { member: MemberId(Uuid::from_u128(9)), ..ACME };
    let joined_other = UserEvent::Joined { organization: other.organization, member: other.member };
    let entered =
        UserEvent::ProfileEntered { organization: other.organization, member: other.member };
    let ana = given([registered(), joined(), joined_other]);
    assert_eq!(ana.state.landing(), Some(ACME));
    let ana = ana.when(UserCommand::Enter(other)).then(&[entered]);
    assert_eq!(ana.state.landing(), Some(other));
    given([registered(), joined()])
        .when(UserCommand::Enter(other))
        .then_refused(UserError::NotFound);
}
