//! One-time tokens

use crate::support::People;
use chrono::TimeDelta;
use commands::Clock as _;
use commands::identity::OneTimeTokens;
use domain::ids::{OrganizationId, SubjectId, UserId};
use sqlx::Row as _;
use std::collections::BTreeSet;
use store::RootSecret;
use store::testing::root_secret;
use store::vault::{Bound, Purpose, Vault};
use uuid::Uuid;

fn tokens_with(people: &People, root: &RootSecret) -> OneTimeTokens {
    let vault = Vault::new(people.test.database.app.clone());
    OneTimeTokens::new(people.commands.clone(), vault, root)
}

fn tokens(people: &People) -> OneTimeTokens {
    tokens_with(people, &root_secret())
}

fn anas() -> Bound {
    Bound { user: Some(UserId(Uuid::now_v7())), ..Bound::default() }
}

#[tokio::test]
async fn a_token_is_good_once_for_what_it_was_issued_for() {
    let people = People::new().await;
    let tokens = tokens(&people);
    for purpose in Purpose::ALL {
        let bound = Bound {
            user: Some(UserId(Uuid::now_v7())),
            organization: Some(OrganizationId(Uuid::now_v7())),
            subject: Some(SubjectId(Uuid::now_v7())),
        };
        let issued = tokens.issue(purpose, bound).await.unwrap();
        let text = tokens.reveal(issued.id);
        for other in Purpose::ALL.into_iter().filter(|other| *other != purpose) {
            assert_eq!(tokens.look(other, &text).await.unwrap(), None);
            assert_eq!(tokens.consume(other, &text).await.unwrap(), None);
        }
        let seen = tokens.look(purpose, &text).await.unwrap().unwrap();
        assert_eq!((seen.id, seen.bound, seen.expires_at), (issued.id, bound, issued.expires_at));
        assert_eq!(tokens.consume(purpose, &text).await.unwrap(), Some(seen));
        assert_eq!(tokens.consume(purpose, &text).await.unwrap(), None);
        assert_eq!(tokens.look(purpose, &text).await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_use_a_token_at_once_one_succeeds() {
    let people = People::new().await;
    let tokens = tokens(&people);
    let issued = tokens.issue(Purpose::ResetPassword, anas()).await.unwrap();
    let text = tokens.reveal(issued.id);
    let uses = (0..32).map(|_| {
        let (tokens, text) = (tokens.clone(), text.clone());
        tokio::spawn(async move { tokens.consume(Purpose::ResetPassword, &text).await.unwrap() })
    });
    let mut succeeded = 0;
    for used in uses.collect::<Vec<_>>() {
        succeeded += usize::from(used.await.unwrap().is_some());
    }
    assert_eq!(succeeded, 1);
}

#[tokio::test]
async fn a_token_expires() {
    let people = People::new().await;
    let tokens = tokens(&people);
    let issued = tokens.issue(Purpose::ResetPassword, anas()).await.unwrap();
    let text = tokens.reveal(issued.id);
    let moment = TimeDelta::microseconds(1);
    people.clock.set(issued.expires_at - moment);
    assert!(tokens.look(Purpose::ResetPassword, &text).await.unwrap().is_some());
    people.clock.advance(moment);
    assert_eq!(tokens.look(Purpose::ResetPassword, &text).await.unwrap(), None);
    assert_eq!(tokens.consume(Purpose::ResetPassword, &text).await.unwrap(), None);
}

#[tokio::test]
async fn a_later_token_takes_the_place_of_the_earlier_for_the_same_user_and_subject_alone() {
    let people = People::new().await;
    let tokens = tokens(&people);
    let (ana, ben) = (anas(), anas());
    let first = tokens.issue(Purpose::ResetPassword, ana).await.unwrap();
    let verify = tokens.issue(Purpose::VerifyEmail, ana).await.unwrap();
    let bens = tokens.issue(Purpose::ResetPassword, ben).await.unwrap();
    let second = tokens.issue(Purpose::ResetPassword, ana).await.unwrap();
    let good =
        async |purpose, id| tokens.look(purpose, &tokens.reveal(id)).await.unwrap().is_some();
    assert!(!good(Purpose::ResetPassword, first.id).await);
    assert!(good(Purpose::ResetPassword, second.id).await);
    assert!(good(Purpose::ResetPassword, bens.id).await);
    assert!(good(Purpose::VerifyEmail, verify.id).await);

    // The same again is no newer one.
    let (purpose, until) = (Purpose::ResetPassword, first.expires_at);
    tokens.issue_as(first.id, purpose, ana, until, true).await.unwrap();
    assert!(good(Purpose::ResetPassword, second.id).await);
    assert!(!good(Purpose::ResetPassword, first.id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_tokens_issued_at_once_the_last_alone_is_good() {
    let people = People::new().await;
    let tokens = tokens(&people);
    let ana = anas();
    let issued = (0..16).map(|_| {
        let tokens = tokens.clone();
        tokio::spawn(async move { tokens.issue(Purpose::ResetPassword, ana).await.unwrap() })
    });
    let mut good = 0;
    for issued in futures::future::join_all(issued).await {
        let text = tokens.reveal(issued.unwrap().id);
        good += usize::from(tokens.look(Purpose::ResetPassword, &text).await.unwrap().is_some());
    }
    assert_eq!(good, 1);
}

#[tokio::test]
async fn a_withdrawn_token_is_good_no_longer() {
    let people = People::new().await;
    let tokens = tokens(&people);
    let invitation = SubjectId(Uuid::now_v7());
    let bound = Bound { subject: Some(invitation), ..Bound::default() };
    let issued = tokens.issue(Purpose::Invitation, bound).await.unwrap();
    let other = Bound { subject: Some(SubjectId(Uuid::now_v7())), ..Bound::default() };
    let kept = tokens.issue(Purpose::Invitation, other).await.unwrap();
    let purpose = Purpose::Invitation;
    assert_eq!(tokens.revoke(purpose, None, Some(invitation)).await.unwrap(), 1);
    assert_eq!(tokens.revoke(purpose, None, Some(invitation)).await.unwrap(), 0);
    assert_eq!(tokens.consume(purpose, &tokens.reveal(issued.id)).await.unwrap(), None);
    assert!(tokens.consume(purpose, &tokens.reveal(kept.id)).await.unwrap().is_some());
}

#[tokio::test]
async fn neither_the_database_nor_another_secret_makes_a_token() {
    let people = People::new().await;
    let tokens = tokens(&people);
    let issued = tokens.issue(Purpose::ResetPassword, anas()).await.unwrap();
    let text = tokens.reveal(issued.id);
    let other = RootSecret::try_new(b"some other secret of 32 bytes, or more").unwrap();
    let forged = tokens_with(&people, &other).reveal(issued.id);
    assert_ne!(forged, text);
    assert_eq!(forged[..20], text[..20], "the same id");
    assert_eq!(tokens.consume(Purpose::ResetPassword, &forged).await.unwrap(), None);

    let mut admin = people.test.admin().await;
    let row = sqlx::query("SELECT to_jsonb(t)::text FROM hindsight.one_time_token t");
    let row: String = row.fetch_one(&mut admin).await.unwrap().get(0);
    assert!(!row.contains(&text[22..]), "{row}");
    let direct = sqlx::query("SELECT 1 FROM hindsight.one_time_token");
    assert!(direct.execute(&people.test.database.app).await.is_err());
}

#[tokio::test]
async fn tokens_long_expired_are_cleared_away() {
    let people = People::new().await;
    let tokens = tokens(&people);
    let old = tokens.issue(Purpose::ResetPassword, anas()).await.unwrap();
    people.clock.advance(TimeDelta::days(20));
    let recent = tokens.issue(Purpose::ResetPassword, anas()).await.unwrap();
    people.clock.advance(TimeDelta::days(20));
    let new = tokens.issue(Purpose::ResetPassword, anas()).await.unwrap();
    assert!(people.clock.now() > recent.expires_at);
    let mut admin = people.test.admin().await;
    let left: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM hindsight.one_time_token")
        .fetch_all(&mut admin)
        .await
        .unwrap();
    assert_eq!(BTreeSet::from_iter(left), BTreeSet::from([recent.id, new.id]));
    assert!(people.clock.now() > old.expires_at + TimeDelta::days(30));
}
