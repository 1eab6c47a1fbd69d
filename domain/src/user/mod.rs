//! A user, and the reservation of their log-in address; both in log 0, the platform's.

mod email;
#[cfg(test)]
mod tests;

pub use email::{EmailCommand, EmailError, EmailEvent, EmailReservation};

use crate::error::FieldError;
use crate::ids::{MemberId, OrganizationId};
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use crate::{normalize, patch};
use chrono::{DateTime, Utc};

crate::stored_events! {
    /// What can have happened to a user. **This is storage.** Secrets are in the vault; here is
    /// only that something happened to them.
    pub enum UserEvent {
        /// They signed up.
        "user.registered" => Registered {} sealed { email: String, full_name: String },
        /// They set out to found an organization: the intent that finishes a sign-up after a crash.
        "user.founding_started" => FoundingStarted { organization: OrganizationId, member: MemberId }
            sealed { organization_name: String },
        /// They became a member of an organization.
        "user.joined" => Joined { organization: OrganizationId, member: MemberId },
        /// They went over to this profile, where the next log-in lands.
        "user.profile_entered" => ProfileEntered { organization: OrganizationId, member: MemberId },
        /// They logged in; the session is named, its secret is not.
        "user.logged_in" => LoggedIn { session: uuid::Uuid },
        /// They logged out of a session.
        "user.logged_out" => LoggedOut { session: uuid::Uuid },
        /// A refresh token was used a second time, and its session was ended.
        "user.token_reused" => TokenReused { session: uuid::Uuid },
        /// They set a password.
        "user.password_set" => PasswordSet {},
    }
}

/// Where a user belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The organization.
    pub organization: OrganizationId,
    /// Their profile in it.
    pub member: MemberId,
}

/// The folded state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// Whether they signed up.
    pub registered: bool,
    /// Log-in address; `None` once erased.
    pub email: Option<String>,
    /// Full name; `None` once erased.
    pub full_name: Option<String>,
    /// Organizations whose founding began and has not been recorded as finished.
    pub founding: Vec<(Membership, Option<String>)>,
    /// Organizations they belong to.
    pub memberships: Vec<Membership>,
    /// Where they were last, if they ever went over from one to another.
    entered: Option<Membership>,
    /// The latest facts about sessions, so that a repeated one is not counted twice.
    pub recent: Vec<UserFact>,
}

/// How many facts a user remembers; a repetition follows at once or not at all.
const RECENT_FACTS: usize = 64;

impl User {
    /// Where a log-in lands: the profile used last, else the first.
    pub fn landing(&self) -> Option<Membership> {
        self.entered.or_else(|| self.memberships.first().copied())
    }

    fn register(&self, email: &str, full_name: &str) -> Result<Vec<UserEvent>, UserError> {
        let name = patch::required("full_name", "The name", 200, full_name);
        let email = normalize::email(email).ok_or_else(|| {
            FieldError::new("email", "invalid_email", "This is not an e-mail address.")
        });
        let (email, full_name) = match (email, name) {
            (Ok(email), Ok(name)) => (Some(email), Some(name)),
            (email, name) => {
                let faults = email.err().into_iter().chain(name.err()).collect();
                return Err(UserError::Invalid(faults));
            }
        };
        if self.registered {
            let same = self.email == email && self.full_name == full_name;
            return if same { Ok(Vec::new()) } else { Err(UserError::AlreadyRegistered) };
        }
        Ok(vec![UserEvent::Registered { email, full_name }])
    }

    fn remembering(mut self, fact: UserFact) -> Self {
        if self.recent.len() == RECENT_FACTS {
            self.recent.remove(0);
        }
        self.recent.push(fact);
        self
    }
}

/// What may be asked of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserCommand {
    /// Sign up, and set out to found an organization.
    Register {
        /// Log-in address.
        email: String,
        /// Full name.
        full_name: String,
    },
    /// Set out to found an organization.
    StartFounding {
        /// Its future id and the founder's future profile.
        membership: Membership,
        /// Its name.
        name: String,
    },
    /// Record a membership.
    Join(Membership),
    /// Go over to one of their profiles.
    Enter(Membership),
    /// Record a fact about sessions or credentials.
    Note(UserFact),
}

/// Facts about sessions and credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserFact {
    /// Logged in.
    LoggedIn(uuid::Uuid),
    /// Logged out.
    LoggedOut(uuid::Uuid),
    /// A used refresh token came again.
    TokenReused(uuid::Uuid),
    /// A password was set.
    PasswordSet,
}

/// Why a command on a user was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UserError {
    /// No such user.
    #[error("There is no such user.")]
    NotFound,
    /// Signed up before.
    #[error("This user exists already.")]
    AlreadyRegistered,
    /// Values are missing or do not fit.
    #[error("Some values do not fit.")]
    Invalid(Vec<FieldError>),
}

impl Rejection for UserError {
    fn fields(&self) -> &[FieldError] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::NotFound => "not_found",
            Self::AlreadyRegistered => "already_exists",
        }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

impl Aggregate for User {
    const KIND: &'static str = "user";
    type Command = UserCommand;
    type Event = UserEvent;
    type Error = UserError;

    fn decide(
        &self,
        command: UserCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<UserEvent>, UserError> {
        if !self.registered && !matches!(command, UserCommand::Register { .. }) {
            return Err(UserError::NotFound);
        }
        Ok(match command {
            UserCommand::Register { email, full_name } => self.register(&email, &full_name)?,
            UserCommand::StartFounding { membership, name } => {
                let started = self.founding.iter().any(|(m, _)| *m == membership);
                if started || self.memberships.contains(&membership) {
                    return Ok(Vec::new());
                }
                let name = patch::required("organization", "The organization's name", 200, &name)
                    .map_err(|fault| UserError::Invalid(vec![fault]))?;
                vec![UserEvent::FoundingStarted {
                    organization: membership.organization,
                    member: membership.member,
                    organization_name: Some(name),
                }]
            }
            UserCommand::Join(membership) if self.memberships.contains(&membership) => Vec::new(),
            UserCommand::Join(Membership { organization, member }) => {
                vec![UserEvent::Joined { organization, member }]
            }
            UserCommand::Enter(membership) if !self.memberships.contains(&membership) => {
                return Err(UserError::NotFound);
            }
            UserCommand::Enter(membership) if self.landing() == Some(membership) => Vec::new(),
            UserCommand::Enter(Membership { organization, member }) => {
                vec![UserEvent::ProfileEntered { organization, member }]
            }
            // A password is set as often as it is set; only sessions tell a repetition.
            UserCommand::Note(UserFact::PasswordSet) => vec![UserEvent::PasswordSet {}],
            UserCommand::Note(fact) if self.recent.contains(&fact) => Vec::new(),
            UserCommand::Note(UserFact::LoggedIn(session)) => vec![UserEvent::LoggedIn { session }],
            UserCommand::Note(UserFact::LoggedOut(session)) => {
                vec![UserEvent::LoggedOut { session }]
            }
            UserCommand::Note(UserFact::TokenReused(session)) => {
                vec![UserEvent::TokenReused { session }]
            }
        })
    }

    fn evolve(mut self, event: UserEvent) -> Self {
        match event {
            UserEvent::Registered { email, full_name } => {
                self.registered = true;
                self.email = email;
                self.full_name = full_name;
            }
            UserEvent::FoundingStarted { organization, member, organization_name } => {
                let membership = Membership { organization, member };
                self.founding.push((membership, organization_name));
            }
            UserEvent::Joined { organization, member } => {
                let membership = Membership { organization, member };
                self.founding.retain(|(m, _)| *m != membership);
                self.memberships.push(membership);
            }
            UserEvent::ProfileEntered { organization, member } => {
                self.entered = Some(Membership { organization, member });
            }
            UserEvent::LoggedIn { session } => {
                return self.remembering(UserFact::LoggedIn(session));
            }
            UserEvent::LoggedOut { session } => {
                return self.remembering(UserFact::LoggedOut(session));
            }
            UserEvent::TokenReused { session } => {
                return self.remembering(UserFact::TokenReused(session));
            }
            UserEvent::PasswordSet {} => {}
        }
        self
    }

    fn reverse(&self, _event: &UserEvent) -> Result<Reversal<UserEvent>, NotReversible> {
        Err(NotReversible("What a user did with their account is not undone."))
    }
}
