//! Waiting for news from the log, for those who can do with them a moment later.

use std::time::Duration;
use tokio::sync::watch;

/// How long to wait when nobody rings.
pub(crate) const POLL: Duration = Duration::from_secs(5);

/// Whoever follows logs lets this much go by after a ring, so that a busy hour costs one look per
/// lull instead of one per command.
const LULL: Duration = Duration::from_millis(50);

/// Waits for a ring, or for [`POLL`]: it is only a hint.
pub(crate) async fn news(bell: &mut watch::Receiver<u64>) {
    let _ = tokio::time::timeout(POLL, bell.changed()).await;
    tokio::time::sleep(LULL).await;
    bell.mark_unchanged();
}
