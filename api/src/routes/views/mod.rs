//! Saved views: lists under a name, one's own or shared.

mod body;
mod default;
mod definition;
mod delete;
mod history;
mod list;
mod save;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;

/// Group in the documentation.
const TAG: &str = "views";

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(list::every().build())
        .routes(list::one().build())
        .routes(save::create().build())
        .routes(save::change().build())
        .routes(delete::endpoint().build())
        .routes(delete::restore().build())
        .routes(default::choose().build())
        .routes(default::forget().build())
        .routes(history::endpoint().build())
}
