//! Headers that tell browsers what this site never does.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Put into an answer's extensions by a page whose components make style elements: those that carry
/// this nonce are allowed, and no others.
#[derive(Clone)]
pub struct StyleNonce(pub String);

/// Only our own files; no inline script or style, no frames, no plug-ins.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
     manifest-src 'self'";
/// Swagger UI sets style attributes; nothing else is loosened.
const DOCS_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

fn page_policy(StyleNonce(nonce): &StyleNonce) -> Option<HeaderValue> {
    let styles = format!("style-src 'self' 'nonce-{nonce}'");
    HeaderValue::try_from(PAGE_POLICY.replace("style-src 'self'", &styles)).ok()
}

/// Sets the headers; `tls` tells whether browsers reach this server by https.
pub async fn headers(State(tls): State<bool>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let docs = path.starts_with("/api/docs");
    let api = path.starts_with("/api/") && !docs;
    let mut response = next.run(request).await;
    let policy = response.extensions().get::<StyleNonce>().and_then(page_policy);
    let policy = policy
        .unwrap_or_else(|| if docs { DOCS_POLICY } else { HeaderValue::from_static(PAGE_POLICY) });
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        PERMISSIONS_POLICY,
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    );
    if tls {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    // Answers are somebody's data; no cache may keep them.
    if api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::headers;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::http::{HeaderMap, header};
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt as _;

    async fn answered(tls: bool, path: &str) -> HeaderMap {
        let router = axum::Router::new()
            .route("/{*path}", get(|| async { "" }))
            .layer(from_fn_with_state(tls, headers));
        let request = Request::get(path).body(Body::empty()).expect("a request");
        router.oneshot(request).await.expect("answers").headers().clone()
    }

    #[tokio::test]
    async fn every_answer_tells_browsers_what_this_site_never_does() {
        for path in ["/api/v1/contacts", "/api/docs/", "/app/main.js"] {
            let headers = answered(true, path).await;
            let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
            assert!(policy.contains("default-src 'none'"), "{policy}");
            assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
            assert!(!policy.contains("script-src 'self' '"), "no script from elsewhere: {policy}");
            assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            assert_eq!(headers[header::X_FRAME_OPTIONS], "DENY");
            assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
            assert_eq!(headers[header::STRICT_TRANSPORT_SECURITY], "max-age=31536000");
        }
        assert!(!answered(false, "/x").await.contains_key(header::STRICT_TRANSPORT_SECURITY));
        assert_eq!(answered(true, "/api/v1/x").await[header::CACHE_CONTROL], "no-store");
    }
}
