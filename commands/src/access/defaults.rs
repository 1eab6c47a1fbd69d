//! Built-in roles of organizations that are older than what this build gives such roles.
//!
//! A permission is new to a role if it was neither among those that the role was made with, nor
//! given or withdrawn since: about all others was decided, by whoever decides for the organization.

use super::{Access, organization, roles_of};
use crate::error::CommandError;
use crate::request::{Caller, Origin};
use domain::role::{RoleCommand, Roles};
use std::time::Duration;
use store::LogId;

/// Logs that are looked at together.
const PAGE: u32 = 200;
/// How long to wait after it failed.
const PAUSE: Duration = Duration::from_secs(30);

impl Access {
    /// Lets the built-in roles of every organization grant what is new. What is so already stays, so
    /// any number of processes may do it at once, and again at every start.
    pub async fn raise_defaults(&self) -> Result<(), CommandError> {
        let mut after = None;
        loop {
            let logs = self.commands.log().logs(after, PAGE).await?;
            let Some((last, _)) = logs.last() else { return Ok(()) };
            after = Some(*last);
            for (log, _) in logs.into_iter().filter(|(log, _)| *log != LogId::PLATFORM) {
                self.raise_defaults_of(log).await?;
            }
        }
    }

    async fn raise_defaults_of(&self, log: LogId) -> Result<(), CommandError> {
        let request = self.commands.request(log, Caller::System, Origin::WORKER, "raise_defaults");
        let organization = organization(log);
        let raise = |_: &Roles| Ok(RoleCommand::RaiseDefaults(organization));
        self.commands.execute(&request, roles_of(&request, None), |_| Ok(()), raise).await?;
        Ok(())
    }

    /// Does so once, however often it takes. May be dropped at any point.
    pub async fn follow_upgrade(&self) {
        while let Err(error) = self.raise_defaults().await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "built-in roles are not raised to this build's"
            );
            tokio::time::sleep(PAUSE).await;
        }
    }
}
