//! A registration as a client: what somebody typed who has not shown yet that the address is theirs.

use crate::ids::{ContactId, MemberId};
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use chrono::{DateTime, Utc};

crate::stored_events! {
    /// What can have happened to a registration. **This is storage.**
    pub enum RegistrationEvent {
        /// Somebody asked to be a client; whether the address is theirs is not known.
        "registration.asked" => Asked {} sealed {
            email: String, full_name: String, phone: String, company_name: String
        },
        /// It is, and they are this client since.
        "registration.confirmed" => Confirmed { member: MemberId, contact: ContactId },
    }
}

/// What somebody registers with, in normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registrant {
    /// Their address.
    pub email: String,
    /// Their name.
    pub full_name: String,
    /// Their telephone number, if they gave one.
    pub phone: Option<String>,
    /// Their company, if they gave one.
    pub company_name: Option<String>,
}

/// The folded state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registration {
    /// What was typed; `None` before, and once erased.
    pub registrant: Option<Registrant>,
    asked: bool,
    confirmed: bool,
}

/// What may be asked of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistrationCommand {
    /// Ask to be a client.
    Ask(Registrant),
    /// Record what came of it.
    Confirm {
        /// The profile.
        member: MemberId,
        /// The contact.
        contact: ContactId,
    },
}

/// Why a command on a registration was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationError {
    /// Nobody asked.
    #[error("There is no such registration.")]
    NotFound,
    /// It was asked for before, with other values.
    #[error("This registration exists already.")]
    AlreadyExists,
}

impl Rejection for RegistrationError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
        }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

impl Aggregate for Registration {
    const KIND: &'static str = "registration";
    type Command = RegistrationCommand;
    type Event = RegistrationEvent;
    type Error = RegistrationError;

    fn decide(
        &self,
        command: RegistrationCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<RegistrationEvent>, RegistrationError> {
        match command {
            RegistrationCommand::Ask(registrant) if self.asked => {
                let same = self.registrant.as_ref() == Some(&registrant);
                if same { Ok(Vec::new()) } else { Err(RegistrationError::AlreadyExists) }
            }
            RegistrationCommand::Ask(Registrant { email, full_name, phone, company_name }) => {
                let (email, full_name) = (Some(email), Some(full_name));
                Ok(vec![RegistrationEvent::Asked { email, full_name, phone, company_name }])
            }
            RegistrationCommand::Confirm { .. } if !self.asked => Err(RegistrationError::NotFound),
            RegistrationCommand::Confirm { .. } if self.confirmed => Ok(Vec::new()),
            RegistrationCommand::Confirm { member, contact } => {
                Ok(vec![RegistrationEvent::Confirmed { member, contact }])
            }
        }
    }

    fn evolve(mut self, event: RegistrationEvent) -> Self {
        match event {
            RegistrationEvent::Asked { email, full_name, phone, company_name } => {
                self.asked = true;
                self.registrant = email.zip(full_name).map(|(email, full_name)| Registrant {
                    email,
                    full_name,
                    phone,
                    company_name,
                });
            }
            RegistrationEvent::Confirmed { .. } => self.confirmed = true,
        }
        self
    }

    fn reverse(
        &self,
        _event: &RegistrationEvent,
    ) -> Result<Reversal<RegistrationEvent>, NotReversible> {
        Err(NotReversible("Who registered has registered."))
    }
}
