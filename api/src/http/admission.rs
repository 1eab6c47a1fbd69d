//! How much is done at once, and that what was begun is finished.

use super::problem::ApiError;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Bounds on the requests in work.
#[derive(Clone, Debug)]
pub struct Admission {
    permits: Arc<Semaphore>,
    timeout: Duration,
}

impl Admission {
    /// At most `concurrent` requests in work, each answered within `timeout`.
    pub fn new(concurrent: usize, timeout: Duration) -> Self {
        Self { permits: Arc::new(Semaphore::new(concurrent)), timeout }
    }
}

/// Lets a request in, or says at once that the server is busy: a queue would only make everyone
/// wait for answers that nobody is waiting for any more.
///
/// The handler runs in a task of its own. A client that goes away must not drop it inside a
/// transaction (sqlx 0.9.0 would hand the connection back within it), and must not leave a command
/// half answered. A panic ends the task, not the connection.
pub async fn admit(State(admission): State<Admission>, request: Request, next: Next) -> Response {
    let Ok(permit) = admission.permits.try_acquire_owned() else {
        return ApiError::overloaded().into_response();
    };
    let task = tokio::spawn(async move {
        let response = next.run(request).await;
        drop(permit);
        response
    });
    match tokio::time::timeout(admission.timeout, task).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => ApiError::internal(panic).into_response(),
        Err(elapsed) => ApiError::new(
            axum::http::StatusCode::SERVICE_UNAVAILABLE,
            "timeout",
            "The answer took too long. What was asked may still be carried out.",
        )
        .with_retry_after(5)
        .with_source(elapsed)
        .into_response(),
    }
}
