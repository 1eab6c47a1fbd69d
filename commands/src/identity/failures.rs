//! Log-ins that failed, counted per account, address and minute, and requests that were refused,
//! counted per member, API key, route and minute. They are told to the log when the minute is over, so that
//! a flood of them neither fills a log nor locks its head.

use super::{Identity, IdentityError};
use crate::error::Denied;
use crate::execute::Target;
use crate::request::{Caller, Origin};
use domain::access::Actor;
use domain::denial::{self, Denials, RecordDenial};
use domain::ids::{ApiKeyId, MemberId};
use domain::user::{EmailCommand, EmailReservation};
use std::time::Duration;
use store::vault::CountedDenials;
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

    /// Counts a request that was refused to a member. `route` is its method and template.
    pub async fn count_denial(&self, actor: &Actor, route: &str) -> Result<(), IdentityError> {
        let denied = CountedDenials {
            organization_id: actor.organization.0,
            member_id: actor.member.0,
            minute: self.minute(),
            route: route.to_owned(),
            key_id: actor.key.map_or_else(Uuid::nil, |key| key.0),
            count: 1,
        };
        Ok(self.inner.vault.access_denied(&denied).await?)
    }

    /// Tells the organizations' logs of all refusals of minutes that are over. Safe in any number
    /// of processes.
    pub async fn tell_denials(&self) -> Result<(), IdentityError> {
        let commands = &self.inner.commands;
        loop {
            let counted = self.inner.vault.denials(self.minute()).await?;
            if counted.is_empty() {
                return Ok(());
            }
            for denied in counted {
                let log = LogId(denied.organization_id);
                let mut request = commands.request(log, Caller::System, Origin::WORKER, "denied");
                let key = Some(denied.key_id).filter(|key| !key.is_nil()).map(ApiKeyId);
                let by = key.map(|key| format!(" {key}")).unwrap_or_default();
                let occasion = format!("denials {} {}{by}", denied.minute, denied.route);
                request.command_id = Some(Uuid::new_v5(&denied.member_id, occasion.as_bytes()));
                let member = MemberId(denied.member_id);
                let record = RecordDenial {
                    member,
                    route: denied.route.clone(),
                    key,
                    minute: denied.minute,
                    count: denied.count.unsigned_abs(),
                };
                let target = Target::existing(denial::stream_id(member));
                let system = |_: &Denials| Ok::<(), Denied>(());
                commands
                    .execute::<Denials>(&request, target, system, |_| Ok(record.clone()))
                    .await?;
                self.inner.vault.forget_denials(&denied).await?;
            }
        }
    }

    /// Tells the log of failures and refusals for as long as it is polled. May be dropped at any point.
    pub async fn follow_failures(&self) {
        loop {
            for told in [self.tell_failures().await, self.tell_denials().await] {
                if let Err(error) = told {
                    let error: &dyn std::error::Error = &error;
                    tracing::error!(error, "failures and refusals are not told to the log");
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
