//! The routes, one endpoint per file.

mod auth;
mod health;
mod page;
pub mod records;

use crate::openapi;
use crate::state::App;
use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// Where the API is.
pub const BASE: &str = "/api/v1";

/// The API's routes and their description.
fn api() -> (Router<App>, OpenApi) {
    let v1 = OpenApiRouter::new().merge(auth::routes()).merge(records::routes());
    OpenApiRouter::with_openapi(openapi::skeleton()).nest(BASE, v1).split_for_parts()
}

/// The API's description.
pub fn description() -> OpenApi {
    api().1
}

/// Everything that the server answers, without the layers around it.
pub fn all() -> Router<App> {
    let (api, description) = api();
    api.merge(health::routes()).merge(openapi::docs::routes(description)).merge(page::routes())
}
