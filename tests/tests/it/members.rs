//! The life of members.

use chrono::TimeDelta;
use commands::Target;
use domain::access::ProfileKind;
use domain::ids::{ContactId, MemberId, OrganizationId, SubjectId, UserId};
use domain::member::{Member, MemberCommand};
use domain::reach::ReachLevel;
use domain::role::Builtin;
use hindsight_tests::{Client, PASSWORD, TestApp};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

async fn with_role(app: &TestApp, olga: &Client, name: &str, role: Builtin) -> Client {
    app.member_as(olga, name, [role.id(OrganizationId(olga.organization))]).await
}

#[tokio::test]
async fn a_member_is_deactivated_and_let_in_again() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let sam = app.member(&olga, "Sam Sales", ReachLevel::Own).await;
    let path = format!("/members/{}", sam.member);
    let detail = olga.get(&path).send().await.expect_status(200);
    assert_eq!((detail.text("/state"), detail.text("/profile")), ("active".into(), "staff".into()));

    let off = olga.post(&format!("{path}/deactivate")).send().await.expect_status(200);
    assert_eq!(off.text("/state"), "deactivated");
    app.pass(TimeDelta::seconds(5));
    sam.get("/meta").send().await.expect_problem(401, "no_session");
    let body = json!({"email": sam.email, "password": PASSWORD});
    let refused = app.stranger().post("/auth/login").json(&body).send().await;
    refused.expect_problem(403, "no_membership");

    olga.post(&format!("{path}/reactivate")).send().await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    sam.get("/meta").send().await.expect_problem(401, "no_session");
    app.log_in(&sam.email, PASSWORD).await.get("/meta").send().await.expect_status(200);
}

#[tokio::test]
async fn one_calls_oneself_otherwise_and_others_by_permission() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let sam = app.member(&olga, "Sam Sales", ReachLevel::Own).await;
    let rename = |by: &Client, of: &Client, name: &str| {
        let path = format!("/members/{}", of.member);
        by.patch(&path).json(&json!({"display_name": name})).send()
    };
    let done = rename(&sam, &sam, "Sam S.").await.expect_status(200);
    assert_eq!(done.text("/display_name"), "Sam S.");
    rename(&sam, &olga, "Oh").await.expect_status(403);
    rename(&olga, &sam, "Samuel").await.expect_status(200);
    rename(&olga, &sam, " ").await.expect_problem(422, "invalid");
}

#[tokio::test]
async fn nobody_touches_somebody_with_wider_rights() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let ada = with_role(&app, &olga, "Ada Admin", Builtin::Admin).await;
    let path = format!("/members/{}", olga.member);
    for call in [
        ada.post(&format!("{path}/deactivate")),
        ada.delete(&path),
        ada.patch(&path).json(&json!({"display_name": "Nobody"})),
    ] {
        call.send().await.expect_problem(422, "owners_only");
    }
}

#[tokio::test]
async fn the_last_owner_stays_even_if_two_are_made_to_leave_at_once() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let own = format!("/members/{}", olga.member);
    olga.delete(&own).send().await.expect_problem(422, "last_owner");
    olga.post(&format!("{own}/deactivate")).send().await.expect_problem(422, "last_owner");

    let otto = with_role(&app, &olga, "Otto Owner", Builtin::Owner).await;
    let other = format!("/members/{}", otto.member);
    let (one, two) = tokio::join!(olga.delete(&other).send(), otto.delete(&own).send());
    let mut codes = [one.status, two.status];
    codes.sort_unstable();
    assert_eq!(codes[0], 200, "{} {}", one.body, two.body);
    assert_ne!(codes[1], 200, "{} {}", one.body, two.body);
}

#[tokio::test]
async fn members_are_listed_with_their_roles_and_those_who_left_when_asked_for() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let sam = app.member(&olga, "Sam Sales", ReachLevel::Own).await;
    let dora = app.member(&olga, "Dora", ReachLevel::All).await;
    let eva = app.member(&olga, "Eva", ReachLevel::Own).await;
    olga.post(&format!("/members/{}/deactivate", dora.member)).send().await.expect_status(200);
    let gone = olga.delete(&format!("/members/{}", eva.member)).send().await.expect_status(200);
    let position = gone.position().to_string();
    let list = async |by: &Client, query: &str| {
        let list = by.get(&format!("/members{query}"));
        list.header("hindsight-min-position", &position).send().await.expect_status(200)
    };
    let names = |answer: &hindsight_tests::Answer| {
        let items = answer.at("/items").as_array().unwrap();
        let mut names: Vec<_> = items
            .iter()
            .map(|item| format!("{} {}", item["display_name"], item["roles"][0]["label"]))
            .collect();
        names.sort();
        names.join(", ").replace('"', "")
    };
    let all = "Dora Manager, Olga Owner Owner, Sam Sales Sales";
    assert_eq!(names(&list(&olga, "").await), all);
    assert_eq!(names(&list(&sam, "").await), all);
    assert_eq!(names(&list(&olga, "?state=deactivated").await), "Dora Manager");
    assert_eq!(names(&list(&olga, "?state=removed").await), "Eva Sales");
    assert_eq!(names(&list(&olga, "?profile=vendor").await), "");
    let page = list(&olga, "?limit=2").await;
    let rest = format!("?limit=2&cursor={}", page.text("/next_cursor"));
    let rest = list(&olga, &rest).await;
    assert_eq!(names(&rest).split(", ").count(), 1);
    assert_eq!(rest.at("/next_cursor"), &json!(null));
    for wrong in ["?state=gone", "?profile=boss", "?limit=201"] {
        let refused = olga.get(&format!("/members{wrong}")).send().await;
        refused.expect_problem(400, "invalid_parameter");
    }
    let detail = olga.get(&format!("/members/{}", sam.member)).send().await.expect_status(200);
    assert_eq!(detail.at("/reached_by_mail"), &json!(true));
    let detail = sam.get(&format!("/members/{}", olga.member)).send().await.expect_status(200);
    assert_eq!(detail.at("/reached_by_mail"), &json!(null));
}

#[tokio::test]
async fn who_leaves_is_gone_and_keeps_their_name() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let sam = app.member(&olga, "Sam Sales", ReachLevel::Own).await;
    let path = format!("/members/{}", sam.member);
    sam.delete(&path).send().await.expect_status(200);
    app.pass(TimeDelta::seconds(5));
    sam.get("/meta").send().await.expect_problem(401, "no_session");
    let gone = olga.get(&path).send().await.expect_status(200);
    assert_eq!(
        (gone.text("/state"), gone.text("/display_name")),
        ("removed".into(), "Sam Sales".into())
    );
    let back = olga.post(&format!("{path}/reactivate")).send().await;
    back.expect_problem(422, "member_removed");
}

#[tokio::test]
async fn who_is_made_an_owner_while_being_deactivated_does_not_count_as_one() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let own = format!("/members/{}", olga.member);
    for round in 0..5 {
        let sam = app.member(&olga, &format!("Sam {round}"), ReachLevel::Own).await;
        let path = format!("/members/{}", sam.member);
        let owner = Builtin::Owner.id(OrganizationId(olga.organization)).0;
        let promote = olga
            .call(reqwest::Method::PUT, &format!("{path}/roles"))
            .json(&json!({"roles": [owner]}));
        let deactivate = olga.post(&format!("{path}/deactivate"));
        let (promoted, deactivated) = tokio::join!(promote.send(), deactivate.send());
        promoted.expect_status(200);
        deactivated.expect_status(200);
        // Nobody who may enter would remain.
        olga.delete(&own).send().await.expect_problem(422, "last_owner");
    }
}

#[tokio::test]
async fn clients_are_listed_for_whoever_sees_all_contacts() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let sam = app.member(&olga, "Sam Sales", ReachLevel::Own).await;
    let person = app.owner("Elsewhere").await;
    let (user, member) = (UserId(person.user), MemberId(Uuid::now_v7()));
    let join = MemberCommand::Join {
        user,
        display_name: "Clara Client".to_owned(),
        roles: BTreeSet::new(),
        profile: ProfileKind::Client,
        contact: Some(ContactId(Uuid::now_v7())),
    };
    let request = app.by_system(OrganizationId(olga.organization));
    let target = Target::existing(member.0).owned_by(SubjectId(user.0));
    let joined = app.app.commands.batch(&request).add::<Member>(target, vec![join]);
    let position = joined.commit().await.unwrap().position.to_string();
    let count = async |by: &Client| {
        let list = by.get("/members?profile=client").header("hindsight-min-position", &position);
        let list = list.send().await.expect_status(200);
        list.at("/items").as_array().unwrap().len()
    };
    assert_eq!((count(&olga).await, count(&sam).await), (1, 0));
    let path = format!("/members/{member}");
    olga.get(&path).send().await.expect_status(200);
    sam.get(&path).send().await.expect_problem(404, "not_found");
    let meta = sam.get("/meta").send().await.expect_status(200);
    assert!(!meta.body.contains("Clara"), "{}", meta.body);
}
