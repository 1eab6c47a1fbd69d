//! What is out of a member's reach does not exist for them, on any route.

use super::document::Operation;
use super::findings::{Findings, tells};
use super::side::{CANARY, OBSCURED, settle};
use super::table::table;
use super::{answer, by_id};
use domain::ids::OrganizationId;
use domain::reach::ReachLevel;
use domain::role::Builtin;
use hindsight_tests::{TestApp, events};

#[tokio::test]
async fn records_out_of_reach_exist_for_nobody_on_any_route() {
    let app = TestApp::start().await;
    settle(&app, CANARY, CANARY).await;
    let ours = settle(&app, "acme", OBSCURED).await;
    let sales = app.member(&ours.owner, "Sam", ReachLevel::Own).await;
    let lead = app.member(&ours.owner, "Tim", ReachLevel::Team).await;
    let lead = app.give_team(&lead, &[&sales]).await;
    let (operations, table) = (by_id(), table(&ours.ids, app.app.now()));
    let mut findings = Findings::default();
    for (name, client) in [("sales", &sales), ("team lead", &lead)] {
        for call in table.iter().filter(|call| !call.ends_session && !call.personal) {
            let operation = &operations[call.operation];
            let what = format!("{} × {name}", call.operation);
            let got = answer(operation, call, client).await;
            findings.look(&what, &got);
            findings.expect(!tells(&got, OBSCURED), &what, "nothing out of reach", &got);
            let of_record = ["/contacts/{id}", "/companies/{id}"]
                .iter()
                .any(|path| operation.path.starts_with(path));
            if of_record && operation.admission.to_string().contains("members:") {
                // Beyond their rights, whichever contact it is about.
                let refused = got.status == 403 && got.json["code"] == "not_permitted";
                findings.expect(refused, &what, "403 not_permitted", &got);
            } else if of_record {
                let absent = got.status == 404 && got.json["code"] == "not_found";
                findings.expect(absent, &what, "404 not_found", &got);
            }
        }
    }
    findings.end(100);
}

#[tokio::test]
async fn through_a_role_an_owner_sees_no_more_than_it_shows_and_changes_nothing() {
    let app = TestApp::start().await;
    settle(&app, CANARY, CANARY).await;
    let ours = settle(&app, "acme", OBSCURED).await;
    let sales = Builtin::Sales.id(OrganizationId(ours.owner.organization)).to_string();
    let (operations, table) = (by_id(), table(&ours.ids, app.app.now()));
    let mut findings = Findings::default();
    let mut admin = app.own_database.admin().await;
    let before = events(&mut admin).await;
    let of_caller = |operation: &&Operation| operation.admission["for"] != "public";
    for call in &table {
        let operation = &operations[call.operation];
        let Some(operation) = Some(operation).filter(of_caller) else { continue };
        let request = call.request(operation, &ours.owner).header("hindsight-view-as", &sales);
        let got = request.send_to_first_event().await;
        findings.look(call.operation, &got);
        findings.expect(!tells(&got, OBSCURED), call.operation, "nothing out of reach", &got);
        if !operation.only_reads() {
            let refused = got.status == 403 && got.json["code"] == "viewing_as";
            findings.expect(refused, call.operation, "403 viewing_as", &got);
        }
    }
    app.pass(chrono::TimeDelta::minutes(1));
    app.app.identity.tell_denials().await.unwrap();
    let after = events(&mut admin).await;
    if before != after {
        findings.note(format!("something changed: {before:?} to {after:?}"));
    }
    findings.end(100);
}
