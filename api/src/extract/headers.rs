//! The headers that commands and reads may carry.

use crate::http::{ApiError, ApiResult};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use commands::Done;
use domain::normalize;
use std::time::Duration;

/// Names one attempt at a command; the same key with the same body gives the same answer.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Why, in the caller's words; UTF-8, percent-encoded.
pub const REASON: HeaderName = HeaderName::from_static("hindsight-reason");
/// A read should show at least this position.
pub const MIN_POSITION: HeaderName = HeaderName::from_static("hindsight-min-position");
/// The position that an answer shows or a command reached.
pub const POSITION: HeaderName = HeaderName::from_static("hindsight-position");

/// The action that a command was, by which it can be undone.
pub const ACTION: HeaderName = HeaderName::from_static("hindsight-action");

/// How long a read may take before it is answered with a job instead (RFC 7240).
const PREFER: HeaderName = HeaderName::from_static("prefer");
const MOST_PATIENCE: Duration = Duration::from_secs(20);

/// Positions and versions are exact in every JSON reader.
const MOST: u64 = 1 << 53;

/// What a command may carry beside its body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandHeaders {
    /// The version that the caller saw; another one is a conflict.
    pub if_match: Option<u32>,
    /// Names the attempt.
    pub idempotency_key: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Method and path as sent, to which an idempotency key is bound.
    pub route: String,
}

impl<S: Send + Sync> FromRequestParts<S> for CommandHeaders {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> ApiResult<Self> {
        let headers = &parts.headers;
        Ok(Self {
            if_match: read(headers, &header::IF_MATCH, "Write a version as \"7\".", version)?,
            idempotency_key: read(
                headers,
                &IDEMPOTENCY_KEY,
                "Use 1 to 200 visible ASCII characters.",
                key,
            )?,
            reason: read(
                headers,
                &REASON,
                "Use at most 500 characters, as percent-encoded UTF-8.",
                reason,
            )?,
            route: format!("{} {}", parts.method, parts.uri.path()),
        })
    }
}

/// What a read may carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadHeaders {
    /// The position that the answer should show.
    pub min_position: Option<u64>,
    /// How long the caller would rather wait than be told of a job.
    pub patience: Option<Duration>,
}

impl<S: Send + Sync> FromRequestParts<S> for ReadHeaders {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> ApiResult<Self> {
        let min_position = read(&parts.headers, &MIN_POSITION, "Write a whole number.", number)?;
        Ok(Self { min_position, patience: patience(&parts.headers) })
    }
}

/// Reads a header that may stand at most once.
fn read<T>(
    headers: &HeaderMap,
    name: &HeaderName,
    advice: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> ApiResult<Option<T>> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let refuse = || {
        ApiError::bad_request(
            "invalid_header",
            format!("The header {name} is not understood. {advice}"),
        )
    };
    if values.next().is_some() {
        return Err(refuse());
    }
    value.to_str().ok().and_then(parse).map(Some).ok_or_else(refuse)
}

/// `Prefer: wait=5` (RFC 7240). Preferences that are not understood are not refused.
fn patience(headers: &HeaderMap) -> Option<Duration> {
    headers
        .get_all(PREFER)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .find_map(|preference| preference.trim().strip_prefix("wait="))
        .and_then(number)
        .map(|seconds| Duration::from_secs(seconds).min(MOST_PATIENCE))
}

fn number(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|n| plain && *n < MOST)
}

fn version(text: &str) -> Option<u32> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    number(inner).and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0)
}

fn key(text: &str) -> Option<String> {
    let sane = (1..=200).contains(&text.len()) && text.bytes().all(|b| (0x21..0x7f).contains(&b));
    sane.then(|| text.to_owned())
}

fn reason(text: &str) -> Option<String> {
    let plain = text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    if !plain {
        return None;
    }
    normalize::line(&percent_decode(text)?, 500).ok()?
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next()?, rest.next()?];
            let hex = std::str::from_utf8(&hex).ok()?;
            bytes.push(u8::from_str_radix(hex, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The `ETag` of a version.
pub fn etag(version: u32) -> HeaderValue {
    // Digits between quotation marks are always a header value.
    HeaderValue::from_str(&format!("\"{version}\""))
        .unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}

/// The headers of an answer to a command: what to read its outcome by, and what to undo it by, if it
/// did anything.
pub fn answer<A>(done: &Done<A>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::ETAG, etag(done.folded.version));
    headers.insert(POSITION, HeaderValue::from(done.position));
    // An id is always a header value.
    let action = done.action.and_then(|action| HeaderValue::try_from(action.to_string()).ok());
    headers.extend(action.map(|action| (ACTION, action)));
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_a_quoted_positive_number() {
        assert_eq!(version("\"7\""), Some(7));
        for strange in ["7", "\"0\"", "\"-1\"", "W/\"7\"", "*", "\"7\",\"8\"", "\"+7\"", "\"\""] {
            assert_eq!(version(strange), None, "{strange}");
        }
    }

    #[test]
    fn a_position_is_exact_in_every_json_reader() {
        assert_eq!(number("9007199254740991"), Some(9_007_199_254_740_991));
        assert_eq!(number("9007199254740992"), None);
        assert_eq!(number("1e3"), None);
    }

    #[test]
    fn a_reason_is_percent_encoded_utf8_of_one_line() {
        assert_eq!(
            reason("Asked%20by%20phone, J%C3%BCrgen").as_deref(),
            Some("Asked by phone, Jürgen")
        );
        for strange in ["%", "%zz", "%ff", "%E2%80%AEevil", "%00", "a\tb", ""] {
            assert_eq!(reason(strange), None, "{strange}");
        }
    }
}
