//! The outermost layer: names the request, writes problems, logs one line, counts.

use super::metrics;
use super::problem::{ApiError, Chosen, PROBLEM_JSON};
use super::request_id::{RequestId, X_REQUEST_ID};
use crate::state::App;
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;

/// Names the request, runs it, turns what was refused into a problem, logs and counts.
///
/// The log holds the route's template, never the path or the query string: both may carry what
/// people typed.
pub async fn boundary(app: App, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId::accept(request.headers().get(X_REQUEST_ID), app.commands.ids().next());
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    request.extensions_mut().insert(id.clone());

    let response = next.run(request).await;
    let error = problem_of(&response);
    let chosen = response.extensions().get::<Chosen>().is_some();
    let mut response = match &error {
        Some(error) => {
            let mut rendered = error.render(id.as_str());
            // `Allow` of a 405 and the like are the router's.
            for (name, value) in response.headers() {
                if ![header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name) {
                    rendered.headers_mut().insert(name.clone(), value.clone());
                }
            }
            rendered
        }
        None => response,
    };
    response.headers_mut().insert(X_REQUEST_ID, id.header());
    let failed = response.status().is_server_error() && !chosen;
    log(&method, &route, &response, (failed, error.as_ref()), &id, started);
    metrics::request(&method, &route, response.status(), started.elapsed());
    response
}

/// The problem that a response stands for. What the router and the extractors of axum refuse has
/// a status only.
fn problem_of(response: &Response) -> Option<ApiError> {
    if let Some(error) = response.extensions().get::<ApiError>() {
        return Some(error.clone());
    }
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let written = page || kind == Some(&PROBLEM_JSON);
    if written || !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    Some(match status {
        StatusCode::NOT_FOUND => {
            ApiError::new(status, "no_such_route", "There is nothing at this address.")
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            ApiError::new(status, "method_not_allowed", "This address has no such method.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large(),
        _ => ApiError::new(status, "refused", "The request was refused."),
    })
}

fn log(
    method: &Method,
    route: &str,
    response: &Response,
    (failed, error): (bool, Option<&ApiError>),
    id: &RequestId,
    started: Instant,
) {
    let status = response.status().as_u16();
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let code = error.map(ApiError::code);
    let request_id = id.as_str();
    let causes = error.and_then(ApiError::causes);
    if failed {
        tracing::error!(request_id, %method, route, status, code, causes, micros, "failed");
    } else if let Some(causes) = causes {
        tracing::warn!(request_id, %method, route, status, code, causes, micros, "refused");
    } else {
        tracing::info!(request_id, %method, route, status, code, micros, "answered");
    }
}
