//! Following every log for mails that were queued.

use super::{MailWorkError, Mails};
use crate::follow::{Follow, catch_up};
use store::LogId;
use store::jobs::{Followers, Found, Logs};

impl Mails {
    /// Puts every mail that was queued since into the outbox. Safe in any number of processes: what
    /// is there already stays, and what was sent before is found to be so when it is taken up.
    pub async fn collect(&self) -> Result<(), MailWorkError> {
        catch_up(self).await
    }
}

impl Follow for Mails {
    const NAME: &'static str = "mail";
    /// What happens in a simulated log did not happen, and nobody gets mail of it.
    const LOGS: Logs = Logs::Real;
    const TYPES: &'static [&'static str] = &["mail.queued"];
    type Error = MailWorkError;

    fn followers(&self) -> &Followers {
        &self.inner.followers
    }

    async fn act_upon(&self, log: LogId, found: Vec<Found>) -> Result<(), MailWorkError> {
        let mails: Vec<_> = found.into_iter().map(|mail| (mail.stream, mail.recorded_at)).collect();
        Ok(self.inner.outbox.put(log, &mails).await?)
    }
}
