//! Following every log for mails that were queued.

use super::{MailWorkError, Mails};
use store::jobs::Ahead;

/// Under which name the places in the logs are kept.
const PROCESS: &str = "mail";

/// The event that asks for a mail.
const QUEUED: &str = "mail.queued";

/// How many positions are looked through at once.
const STEP: u64 = 50_000;

/// How many logs are asked for at once.
const LOGS: u32 = 500;

impl Mails {
    /// Puts every mail that was queued since into the outbox. Safe in any number of processes: what
    /// is there already stays, and what was sent before is found to be so when it is taken up.
    pub async fn collect(&self) -> Result<(), MailWorkError> {
        loop {
            let logs = self.inner.followers.ahead(PROCESS, LOGS).await?;
            if logs.is_empty() {
                return Ok(());
            }
            for log in logs {
                self.collect_from(log).await?;
            }
        }
    }

    async fn collect_from(&self, ahead: Ahead) -> Result<(), MailWorkError> {
        let Ahead { log, mut reached, head, simulated } = ahead;
        let followers = &self.inner.followers;
        if simulated {
            // What happens there did not happen, and nobody gets mail of it.
            return Ok(followers.advance(PROCESS, log, head).await?);
        }
        while reached < head {
            let upto = head.min(reached + STEP);
            let mails = followers.streams_with(log, reached, upto, QUEUED).await?;
            if !mails.is_empty() {
                self.inner.outbox.put(log, &mails).await?;
            }
            followers.advance(PROCESS, log, upto).await?;
            reached = upto;
        }
        Ok(())
    }
}
