//! Getting in and out.

mod grant;
mod log_in;
mod log_out;
mod me;
mod refresh;
mod sessions;
mod sign_up;
mod switch;

pub use me::Organization;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;

/// Group in the documentation.
const TAG: &str = "auth";

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(sign_up::endpoint().build())
        .routes(log_in::endpoint().build())
        .routes(refresh::endpoint().build())
        .routes(log_out::endpoint().build())
        .routes(log_out::everywhere().build())
        .routes(switch::endpoint().build())
        .routes(me::endpoint().build())
        .routes(sessions::list().build())
        .routes(sessions::end().build())
}
