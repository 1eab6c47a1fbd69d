//! The name of a request, which ties an answer to its line in the log.

use axum::http::{HeaderName, HeaderValue};
use uuid::Uuid;

/// The header, on requests and answers.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request's name: the caller's, if it is a plain token, else made here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// Takes the caller's name if nothing but letters, digits, `-` and `_` is in it (so that it
    /// cannot forge lines of a log or carry a person's data in plain words), else `fresh`.
    pub fn accept(header: Option<&HeaderValue>, fresh: Uuid) -> Self {
        let sane = |text: &&str| {
            (8..=64).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        match header.and_then(|value| value.to_str().ok()).filter(sane) {
            Some(text) => Self(text.to_owned()),
            None => Self(fresh.to_string()),
        }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As an id to keep with events: the UUID itself, or one derived from the caller's token.
    pub fn as_uuid(&self) -> Uuid {
        Uuid::parse_str(&self.0)
            .unwrap_or_else(|_| Uuid::new_v5(&Uuid::NAMESPACE_OID, self.0.as_bytes()))
    }

    /// As a header.
    pub fn header(&self) -> HeaderValue {
        // Only letters, digits, `-` and `_` are ever in it.
        HeaderValue::from_str(&self.0).unwrap_or_else(|_| HeaderValue::from_static("invalid"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(text: &str) -> bool {
        let header = HeaderValue::from_str(text).expect("a header value");
        RequestId::accept(Some(&header), Uuid::nil()).as_str() == text
    }

    #[test]
    fn a_plain_token_is_kept_and_anything_else_is_replaced() {
        assert!(accepted("0198c0de-0000-7000-8000-000000000001"));
        assert!(accepted("trace_12345678"));
        for strange in ["short", "with space in it", "ana@example.com", &"x".repeat(65)] {
            assert!(!accepted(strange), "{strange}");
        }
    }

    #[test]
    fn a_uuid_stands_for_itself() {
        let id = Uuid::from_u128(7);
        assert_eq!(RequestId::accept(None, id).as_uuid(), id);
    }
}
