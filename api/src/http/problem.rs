//! The one error of the API: RFC 9457 problems with stable codes.
//!
//! Only this module knows how a refusal becomes a status. A handler returns [`ApiError`]; the
//! outermost layer ([`super::boundary`]) adds the request id, writes the body and logs the chain
//! of causes once.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::access::Permission;
use domain::error::FieldError;
use serde::Serialize;
use std::borrow::Cow;
use std::error::Error as StdError;
use std::sync::Arc;

/// What a request was refused with. Boxed: refusals are rare, results are everywhere.
#[derive(Clone, Debug)]
pub struct ApiError(Box<Refused>);

#[derive(Clone, Debug)]
struct Refused {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    retry_after: Option<u32>,
    changed: Option<serde_json::Value>,
    chosen: bool,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// Stands among the extensions of an answer whose status says that the server fails, but which
/// somebody decided on: nothing is broken, and nobody is to be woken.
#[derive(Clone, Copy, Debug)]
pub struct Chosen;

/// The wire form, `application/problem+json`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// `urn:hindsight:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// The status in words.
    title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// Stable, machine-readable code.
    code: String,
    /// One sentence for a person.
    detail: String,
    /// Names this request in the server's log.
    request_id: String,
    /// Faults by member of the input; empty if none is at fault.
    errors: Vec<Fault>,
    /// After a version conflict: the version now, and what was changed meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    changed: Option<serde_json::Value>,
}

/// A fault in one member of the input.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Fault {
    /// JSON pointer (RFC 6901) to the member of the body, or `/name` of a parameter or header.
    pointer: String,
    /// Stable, machine-readable code.
    code: String,
    /// One sentence that says what is wrong.
    message: String,
}

impl ApiError {
    /// A refusal of the given status and code, explained in one sentence.
    pub fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Refused {
            status,
            code: code.into(),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
            changed: None,
            chosen: false,
            source: None,
        }))
    }

    /// The input is not of the form that the API reads.
    pub fn bad_request(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// A parameter or header cannot be read.
    pub fn bad_parameter(name: &str, code: &'static str, message: impl Into<String>) -> Self {
        let fault = FieldError::new(name, code, message);
        let detail = format!("The parameter `{name}` cannot be used.");
        Self::bad_request("invalid_parameter", detail).with_errors(vec![fault])
    }

    /// Nobody known asks.
    pub fn unauthorized(code: &'static str, detail: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, detail)
    }

    /// The caller may not do that, and that it exists is no secret.
    pub fn forbidden(detail: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "not_permitted", detail)
    }

    /// The caller lacks a permission.
    pub fn not_permitted(permission: Permission) -> Self {
        let detail = format!("This takes the permission “{permission}”.");
        Self::new(StatusCode::FORBIDDEN, "not_permitted", detail)
    }

    /// There is no such thing, or it is not the caller's to see.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is no such thing here.")
    }

    /// The domain refused; `errors` are the fields at fault.
    pub fn refused(
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
        errors: Vec<FieldError>,
    ) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail).with_errors(errors)
    }

    /// Values do not fit, by field.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self::refused("invalid", "Some values do not fit.", errors)
    }

    /// After how many seconds the caller should come back, if at all.
    pub fn retry_after(&self) -> Option<u32> {
        self.0.retry_after
    }

    /// The body is beyond what the server reads.
    pub fn too_large() -> Self {
        let detail = "The request is larger than the server reads.";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
    }

    /// More work than the server takes on; the same request will do later.
    pub fn overloaded() -> Self {
        let detail = "The server is busy. Try again in a moment.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", detail).with_retry_after(1)
    }

    /// Something of ours failed. What it was goes to the log, not to the caller.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let detail = "Something went wrong on the server. Nothing was half done.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail).with_source(source)
    }

    /// With the fields at fault.
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.0.errors = errors;
        self
    }

    /// With the seconds after which to try again.
    pub fn with_retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// With what was changed since the version that the caller knew.
    pub fn with_changed(mut self, changed: serde_json::Value) -> Self {
        self.0.changed = Some(changed);
        self
    }

    /// As something that somebody decided on; see [`Chosen`].
    pub fn by_choice(mut self) -> Self {
        self.0.chosen = true;
        self
    }

    /// With the cause, for the log.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The causes, outermost first, for the log.
    pub fn causes(&self) -> Option<String> {
        let mut next: Option<&(dyn StdError + 'static)> = match &self.0.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        };
        let mut chain: Option<String> = None;
        while let Some(cause) = next {
            let text = cause.to_string();
            chain = Some(chain.map_or_else(|| text.clone(), |chain| format!("{chain}: {text}")));
            next = cause.source();
        }
        chain
    }

    /// The whole answer, naming the request.
    pub fn render(&self, request_id: &str) -> Response {
        let problem = Problem {
            kind: format!("urn:hindsight:problem:{}", self.0.code),
            title: self.0.status.canonical_reason().unwrap_or("Refused").to_owned(),
            status: self.0.status.as_u16(),
            code: self.0.code.to_string(),
            detail: self.0.detail.to_string(),
            request_id: request_id.to_owned(),
            errors: self.0.errors.iter().map(Fault::from).collect(),
            changed: self.0.changed.clone(),
        };
        // Strings, numbers and lists of them always serialise.
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (self.0.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, PROBLEM_JSON);
        if let Some(seconds) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.0.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Media type of problems.
pub const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

impl From<&FieldError> for Fault {
    fn from(error: &FieldError) -> Self {
        Self {
            pointer: error.pointer.clone(),
            code: error.code.to_string(),
            message: error.message.clone(),
        }
    }
}

/// Carries the error to the boundary, which alone knows the request id.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        if self.0.chosen {
            response.extensions_mut().insert(Chosen);
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// What handlers return.
pub type ApiResult<T> = Result<T, ApiError>;
