//! How often one may try to get in.

use crate::support::People;
use chrono::TimeDelta;
use commands::Origin;
use commands::identity::{Act, IdentityError, Throttle};
use std::time::Duration;
use store::testing::root_secret;
use store::vault::Vault;

const ANA: Option<&str> = Some("ana@example.com");

fn throttle(people: &People, per_minute: u32) -> Throttle {
    let vault = Vault::new(people.test.database.app.clone());
    Throttle::new(people.commands.clone(), vault, &root_secret(), per_minute)
}

fn from(ip: &str) -> Origin {
    Origin { ip: Some(ip.to_owned()), ..Origin::CLI }
}

/// How long one is told to wait; `None` if let through.
async fn wait(
    throttle: &Throttle,
    act: Act,
    origin: &Origin,
    account: Option<&str>,
) -> Option<Duration> {
    match throttle.attempt(act, origin, account).await {
        Ok(_) => None,
        Err(IdentityError::TooManyAttempts { wait }) => Some(wait),
        Err(error) => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn a_network_gets_so_many_attempts_a_minute_in_all_processes_together() {
    let people = People::new().await;
    let processes = [throttle(&people, 4), throttle(&people, 4)];
    let here = from("2001:db8::1");
    for n in 0..4 {
        assert_eq!(wait(&processes[n % 2], Act::LogIn, &here, None).await, None, "{n}");
    }
    let second = Duration::from_secs(1);
    for process in &processes {
        let neighbour = from("2001:db8::2");
        assert_eq!(wait(process, Act::SignUp, &neighbour, None).await, Some(second));
    }
    assert_eq!(wait(&processes[0], Act::LogIn, &from("2001:db8:0:1::1"), None).await, None);
    people.clock.advance(TimeDelta::minutes(1));
    for n in 0..4 {
        assert_eq!(wait(&processes[n % 2], Act::LogIn, &here, None).await, None, "{n}");
    }
}

#[tokio::test]
async fn two_who_try_at_once_are_both_let_through_in_whatever_order_they_come() {
    let people = People::new().await;
    let throttle = throttle(&people, 4);
    let office = from("203.0.113.9");
    assert_eq!(wait(&throttle, Act::LogIn, &office, ANA).await, None);
    // Whose clock was read before, and who got through to the database only after.
    people.clock.advance(TimeDelta::milliseconds(-3));
    assert_eq!(wait(&throttle, Act::LogIn, &office, ANA).await, None);
    assert_eq!(wait(&throttle, Act::LogIn, &office, Some("ben@example.com")).await, None);
}

#[tokio::test]
async fn an_account_is_guarded_against_many_addresses_with_growing_waits_but_never_locked() {
    let people = People::new().await;
    let throttle = throttle(&people, 100);
    let mut tried = 0;
    let mut waits = Vec::new();
    while waits.len() < 14 {
        let origin = from(&format!("198.51.100.{tried}"));
        match wait(&throttle, Act::LogIn, &origin, Some(" ANA@example.com")).await {
            None => tried += 1,
            Some(wait) => {
                // Asking again and again neither helps nor harms.
                let again = self::wait(&throttle, Act::Reauthenticate, &origin, ANA).await;
                assert_eq!(again, Some(wait));
                waits.push(wait.as_secs());
                people.clock.advance(TimeDelta::from_std(wait).unwrap());
            }
        }
    }
    assert_eq!(&waits[..6], [1, 2, 4, 8, 16, 32]);
    assert_eq!(waits.iter().max(), Some(&900), "at most a quarter of an hour: {waits:?}");
    let elsewhere = from("203.0.113.9");
    assert_eq!(wait(&throttle, Act::LogIn, &elsewhere, Some("ben@example.com")).await, None);
    people.clock.advance(TimeDelta::days(1));
    for _ in 0..10 {
        assert_eq!(wait(&throttle, Act::LogIn, &elsewhere, ANA).await, None, "it is forgotten");
    }
}

#[tokio::test]
async fn strangers_do_not_keep_an_owner_out_of_where_they_were_before() {
    let people = People::new().await;
    let throttle = throttle(&people, 1000);
    let home = from("203.0.113.9");
    throttle.attempt(Act::LogIn, &home, ANA).await.unwrap().succeeded().await.unwrap();
    let mut guesses = 0;
    while wait(&throttle, Act::LogIn, &from("198.51.100.7"), ANA).await.is_none() {
        guesses += 1;
    }
    assert_eq!(guesses, 10);
    for _ in 0..9 {
        assert_eq!(wait(&throttle, Act::LogIn, &home, ANA).await, None);
    }
    throttle.attempt(Act::LogIn, &home, ANA).await.unwrap().succeeded().await.unwrap();
    assert_eq!(wait(&throttle, Act::LogIn, &home, ANA).await, None, "counted anew");
    people.clock.advance(TimeDelta::days(91));
    assert_eq!(wait(&throttle, Act::LogIn, &from("198.51.100.7"), ANA).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_at_once_are_all_counted() {
    let people = People::new().await;
    let tries = (0..48).map(|n| {
        let throttle = throttle(&people, 1000);
        // Several keys each, in all orders.
        let origin = from(&format!("198.51.100.{}", n % 3));
        tokio::spawn(async move { wait(&throttle, Act::LogIn, &origin, ANA).await.is_none() })
    });
    let mut through = 0;
    for tried in tries.collect::<Vec<_>>() {
        through += usize::from(tried.await.unwrap());
    }
    assert_eq!(through, 10);
}

#[tokio::test]
async fn the_database_names_neither_address_nor_account() {
    let people = People::new().await;
    let throttle = throttle(&people, 10);
    let home = from("203.0.113.9");
    throttle.attempt(Act::LogIn, &home, ANA).await.unwrap().succeeded().await.unwrap();
    throttle.attempt(Act::LogIn, &from("203.0.113.8"), ANA).await.unwrap();
    let mut admin = people.test.admin().await;
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT to_jsonb(a)::text FROM hindsight.attempt a
          UNION ALL SELECT to_jsonb(f)::text FROM hindsight.familiar f",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert_eq!(rows.len(), 4, "two networks, one account, one familiar network: {rows:?}");
    assert!(!rows.concat().contains("203.0.113") && !rows.concat().contains("ana"), "{rows:?}");
}
