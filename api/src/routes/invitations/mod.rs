//! Invitations into the organization; accepting one is with the routes of `auth`.

mod body;
mod list;
mod send;
mod settle;

pub use send::read_profile;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;

/// Group in the documentation.
const TAG: &str = "invitations";

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(list::every().build())
        .routes(list::one().build())
        .routes(send::endpoint().build())
        .routes(settle::resend().build())
        .routes(settle::withdraw().build())
}
