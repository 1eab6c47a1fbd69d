//! Log-ins that failed: counted per account, address and minute, and told to the log when the
//! minute is over, so that a flood of them neither fills the log nor locks its head.

use super::{Identity, IdentityError};
use crate::error::Denied;
use crate::execute::Target;
use crate::request::{Caller, Origin};
use domain::user::{EmailCommand, EmailReservation};
use std::time::Duration;
use store::{LogId, StreamId};
use uuid::Uuid;

/// How often to look whether a minute is over.
const PAUSE: Duration = Duration::from_secs(20);

impl Identity {
    fn minute(&self) -> i64 {
        self.inner.commands.clock().now().timestamp().div_euclid(60)
    }

    /// Counts a log-in that failed. Done alike for addresses that have a user and that have none.
    pub(super) async fn count_failure(
        &self,
        origin: &Origin,
        login: &str,
    ) -> Result<(), IdentityError> {
        let stream = self.inner.keys.address(login);
        let ip = origin.ip.as_deref().unwrap_or_default();
        Ok(self.inner.vault.log_in_failed(stream, self.minute(), ip).await?)
    }

    /// Tells the log of all failures of minutes that are over. Safe in any number of processes.
    pub async fn tell_failures(&self) -> Result<(), IdentityError> {
        let inner = &self.inner;
        loop {
            let counted = inner.vault.failed_log_ins(self.minute()).await?;
            if counted.is_empty() {
                return Ok(());
            }
            for failed in counted {
                let origin = Origin::WORKER;
                let mut request =
                    inner.commands.request(LogId::PLATFORM, Caller::System, origin, "log_in");
                let occasion = format!("failures {} {}", failed.minute, failed.ip);
                request.command_id = Some(Uuid::new_v5(&failed.stream_id, occasion.as_bytes()));
                let command = EmailCommand::NoteFailures {
                    minute: failed.minute,
                    count: failed.count.unsigned_abs(),
                    ip: Some(failed.ip.clone()).filter(|ip| !ip.is_empty()),
                };
                let target = Target::existing(StreamId(failed.stream_id));
                let system = |_: &EmailReservation| Ok::<(), Denied>(());
                inner
                    .commands
                    .execute::<EmailReservation>(&request, target, system, |_| Ok(command.clone()))
                    .await?;
                inner.vault.forget_failed_log_ins(&failed).await?;
            }
        }
    }

    /// Tells the log of failures for as long as it is polled. May be dropped at any point.
    pub async fn follow_failures(&self) {
        loop {
            if let Err(error) = self.tell_failures().await {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "failed log-ins are not told to the log");
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
