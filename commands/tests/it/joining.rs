//! Joining an organization, and its crashes between one log and the other.

use crate::support::{Dying, People, code_of, sign_up};
use commands::identity::{
    Acceptance, Entered, IdentityError, Invited, NewAccount, NewMember, OneTimeTokens,
};
use commands::{Caller, CommandRequest, Origin};
use domain::access::{Actor, ProfileKind};
use domain::ids::MemberId;
use domain::instance::SignUpMode;
use domain::invitation::Offer;
use domain::member::Member;
use domain::organization::Organization;
use domain::role::Builtin;
use domain::user::User;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::LogId;
use store::testing::root_secret;
use store::vault::Vault;

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

/// Every append at which a process may die, and whether the log still takes it.
fn deaths(appends: i32) -> impl Iterator<Item = (i32, bool)> {
    (1..=appends).flat_map(|lives| [(lives, true), (lives, false)])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_accepts_an_invitation_becomes_a_member_wherever_it_crashed() {
    let people = People::new().await;
    let owner = people.identity.sign_up(&Origin::CLI, sign_up("ana@example.com")).await;
    let owner = owner.unwrap().actor;
    let process = people.restarted();
    for (lives, before) in deaths(4) {
        let case = format!("{lives}{}", if before { "before" } else { "after" });
        let email = format!("ben{case}@example.com");
        let invited = invite(&people, &owner, &email).await;
        let link = token(&people, &invited);
        let log = people.commands.log().clone();
        let dying = people.identity_on(Arc::new(Dying::new(log, lives, before)));
        assert!(accept(&dying, &link).await.is_err(), "{case}");

        for _ in 0..2 {
            process.finish_foundings().await.unwrap();
        }
        let happened = (lives, before) != (1, true);
        let entered = if happened {
            let again = accept(&process, &link).await;
            assert!(matches!(again, Err(IdentityError::BadLink)), "{case}: it was used");
            process.log_in(&Origin::CLI, &email, BEN.password).await
        } else {
            accept(&process, &link).await
        };
        let actor = entered.unwrap().granted().unwrap().actor;
        assert_eq!(actor.organization, owner.organization, "{case}");
        assert_eq!(people.memberships(actor.user).await, 1, "{case}");
        assert_eq!(people.facts(actor.user, "user.joined").await, 1, "{case}");
        let log = LogId::from(owner.organization);
        let member = people.commands.load::<Member>(log, actor.member.0).await.unwrap();
        assert_eq!(member.version, 1, "{case}");
        assert!(owners(&people, &owner).await.contains(&actor.member), "{case}");
        let known = people.commands.load::<User>(LogId::PLATFORM, actor.user.0).await.unwrap();
        assert!(known.state.member_joining.is_empty(), "{case}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_an_account_joins_by_the_same_link_after_a_crash_or_has_joined() {
    let people = People::new().await;
    let owner = people.identity.sign_up(&Origin::CLI, sign_up("ana@example.com")).await;
    let owner = owner.unwrap().actor;
    let process = people.restarted();
    for (lives, before) in deaths(3) {
        let case = format!("{lives}{}", if before { "before" } else { "after" });
        let email = format!("ben{case}@example.com");
        let ben = people.identity.sign_up(&Origin::CLI, sign_up(&email)).await.unwrap().actor;
        let link = token(&people, &invite(&people, &owner, &email).await);
        let log = people.commands.log().clone();
        let dying = people.identity_on(Arc::new(Dying::new(log, lives, before)));
        assert!(dying.join_by_invitation(&Origin::CLI, ben.user, &link).await.is_err(), "{case}");
        process.finish_foundings().await.unwrap();
        let again = process.join_by_invitation(&Origin::CLI, ben.user, &link).await;
        assert_eq!(again.is_ok(), (lives, before) == (1, true), "{case}");
        assert_eq!(people.memberships(ben.user).await, 2, "{case}");
    }
}

#[tokio::test]
async fn what_was_accepted_is_given_up_if_the_invitation_was_withdrawn_meanwhile() {
    let people = People::new().await;
    let owner = people.identity.sign_up(&Origin::CLI, sign_up("ana@example.com")).await;
    let owner = owner.unwrap().actor;
    let invited = invite(&people, &owner, "ben@example.com").await;
    let log = people.commands.log().clone();
    // It dies when the intent is there, and nothing else.
    let dying = people.identity_on(Arc::new(Dying::new(log, 1, false)));
    assert!(accept(&dying, &token(&people, &invited)).await.is_err());
    let request = request(&people, &owner);
    people.identity.withdraw_invitation(&request, invited.id, None).await.unwrap();
    people.restarted().finish_foundings().await.unwrap();
    let ben = people.identity.find_user("ben@example.com").await.unwrap().unwrap();
    let known = people.commands.load::<User>(LogId::PLATFORM, ben.0).await.unwrap();
    assert!(known.state.member_joining.is_empty() && known.state.memberships.is_empty());
    // The account is theirs; they are invited as anybody is.
    let again = invite(&people, &owner, "ben@example.com").await;
    let entered = accept(&people.identity, &token(&people, &again)).await;
    assert!(entered.unwrap().granted().unwrap().actor.is_owner());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_is_made_wherever_it_crashed_or_the_name_is_free() {
    let people = People::new().await;
    let owner = people.identity.sign_up(&Origin::CLI, sign_up("ana@example.com")).await;
    let owner = owner.unwrap().actor;
    let process = people.restarted();
    let log = LogId::from(owner.organization);
    for (case, (lives, before)) in deaths(3).enumerate() {
        let username = format!("nick{case}");
        let nick = NewAccount {
            display_name: "Nick".to_owned(),
            username: username.clone(),
            profile: ProfileKind::Staff,
            roles: BTreeSet::from([Builtin::Owner.id(owner.organization)]),
            team: None,
        };
        let request = CommandRequest {
            reason: Some("their first day".to_owned()),
            ..request(&people, &owner)
        };
        let before_it = owners(&people, &owner).await;
        let own = people.commands.log().clone();
        let dying = people.identity_on(Arc::new(Dying::new(own, lives, before)));
        assert!(dying.make_member(&request, nick.clone()).await.is_err(), "case {case}");
        for _ in 0..2 {
            process.finish_foundings().await.unwrap();
        }
        let again = process.make_member(&request, nick).await;
        let member = if (lives, before) == (1, true) {
            again.unwrap().member
        } else {
            assert_eq!(code_of(&again.unwrap_err()), "username_taken", "case {case}");
            let after = owners(&people, &owner).await;
            *after.difference(&before_it).next().unwrap()
        };
        let made = people.commands.load::<Member>(log, member.0).await.unwrap();
        assert_eq!(made.version, 1, "case {case}");
        assert_eq!(made.state.display_name.as_deref(), Some("Nick"), "case {case}");
        assert_eq!(owners(&people, &owner).await.len(), case + 2, "case {case}");
        let user = made.state.user.unwrap();
        assert_eq!(people.memberships(user).await, 1, "case {case}");
        let events = people.commands.log().read_stream(log, member.0.into(), 0, 5).await.unwrap();
        assert_eq!(
            events[0].meta().unwrap().actor.member,
            Some(owner.member),
            "case {case}: by the owner"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_added_by_the_operator_is_added_once_however_often_it_crashed() {
    let people = People::new().await;
    let owner = people.identity.sign_up(&Origin::CLI, sign_up("ana@example.com")).await;
    let organization = owner.unwrap().actor.organization;
    for (lives, before) in deaths(3) {
        let email = format!("ben{lives}{before}@example.com");
        let input = || NewMember {
            email: email.clone(),
            full_name: "Ben Costa".to_owned(),
            password: BEN.password.to_owned(),
            roles: BTreeSet::from([Builtin::Sales.id(organization)]),
        };
        let log = people.commands.log().clone();
        let dying = Arc::new(Dying::new(log, lives, before));
        let (commands, identity) = people.both_on(dying);
        let added = identity.add_member(&commands, &Origin::CLI, organization, input()).await;
        assert!(added.is_err(), "{email}");
        let identity = people.restarted();
        let added =
            identity.add_member(&people.commands, &Origin::CLI, organization, input()).await;
        let user = added.unwrap().user;
        assert_eq!(people.facts(user, "user.joined").await, 1, "{email}");
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
