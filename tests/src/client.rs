//! A caller of the API.

use crate::answer::Answer;
use reqwest::Method;
use serde_json::Value;
use uuid::Uuid;

/// A caller: a member of an organization, or a stranger.
#[derive(Clone, Debug)]
pub struct Client {
    base: String,
    token: Option<String>,
    http: reqwest::Client,
    /// Their address for logging in.
    pub email: String,
    /// The user.
    pub user: Uuid,
    /// Their profile.
    pub member: Uuid,
    /// Their organization.
    pub organization: Uuid,
}

impl Client {
    pub(crate) fn new(base: &str, token: Option<String>) -> Self {
        Self {
            base: base.to_owned(),
            token,
            http: reqwest::Client::new(),
            email: String::new(),
            user: Uuid::nil(),
            member: Uuid::nil(),
            organization: Uuid::nil(),
        }
    }

    pub(crate) fn known_as(self, me: &Answer) -> Self {
        Self {
            email: me.text("/email"),
            user: me.id("/id"),
            member: me.id("/member"),
            organization: me.id("/organization/id"),
            ..self
        }
    }

    /// The same caller with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same caller at another server.
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// The access token.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// A request to an address below `/api/v1`, or to one that starts with `//` below the root.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let url = match path.strip_prefix("//") {
            Some(rest) => format!("{}/{rest}", self.base),
            None => format!("{}/api/v1{path}", self.base),
        };
        let mut request = self.http.request(method, url);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        Call(request)
    }

    /// `GET`
    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    /// `POST`
    pub fn post(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    /// A setting of the whole.
    pub fn put(&self, path: &str) -> Call {
        self.call(Method::PUT, path)
    }

    /// `PATCH`
    pub fn patch(&self, path: &str) -> Call {
        self.call(Method::PATCH, path)
    }

    /// `DELETE`
    pub fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    /// Makes a record and gives the answer.
    pub async fn create(&self, plural: &str, fields: Value) -> Answer {
        self.post(&format!("/{plural}")).json(&fields).send().await.expect_status(201)
    }

    /// The list of a search, once it shows `position`.
    pub async fn search(&self, plural: &str, search: Value, position: u64) -> Answer {
        self.post(&format!("/{plural}/search"))
            .json(&search)
            .header("hindsight-min-position", &position.to_string())
            .send()
            .await
            .expect_status(200)
    }
}

/// A request on its way.
#[derive(Debug)]
pub struct Call(reqwest::RequestBuilder);

impl Call {
    /// With a JSON body.
    pub fn json(self, body: &Value) -> Self {
        Self(self.0.json(body))
    }

    /// With a body as it is, said to be JSON.
    pub fn raw(self, body: impl Into<reqwest::Body>) -> Self {
        Self(self.0.header("content-type", "application/json").body(body))
    }

    /// With a header.
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    /// The raw response, for streams.
    pub async fn open(self) -> reqwest::Response {
        self.0.send().await.expect("the server answers")
    }

    /// The answer, read to its end; `None` if the server went away instead.
    pub async fn try_send(self) -> Option<Answer> {
        Answer::try_read(self.0.send().await.ok()?).await
    }

    /// The answer; of a stream, which may have no end, its first part.
    pub async fn send_to_first_event(self) -> Answer {
        Answer::begin(self.open().await).await
    }

    /// The answer, read to its end.
    pub async fn send(self) -> Answer {
        Answer::read(self.open().await).await
    }
}
