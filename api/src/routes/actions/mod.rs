//! Actions: what was done in one gesture each, and taking it back.

mod body;
mod job;
mod known;
mod list;
mod undo;

pub use job::UndoJobs;
pub use known::list_label;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;

/// Group in the documentation.
const TAG: &str = "actions";

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(list::every().build())
        .routes(list::one().build())
        .routes(undo::endpoint().build())
}
