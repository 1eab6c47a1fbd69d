//! Log-in, refresh, log-out.

use crate::support::{People, sign_up};
use chrono::TimeDelta;
use commands::Origin;
use commands::identity::{Grant, IdentityError};
use std::collections::BTreeSet;

async fn signed_up() -> (People, Grant) {
    let people = People::new().await;
    let grant = people.identity.sign_up(&Origin::CLI, sign_up("ana@example.com")).await.unwrap();
    (people, grant)
}

fn is_over<T>(result: &Result<T, IdentityError>) -> bool {
    matches!(result, Err(IdentityError::NoSession))
}

#[tokio::test]
async fn wrong_passwords_and_unknown_addresses_get_the_same_answer() {
    let (people, _) = signed_up().await;
    for (email, password) in [
        ("ana@example.com", "correct horse "),
        ("ana@example.com", ""),
        ("nobody@example.com", "correct horse"),
        ("", "correct horse"),
        ("ana@example.com\0", "correct horse"),
    ] {
        let outcome = people.identity.log_in(&Origin::CLI, email, password).await;
        assert!(matches!(outcome, Err(IdentityError::WrongCredentials)), "{email} {password}");
    }
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_gives_the_next() {
    let (people, first) = signed_up().await;
    let mut token = first.refresh_token.clone();
    let mut seen = BTreeSet::from([token.clone()]);
    for _ in 0..5 {
        people.clock.advance(TimeDelta::minutes(10));
        // Another process, after a restart, carries the session on.
        let grant = people.restarted().refresh(&Origin::CLI, &token).await.unwrap();
        assert_eq!((grant.session, &grant.actor), (first.session, &first.actor));
        token = grant.refresh_token;
        assert!(seen.insert(token.clone()));
    }
    for forged in ["", "0", &"0".repeat(64), &"é".repeat(32)] {
        assert!(is_over(&people.identity.refresh(&Origin::CLI, forged).await));
    }
    people.identity.authenticate(first.session).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_refreshes_at_once_agree_on_one_successor() {
    let (people, first) = signed_up().await;
    let other = people.restarted();
    let tries = (0..64).map(|n| {
        let identity = if n % 2 == 0 { people.identity.clone() } else { other.clone() };
        let token = first.refresh_token.clone();
        tokio::spawn(
            async move { identity.refresh(&Origin::CLI, &token).await.unwrap().refresh_token },
        )
    });
    let tokens: BTreeSet<_> =
        futures::future::join_all(tries).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(tokens.len(), 1);
    let mut admin = people.test.admin().await;
    let (all, unused): (i64, i64) = sqlx::query_as(
        "SELECT count(*), count(*) FILTER (WHERE used_at IS NULL) FROM hindsight.refresh_token",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!((all, unused), (2, 1));
    let token = tokens.first().unwrap();
    assert!(people.identity.refresh(&Origin::CLI, token).await.is_ok());
}

#[tokio::test]
async fn a_lost_answer_is_given_again_for_a_moment() {
    let (people, first) = signed_up().await;
    let lost = people.identity.refresh(&Origin::CLI, &first.refresh_token).await.unwrap();
    people.clock.advance(TimeDelta::seconds(10));
    let again = people.identity.refresh(&Origin::CLI, &first.refresh_token).await.unwrap();
    assert_eq!(again.refresh_token, lost.refresh_token);
    people.identity.refresh(&Origin::CLI, &again.refresh_token).await.unwrap();
}

#[tokio::test]
async fn a_token_used_twice_ends_the_session_for_everybody_who_has_one_of_it() {
    for wait in [TimeDelta::seconds(21), TimeDelta::zero()] {
        let (people, first) = signed_up().await;
        let second = people.identity.refresh(&Origin::CLI, &first.refresh_token).await.unwrap();
        if wait.is_zero() {
            // The successor was used: then the old token is a copy, however young.
            people.identity.refresh(&Origin::CLI, &second.refresh_token).await.unwrap();
        }
        people.identity.authenticate(first.session).await.unwrap();
        people.clock.advance(wait);
        let process = people.restarted();
        assert!(is_over(&process.refresh(&Origin::CLI, &first.refresh_token).await));
        assert!(is_over(&process.refresh(&Origin::CLI, &second.refresh_token).await));
        assert!(is_over(&process.authenticate(first.session).await));
        people.clock.advance(TimeDelta::seconds(3));
        assert!(
            is_over(&people.identity.authenticate(first.session).await),
            "within 5 s in every process"
        );
        assert!(is_over(&process.refresh(&Origin::CLI, &first.refresh_token).await));
        assert_eq!(people.facts(first.actor.user, "user.token_reused").await, 1, "said once");
    }
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_in_any_case_after_its_time() {
    let (people, idle) = signed_up().await;
    people.clock.advance(TimeDelta::days(15));
    assert!(is_over(&people.identity.refresh(&Origin::CLI, &idle.refresh_token).await));
    assert!(is_over(&people.identity.authenticate(idle.session).await));

    let mut token = people
        .identity
        .log_in(&Origin::CLI, "ana@example.com", "correct horse")
        .await
        .unwrap()
        .granted()
        .unwrap()
        .refresh_token;
    let mut days = 0;
    while let Ok(grant) = people.identity.refresh(&Origin::CLI, &token).await {
        token = grant.refresh_token;
        people.clock.advance(TimeDelta::days(10));
        days += 10;
    }
    assert_eq!(days, 90);
}

#[tokio::test]
async fn logging_out_ends_what_it_says() {
    let (people, first) = signed_up().await;
    let (identity, user) = (&people.identity, first.actor.user);
    let log_in = || identity.log_in(&Origin::CLI, "ana@example.com", "correct horse");
    let (second, third) = (log_in().await.unwrap(), log_in().await.unwrap());
    let (second, third) = (second.granted().unwrap(), third.granted().unwrap());
    let other = identity.sign_up(&Origin::CLI, sign_up("ben@example.com")).await.unwrap();
    assert_eq!(identity.sessions(user).await.unwrap().len(), 3);

    identity.log_out(&Origin::CLI, other.actor.user, second.session).await.unwrap();
    identity.authenticate(second.session).await.expect("nobody ends another's session");
    identity.log_out(&Origin::CLI, user, second.session).await.unwrap();
    identity.log_out(&Origin::CLI, user, second.session).await.unwrap();
    assert!(is_over(&identity.authenticate(second.session).await), "at once in this process");
    assert!(is_over(&identity.refresh(&Origin::CLI, &second.refresh_token).await));
    let open: Vec<_> = identity.sessions(user).await.unwrap().into_iter().map(|s| s.id).collect();
    assert_eq!(open, [third.session, first.session], "newest first");

    assert_eq!(identity.log_out_everywhere(&Origin::CLI, user).await.unwrap(), 2);
    assert!(is_over(&identity.authenticate(first.session).await));
    assert!(is_over(&identity.refresh(&Origin::CLI, &third.refresh_token).await));
    identity.authenticate(other.session).await.unwrap();
    assert_eq!(people.facts(user, "user.logged_out").await, 3);
    assert_eq!(people.facts(user, "user.logged_in").await, 3);
}
