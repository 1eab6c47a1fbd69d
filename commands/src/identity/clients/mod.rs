//! Clients: how persons whom an organization serves come to their accounts, and lose them.
//!
//! A person registers ([`register`]), or staff offers a contact an account ([`offer`], [`open`]).
//! Either way they show a link that reached them, and a password; then a user sets out to be a client
//! (`user.client_joining_started` in log 0, with every id), and contact, account and membership follow
//! in the organization's log as one append ([`join`]). Whoever finds that unfinished finishes it.

mod join;
mod offer;
mod open;
mod register;

pub(crate) use join::member_name;
pub use offer::OfferedLink;
pub use open::OfferedAccount;
pub use register::{ClientRegistration, PendingRegistration};

use super::{Barred, Entered, Identity, IdentityError};
use crate::error::CommandError;
use crate::execute::{Commands, Target};
use crate::folded::Folded;
use crate::request::Origin;
use domain::client::{ClientAccount, Holder, account_stream};
use domain::ids::{ContactId, MemberId, SubjectId, UserId};
use domain::member::Member;
use domain::user::Membership;
use std::sync::Arc;
use store::LogId;

/// How often something is decided again because somebody else was faster.
const MOST_RETRIES: u32 = 5;

/// How a contact's account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// It was offered, and not opened yet.
    Offered,
    /// It is this member's.
    Open {
        /// Whose it is.
        member: MemberId,
        /// Whether they may enter for the time being.
        active: bool,
    },
}

/// The target of commands on a contact's account.
fn account_target(contact: ContactId) -> Target {
    Target::existing(account_stream(contact)).owned_by(SubjectId(contact.0))
}

impl Commands {
    /// How the account of a contact stands; `None` without one.
    pub async fn account_of(
        &self,
        log: LogId,
        contact: ContactId,
    ) -> Result<Option<AccountState>, CommandError> {
        let account = self.load::<ClientAccount>(log, account_stream(contact)).await?;
        if let Some((holder, folded)) = self.holder_of(log, contact, &account.state).await? {
            let (member, active) = (holder.member, folded.state.is_active());
            return Ok(Some(AccountState::Open { member, active }));
        }
        Ok(account.state.offer.as_ref().map(|_| AccountState::Offered))
    }

    /// Whose a contact's account is, if that is still a member for this contact.
    pub(crate) async fn holder_of(
        &self,
        log: LogId,
        contact: ContactId,
        account: &ClientAccount,
    ) -> Result<Option<(Holder, Arc<Folded<Member>>)>, CommandError> {
        let Some(holder) = account.holder else { return Ok(None) };
        let member = self.load::<Member>(log, holder.member.0).await?;
        let here = member.state.belongs() && member.state.contact == Some(contact);
        Ok(here.then_some((holder, member)))
    }
}

impl Identity {
    /// Refuses somebody who set out to be a client and is none: somebody else has the account, or they
    /// may not enter for the time being.
    async fn became_client(&self, membership: Membership) -> Result<(), IdentityError> {
        let Membership { organization, member } = membership;
        let folded = self.inner.commands.load::<Member>(organization.into(), member.0).await?;
        if !folded.state.belongs() {
            return Err(IdentityError::BadLink);
        }
        if !folded.state.is_active() {
            return Err(IdentityError::Barred(Barred::NoMembership));
        }
        Ok(())
    }

    /// Makes somebody who set out for it a client, and opens a session, or asks for the second factor.
    async fn enter_as_client(
        &self,
        origin: &Origin,
        user: UserId,
        membership: Membership,
    ) -> Result<Entered, IdentityError> {
        self.finish_founding(origin, user, None).await?;
        self.became_client(membership).await?;
        self.arrive(origin, user, membership).await
    }

    /// Makes somebody who is logged in, and set out for it, a client.
    async fn join_as_client(
        &self,
        origin: &Origin,
        user: UserId,
        membership: Membership,
    ) -> Result<Membership, IdentityError> {
        self.finish_founding(origin, user, None).await?;
        self.became_client(membership).await?;
        Ok(membership)
    }
}
