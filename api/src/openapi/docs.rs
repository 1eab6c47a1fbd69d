//! The API's description as a document and as pages to browse.

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// `/api/openapi.json` and `/api/docs`; the pages are in the binary and need no network.
pub fn routes<S: Clone + Send + Sync + 'static>(description: OpenApi) -> Router<S> {
    let config = Config::new(["/api/openapi.json"]).try_it_out_enabled(true).filter(true);
    SwaggerUi::new("/api/docs").url("/api/openapi.json", description).config(config).into()
}
