//! For the machinery around the server: is it alive, is it ready, how is it doing.

use crate::http::{ApiError, ApiResult, metrics};
use crate::state::App;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use store::LogId;

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(figures))
}

/// The process answers; nothing else is asked.
async fn alive() -> &'static str {
    "ok\n"
}

/// The log can be read, the read models are of this build's versions, and the server is not about
/// to stop.
async fn ready(State(app): State<App>) -> ApiResult<&'static str> {
    if app.stopping.is_cancelled() {
        let detail = "The server is about to stop.";
        return Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", detail));
    }
    app.commands.log().head(LogId::PLATFORM).await?;
    if !app.projections.is_ready().await? {
        let detail = "The read models of this version are still being built.";
        return Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "building", detail));
    }
    Ok("ready\n")
}

async fn figures(State(app): State<App>) -> impl IntoResponse {
    match app.projections.parked().await {
        Ok(parked) => metrics::parked(parked.len()),
        Err(error) => tracing::warn!(%error, "it is not known what is parked"),
    }
    let text = metrics::handle().map(metrics_exporter_prometheus::PrometheusHandle::render);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text.unwrap_or_default())
}
