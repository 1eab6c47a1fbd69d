//! `GET /jobs/{id}/events`

use super::body::Job;
use crate::auth::Auth;
use crate::extract::Path;
use crate::http::ApiResult;
use crate::http::events::{self, Outlet};
use crate::openapi::{Endpoint, params};
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use axum::response::sse::Event;
use std::time::Duration;
use uuid::Uuid;

/// Another process may be doing the work; its progress is looked up this often.
const POLL: Duration = Duration::from_secs(1);

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::get("/jobs/{id}/events", "watch_job", handler).for_any_member()
        .about(super::TAG, "The progress of a job as it happens")
        .details("Server-sent events named `job`, each a job as `GET /jobs/{id}` shows it; the stream ends with the job.")
        .param(params::id("job"))
        .answers_media(200, "Events.", "text/event-stream")
}

async fn handler(State(app): State<App>, auth: Auth, Path(id): Path<Uuid>) -> ApiResult<Response> {
    let first = app.visible_job(&auth, id).await?;
    let stopping = app.stopping.clone();
    Ok(events::stream(&stopping, move |outlet| watch(app, first, outlet)))
}

async fn watch(app: App, mut job: commands::jobs::Job, outlet: Outlet) {
    let mut news = app.jobs.watch();
    loop {
        let Ok(event) = Event::default().event("job").json_data(Job::from(&job)) else {
            return;
        };
        if outlet.send(event).await.is_err() || job.state.is_over() {
            return;
        }
        let before = job.updated_at;
        while job.updated_at == before {
            tokio::select! {
                told = news.recv() => match told {
                    Ok(other) if other.id == job.id => job = (*other).clone(),
                    // News of other jobs; or more of it than was kept, and then the poll tells.
                    Ok(_) | Err(_) => {}
                },
                () = tokio::time::sleep(POLL) => {
                    match app.jobs.get(job.organization, job.id).await {
                        Ok(now) => job = now,
                        Err(error) => {
                            tracing::warn!(%error, "a job's progress is not known");
                            return;
                        }
                    }
                }
            }
        }
    }
}
