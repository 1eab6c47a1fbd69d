//! The account of a contact: whether the person may enter the portal, and as which member.

use crate::ids::{ContactId, MemberId, UserId};
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use chrono::{DateTime, Utc};
use uuid::Uuid;

crate::stored_events! {
    /// What can have happened to a contact's account. **This is storage.**
    pub enum ClientAccountEvent {
        /// The person was sent a link to open it, or staff was given one for them. The link's token
        /// is named by its id. Without an address the person logs in by a username.
        "client_account.offered" => Offered { contact: ContactId, token: Uuid } sealed { email: String },
        /// The offer was taken back.
        "client_account.offer_withdrawn" => OfferWithdrawn {},
        /// It is this member's.
        "client_account.opened" => Opened { contact: ContactId, user: UserId, member: MemberId },
        /// Staff had a link for a new password sent, or was given one.
        "client_account.reset_offered" => ResetOffered { token: Uuid },
        /// It was taken away.
        "client_account.closed" => Closed {},
    }
}

/// The stream of a contact's account (UUIDv5 in the contact's namespace).
pub fn account_stream(contact: ContactId) -> Uuid {
    Uuid::new_v5(&contact.0, b"client_account")
}

/// An account that was offered and not opened yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The token of the link.
    pub token: Uuid,
    /// The address that it was sent to, by which the person will log in; `None` if it was shown.
    pub email: Option<String>,
}

/// Whose an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The user.
    pub user: UserId,
    /// Their profile.
    pub member: MemberId,
}

/// The folded state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientAccount {
    /// The offer that is open.
    pub offer: Option<Offer>,
    /// Whose it is; they may have been removed as a member since.
    pub holder: Option<Holder>,
    reset: Option<Uuid>,
}

/// What may be asked of a contact's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientAccountCommand {
    /// Offer it; in place of an earlier offer.
    Offer {
        /// Whose it is to be.
        contact: ContactId,
        /// The offer.
        offer: Offer,
    },
    /// Give it to a member.
    Open {
        /// The contact that the member is.
        contact: ContactId,
        /// Whose it is from now on.
        holder: Holder,
    },
    /// Record that a link for a new password was made.
    OfferReset {
        /// Its token.
        token: Uuid,
    },
    /// Take it, or the offer of it, away.
    Close,
}

/// Why a command on a contact's account was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientAccountError {
    /// Somebody has it.
    #[error("This contact has an account already.")]
    Exists,
    /// Nobody has it, nor was it offered.
    #[error("This contact has no account.")]
    Absent,
}

impl Rejection for ClientAccountError {
    fn code(&self) -> &'static str {
        match self {
            Self::Exists => "account_exists",
            Self::Absent => "no_account",
        }
    }
}

impl Aggregate for ClientAccount {
    const KIND: &'static str = "client_account";
    type Command = ClientAccountCommand;
    type Event = ClientAccountEvent;
    type Error = ClientAccountError;

    fn decide(
        &self,
        command: ClientAccountCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<ClientAccountEvent>, ClientAccountError> {
        Ok(match command {
            ClientAccountCommand::Offer { .. } if self.holder.is_some() => {
                return Err(ClientAccountError::Exists);
            }
            ClientAccountCommand::Offer { offer, .. } if self.offer.as_ref() == Some(&offer) => {
                Vec::new()
            }
            ClientAccountCommand::Offer { contact, offer: Offer { token, email } } => {
                vec![ClientAccountEvent::Offered { contact, token, email }]
            }
            ClientAccountCommand::Open { contact, holder } => match self.holder {
                Some(present) if present == holder => Vec::new(),
                Some(_) => return Err(ClientAccountError::Exists),
                None => {
                    let Holder { user, member } = holder;
                    vec![ClientAccountEvent::Opened { contact, user, member }]
                }
            },
            ClientAccountCommand::OfferReset { .. } if self.holder.is_none() => {
                return Err(ClientAccountError::Absent);
            }
            ClientAccountCommand::OfferReset { token } if self.reset == Some(token) => Vec::new(),
            ClientAccountCommand::OfferReset { token } => {
                vec![ClientAccountEvent::ResetOffered { token }]
            }
            ClientAccountCommand::Close if self.holder.is_some() => {
                vec![ClientAccountEvent::Closed {}]
            }
            ClientAccountCommand::Close if self.offer.is_some() => {
                vec![ClientAccountEvent::OfferWithdrawn {}]
            }
            ClientAccountCommand::Close => return Err(ClientAccountError::Absent),
        })
    }

    fn evolve(self, event: ClientAccountEvent) -> Self {
        match event {
            ClientAccountEvent::Offered { token, email, .. } => {
                Self { offer: Some(Offer { token, email }), ..self }
            }
            ClientAccountEvent::OfferWithdrawn {} => Self { offer: None, ..self },
            ClientAccountEvent::Opened { user, member, .. } => {
                Self { offer: None, holder: Some(Holder { user, member }), reset: None }
            }
            ClientAccountEvent::ResetOffered { token } => Self { reset: Some(token), ..self },
            ClientAccountEvent::Closed {} => Self::default(),
        }
    }

    fn reverse(
        &self,
        _event: &ClientAccountEvent,
    ) -> Result<Reversal<ClientAccountEvent>, NotReversible> {
        Err(NotReversible("Accounts are given and taken away, not undone."))
    }
}
