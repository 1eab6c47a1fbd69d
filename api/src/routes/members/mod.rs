//! Who belongs to the organization.

mod detail;
pub mod label;
mod life;
mod list;
mod make;
mod password;

pub use list::Member;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;

/// Group in the documentation.
const TAG: &str = "members";

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(list::endpoint().build())
        .routes(make::endpoint().build())
        .routes(detail::endpoint().build())
        .routes(life::change().build())
        .routes(life::deactivate().build())
        .routes(life::reactivate().build())
        .routes(life::remove().build())
        .routes(password::reset().build())
        .routes(password::set().build())
}
