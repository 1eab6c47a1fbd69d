//! Sign-up, founding and its crashes, members.

use crate::support::{Dying, People, code_of, sign_up};
use commands::access::Access;
use commands::identity::{IdentityError, NewMember};
use commands::{Caller, Clock as _, Origin, SettableClock};
use domain::access::{Permission, Verb};
use domain::catalogue::ListName;
use domain::contact::ContactType;
use domain::ids::OrganizationId;
use domain::member::Member;
use domain::organization::Organization;
use domain::picklist::{self, Picklist};
use domain::reach::Reach;
use domain::role::{Builtin, Roles};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::LogId;
use uuid::Uuid;

#[tokio::test]
async fn who_signs_up_owns_a_complete_organization() {
    let people = People::new().await;
    let grant = people.identity.sign_up(&Origin::CLI, sign_up("ana@example.com")).await.unwrap();
    let actor = &grant.actor;
    assert!(actor.is_owner());
    let roles = people
        .commands
        .load::<Roles>(actor.organization.into(), domain::role::stream_id(actor.organization));
    assert_eq!(roles.await.unwrap().state.roles.len(), Builtin::ALL.len());
    let me = people.identity.me(actor).await.unwrap();
    assert_eq!(me.email.as_deref(), Some("ana@example.com"));
    assert_eq!(me.organization_name.as_deref(), Some("Acme"));
    assert_eq!(me.display_name.as_deref(), Some("Ana Silva"));
    assert_eq!(me.roles, [(Builtin::Owner.id(actor.organization), "Owner".to_owned())]);
    assert!(me.rights.is_owner() && !me.simulated);
    for list in ListName::ALL {
        let stream = picklist::stream_id(actor.organization, list);
        let folded =
            people.commands.load::<Picklist>(actor.organization.into(), stream).await.unwrap();
        assert_eq!(folded.state.choices.len(), picklist::builtin(list).len());
    }
    let again =
        people.identity.log_in(&Origin::CLI, "ANA@example.com ", "correct horse").await.unwrap();
    let again = again.granted().unwrap();
    assert_eq!(again.actor, *actor);
    assert_ne!(again.session, grant.session);
}

#[tokio::test]
async fn nothing_about_a_person_is_readable_in_the_log() {
    let people = People::new().await;
    let mut origin = Origin::CLI;
    origin.ip = Some("203.0.113.77".to_owned());
    people.identity.sign_up(&origin, sign_up("ana@example.com")).await.unwrap();
    let mut admin = people.test.admin().await;
    let readable: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM hindsight.event e WHERE convert_from(e.payload, 'UTF8') || convert_from(e.meta, 'UTF8')
          ~* '\\mana\\M|silva|example|203.0.113|horse|argon'",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(readable, 0);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_field_by_field() {
    let people = People::new().await;
    let mut input = sign_up("ana@example");
    input.full_name = " ".to_owned();
    input.password = "password1".to_owned();
    let error = people.identity.sign_up(&Origin::CLI, input).await.err().unwrap();
    let IdentityError::Refused(refusal) = error else { panic!("{error:?}") };
    let mut faults: Vec<_> =
        refusal.fields.iter().map(|f| (f.pointer.as_str(), &*f.code)).collect();
    faults.sort_unstable();
    assert_eq!(
        faults,
        [("/email", "invalid_email"), ("/full_name", "missing"), ("/password", "common_password")]
    );
}

#[tokio::test]
async fn an_address_is_taken_once_even_by_two_at_the_same_moment() {
    let people = People::new().await;
    let both = [sign_up("ana@example.com"), sign_up("Ana@Example.com")];
    let signed = both.map(|input| {
        let identity = people.identity.clone();
        async move { identity.sign_up(&Origin::CLI, input).await }
    });
    let outcomes = futures::future::join_all(signed).await;
    assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1);
    let refused = outcomes.into_iter().find_map(Result::err).unwrap();
    assert_eq!(code_of(&refused), "email_taken");
    let mut admin = people.test.admin().await;
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM hindsight.credential")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert_eq!(kept, 1, "the refused one's password is forgotten");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_founding_that_crashed_anywhere_is_finished_exactly_once_by_anyone() {
    let people = People::new().await;
    let process = people.restarted();
    let mut case = 0;
    for lives in 1..=3 {
        for before in [true, false] {
            for by_log_in in [true, false] {
                case += 1;
                let email = format!("founder{case}@example.com");
                let founded = people.joined().await;
                let log = people.commands.log().clone();
                let dying = Arc::new(Dying::new(log, lives, before));
                let crashed =
                    people.identity_on(dying).sign_up(&Origin::CLI, sign_up(&email)).await;
                assert!(crashed.is_err(), "case {case}");

                if !by_log_in {
                    process.finish_foundings().await.unwrap();
                    process.finish_foundings().await.unwrap();
                    let happened = usize::from(!(lives == 1 && before));
                    assert_eq!(people.joined().await, founded + happened, "case {case}");
                }
                let opened = process.log_in(&Origin::CLI, &email, "correct horse").await;
                if lives == 1 && before {
                    assert!(
                        matches!(opened, Err(IdentityError::WrongCredentials)),
                        "it never happened"
                    );
                    process.sign_up(&Origin::CLI, sign_up(&email)).await.unwrap();
                    continue;
                }
                let actor = opened.unwrap().granted().unwrap().actor;
                process.finish_foundings().await.unwrap();
                let log = LogId::from(actor.organization);
                let founded =
                    people.commands.load::<Organization>(log, actor.organization.0).await.unwrap();
                let member = people.commands.load::<Member>(log, actor.member.0).await.unwrap();
                assert_eq!((founded.version, member.version), (2, 1), "case {case}");
                let head = people.commands.log().head(log).await.unwrap().position;
                let builtins: usize =
                    ListName::ALL.iter().map(|list| picklist::builtin(*list).len()).sum();
                let roles = Builtin::ALL.len();
                assert_eq!(head, 3 + (builtins + roles) as u64, "case {case}: nothing twice");
                assert_eq!(people.memberships(actor.user).await, 1, "case {case}");
            }
        }
    }
}

#[tokio::test]
async fn a_member_is_added_once_however_often_and_has_the_given_roles() {
    let people = People::new().await;
    let owner =
        people.identity.sign_up(&Origin::CLI, sign_up("ana@example.com")).await.unwrap().actor;
    let add = |email: &str, role: Builtin| {
        let input = NewMember {
            email: email.to_owned(),
            full_name: "Ben Costa".to_owned(),
            password: "battery staple".to_owned(),
            roles: BTreeSet::from([role.id(owner.organization)]),
        };
        let (people, organization) = (&people, owner.organization);
        async move {
            people.identity.add_member(&people.commands, &Origin::CLI, organization, input).await
        }
    };
    let ben = add("ben@example.com", Builtin::Sales).await.unwrap();
    assert_eq!(add("BEN@example.com", Builtin::Manager).await.unwrap(), ben);
    let read = Permission::on::<ContactType>(Verb::Read);
    assert_eq!((ben.reach(read), ben.is_owner()), (Some(Reach::Own(ben.member)), false));
    assert_eq!(add("ana@example.com", Builtin::Sales).await.unwrap(), owner, "a member already");
    let grant =
        people.identity.log_in(&Origin::CLI, "ben@example.com", "battery staple").await.unwrap();
    let grant = grant.granted().unwrap();
    assert_eq!(grant.actor, ben);

    let access = Access::new(people.commands.clone());
    let log = owner.organization.into();
    let by_owner = Caller::Member(owner.clone());
    let request = people.commands.request(log, by_owner, Origin::CLI, "assign_roles");
    let manager = BTreeSet::from([Builtin::Manager.id(owner.organization)]);
    access.assign_roles(&request, ben.member, None, manager).await.unwrap();
    people.clock.advance(chrono::TimeDelta::seconds(3));
    let now = people.identity.authenticate(grant.session).await.unwrap();
    assert_eq!(now.actor.reach(read), Some(Reach::All));
    assert_ne!(now.authorization_version, grant.authorization_version);

    let nowhere = OrganizationId(Uuid::now_v7());
    let input = NewMember {
        email: "eva@example.com".into(),
        full_name: "Eva".into(),
        password: "battery staple".into(),
        roles: BTreeSet::new(),
    };
    assert!(
        people.identity.add_member(&people.commands, &Origin::CLI, nowhere, input).await.is_err()
    );
    let unknown = people.identity.log_in(&Origin::CLI, "eva@example.com", "battery staple").await;
    assert!(matches!(unknown, Err(IdentityError::WrongCredentials)));
}

#[tokio::test]
async fn a_simulated_organization_has_the_past_that_it_was_given() {
    let people = People::new().await;
    let past = people.clock.now() - chrono::TimeDelta::days(200);
    let clock = Arc::new(SettableClock::new(past));
    let actor = people
        .identity
        .sign_up_simulated(&Origin::CLI, sign_up("demo@example.com"), clock.clone())
        .await
        .unwrap();
    let log = LogId::from(actor.organization);
    let founded = people.commands.load::<Organization>(log, actor.organization.0).await.unwrap();
    assert_eq!(founded.created.time, clock.now());
    assert!(people.identity.me(&actor).await.unwrap().simulated);
    // Log 0 is not simulated: who signed up when is a fact.
    let head = people.commands.log().head(LogId::PLATFORM).await.unwrap();
    assert_eq!((head.simulated, head.clock), (false, people.clock.now()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finishes_foundings_leaves_simulated_ones_their_own_time() {
    let people = People::new().await;
    let identity = people.identity.clone();
    let follower = tokio::spawn(async move { identity.follow_foundings().await });
    for n in 0..5 {
        let past = people.clock.now() - chrono::TimeDelta::days(200);
        let clock = Arc::new(SettableClock::new(past));
        let input = sign_up(&format!("demo{n}@example.com"));
        let actor = people.identity.sign_up_simulated(&Origin::CLI, input, clock).await.unwrap();
        let head = people.commands.log().head(actor.organization.into()).await.unwrap();
        assert_eq!(head.clock, past);
    }
    follower.abort();
}
