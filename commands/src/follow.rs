//! Following the logs: what was appended to them is acted upon, by whichever process comes first.
//!
//! The place in a log moves on only when everything up to there was acted upon, so that a crash
//! loses nothing; and so the same events may be acted upon twice, or by two processes at once.

use crate::news::{POLL, news};
use std::error::Error;
use store::LogId;
use store::jobs::{Ahead, Followers, Found, JobStoreError, Logs};
use tokio::sync::watch;

/// How many positions are looked through at once.
const STEP: u64 = 50_000;

/// How many logs are asked for at once.
const LOGS_AT_ONCE: u32 = 500;

/// Acts upon the events of a few types, wherever they are appended.
pub(crate) trait Follow {
    /// Under which name the places in the logs are kept.
    const NAME: &'static str;
    /// Which logs.
    const LOGS: Logs;
    /// The types.
    const TYPES: &'static [&'static str];
    /// Why it could not be done.
    type Error: Error + From<JobStoreError> + 'static;

    /// Where the places are kept.
    fn followers(&self) -> &Followers;

    /// Acts upon these events of a log, which are in order. May be called again with the same.
    async fn act_upon(&self, log: LogId, found: Vec<Found>) -> Result<(), Self::Error>;
}

/// Acts upon everything up to now.
pub(crate) async fn catch_up<F: Follow>(follow: &F) -> Result<(), F::Error> {
    let followers = follow.followers();
    loop {
        let logs = followers.ahead(F::NAME, F::LOGS, LOGS_AT_ONCE).await?;
        if logs.is_empty() {
            return Ok(());
        }
        for Ahead { log, mut reached, head } in logs {
            while reached < head {
                let upto = head.min(reached + STEP);
                let found = followers.streams_with(log, reached, upto, F::TYPES).await?;
                if !found.is_empty() {
                    follow.act_upon(log, found).await?;
                }
                followers.advance(F::NAME, log, upto).await?;
                reached = upto;
            }
        }
    }
}

/// Acts upon whatever is appended, for as long as it is polled. May be dropped at any point.
/// `appended` rings for the logs.
pub(crate) async fn keep_up<F: Follow>(follow: &F, mut appended: watch::Receiver<u64>) {
    loop {
        if let Err(error) = catch_up(follow).await {
            tracing::error!(follower = F::NAME, error = &error as &dyn Error, "is stuck");
            tokio::time::sleep(POLL).await;
        }
        news(&mut appended).await;
    }
}
