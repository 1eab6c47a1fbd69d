//! Query strings.

use crate::http::{ApiError, ApiResult};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The parameters of a query string; unknown ones are refused, since a mistyped filter that is
/// ignored shows everything.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> ApiResult<Self> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|rejection| {
                // The text names the parameter and what was expected of it.
                let text = std::error::Error::source(&rejection)
                    .map_or_else(|| rejection.to_string(), ToString::to_string);
                let detail: String = text.chars().take(200).collect();
                ApiError::bad_request(
                    "invalid_parameter",
                    format!("The query is not understood: {detail}."),
                )
            })
    }
}
