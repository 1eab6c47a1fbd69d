//! Server-sent events: a task of its own feeds the connection and ends with it.

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;

/// Events that a slow client may lag behind before its feed waits for it.
const BUFFER: usize = 64;
/// Comments in between, so that proxies do not take a quiet connection for a dead one.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Where a feed puts its events. It has ended when the client is gone.
#[derive(Clone, Debug)]
pub struct Outlet(mpsc::Sender<Event>);

/// The client is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

impl Outlet {
    /// Sends an event; waits for a slow client.
    pub async fn send(&self, event: Event) -> Result<(), Gone> {
        self.0.send(event).await.map_err(|_| Gone)
    }

    /// Completes when the client is gone.
    pub async fn closed(&self) {
        self.0.closed().await;
    }
}

/// Answers with what `feed` sends, until it ends, the client goes away or the server stops.
pub fn stream<F, Fut>(stopping: &CancellationToken, feed: F) -> Response
where
    F: FnOnce(Outlet) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(BUFFER);
    let stopping = stopping.clone();
    tokio::spawn(async move {
        let outlet = Outlet(sender);
        let client = outlet.clone();
        tokio::select! {
            () = feed(outlet) => {}
            () = client.closed() => {}
            () = stopping.cancelled() => {}
        }
    });
    let events = ReceiverStream::new(receiver).map(Ok::<_, Infallible>);
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}
