//! The first page, from files that are built into the binary.

use crate::http::{ApiError, ApiResult};
use crate::state::App;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use commands::identity::Barred;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../web"]
struct Files;

/// Where the page is: at the root, and wherever the links of mails lead. Only the instance's
/// maintenance closes it; what an organization's keeps people from, the API tells them.
const PAGES: [&str; 6] = [
    "/",
    "/verify-email",
    "/reset-password",
    "/set-password",
    "/invitation",
    "/confirm-registration",
];

/// The page and what it loads.
pub fn routes() -> Router<App> {
    let router = Router::new().route("/app/{*file}", get(file));
    PAGES.into_iter().fold(router, |router, page| router.route(page, get(index)))
}

/// What the page says instead while the instance is under maintenance.
const MAINTENANCE: &str = "<!doctype html>
<html lang=\"en\"><head><meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>Hindsight is under maintenance</title></head>
<body><main><h1>Hindsight is under maintenance</h1>
<p>It will be back soon. Nothing is lost; please try again in a few minutes.</p>
<p><a href=\"/?administrator\">Administrators log in here.</a></p></main></body></html>
";

/// Asked for by administrators, who may enter while others may not.
const ADMINISTRATOR: &str = "administrator";

async fn index(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let administrator = query.as_deref().is_some_and(|query| query.starts_with(ADMINISTRATOR));
    if administrator || !app.identity.instance().await?.state.maintenance {
        return Ok(answer("index.html", &headers));
    }
    let refused = ApiError::barred(Barred::InstanceMaintenance);
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if !accepted.is_some_and(|accepted| accepted.contains("text/html")) {
        return Err(refused);
    }
    let mut page = Html(MAINTENANCE).into_response();
    *page.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let out = page.headers_mut();
    out.insert(header::RETRY_AFTER, HeaderValue::from(refused.retry_after().unwrap_or_default()));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(page)
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
