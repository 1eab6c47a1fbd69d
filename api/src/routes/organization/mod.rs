//! The organization of the session: its settings, their history, closing it.

mod body;
mod change;
mod close;
mod history;
mod public;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;

/// Group in the documentation.
const TAG: &str = "organization";

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(change::read().build())
        .routes(change::change().build())
        .routes(change::revert().build())
        .routes(change::replace_key().build())
        .routes(history::endpoint().build())
        .routes(close::close().build())
        .routes(close::reopen().build())
        .routes(public::endpoint().build())
}
