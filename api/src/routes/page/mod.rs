//! The interface: pages, and the files that they load, built into the binary from `web/dist`.

mod assets;

use crate::http::security::StyleNonce;
use crate::http::{ApiError, ApiResult, Chosen};
use crate::state::App;
use assets::Assets;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use commands::identity::Barred;
use minijinja::HtmlEscape;

/// What pages load.
pub fn routes() -> Router<App> {
    Router::new().route("/app/{*file}", get(file))
}

/// What it says if the binary was made without the interface.
const NOT_BUILT: &str = "<!doctype html>
<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Hindsight</title></head>
<body><main><h1>The interface was not built into this binary</h1>
<p><code>make run</code> builds both. The <a href=\"/api/docs/\">API</a> is there.</p></main></body></html>
";

/// Asked for by administrators, who may enter while others may not.
const ADMINISTRATOR: &str = "administrator";
/// What stands in built pages where each answer has a nonce of its own.
const NONCE: &str = "__CSP_NONCE__";
/// Where no page is: what is missing there is missing.
const NOT_PAGES: [&str; 3] = ["/api/", "/app/", "/dev/"];

/// Answers for every address that is nothing else: the interface knows which pages there are. Only
/// browsers that navigate get it; programs are told that there is nothing.
pub async fn page(State(app): State<App>, request: Request) -> ApiResult<Response> {
    let path = request.uri().path();
    let navigates = matches!(*request.method(), Method::GET | Method::HEAD)
        && accepts_html(request.headers())
        && !NOT_PAGES.iter().any(|prefix| path.starts_with(prefix));
    // The front page is for everybody who asks: it tells monitors that it is there.
    if !navigates && (path != "/" || *request.method() != Method::GET) {
        return Err(super::nowhere().await);
    }
    let query = request.uri().query().unwrap_or_default();
    if !query.starts_with(ADMINISTRATOR) && app.identity.instance().await?.state.maintenance {
        return maintenance(navigates, query);
    }
    let portal = path == "/portal" || path.starts_with("/portal/");
    Ok(shell(&app, if portal { "portal.html" } else { "index.html" }))
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

fn maintenance(navigates: bool, query: &str) -> ApiResult<Response> {
    let refused = ApiError::barred(Barred::InstanceMaintenance);
    if !navigates {
        return Err(refused);
    }
    let mut page = Html(under_maintenance(query)).into_response();
    *page.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    page.extensions_mut().insert(Chosen);
    let out = page.headers_mut();
    out.insert(header::RETRY_AFTER, HeaderValue::from(refused.retry_after().unwrap_or_default()));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(page)
}

/// What the page says instead while the instance is under maintenance. The door for administrators
/// leads to the very page that was asked for: what is in it comes by the API, which knows who asks.
fn under_maintenance(query: &str) -> String {
    let and = if query.is_empty() { "" } else { "&amp;" };
    let query = HtmlEscape(query);
    format!(
        "<!doctype html>
<html lang=\"en\"><head><meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>Hindsight is under maintenance</title></head>
<body><main><h1>Hindsight is under maintenance</h1>
<p>It will be back soon. Nothing is lost; please try again in a few minutes.</p>
<p><a href=\"?{ADMINISTRATOR}{and}{query}\">Administrators enter here.</a></p></main></body></html>
"
    )
}

/// A page with a nonce of its own for the styles that its components make.
fn shell(app: &App, name: &str) -> Response {
    let Some(file) = Assets::get(name) else {
        return (StatusCode::NOT_FOUND, Html(NOT_BUILT)).into_response();
    };
    let nonce = URL_SAFE_NO_PAD.encode(&app.commands.ids().secret()[..16]);
    let html = String::from_utf8_lossy(&file.data).replace(NONCE, &nonce);
    let mut response = Html(html).into_response();
    response.extensions_mut().insert(StyleNonce(nonce));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    assets::answer(&format!("app/{path}"), &headers)
        .unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_an_address_writes_nothing_into_the_page() {
        let page = under_maintenance("q=\"><script>&x='");
        assert!(
            page.contains("?administrator&amp;q=&quot;&gt;&lt;script&gt;&amp;x=&#x27;"),
            "{page}"
        );
    }
}
