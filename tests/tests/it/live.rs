//! `/live`

use domain::reach::ReachLevel;
use futures::StreamExt as _;
use hindsight_tests::{Client, TestApp};
use serde_json::{Value, json};
use std::pin::Pin;
use std::time::Duration;

/// More than any event takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

struct Feed {
    bytes: Pin<Box<dyn futures::Stream<Item = Vec<u8>> + Send>>,
    buffer: String,
}

impl Feed {
    async fn open(client: &Client, last: Option<u64>) -> Self {
        let mut call = client.get("/live");
        if let Some(last) = last {
            call = call.header("last-event-id", &last.to_string());
        }
        let response = call.open().await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let bytes = response.bytes_stream().filter_map(|part| async { part.ok().map(Into::into) });
        Self { bytes: Box::pin(bytes), buffer: String::new() }
    }

    /// The next event: its name and data; `None` when the feed has ended.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.buffer.split_once("\n\n") {
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.map(|text| text.trim_start_matches(':').trim().to_owned())
                };
                let found = field("event").map(|name| {
                    let data = field("data").unwrap_or_default();
                    (name, serde_json::from_str(&data).unwrap_or(Value::Null))
                });
                self.buffer = String::from(rest);
                if found.is_some() {
                    return found;
                }
                continue;
            }
            let part = tokio::time::timeout(PATIENCE, self.bytes.next()).await.unwrap()?;
            self.buffer.push_str(&String::from_utf8(part).unwrap());
        }
    }

    /// The next change: what happened to which record.
    async fn change(&mut self) -> (String, String) {
        loop {
            let (name, data) = self.next().await.expect("goes on");
            if name == "change" && data["record_type"] == "contact" {
                let text = |member: &str| data[member].as_str().unwrap().to_owned();
                return (text("change"), text("id"));
            }
        }
    }
}

#[tokio::test]
async fn changes_are_told_to_who_may_see_them() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let max = app.member(&olga, "Max", ReachLevel::Own).await;
    let eve = app.owner("Evil").await;
    let mut all = Feed::open(&olga, None).await;
    let mut own = Feed::open(&max, None).await;
    let mut other = Feed::open(&eve, None).await;
    for feed in [&mut all, &mut own, &mut other] {
        assert_eq!(feed.next().await.unwrap().0, "ready");
    }

    let ana = olga.create("contacts", json!({"full_name": "Ana"})).await;
    let id = ana.text("/id");
    assert_eq!(all.change().await, ("created".into(), id.clone()));
    let path = format!("/contacts/{id}");
    let assign = |to| olga.patch(&path).json(&json!({"assigned_to": to})).send();
    assign(Some(max.member)).await.expect_status(200);
    assert_eq!(all.change().await, ("changed".into(), id.clone()));
    assert_eq!(own.change().await, ("created".into(), id.clone()), "it comes into sight");
    assign(None).await.expect_status(200);
    assert_eq!(own.change().await, ("gone".into(), id.clone()), "it goes out of sight");
    olga.delete(&path).send().await.expect_status(200);
    assert_eq!(all.change().await.0, "changed");
    assert_eq!(all.change().await, ("deleted".into(), id));

    let theirs = eve.create("contacts", json!({"full_name": "Eve"})).await.text("/id");
    assert_eq!(other.change().await.1, theirs, "nothing of the others came before");
}

#[tokio::test]
async fn who_was_away_is_told_to_look_again() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let before = olga.create("contacts", json!({"full_name": "Ana"})).await.position();
    let after = olga.create("contacts", json!({"full_name": "Bea"})).await.position();
    olga.search("contacts", json!({}), after).await;
    assert_eq!(Feed::open(&olga, Some(before)).await.next().await.unwrap().0, "reset");
    assert_eq!(Feed::open(&olga, Some(after)).await.next().await.unwrap().0, "ready");
    let nonsense = olga.get("/live").header("last-event-id", "x").send().await;
    nonsense.expect_problem(400, "invalid_header");
}

#[tokio::test]
async fn a_log_out_ends_the_feed() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let mut feed = Feed::open(&olga, None).await;
    assert_eq!(feed.next().await.unwrap().0, "ready");
    olga.post("/auth/logout").send().await.expect_status(204);
    while feed.next().await.is_some() {}
}

#[tokio::test]
async fn a_stop_of_the_server_ends_the_feeds() {
    let app = TestApp::start().await;
    let olga = app.owner("Acme").await;
    let mut feed = Feed::open(&olga, None).await;
    assert_eq!(feed.next().await.unwrap().0, "ready");
    app.stop().await;
    while feed.next().await.is_some() {}
}
