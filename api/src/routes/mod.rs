//! The routes, one endpoint per file.

pub mod actions;
mod api_keys;
mod audit;
mod auth;
mod clients;
mod health;
mod history;
mod instance;
mod invitations;
mod jobs;
mod live;
mod mailbox;
mod members;
mod meta;
mod organization;
mod organizations;
pub mod page;
pub mod picklists;
mod portal;
pub mod records;
mod rights;
mod roles;
mod search;
mod teams;
mod views;

use crate::http::ApiError;
use crate::openapi;
use crate::state::App;
use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// Where the API is.
pub const BASE: &str = "/api/v1";

fn documented() -> (Router<App>, OpenApi) {
    let v1 = OpenApiRouter::new()
        .merge(auth::routes())
        .merge(records::routes())
        .merge(picklists::routes())
        .merge(meta::routes())
        .merge(members::routes())
        .merge(invitations::routes())
        .merge(organization::routes())
        .merge(organizations::routes())
        .merge(instance::routes())
        .merge(api_keys::routes())
        .merge(roles::routes())
        .merge(teams::routes())
        .merge(views::routes())
        .merge(search::routes())
        .merge(actions::routes())
        .merge(rights::routes())
        .merge(audit::routes())
        .merge(clients::routes())
        .merge(portal::routes())
        .merge(live::routes())
        .merge(jobs::routes());
    OpenApiRouter::with_openapi(openapi::skeleton()).nest(BASE, v1).split_for_parts()
}

/// The API's description.
pub fn description() -> OpenApi {
    documented().1
}

/// The API itself.
pub fn api() -> Router<App> {
    documented().0
}

/// What stands beside the API: health, its description, the page, the development mailbox.
pub fn around() -> Router<App> {
    operators()
        .merge(openapi::docs::routes(description()))
        .merge(page::routes())
        .merge(mailbox::routes())
}

/// Health and figures, for operators of any process.
pub fn operators() -> Router<App> {
    health::routes()
}

/// There is no such route.
pub async fn nowhere() -> ApiError {
    ApiError::new(
        axum::http::StatusCode::NOT_FOUND,
        "no_such_route",
        "There is nothing at this address.",
    )
}
