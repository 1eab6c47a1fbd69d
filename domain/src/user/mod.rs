//! A user, and the reservations of their log-in address and username; all in log 0, the platform's.
//!
//! Who signs up is no user yet (`user.signed_up`): their address is theirs only once they have shown
//! that they read its mail, and only then do they register and reserve it. So nobody can keep an
//! address from its owner, and of several who sign up with it one becomes its user.

mod email;
mod fact;
mod joining;
#[cfg(test)]
mod tests;
mod username;

pub use email::{EmailCommand, EmailError, EmailEvent, EmailReservation};
pub use fact::UserFact;
pub use joining::{ClientJoining, MemberJoining};
pub use username::{UsernameCommand, UsernameError, UsernameEvent, UsernameReservation, username};

use crate::access::ProfileKind;
use crate::error::FieldError;
use crate::ids::{ActionId, ContactId, InvitationId, MemberId, OrganizationId, RoleId, TeamId};
use crate::kernel::aggregate::{Aggregate, NotReversible, Rejection, Reversal};
use crate::{normalize, patch};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

crate::stored_events! {
    /// What can have happened to a user. **This is storage.** Secrets are in the vault; here is
    /// only that something happened to them.
    pub enum UserEvent {
        /// Somebody asked to sign up; whether the address is theirs is not known.
        "user.signed_up" => SignedUp {} sealed { email: String, full_name: String, organization_name: String },
        /// They became a user.
        "user.registered" => Registered {} sealed { email: String, full_name: String },
        /// They set out to found an organization: the intent that finishes a sign-up after a crash.
        "user.founding_started" => FoundingStarted { organization: OrganizationId, member: MemberId }
            sealed { organization_name: String },
        /// They set out to be a client of an organization: the intent that finishes it after a
        /// crash. By a registration, or by an account that was offered to them.
        "user.client_joining_started" => ClientJoiningStarted {
            organization: OrganizationId,
            member: MemberId,
            contact: ContactId,
            registration: Option<uuid::Uuid>,
            action: ActionId,
        },
        /// What they set out for cannot be any more: somebody else has the account.
        "user.client_joining_dropped" => ClientJoiningDropped { action: ActionId },
        /// They set out to be a member, by an invitation, or because `by` makes them one: the intent
        /// that finishes it after a crash.
        "user.member_joining_started" => MemberJoiningStarted {
            organization: OrganizationId,
            member: MemberId,
            profile: ProfileKind,
            roles: BTreeSet<RoleId>,
            team: Option<TeamId>,
            invitation: Option<InvitationId>,
            token: Option<uuid::Uuid>,
            by: Option<MemberId>,
            action: ActionId,
        } sealed { reason: String },
        /// What they set out for cannot be any more: the invitation is not open.
        "user.member_joining_dropped" => MemberJoiningDropped { action: ActionId },
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
        /// They chose a new password by a link from a mail.
        "user.password_reset" => PasswordReset {},
        /// They showed once more who they are.
        "user.reauthenticated" => Reauthenticated { session: uuid::Uuid },
        /// They asked to log in by another address; they have not shown that it is theirs.
        "user.email_change_asked" => EmailChangeAsked {} sealed { email: String },
        /// Their address for logging in changed.
        "user.email_changed" => EmailChanged {} sealed { was: String, now: String },
        /// Their username changed, or was given or taken away.
        "user.username_changed" => UsernameChanged {} sealed { was: String, now: String },
        /// A second factor is asked for from now on.
        "user.totp_enabled" => TotpEnabled {},
        /// No second factor is asked for any more.
        "user.totp_disabled" => TotpDisabled {},
        /// They have new recovery codes; those before are good no longer.
        "user.recovery_codes_made" => RecoveryCodesMade {},
        /// A recovery code took the place of the second factor.
        "user.recovery_code_used" => RecoveryCodeUsed {},
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

/// What somebody wants to sign up with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningUp {
    /// Log-in address.
    pub email: String,
    /// Full name.
    pub full_name: String,
    /// Name of the organization to found.
    pub organization: String,
}

/// The folded state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// What they want to sign up with, until they have shown that the address is theirs.
    pub signing_up: Option<SigningUp>,
    /// Whether they are a user.
    pub registered: bool,
    /// Log-in address; `None` once erased, and for who has a username only.
    pub email: Option<String>,
    /// Full name; `None` once erased.
    pub full_name: Option<String>,
    /// Username, if they have one.
    pub username: Option<String>,
    /// The address that they want to log in by, until they have shown that it is theirs.
    pub next_email: Option<String>,
    /// Organizations whose founding began and has not been recorded as finished.
    pub founding: Vec<(Membership, Option<String>)>,
    /// What they set out for as clients and has not been recorded as finished.
    pub joining: Vec<ClientJoining>,
    /// What they set out for as members and has not been recorded as finished.
    pub member_joining: Vec<MemberJoining>,
    /// Organizations they belong to.
    pub memberships: Vec<Membership>,
    /// Where they were last, if they ever went over from one to another.
    entered: Option<Membership>,
    /// The latest facts about sessions, so that a repeated one is not counted twice.
    pub recent: Vec<UserFact>,
}

/// How many facts a user remembers; a repetition follows at once or not at all.
const RECENT_FACTS: usize = 64;

fn address(email: &str) -> Result<String, UserError> {
    normalize::email(email).ok_or_else(|| {
        let message = "This is not an e-mail address.";
        UserError::Invalid(vec![FieldError::new("email", "invalid_email", message)])
    })
}

impl User {
    /// Where a log-in lands: the profile used last, else the first.
    pub fn landing(&self) -> Option<Membership> {
        self.entered.or_else(|| self.memberships.first().copied())
    }

    fn sign_up(&self, asked: SigningUp) -> Result<Vec<UserEvent>, UserError> {
        if self.registered || self.signing_up.as_ref().is_some_and(|known| *known != asked) {
            return Err(UserError::AlreadyRegistered);
        }
        if self.signing_up.is_some() {
            return Ok(Vec::new());
        }
        let SigningUp { email, full_name, organization } = asked;
        let line = |field, label, text: &str| {
            patch::required(field, label, 200, text)
                .map_err(|fault| UserError::Invalid(vec![fault]))
        };
        Ok(vec![UserEvent::SignedUp {
            email: Some(address(&email)?),
            full_name: Some(line("full_name", "The name", &full_name)?),
            organization_name: Some(line(
                "organization",
                "The organization's name",
                &organization,
            )?),
        }])
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

    fn register_by_username(&self, name: &str, by: &str) -> Result<Vec<UserEvent>, UserError> {
        let name = patch::required("display_name", "The name", 200, name);
        let (full_name, now) = match (name, username(by)) {
            (Ok(name), Ok(username)) => (Some(name), Some(username)),
            (name, username) => {
                let faults = name.err().into_iter().chain(username.err()).collect();
                return Err(UserError::Invalid(faults));
            }
        };
        if self.registered {
            let same = self.username == now && self.full_name == full_name;
            return if same { Ok(Vec::new()) } else { Err(UserError::AlreadyRegistered) };
        }
        Ok(vec![
            UserEvent::Registered { email: None, full_name },
            UserEvent::UsernameChanged { was: None, now },
        ])
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
    /// Ask to sign up.
    SignUp(SigningUp),
    /// Become a user.
    Register {
        /// Log-in address.
        email: String,
        /// Full name.
        full_name: String,
    },
    /// Set out to be a client.
    StartClientJoining(ClientJoining),
    /// Give up what one set out for as a client, by its action.
    DropClientJoining(ActionId),
    /// Set out to be a member.
    StartMemberJoining(MemberJoining),
    /// Give up what one set out for as a member, by its action.
    DropMemberJoining(ActionId),
    /// Become a user without a log-in address, by who administers an organization.
    RegisterByUsername {
        /// Full name.
        full_name: String,
        /// What they log in by.
        username: String,
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
    /// Ask to log in by another address.
    AskEmail(String),
    /// Log in by another address from now on.
    ChangeEmail(String),
    /// Log in by a username too, or no longer.
    ChangeUsername(Option<String>),
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
        let first = matches!(
            command,
            UserCommand::Register { .. }
                | UserCommand::RegisterByUsername { .. }
                | UserCommand::SignUp(_)
        );
        if !self.registered && !first {
            return Err(UserError::NotFound);
        }
        Ok(match command {
            UserCommand::SignUp(asked) => self.sign_up(asked)?,
            UserCommand::Register { email, full_name } => self.register(&email, &full_name)?,
            UserCommand::RegisterByUsername { username, full_name } => {
                self.register_by_username(&full_name, &username)?
            }
            UserCommand::StartClientJoining(joining) if self.joining.contains(&joining) => {
                Vec::new()
            }
            UserCommand::StartClientJoining(joining) => vec![joining.into()],
            UserCommand::DropClientJoining(action) => {
                let under_way = self.joining.iter().any(|joining| joining.action == action);
                if under_way {
                    vec![UserEvent::ClientJoiningDropped { action }]
                } else {
                    Vec::new()
                }
            }
            UserCommand::StartMemberJoining(joining) if self.member_joining.contains(&joining) => {
                Vec::new()
            }
            UserCommand::StartMemberJoining(joining) => vec![joining.into()],
            UserCommand::DropMemberJoining(action) => {
                let under_way = self.member_joining.iter().any(|joining| joining.action == action);
                let dropped = UserEvent::MemberJoiningDropped { action };
                if under_way { vec![dropped] } else { Vec::new() }
            }
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
            UserCommand::Enter(membership) if !self.memberships.contains(&membership) => {
                return Err(UserError::NotFound);
            }
            UserCommand::Enter(membership) if self.landing() == Some(membership) => Vec::new(),
            UserCommand::Enter(Membership { organization, member }) => {
                vec![UserEvent::ProfileEntered { organization, member }]
            }
            UserCommand::Join(membership)
                if self.memberships.contains(&membership) && !self.is_joining(membership) =>
            {
                Vec::new()
            }
            UserCommand::Join(Membership { organization, member }) => {
                vec![UserEvent::Joined { organization, member }]
            }
            // Only facts about a session's beginning and end tell a repetition.
            UserCommand::Note(fact) if self.recent.contains(&fact) => Vec::new(),
            UserCommand::Note(fact) => vec![fact.into()],
            UserCommand::AskEmail(email) => {
                let email = address(&email)?;
                let asked = self.next_email.as_ref() == Some(&email);
                if asked {
                    Vec::new()
                } else {
                    vec![UserEvent::EmailChangeAsked { email: Some(email) }]
                }
            }
            UserCommand::ChangeEmail(email) => {
                let now = Some(address(&email)?);
                let was = self.email.clone();
                if was == now { Vec::new() } else { vec![UserEvent::EmailChanged { was, now }] }
            }
            UserCommand::ChangeUsername(name) => {
                let name = name.map(|name| username(&name)).transpose();
                let now = name.map_err(|fault| UserError::Invalid(vec![fault]))?;
                let was = self.username.clone();
                if was == now { Vec::new() } else { vec![UserEvent::UsernameChanged { was, now }] }
            }
        })
    }

    fn evolve(mut self, event: UserEvent) -> Self {
        match event {
            UserEvent::SignedUp { email, full_name, organization_name } => {
                let asked = email.zip(full_name).zip(organization_name);
                self.signing_up = asked.map(|((email, full_name), organization)| SigningUp {
                    email,
                    full_name,
                    organization,
                });
            }
            UserEvent::Registered { email, full_name } => {
                self.signing_up = None;
                self.registered = true;
                self.email = email;
                self.full_name = full_name;
            }
            UserEvent::FoundingStarted { organization, member, organization_name } => {
                let membership = Membership { organization, member };
                self.founding.push((membership, organization_name));
            }
            UserEvent::ClientJoiningStarted {
                organization,
                member,
                contact,
                registration,
                action,
            } => {
                let membership = Membership { organization, member };
                self.joining.push(ClientJoining { membership, contact, registration, action });
            }
            UserEvent::ClientJoiningDropped { action } => {
                self.joining.retain(|joining| joining.action != action);
            }
            UserEvent::MemberJoiningStarted {
                organization,
                member,
                profile,
                roles,
                team,
                invitation,
                token,
                by,
                action,
                reason,
            } => {
                let membership = Membership { organization, member };
                let invitation = invitation.zip(token);
                self.member_joining.push(MemberJoining {
                    membership,
                    profile,
                    roles,
                    team,
                    invitation,
                    by,
                    reason,
                    action,
                });
            }
            UserEvent::MemberJoiningDropped { action } => {
                self.member_joining.retain(|joining| joining.action != action);
            }
            UserEvent::Joined { organization, member } => {
                return self.joined(Membership { organization, member });
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
            UserEvent::EmailChangeAsked { email } => self.next_email = email,
            UserEvent::EmailChanged { now, .. } => {
                self.next_email = None;
                self.email = now;
            }
            UserEvent::UsernameChanged { now, .. } => self.username = now,
            UserEvent::PasswordSet {}
            | UserEvent::PasswordReset {}
            | UserEvent::Reauthenticated { .. }
            | UserEvent::TotpEnabled {}
            | UserEvent::TotpDisabled {}
            | UserEvent::RecoveryCodesMade {}
            | UserEvent::RecoveryCodeUsed {} => {}
        }
        self
    }

    fn reverse(&self, _event: &UserEvent) -> Result<Reversal<UserEvent>, NotReversible> {
        Err(NotReversible("What a user did with their account is not undone."))
    }
}
