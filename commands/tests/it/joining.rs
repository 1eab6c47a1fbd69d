//! Joining an organization, and its crashes between one log and the other.

use crate::support::{Dying, People, code_of, sign_up};
use commands::identity::{Acceptance, Entered, IdentityError, Invited, NewMember, OneTimeTokens};
use commands::{Caller, CommandRequest, Origin};
use domain::access::{Actor, ProfileKind};
use domain::ids::MemberId;
use domain::instance::SignUpMode;
use domain::invitation::Offer;
use domain::member::Member;
use domain::organization::Organization;
use domain::role::Builtin;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::LogId;
use store::jobs::Followers;
use store::testing::root_secret;
use store::vault::Vault;

fn followers(people: &People) -> Followers {
    Followers::new(people.test.database.app.clone())
}

fn request(people: &People, owner: &Actor) -> CommandRequest {
    let caller = Caller::Member(owner.clone());
    people.commands.request(owner.organization.into(), caller, Origin::CLI, "invite")
}

async fn invite(people: &People, owner: &Actor, email: &str) -> Invited {
    let offer = Offer {
        email: email.to_owned(),
        display_name: None,
        profile: ProfileKind::Staff,
        roles: BTreeSet::from([Builtin::Owner.id(owner.organization)]),
        team: None,
    };
    people.identity.invite(&request(people, owner), offer).await.unwrap()
}

/// What the link of an invitation carries.
fn token(people: &People, invited: &Invited) -> String {
    let vault = Vault::new(people.test.database.app.clone());
    let tokens = OneTimeTokens::new(people.commands.clone(), vault, &root_secret());
    tokens.reveal(invited.folded.state.token.unwrap())
}

const BEN: Acceptance<'_> = Acceptance { full_name: Some("Ben Costa"), password: "battery staple" };

async fn accept(
    identity: &commands::identity::Identity,
    token: &str,
) -> Result<Entered, IdentityError> {
    identity.accept_invitation(&Origin::CLI, token, BEN, SignUpMode::InviteOnly).await
}

async fn owners(people: &People, owner: &Actor) -> BTreeSet<MemberId> {
    let log = LogId::from(owner.organization);
    let folded = people.commands.load::<Organization>(log, owner.organization.0).await.unwrap();
    folded.state.owners.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_became_a_member_is_told_so_wherever_it_crashed() {
    let people = People::new().await;
    let owner = people.identity.sign_up(&Origin::CLI, sign_up("ana@example.com")).await;
    let owner = owner.unwrap().actor;
    let process = people.restarted();
    for (case, (lives, before)) in
        [(1, true), (1, false), (2, true), (2, false), (3, true), (3, false)]
            .into_iter()
            .enumerate()
    {
        let email = format!("ben{case}@example.com");
        let invited = invite(&people, &owner, &email).await;
        let log = people.commands.log().clone();
        let dying = people.identity_on(Arc::new(Dying::new(log, lives, before)));
        assert!(accept(&dying, &token(&people, &invited)).await.is_err(), "case {case}");

        for _ in 0..2 {
            process.finish_joinings(&followers(&people)).await.unwrap();
        }
        let joined = (lives, before) > (2, true) || (lives, before) == (2, false);
        let actor = if joined {
            let entered = process.log_in(&Origin::CLI, &email, BEN.password).await;
            entered.unwrap().granted().unwrap().actor
        } else {
            // The link is used up, whatever became of them.
            let again = accept(&process, &token(&people, &invited)).await;
            assert!(matches!(again, Err(IdentityError::BadLink)), "case {case}");
            let request = request(&people, &owner);
            let resent = people.identity.resend_invitation(&request, invited.id, None).await;
            let entered = accept(&process, &token(&people, &resent.unwrap())).await;
            entered.unwrap().granted().unwrap().actor
        };
        assert_eq!(actor.organization, owner.organization, "case {case}");
        assert_eq!(people.memberships(actor.user).await, 1, "case {case}");
        assert_eq!(people.facts(actor.user, "user.joined").await, 1, "case {case}");
        let log = LogId::from(owner.organization);
        let member = people.commands.load::<Member>(log, actor.member.0).await.unwrap();
        assert_eq!(member.version, 1, "case {case}");
        assert!(owners(&people, &owner).await.contains(&actor.member), "case {case}");
    }
}

#[tokio::test]
async fn an_owner_whom_the_operator_adds_counts_as_one() {
    let people = People::new().await;
    let owner = people.identity.sign_up(&Origin::CLI, sign_up("ana@example.com")).await;
    let owner = owner.unwrap().actor;
    let input = NewMember {
        email: "ben@example.com".to_owned(),
        full_name: "Ben Costa".to_owned(),
        password: BEN.password.to_owned(),
        roles: BTreeSet::from([Builtin::Owner.id(owner.organization)]),
    };
    let (identity, organization) = (&people.identity, owner.organization);
    let added = identity.add_member(&people.commands, &Origin::CLI, organization, input).await;
    let added = added.unwrap();
    assert!(added.is_owner());
    assert_eq!(owners(&people, &owner).await, BTreeSet::from([owner.member, added.member]));
}

#[tokio::test]
async fn an_invitation_to_a_member_is_refused_even_if_it_went_out_before() {
    let people = People::new().await;
    let owner = people.identity.sign_up(&Origin::CLI, sign_up("ana@example.com")).await;
    let owner = owner.unwrap().actor;
    let first = invite(&people, &owner, "ben@example.com").await;
    let second = invite(&people, &owner, "ben@example.com").await;
    accept(&people.identity, &token(&people, &first)).await.unwrap();
    let late = accept(&people.identity, &token(&people, &second)).await.err().unwrap();
    assert_eq!(code_of(&late), "already_member");
}
