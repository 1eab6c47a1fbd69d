//! The refresh token's cookie: out of reach of scripts and of other sites.

use crate::http::{ApiError, ApiResult};
use axum::http::{HeaderMap, HeaderValue, header};
use chrono::TimeDelta;

/// Only the routes that trade it see it.
const PATH: &str = "/api/v1/auth";

fn name(tls: bool) -> &'static str {
    // The prefix makes browsers refuse it from anything but https.
    if tls { "__Secure-hindsight_refresh" } else { "hindsight_refresh" }
}

/// Hands the token to the browser for `lifetime`.
pub fn set(token: &str, lifetime: TimeDelta, tls: bool) -> ApiResult<HeaderValue> {
    write(token, lifetime.num_seconds().max(0), tls)
}

/// Takes it back.
pub fn clear(tls: bool) -> ApiResult<HeaderValue> {
    write("", 0, tls)
}

fn write(token: &str, seconds: i64, tls: bool) -> ApiResult<HeaderValue> {
    let secure = if tls { "; Secure" } else { "" };
    let name = name(tls);
    let cookie = format!(
        "{name}={token}; Path={PATH}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"
    );
    HeaderValue::from_str(&cookie).map_err(ApiError::internal)
}

/// The token that the browser sent, if any.
pub fn read(headers: &HeaderMap, tls: bool) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name(tls))
        .map(|(_, token)| token.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_read_back_and_kept_from_scripts_and_other_sites() {
        let cookie = set("abc", TimeDelta::days(1), true).expect("writes");
        let text = cookie.to_str().expect("text");
        for part in ["HttpOnly", "SameSite=Strict", "Secure", "Max-Age=86400", PATH] {
            assert!(text.contains(part), "{text}");
        }
        let sent = format!("a=b; {}", text.split(';').next().expect("a pair"));
        let headers =
            HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&sent).expect("text"))]);
        assert_eq!(read(&headers, true).as_deref(), Some("abc"));
        assert_eq!(read(&headers, false), None);
    }
}
