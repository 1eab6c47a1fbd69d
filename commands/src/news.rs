//! Waiting for news from the log, for those who follow all of it.

use std::time::Duration;
use tokio::sync::watch;

/// How long to wait when nobody rings.
pub(crate) const POLL: Duration = Duration::from_secs(5);

/// Between two looks, however often it rings: a look costs more the more logs there are, and those
/// who wait like this can do with half a second.
const PAUSE: Duration = Duration::from_millis(500);

/// Waits until it rang since the last time, or for [`POLL`]: it is only a hint.
pub(crate) async fn news(bell: &mut watch::Receiver<u64>) {
    tokio::time::sleep(PAUSE).await;
    let _ = tokio::time::timeout(POLL, bell.changed()).await;
}
