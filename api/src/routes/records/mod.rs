//! The routes of every record type, derived from its catalogue. A new record type has them all.

pub mod body;
mod bulk;
pub mod change;
mod command;
mod create;
mod delete;
pub mod field_rights;
mod history;
pub mod labels;
pub mod list;
pub mod query;
mod read;
mod render;
mod revert;

pub use bulk::BulkJobs;
pub use command::ANSWER_HEADERS;

use crate::state::App;
use domain::record::RecordType;
use utoipa_axum::router::OpenApiRouter;

/// The routes of all record types.
pub fn routes() -> OpenApiRouter<App> {
    let mut router = OpenApiRouter::new();
    macro_rules! add {
        ($($record:ty,)+) => {$( router = router.merge(of::<$record>()); )+};
    }
    domain::for_each_record_type!(add);
    router
}

fn of<R: RecordType>() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(list::get::<R>().build())
        .routes(list::post::<R>().build())
        .routes(list::total_endpoint::<R>().build())
        .routes(create::endpoint::<R>().build())
        .routes(bulk::endpoint::<R>().build())
        .routes(read::endpoint::<R>().build())
        .routes(change::endpoint::<R>().build())
        .routes(delete::endpoint::<R>().build())
        .routes(delete::restore_endpoint::<R>().build())
        .routes(revert::endpoint::<R>().build())
        .routes(history::endpoint::<R>().build())
        .routes(history::provenance_endpoint::<R>().build())
}
