//! Ids of another organization wherever an id can stand: they lead nowhere, whoever asks.

use super::findings::Findings;
use super::side::{CANARY, OBSCURED, Side, settle};
use super::table::table;
use super::{answer, by_id};
use commands::{Clock as _, SystemClock};
use hindsight_tests::{Client, Process, TestApp, events};
use serde_json::json;
use store::LogId;

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_another_organization_lead_nowhere() {
    let app = TestApp::start().await;
    // The tokens are for a second server, with the machine's clock.
    app.clock.set(SystemClock.now());
    let theirs = settle(&app, CANARY, CANARY).await;
    let mut ours = settle(&app, "acme", OBSCURED).await;
    let head = async || app.app.commands.log().head(LogId(theirs.owner.organization)).await;
    let before = head().await.unwrap();
    let binary = env!("CARGO_BIN_EXE_hindsight-under-test");
    let mut process = Process::start(binary, &app.own_database);
    ours.owner = ours.owner.at(&process.base);
    let mut findings = Findings::default();
    each_place(&app, &ours, &theirs, &mut findings).await;
    headers(&app, &ours.owner, &theirs, &mut findings).await;
    process.terminate();
    process.wait();

    let after = head().await.unwrap();
    if after.position != before.position {
        findings.note(format!("their log went from {} to {}", before.position, after.position));
    }
    let logged = process.logged();
    assert!(logged.contains("/api/v1/contacts/{id}"), "routes are logged");
    for line in logged.lines().filter(|line| line.to_lowercase().contains(CANARY)) {
        findings.note(format!("logged: {}", line.chars().take(400).collect::<String>()));
    }
    findings.end(80);
}

async fn each_place(app: &TestApp, ours: &Side, theirs: &Side, findings: &mut Findings) {
    let operations = by_id();
    let now = app.app.now();
    let calls = table(&ours.ids, now).into_iter().zip(table(&theirs.ids, now));
    let mut admin = app.own_database.admin().await;
    for (our, their) in calls {
        let operation = &operations[our.operation];
        for (place, call) in our.with_each_id_of(&their) {
            let what = format!("{} with a foreign id in {place}", our.operation);
            let before = events(&mut admin).await;
            let got = answer(operation, &call, &ours.owner).await;
            findings.look(&what, &got);
            let (fine, expected) = match &*place {
                // For administrators of the instance, whatever the id.
                "path" if operation.admission["for"] == "administrator" => {
                    (got.json["code"] == "not_permitted", "403 not_permitted")
                }
                "path" => (got.status == 404 && got.json["code"] == "not_found", "404 not_found"),
                // A filter that finds nothing, or is refused.
                _ if operation.only_reads() => {
                    (matches!(got.status, 200 | 400 | 404 | 422), "nothing found")
                }
                _ => (matches!(got.status, 400 | 404 | 422), "400, 404 or 422"),
            };
            findings.expect(fine, &what, expected, &got);
            if got.status == 422 && !operation.only_reads() {
                let member = place.split('/').nth(1).unwrap_or_default();
                let named = got.json["errors"][0]["pointer"]
                    .as_str()
                    .is_some_and(|pointer| pointer.split('/').nth(1) == Some(member));
                findings.expect(named, &what, "a refusal that names the member", &got);
            }
            let after = events(&mut admin).await;
            if before != after {
                findings.note(format!("{what}: changed something: {before:?} to {after:?}"));
            }
            let rows = got.json["items"].as_array().map_or(0, Vec::len);
            let filtered = place.ends_with("/filter/value") || place.contains("/filter/value/");
            findings.expect(rows == 0 || !filtered, &what, "no rows", &got);
        }
    }
}

/// What stands in headers is the caller's own business, too.
async fn headers(app: &TestApp, us: &Client, theirs: &Side, findings: &mut Findings) {
    let log = LogId(theirs.owner.organization);
    let head = app.app.commands.log().head(log).await.unwrap().position.to_string();
    let mine = us.create("contacts", json!({"full_name": "Eve"})).await;
    let path = format!("/contacts/{}", mine.id("/id"));
    let city = json!({"city": "Rome"});
    let etag = theirs.owner.get(&format!("/contacts/{}", theirs.ids.contact)).send().await;
    let etag = etag.header("etag").to_owned();
    let calls = [
        ("If-Match", us.patch(&path).json(&city).header("if-match", &etag)),
        ("Hindsight-Min-Position", us.get("/contacts").header("hindsight-min-position", &head)),
        ("Last-Event-ID", us.get("/live").header("last-event-id", &head)),
    ];
    for (name, call) in calls {
        findings
            .look(&format!("{name} of another organization"), &call.send_to_first_event().await);
    }
    let words = json!({"q": CANARY, "deleted": "include"});
    let found = us.post("/contacts/search").json(&words).send().await;
    findings.look("a search for what is theirs", &found);
    findings.expect(
        found.json["items"] == json!([]),
        "a search for what is theirs",
        "no rows",
        &found,
    );
    // The same key and body of two organizations are two requests.
    let body = json!({"full_name": "Twin"});
    let twice = async |by: &Client| {
        let call = by.post("/contacts").header("idempotency-key", "shared-between-two");
        call.json(&body).send().await
    };
    let (first, second) = (twice(us).await, twice(&app.owner("Third").await).await);
    for answer in [&first, &second] {
        findings.look("Idempotency-Key of another organization", answer);
        findings.expect(answer.status == 201, "Idempotency-Key", 201, answer);
    }
    assert_ne!(first.at("/id"), second.at("/id"));
}
