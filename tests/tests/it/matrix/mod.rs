//! The isolation matrix: every operation of the API's description, called by everybody who may
//! stand at the door, and with ids of another organization wherever an id can stand.
//!
//! `table.rs` has a valid call of each operation. One that is missing there fails the build, as does
//! an id in a path, query or body that no call of it has.

mod call;
mod callers;
mod document;
mod findings;
mod foreign;
mod organization;
mod reach;
mod side;
mod table;

use call::{Call, made_up};
use callers::{Caller, Verdict, callers};
use document::{Operation, operations};
use findings::Findings;
use hindsight_tests::{Answer, Client, TestApp, events};
use side::{CANARY, OBSCURED, settle};
use std::collections::{BTreeMap, BTreeSet};
use table::table;

fn by_id() -> BTreeMap<String, Operation> {
    operations().into_iter().map(|operation| (operation.id.clone(), operation)).collect()
}

/// The answer to a call. Of a stream, which has no end, only how it begins.
async fn answer(operation: &Operation, call: &Call, client: &Client) -> Answer {
    call.request(operation, client).send_to_first_event().await
}

#[test]
fn every_operation_and_every_place_of_an_id_has_its_call() {
    let now = chrono::Utc::now();
    let (ours, theirs) = (table(&made_up(), now), table(&made_up(), now));
    let mut places: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (our, their) in ours.iter().zip(&theirs) {
        let found = our.with_each_id_of(their).into_iter();
        // The member of the body, without the place in a list.
        let names = found.map(|(place, _)| {
            place.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned()
        });
        places.entry(our.operation).or_default().extend(names);
    }
    let operations = operations();
    let known: BTreeSet<&str> = operations.iter().map(|operation| &*operation.id).collect();
    let mut findings: Vec<String> = Vec::new();
    for stale in places.keys().filter(|id| !known.contains(**id)) {
        findings.push(format!("{stale}: there is no such operation any more"));
    }
    for operation in &operations {
        let Some(places) = places.get(&*operation.id) else {
            findings.push(format!("{}: no call in table.rs", operation.id));
            continue;
        };
        let in_path = operation.has_id_in_path().then(|| "path".to_owned());
        for missing in operation.ids.iter().chain(&in_path).filter(|id| !places.contains(*id)) {
            findings.push(format!("{}: no call in table.rs has an id as {missing}", operation.id));
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[tokio::test]
async fn whoever_may_is_admitted_and_for_others_nothing_is_told_or_changed() {
    let app = TestApp::start().await;
    settle(&app, CANARY, CANARY).await;
    let mut ours = settle(&app, "acme", OBSCURED).await;
    let callers = callers(&app, &mut ours).await;
    let (operations, table) = (by_id(), table(&ours.ids, app.app.now()));
    let mut findings = Findings::default();
    nobody_else_gets_in(&app, &callers, &operations, &table, &mut findings).await;
    for caller in &callers {
        admitted(&app, caller, &operations, &table, &mut findings).await;
    }
    findings.end(1000);
}

async fn nobody_else_gets_in(
    app: &TestApp,
    callers: &[Caller],
    operations: &BTreeMap<String, Operation>,
    table: &[Call],
    findings: &mut Findings,
) {
    let mut admin = app.own_database.admin().await;
    let first = events(&mut admin).await;
    let mut before = first.clone();
    for call in table {
        let operation = &operations[call.operation];
        for caller in callers {
            let what = format!("{} × {}", call.operation, caller.name);
            let verdict = caller.verdict(operation, call);
            if verdict == Verdict::Admitted {
                continue;
            }
            let got = answer(operation, call, &caller.client).await;
            findings.look(&what, &got);
            let as_expected = match verdict {
                Verdict::Admitted => true,
                Verdict::Unknown => got.status == 401,
                Verdict::Refused(code) => got.status == 403 && got.json["code"] == code,
                Verdict::Barred => matches!(got.status, 403 | 404 | 422),
            };
            findings.expect(as_expected, &what, format!("{verdict:?}"), &got);
            let after = events(&mut admin).await;
            if after != before {
                findings.note(format!("{what}: changed something: {before:?} to {after:?}"));
                before = after;
            }
        }
    }
    // The only trace is that of the refusals, once their minute is over.
    app.pass(chrono::TimeDelta::minutes(1));
    app.app.identity.tell_denials().await.unwrap();
    let mut last = events(&mut admin).await;
    for denials in ["access.denied", "access.key_denied"] {
        let denials = last.remove(denials);
        assert!(denials.is_some_and(|count| count > 50), "{denials:?}");
    }
    if last != first {
        findings.note(format!("the refusals left more than denials: {first:?} to {last:?}"));
    }
}

async fn admitted(
    app: &TestApp,
    caller: &Caller,
    operations: &BTreeMap<String, Operation>,
    table: &[Call],
    findings: &mut Findings,
) {
    let mut client = caller.client.clone();
    for call in table {
        let operation = &operations[call.operation];
        if caller.verdict(operation, call) != Verdict::Admitted {
            continue;
        }
        if call.ends_session {
            client = caller.again(app).await;
        }
        let what = format!("{} × {}", call.operation, caller.name);
        let got = answer(operation, call, &client).await;
        findings.look(&what, &got);
        let valid =
            got.status == call.status && call.code.is_none_or(|code| got.json["code"] == code);
        if caller.name == "owner" {
            findings.expect(valid, &what, format!("{} {:?}", call.status, call.code), &got);
        } else {
            let admitted = valid || !matches!(got.status, 401 | 403);
            findings.expect(admitted, &what, "to be admitted", &got);
        }
    }
}
