//! A valid call of an operation, with the ids of one organization.

use super::document::Operation;
use super::side::Ids;
use hindsight_tests::Client;
use serde_json::Value;
use uuid::Uuid;

/// A valid call, and what its operation asks for beyond what it declares.
#[derive(Clone, Debug)]
pub struct Call {
    pub operation: &'static str,
    /// What stands in the path as `{id}`.
    pub id: Option<Uuid>,
    pub query: Vec<(&'static str, String)>,
    pub body: Option<Value>,
    /// What the owner gets who makes all calls in their order.
    pub status: u16,
    /// With which code, if that is a problem.
    pub code: Option<&'static str>,
    /// A permission that this call needs, among those that the operation declares.
    pub needs: Option<&'static str>,
    /// For people who have logged in, not for API keys.
    pub personal: bool,
    /// The caller has to log in again before it.
    pub ends_session: bool,
}

/// A call that is answered with 200.
pub fn call(operation: &'static str) -> Call {
    Call {
        operation,
        id: None,
        query: Vec::new(),
        body: None,
        status: 200,
        code: None,
        needs: None,
        personal: false,
        ends_session: false,
    }
}

impl Call {
    pub fn on(self, id: Uuid) -> Self {
        Self { id: Some(id), ..self }
    }

    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub fn body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    pub fn answers(self, status: u16) -> Self {
        Self { status, ..self }
    }

    pub fn refused(self, status: u16, code: &'static str) -> Self {
        Self { status, code: Some(code), ..self }
    }

    pub fn needs(self, permission: &'static str) -> Self {
        Self { needs: Some(permission), ..self }
    }

    pub fn personal(self) -> Self {
        Self { personal: true, ..self }
    }

    pub fn ends_session(self) -> Self {
        Self { ends_session: true, personal: true, ..self }
    }

    /// The request of a caller.
    pub fn request(&self, operation: &Operation, client: &Client) -> hindsight_tests::Call {
        let id = self.id.unwrap_or_default().to_string();
        let mut path = operation
            .path
            .replace("{id}", &id)
            .replace("{list}", "service")
            .replace("{key}", "none");
        for (index, (name, value)) in self.query.iter().enumerate() {
            let before = if index == 0 { "?" } else { "&" };
            path.extend([before, name, "=", value]);
        }
        let request = client.call(operation.method.clone(), &path);
        match &self.body {
            Some(body) => request.json(body),
            None => request,
        }
    }

    /// This call with an id of `other` at one place, once for each place that has one.
    pub fn with_each_id_of(&self, other: &Self) -> Vec<(String, Self)> {
        let mut calls = Vec::new();
        if self.id != other.id {
            calls.push(("path".to_owned(), Self { id: other.id, ..self.clone() }));
        }
        for (index, (ours, theirs)) in self.query.iter().zip(&other.query).enumerate() {
            if ours != theirs {
                let mut call = self.clone();
                call.query[index] = theirs.clone();
                calls.push((ours.0.to_owned(), call));
            }
        }
        if let (Some(ours), Some(theirs)) = (&self.body, &other.body) {
            for pointer in differences(ours, theirs) {
                let mut body = ours.clone();
                *body.pointer_mut(&pointer).unwrap() = theirs.pointer(&pointer).unwrap().clone();
                calls.push((pointer, Self { body: Some(body), ..self.clone() }));
            }
        }
        calls
    }
}

fn differences(ours: &Value, theirs: &Value) -> Vec<String> {
    let below = |key: String, ours: &Value, theirs: &Value| {
        differences(ours, theirs).into_iter().map(move |rest| format!("/{key}{rest}"))
    };
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            a.iter().flat_map(|(key, value)| below(key.clone(), value, &b[key])).collect()
        }
        (Value::Array(a), Value::Array(b)) => {
            let pairs = a.iter().zip(b).enumerate();
            pairs.flat_map(|(index, (a, b))| below(index.to_string(), a, b)).collect()
        }
        _ if ours == theirs => Vec::new(),
        _ => vec![String::new()],
    }
}

/// A set of ids that are all different from those of any other set.
pub fn made_up() -> Ids {
    let id = Uuid::now_v7;
    Ids {
        contact: id(),
        company: id(),
        tag: id(),
        status: id(),
        service: id(),
        industry: id(),
        traffic_source: id(),
        role: id(),
        team: id(),
        view: id(),
        key: id(),
        session: id(),
        member: id(),
        job: id(),
        invitation: id(),
        organization: id(),
        owner: id(),
        user: id(),
        action: id(),
        contacts_cursor: id().to_string(),
        companies_cursor: id().to_string(),
    }
}
