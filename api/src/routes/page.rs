//! The first page, from files that are built into the binary.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../web"]
struct Files;

/// The page and what it loads.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let pages = ["/", "/verify-email", "/reset-password", "/set-password"];
    let router = Router::new().route("/app/{*file}", get(file));
    pages.into_iter().fold(router, |router, page| router.route(page, get(index)))
}

async fn index(headers: HeaderMap) -> Response {
    answer("index.html", &headers)
}

async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    answer(&format!("app/{path}"), &headers)
}

fn answer(path: &str, headers: &HeaderMap) -> Response {
    let Some(file) = Files::get(path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = etag(&file);
    let cached =
        headers.get(header::IF_NONE_MATCH).is_some_and(|known| Some(known) == tag.as_ref());
    let mut response =
        if cached { StatusCode::NOT_MODIFIED.into_response() } else { file.data.into_response() };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
    // Asked for again each time, answered with 304 as long as the binary is the same.
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Some(tag) = tag {
        out.insert(header::ETAG, tag);
    }
    response
}

fn etag(file: &EmbeddedFile) -> Option<HeaderValue> {
    let hash = file.metadata.sha256_hash();
    let number = u128::from_be_bytes(hash.first_chunk::<16>().copied()?);
    HeaderValue::try_from(format!("\"{number:032x}\"")).ok()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
