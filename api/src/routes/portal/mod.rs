//! The client portal: for clients, and for nobody else.

mod me;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;

/// Group in the documentation.
const TAG: &str = "portal";

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(me::read().build()).routes(me::change().build())
}
