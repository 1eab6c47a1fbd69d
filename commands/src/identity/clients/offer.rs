//! What staff does about the accounts of contacts: offer, take away, reset.

use super::{MOST_RETRIES, account_target};
use crate::error::{CommandError, Refusal};
use crate::execute::{BatchDone, Target};
use crate::folded::Folded;
use crate::identity::{Identity, IdentityError, Issued};
use crate::mail::{Language, Message, Outgoing};
use crate::records::judge;
use crate::request::CommandRequest;
use chrono::TimeDelta;
use domain::access::{Permission, Verb};
use domain::client::{ClientAccount, ClientAccountCommand, Offer, account_stream};
use domain::contact::Contact;
use domain::ids::{ContactId, OrganizationId, SubjectId};
use domain::member::{Member, MemberCommand};
use domain::organization::Organization;
use domain::record::Life;
use domain::user::User;
use std::sync::Arc;
use store::LogId;
use store::vault::{Bound, Purpose};

/// For how long a link for a new password is good that is shown to staff.
const SHOWN_RESET: TimeDelta = TimeDelta::days(1);

/// A link that was sent, or is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferedLink {
    /// What was done.
    pub done: BatchDone,
    /// The token of the link.
    pub token: Issued,
    /// Whether it went to the person by mail; otherwise staff hands it over.
    pub mailed: bool,
}

fn no_account() -> IdentityError {
    let refusal = Refusal::new("no_account", "This contact has no account.");
    IdentityError::Refused(refusal)
}

impl Identity {
    /// Offers a contact an account, or offers it again: by a link to the contact's address, or by one
    /// to be handed over if it has none. Earlier links are good no longer.
    pub async fn offer_account(
        &self,
        request: &CommandRequest,
        contact: ContactId,
    ) -> Result<OfferedLink, IdentityError> {
        request.caller.demand(Permission::MEMBERS_CREATE).map_err(CommandError::from)?;
        let folded = self.contact_for(request, contact).await?;
        if folded.state.life != Life::Active {
            let detail = "This contact is deleted. Restore it before you give it an account.";
            return Err(IdentityError::Refused(Refusal::new("deleted", detail)));
        }
        let inner = &self.inner;
        let commands = &inner.commands;
        let log = request.log;
        let organization = commands.load::<Organization>(log, log.0).await?;
        let name = organization.state.name.clone().unwrap_or_default();
        let email = folded.state.fields.email.clone();
        let purpose = Purpose::ClientAccount;
        let bound = Bound {
            user: None,
            organization: Some(OrganizationId(log.0)),
            subject: Some(SubjectId(contact.0)),
        };
        for _ in 0..=MOST_RETRIES {
            let account = commands.load::<ClientAccount>(log, account_stream(contact)).await?;
            let held = commands.holder_of(log, contact, &account.state).await?.is_some();
            let expires_at = commands.clock().now() + purpose.lifetime();
            let id = self.id_for(request, "token");
            let token = inner.tokens.issue_as(id, purpose, bound, expires_at, true).await?;
            let offer = Offer { token: token.id, email: email.clone() };
            let mut offering = vec![ClientAccountCommand::Offer { contact, offer }];
            if !held && account.state.holder.is_some() {
                // Whoever had it left.
                offering.insert(0, ClientAccountCommand::Close);
            }
            let target = account_target(contact).if_match(Some(account.version));
            let mut batch = commands.batch(request).add::<ClientAccount>(target, offering);
            if let Some(to) = email.clone() {
                let mail = Outgoing {
                    to,
                    subject: SubjectId(contact.0),
                    language: Language::default(),
                    message: Message::ClientAccount { token, organization: name.clone() },
                };
                batch = batch.mail(commands.ids().next(), mail);
            }
            match batch.commit().await {
                Err(CommandError::Stale { .. }) => {}
                Err(error) => return Err(error.into()),
                Ok(done) => return Ok(OfferedLink { done, token, mailed: email.is_some() }),
            }
        }
        Err(IdentityError::Command(CommandError::Contended))
    }

    /// Takes a contact's account away, or the offer of one: the membership is removed, its sessions
    /// end, and what was done by it keeps its name.
    pub async fn take_account_away(
        &self,
        request: &CommandRequest,
        contact: ContactId,
    ) -> Result<BatchDone, IdentityError> {
        request.caller.demand(Permission::MEMBERS_DELETE).map_err(CommandError::from)?;
        self.contact_for(request, contact).await?;
        let inner = &self.inner;
        let commands = &inner.commands;
        let log = request.log;
        for _ in 0..=MOST_RETRIES {
            let account = commands.load::<ClientAccount>(log, account_stream(contact)).await?;
            let holder = commands.holder_of(log, contact, &account.state).await?;
            let target = account_target(contact).if_match(Some(account.version));
            let close = vec![ClientAccountCommand::Close];
            let mut batch = commands.batch(request).add::<ClientAccount>(target, close);
            if let Some((holder, member)) = &holder {
                let profile = Target::existing(holder.member.0)
                    .owned_by(SubjectId(holder.user.0))
                    .if_match(Some(member.version));
                batch = batch.add::<Member>(profile, vec![MemberCommand::Remove]);
            }
            let done = match batch.commit().await {
                Err(CommandError::Stale { .. }) => continue,
                other => other?,
            };
            let subject = Some(SubjectId(contact.0));
            inner.tokens.revoke(Purpose::ClientAccount, None, subject).await?;
            if let Some((holder, _)) = holder {
                let organization = OrganizationId(log.0);
                let origin = &request.origin;
                self.end_sessions_in(origin, holder.user, organization, holder.member).await?;
            }
            return Ok(done);
        }
        Err(IdentityError::Command(CommandError::Contended))
    }

    /// Lets a client choose a new password: by a link to the address that they log in by, or by one
    /// to be handed over if they have none, and nothing beyond what the caller may give.
    pub async fn offer_client_reset(
        &self,
        request: &CommandRequest,
        contact: ContactId,
    ) -> Result<OfferedLink, IdentityError> {
        request.caller.demand(Permission::MEMBERS_UPDATE).map_err(CommandError::from)?;
        self.contact_for(request, contact).await?;
        let inner = &self.inner;
        let commands = &inner.commands;
        let account = commands.load::<ClientAccount>(request.log, account_stream(contact)).await?;
        let holder = commands.holder_of(request.log, contact, &account.state).await?;
        let (holder, _) = holder.ok_or_else(no_account)?;
        let user = commands.load::<User>(LogId::PLATFORM, holder.user.0).await?;
        let email = user.state.email.clone();
        let (purpose, lifetime) = match email {
            Some(_) => (Purpose::ResetPassword, Purpose::ResetPassword.lifetime()),
            None => (Purpose::SetPassword, SHOWN_RESET),
        };
        if email.is_none() {
            // Whoever holds this link enters all of the user's profiles.
            self.has_nothing_more(request, holder.user, &user.state).await?;
        }
        let bound = Bound { user: Some(holder.user), ..Bound::default() };
        let expires_at = commands.clock().now() + lifetime;
        let id = self.id_for(request, "token");
        let token = inner.tokens.issue_as(id, purpose, bound, expires_at, true).await?;
        let reset = vec![ClientAccountCommand::OfferReset { token: token.id }];
        let mut batch =
            commands.batch(request).add::<ClientAccount>(account_target(contact), reset);
        let mailed = email.is_some();
        if let Some(to) = email {
            let mail = Outgoing {
                to,
                subject: SubjectId(holder.user.0),
                language: Language::default(),
                message: Message::ResetPassword { token },
            };
            batch = batch.mail(commands.ids().next(), mail);
        }
        Ok(OfferedLink { done: batch.commit().await?, token, mailed })
    }

    /// A contact that the caller may see and change.
    async fn contact_for(
        &self,
        request: &CommandRequest,
        contact: ContactId,
    ) -> Result<Arc<Folded<Contact>>, IdentityError> {
        let folded = self.inner.commands.load::<Contact>(request.log, contact.0).await?;
        judge(&request.caller, Verb::Update, &folded.state).map_err(CommandError::from)?;
        Ok(folded)
    }
}
