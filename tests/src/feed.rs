//! The live feed, from its client's side.

use crate::client::Client;
use futures::StreamExt as _;
use serde_json::Value;
use std::pin::Pin;
use std::time::Duration;

/// More than any event takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A client that listens to `/live`.
pub struct Feed {
    bytes: Pin<Box<dyn futures::Stream<Item = Vec<u8>> + Send>>,
    buffer: String,
}

impl Feed {
    /// Opens it; `last` is the position of the last event that the client has seen.
    pub async fn open(client: &Client, last: Option<u64>) -> Self {
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
    pub async fn next(&mut self) -> Option<(String, Value)> {
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
            let part = tokio::time::timeout(PATIENCE, self.bytes.next())
                .await
                .expect("something comes in time")?;
            self.buffer.push_str(&String::from_utf8(part).expect("is text"));
        }
    }

    /// The next change: what happened to which record.
    pub async fn change(&mut self) -> (String, String) {
        loop {
            let (name, data) = self.next().await.expect("goes on");
            if name == "change" && data["record_type"] == "contact" {
                let text = |member: &str| data[member].as_str().expect("text").to_owned();
                return (text("change"), text("id"));
            }
        }
    }
}
