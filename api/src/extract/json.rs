//! JSON bodies.

use crate::http::{ApiError, ApiResult};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use domain::error::FieldError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

/// A JSON body, read completely: of the right media type, within the size limit, not nested
/// beyond the parser's bound, without members that the route does not know.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

/// The same with the bytes as sent, to which an idempotency key is bound.
#[derive(Clone, Debug)]
pub struct CommandBody<T> {
    /// What was sent.
    pub value: T,
    /// As it was sent.
    pub bytes: Bytes,
}

/// The body of a command that takes none: nothing, or `{}`.
#[derive(Clone, Debug)]
pub struct NoBody(pub Bytes);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> ApiResult<Self> {
        CommandBody::from_request(request, state).await.map(|body| Self(body.value))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for CommandBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> ApiResult<Self> {
        if !is_json(request.headers()) {
            return Err(ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Send the body as application/json.",
            ));
        }
        let bytes = read(request, state).await?;
        Ok(Self { value: parse(&bytes)?, bytes })
    }
}

impl<S: Send + Sync> FromRequest<S> for NoBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> ApiResult<Self> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Empty {}

        let bytes = read(request, state).await?;
        if !bytes.is_empty() {
            let Empty {} = parse(&bytes)?;
        }
        Ok(Self(bytes))
    }
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> ApiResult<Bytes> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            ApiError::too_large()
        } else {
            ApiError::bad_request("incomplete_body", "The body could not be read to its end.")
        }
    })
}

/// Reads a body, telling apart what is no JSON (`400`) from what is not what the route asks for
/// (`422`, with a pointer).
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> ApiResult<T> {
    // serde would read a list as a struct, member by member.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        serde_json::from_slice::<serde::de::IgnoredAny>(bytes)
            .map_err(|error| malformed(&error))?;
        let message = "The body is an object.".to_owned();
        let fault = FieldError { pointer: String::new(), code: "wrong_type".into(), message };
        return Err(ApiError::invalid(vec![fault]));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer(error.path());
        let inner = error.into_inner();
        if inner.is_data() { wrong_shape(pointer, &inner) } else { malformed(&inner) }
    })?;
    reader.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

fn malformed(error: &serde_json::Error) -> ApiError {
    let detail = format!("The body is not JSON: line {}, column {}.", error.line(), error.column());
    ApiError::bad_request("malformed_json", detail)
}

fn wrong_shape(pointer: String, error: &serde_json::Error) -> ApiError {
    // serde's text names types and, for unknown members, what was sent; cut its position off and
    // bound its length, since it is the caller's own text coming back.
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or(&text);
    let code = if text.starts_with("unknown field") {
        "unknown_field"
    } else if text.starts_with("missing field") {
        "missing_field"
    } else if text.starts_with("duplicate field") {
        "duplicate_field"
    } else {
        "wrong_type"
    };
    let message: String = text.chars().take(200).collect();
    let fault = FieldError { pointer, code: code.into(), message };
    ApiError::refused("invalid", "The body does not have the form that is asked for.", vec![fault])
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => {
                let shown: String = key.chars().take(60).collect();
                format!("/{}", shown.replace('~', "~0").replace('/', "~1"))
            }
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => "/?".to_owned(),
        })
        .collect()
}

fn is_json(headers: &HeaderMap) -> bool {
    let media = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|media| media.trim().to_ascii_lowercase());
    media.as_deref() == Some("application/json")
}

/// Tells a member that is `null` from one that is absent; for `deserialize_with`, beside `default`.
#[allow(clippy::option_option, reason = "absent and null are different things")]
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[allow(dead_code, reason = "only its reading is tested")]
        count: Vec<u32>,
    }

    fn refused(body: &str) -> ApiError {
        parse::<Body>(body.as_bytes()).expect_err("is refused")
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        for body in ["", "{", "{\"count\": [1]} x", "nan", "\u{0}"] {
            assert_eq!(refused(body).code(), "malformed_json", "{body}");
        }
    }

    #[test]
    fn what_is_json_of_another_form_is_invalid() {
        for body in [
            "[]",
            "[[1]]",
            "null",
            "\"x\"",
            "{}",
            "{\"count\": \"1\"}",
            "{\"count\": [1], \"more\": 2}",
        ] {
            assert_eq!(refused(body).code(), "invalid", "{body}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_without_recursing_into_it() {
        let deep = format!("{{\"count\": {}", "[".repeat(200_000));
        assert!(refused(&deep).status().is_client_error());
    }
}
