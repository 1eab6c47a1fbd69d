//! An answer of the API, and what tests ask of it.

use reqwest::header::HeaderMap;
use serde_json::Value;
use uuid::Uuid;

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub body: String,
    /// The body as JSON; null if it is none.
    pub json: Value,
}

impl Answer {
    pub(crate) async fn read(response: reqwest::Response) -> Self {
        Self::try_read(response).await.expect("the body comes to its end")
    }

    /// Reads an answer to its end, but of a stream only what comes first.
    pub(crate) async fn begin(mut response: reqwest::Response) -> Self {
        let kind = response.headers().get(reqwest::header::CONTENT_TYPE);
        if kind.is_none_or(|kind| kind != "text/event-stream") {
            return Self::read(response).await;
        }
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let first = response.chunk().await.expect("the stream begins").unwrap_or_default();
        let body = String::from_utf8_lossy(&first).into_owned();
        Self { status, headers, body, json: Value::Null }
    }

    pub(crate) async fn try_read(response: reqwest::Response) -> Option<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.text().await.ok()?;
        let json = serde_json::from_str(&body).unwrap_or(Value::Null);
        Some(Self { status, headers, body, json })
    }

    /// Insists on a status.
    #[track_caller]
    pub fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// Insists on a problem of this status and code, in the form that every problem has.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Self {
        assert_eq!(
            (self.status, self.json["code"].as_str()),
            (status, Some(code)),
            "{}",
            self.body
        );
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.json["status"], status);
        assert_eq!(self.json["request_id"], self.header("x-request-id"));
        assert!(self.json["detail"].is_string() && self.json["errors"].is_array(), "{}", self.body);
        self
    }

    /// A header's text.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("there is no {name}"));
        value.to_str().expect("text")
    }

    /// What the JSON pointer points to.
    #[track_caller]
    pub fn at(&self, pointer: &str) -> &Value {
        let found = self.json.pointer(pointer);
        found.unwrap_or_else(|| panic!("nothing at {pointer} in {}", self.body))
    }

    /// The text that the JSON pointer points to.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> String {
        let found = self.at(pointer).as_str();
        found.unwrap_or_else(|| panic!("no text at {pointer} in {}", self.body)).to_owned()
    }

    /// The id that the JSON pointer points to.
    #[track_caller]
    pub fn id(&self, pointer: &str) -> Uuid {
        self.text(pointer).parse().expect("an id")
    }

    /// The position that the answer reached or shows.
    #[track_caller]
    pub fn position(&self) -> u64 {
        self.header("hindsight-position").parse().expect("a position")
    }

    /// The labels of a list's rows.
    #[track_caller]
    pub fn labels(&self) -> Vec<&str> {
        let items = self.at("/items").as_array().expect("a list");
        items.iter().map(|item| item["label"].as_str().expect("a label")).collect()
    }
}
