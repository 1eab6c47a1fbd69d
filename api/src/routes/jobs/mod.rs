//! Long-running work: what it is, how far it is, and how to stop it.

mod body;
mod cancel;
mod events;
mod list;
mod read;

pub use body::Job;

use crate::auth::Auth;
use crate::http::{ApiError, ApiResult};
use crate::state::{App, AppState};
use domain::access::Permission;
use domain::ids::JobId;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

/// Group in the documentation.
const TAG: &str = "jobs";

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(list::endpoint().build())
        .routes(read::endpoint().build())
        .routes(events::endpoint().build())
        .routes(cancel::endpoint().build())
}

/// Whether a job is the caller's to see: their own, or any by permission.
fn may_see(auth: &Auth, job: &commands::jobs::Job) -> bool {
    auth.actor.holds(Permission::JOBS_READ) || job.created_by() == Some(auth.actor.member)
}

impl AppState {
    /// A job that the caller may see.
    async fn visible_job(&self, auth: &Auth, id: Uuid) -> ApiResult<commands::jobs::Job> {
        let job = self.jobs.get(auth.actor.organization, JobId(id)).await?;
        if may_see(auth, &job) { Ok(job) } else { Err(ApiError::not_found()) }
    }
}
