//! Telling users where they belong, after a crash between a membership and that.
//!
//! `member.joined` in the organization's log is the intent: it names the user and the profile.
//! Whoever appended it tells the user at once; this finds those who were not told.

use super::{Identity, IdentityError};
use crate::news::{POLL, news};
use crate::request::Origin;
use domain::ids::OrganizationId;
use domain::member::Member;
use domain::user::{Membership, User};
use store::LogId;
use store::jobs::{Ahead, Followers};

/// Under which name the places in the logs are kept.
const PROCESS: &str = "joining";

/// The event that names a user's new membership.
const JOINED: &str = "member.joined";

/// How many positions are looked through at once.
const STEP: u64 = 50_000;

/// How many logs are asked for at once.
const LOGS: u32 = 500;

impl Identity {
    /// Tells every user of the memberships that they got up to now. Safe beside the requests that
    /// do the same, and in any number of processes.
    pub async fn finish_joinings(&self, followers: &Followers) -> Result<(), IdentityError> {
        loop {
            let logs = followers.ahead(PROCESS, LOGS).await?;
            if logs.is_empty() {
                return Ok(());
            }
            for log in logs {
                self.tell_joined(followers, log).await?;
            }
        }
    }

    async fn tell_joined(&self, followers: &Followers, ahead: Ahead) -> Result<(), IdentityError> {
        let Ahead { log, mut reached, head, .. } = ahead;
        if log == LogId::PLATFORM {
            // Nobody is a member of that.
            return Ok(followers.advance(PROCESS, log, head).await?);
        }
        while reached < head {
            let upto = head.min(reached + STEP);
            for (member, _) in followers.streams_with(log, reached, upto, JOINED).await? {
                self.tell_member(log, member.0).await?;
            }
            followers.advance(PROCESS, log, upto).await?;
            reached = upto;
        }
        Ok(())
    }

    async fn tell_member(&self, log: LogId, member: uuid::Uuid) -> Result<(), IdentityError> {
        let commands = &self.inner.commands;
        let folded = commands.load::<Member>(log, member).await?;
        let Some(user) = folded.state.user else { return Ok(()) };
        let known = commands.load::<User>(LogId::PLATFORM, user.0).await?;
        let membership = Membership { organization: OrganizationId(log.0), member: member.into() };
        // Who founds an organization, or becomes a client of one, is told of it when that is finished.
        let founding = known.state.founding.iter().any(|(founded, _)| *founded == membership);
        let under_way = founding || known.state.is_joining(membership);
        if !known.state.registered || under_way || known.state.memberships.contains(&membership) {
            return Ok(());
        }
        self.told(&Origin::WORKER, user, membership).await
    }

    /// Tells users for as long as it is polled. May be dropped at any point.
    pub async fn follow_joinings(&self, followers: &Followers) {
        let mut appended = self.inner.commands.log().appended();
        loop {
            if let Err(error) = self.finish_joinings(followers).await {
                tracing::error!(error = &error as &dyn std::error::Error, "joining is stuck");
                tokio::time::sleep(POLL).await;
            }
            news(&mut appended).await;
        }
    }
}
