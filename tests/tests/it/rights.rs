//! `GET /audit/rights`

use chrono::{SecondsFormat, TimeDelta};
use commands::Clock as _;
use domain::ids::OrganizationId;
use domain::reach::ReachLevel;
use domain::role::Builtin;
use hindsight_tests::TestApp;
use serde_json::json;

#[tokio::test]
async fn who_had_which_right_at_a_past_moment_can_be_told() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    app.pass(TimeDelta::seconds(10));
    let then = app.clock.now().to_rfc3339_opts(SecondsFormat::Micros, true);
    app.pass(TimeDelta::seconds(10));
    let manager = Builtin::Manager.id(OrganizationId(olga.organization)).0;
    let path = format!("/members/{}/roles", max.member);
    olga.put(&path).json(&json!({"roles": [manager]})).send().await.expect_status(200);
    let sales = Builtin::Sales.id(OrganizationId(olga.organization)).0;
    let wider = json!({"permissions": {"contacts:read": "all"}});
    let path = format!("/roles/{sales}/permissions");
    olga.put(&path).json(&wider).send().await.expect_status(200);

    let path = format!("/audit/rights?member={}", max.member);
    let now = olga.get(&path).send().await.expect_status(200);
    assert_eq!(now.text("/roles/0/name"), "Manager");
    assert_eq!(now.text("/permissions/contacts:assign"), "all");
    let past = olga.get(&format!("{path}&at={then}")).send().await.expect_status(200);
    assert_eq!(past.text("/roles/0/name"), "Sales");
    assert_eq!(past.text("/permissions/contacts:read"), "own");
    assert_eq!(past.at("/active"), true);
    assert!(past.at("/position").as_u64() < now.at("/position").as_u64());
    max.get(&path).send().await.expect_problem(401, "token_outdated");
    let nobody = format!("/audit/rights?member={}", uuid::Uuid::now_v7());
    olga.get(&nobody).send().await.expect_problem(404, "not_found");
}
