//! All routes with the layers around them.

use crate::http::admission::{self, Admission};
use crate::http::{boundary, metrics, security};
use crate::routes;
use crate::state::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use std::time::Duration;
use tower_http::compression::CompressionLayer;

/// The greatest body that is read.
const BODY_LIMIT: usize = 1 << 20;
/// Requests in work at once; more are told to come back.
const CONCURRENT: usize = 256;
/// How long a caller waits for an answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the server answers with.
pub fn router(app: App) -> Router {
    // Before the first request, or it would go uncounted.
    metrics::handle();
    let admission = Admission::new(CONCURRENT, TIMEOUT);
    let routes = routes::api()
        // From the inside out: the last layer is the first to see a request.
        .layer(from_fn_with_state(admission, admission::admit))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .merge(routes::around())
        .layer(CompressionLayer::new());
    enclose(routes.fallback(routes::page::page), app)
}

/// What a worker answers with: how it is doing, and nothing else.
pub fn operators(app: App) -> Router {
    metrics::handle();
    enclose(routes::operators().fallback(routes::nowhere), app)
}

fn enclose(routes: Router<App>, app: App) -> Router {
    let tls = app.settings.tls;
    let ids = app.clone();
    routes
        .layer(from_fn_with_state(tls, security::headers))
        .layer(from_fn(move |request, next| boundary::boundary(ids.clone(), request, next)))
        .with_state(app)
}
