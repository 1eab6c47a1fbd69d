//! What is wrong with one field of an input.

use std::borrow::Cow;

/// A fault in one member of an input, in words a person can act on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) to the member, such as `/email`.
    pub pointer: String,
    /// Stable, machine-readable code, such as `invalid_email`.
    pub code: Cow<'static, str>,
    /// One sentence that says what is wrong.
    pub message: String,
}

impl FieldError {
    /// A fault at the top-level member `field`.
    pub fn new(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self { pointer: format!("/{field}"), code: Cow::Borrowed(code), message: message.into() }
    }
}

impl std::fmt::Display for FieldError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.pointer.trim_start_matches('/'), self.message)
    }
}
