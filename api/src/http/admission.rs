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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::ApiResult;
    use axum::Router;
    use axum::body::Body;
    use axum::http::{StatusCode, header};
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use std::sync::atomic::{AtomicBool, Ordering};
    use tokio::sync::Notify;
    use tower::ServiceExt as _;

    fn router(admission: Admission, routes: Router) -> Router {
        routes.layer(from_fn_with_state(admission, admit))
    }

    async fn ask(router: &Router, path: &str) -> Response {
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        match router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    fn code(response: &Response) -> Option<&str> {
        response.extensions().get::<ApiError>().map(ApiError::code)
    }

    #[tokio::test]
    async fn beyond_its_bounds_the_server_says_at_once_when_to_come_back() {
        let (entered, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (tell, wait) = (entered.clone(), go.clone());
        let slow = get(move || async move {
            tell.notify_one();
            wait.notified().await;
            "done"
        });
        let admission = Admission::new(1, Duration::from_mins(1));
        let router = router(admission, Router::new().route("/", slow));
        let first = tokio::spawn({
            let router = router.clone();
            async move { ask(&router, "/").await.status() }
        });
        entered.notified().await;
        let refused = ask(&router, "/").await;
        assert_eq!(code(&refused), Some("overloaded"));
        let rendered = refused.extensions().get::<ApiError>().expect("an error").render("id");
        assert_eq!(rendered.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(rendered.headers().contains_key(header::RETRY_AFTER));
        go.notify_one();
        assert_eq!(first.await.expect("ends"), StatusCode::OK);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_of_ours_and_tells_nothing() {
        let broken = get(|| async {
            let nothing: Option<()> = std::hint::black_box(None);
            nothing.expect("a secret");
        });
        let admission = Admission::new(1, Duration::from_mins(1));
        let router = router(admission, Router::new().route("/", broken));
        for _ in 0..3 {
            let response = ask(&router, "/").await;
            assert_eq!(code(&response), Some("internal"), "and the place is free again");
            let error = response.extensions().get::<ApiError>().expect("an error");
            let body = error.render("id").into_body();
            let bytes = axum::body::to_bytes(body, 10_000).await.expect("a body");
            assert!(!String::from_utf8_lossy(&bytes).contains("secret"));
        }
    }

    #[tokio::test]
    async fn what_was_begun_is_finished_even_if_nobody_waits_for_it() {
        let (entered, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (finished, told) = (Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
        let (tell, wait, mark, done) =
            (entered.clone(), go.clone(), finished.clone(), told.clone());
        let slow = get(move || async move {
            tell.notify_one();
            wait.notified().await;
            mark.store(true, Ordering::SeqCst);
            done.notify_one();
            ApiResult::Ok("done")
        });
        let admission = Admission::new(1, Duration::from_mins(1));
        let router = router(admission, Router::new().route("/", slow));
        let client = tokio::spawn({
            let router = router.clone();
            async move { ask(&router, "/").await }
        });
        entered.notified().await;
        client.abort();
        go.notify_one();
        told.notified().await;
        assert!(finished.load(Ordering::SeqCst));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_takes_too_long_is_given_up() {
        let endless = get(|| async {
            std::future::pending::<()>().await;
        });
        let admission = Admission::new(1, Duration::from_secs(30));
        let router = router(admission, Router::new().route("/", endless));
        assert_eq!(code(&ask(&router, "/").await), Some("timeout"));
    }
}
