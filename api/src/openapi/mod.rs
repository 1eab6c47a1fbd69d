//! The API's description, made from the routes themselves.

pub mod admission;
pub mod docs;
pub mod endpoint;
pub mod params;
pub mod records;
pub mod schema;

pub use admission::Admission;
pub use endpoint::{Endpoint, Shape};

use utoipa::openapi::info::InfoBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, OpenApi, OpenApiBuilder, Paths};

/// The document before any route is added to it.
pub fn skeleton() -> OpenApi {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("An access token, from sign-up, log-in or refresh."))
        .build();
    let mut components = Components::new();
    components.add_security_scheme(endpoint::BEARER, SecurityScheme::Http(bearer));
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Hindsight")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "The CRM that never forgets. Every change is an event; everything shown is a \
                     projection of the events, and can be shown as of any moment.",
                ))
                .build(),
        )
        .components(Some(components))
        .paths(Paths::new())
        .build()
}
