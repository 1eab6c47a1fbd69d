//! From where a request comes.

use crate::http::{ApiError, ApiResult, RequestId};
use crate::state::App;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use commands::Origin;
use std::net::{IpAddr, SocketAddr};
use store::Channel;

const FORWARDED_FOR: &str = "x-forwarded-for";
/// Browsers tell more about themselves than a history needs.
const MOST_AGENT: usize = 200;

/// The origin of a request that nobody is logged in for yet.
#[derive(Clone, Debug)]
pub struct Anonymous(pub Origin);

impl FromRequestParts<App> for Anonymous {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        Ok(Self(of(parts, app)))
    }
}

/// Address, browser and name of a request.
pub fn of(parts: &Parts, app: &App) -> Origin {
    let user_agent = parts
        .headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .map(|text| text.chars().take(MOST_AGENT).collect());
    Origin {
        channel: Channel::Api,
        ip: address(parts, app).map(|ip| ip.to_string()),
        user_agent,
        correlation: parts.extensions.get::<RequestId>().map(RequestId::as_uuid),
    }
}

/// The address of the caller: the peer's, or what the nearest untrusted hop of a trusted proxy's
/// `X-Forwarded-For` says.
pub fn address(parts: &Parts, app: &App) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())?;
    Some(forwarded(peer, &parts.headers, &app.settings.trusted_proxies))
}

fn forwarded(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&peer) {
        return peer;
    }
    let hops = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = hops.flat_map(|value| value.split(',')).map(str::trim).collect();
    // Read from the right: what stands left of the first untrusted hop, the caller made up.
    for hop in hops.into_iter().rev() {
        match hop.parse() {
            Ok(ip) if trusted.contains(&ip) => {}
            Ok(ip) => return ip,
            Err(_) => break,
        }
    }
    peer
}

/// Refuses a request that carries the cookie but comes from another site than the one that it
/// goes to, or than the public one, if a proxy on the way renames the host.
pub fn check_same_site(headers: &HeaderMap, public_url: Option<&str>) -> ApiResult<()> {
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let same = |origin: &str| {
        let of = origin.split_once("://").map(|(_, of)| of);
        public_url.is_some_and(|public| origin.eq_ignore_ascii_case(public))
            || of.zip(host).is_some_and(|(of, host)| of.eq_ignore_ascii_case(host))
    };
    if origin.is_some_and(same) {
        return Ok(());
    }
    let detail = "This request comes from another site, or does not say from which.";
    Err(ApiError::new(StatusCode::FORBIDDEN, "foreign_origin", detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(
            header::HeaderName::from_static(name),
            HeaderValue::from_str(value).expect("a value"),
        )])
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_forwarded_address_is_believed_from_a_trusted_proxy_only() {
        let proxy = [ip("10.0.0.1")];
        let sent = headers(FORWARDED_FOR, "6.6.6.6, 1.2.3.4");
        assert_eq!(forwarded(ip("10.0.0.1"), &sent, &proxy), ip("1.2.3.4"));
        assert_eq!(forwarded(ip("9.9.9.9"), &sent, &proxy), ip("9.9.9.9"));
        let chained = headers(FORWARDED_FOR, "6.6.6.6, 1.2.3.4, 10.0.0.1");
        assert_eq!(forwarded(ip("10.0.0.1"), &chained, &proxy), ip("1.2.3.4"));
    }

    #[test]
    fn only_our_own_site_may_use_the_cookie() {
        let mut sent = headers("origin", "http://localhost:8080");
        sent.insert(header::HOST, HeaderValue::from_static("localhost:8080"));
        assert!(check_same_site(&sent, None).is_ok());
        sent.insert(header::ORIGIN, HeaderValue::from_static("https://evil.example"));
        assert!(check_same_site(&sent, None).is_err());
        assert!(check_same_site(&sent, Some("https://crm.example.com")).is_err());
        sent.insert(header::ORIGIN, HeaderValue::from_static("https://crm.example.com"));
        assert!(check_same_site(&sent, Some("https://crm.example.com")).is_ok());
        sent.remove(header::ORIGIN);
        assert!(check_same_site(&sent, None).is_err());
    }
}
