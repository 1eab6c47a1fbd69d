//! Sign-up: a user and the organization that they found.

use super::address_book::{Login, NewUser, Secret};
use super::{Grant, Identity, IdentityError, password};
use crate::clock::Clock;
use crate::error::CommandError;
use crate::request::{Caller, Origin};
use domain::access::Actor;
use domain::error::FieldError;
use domain::ids::{MemberId, OrganizationId, UserId};
use domain::normalize;
use domain::user::{Membership, User, UserCommand};
use std::sync::Arc;
use store::LogId;

/// What a person signs up with.
#[derive(Clone)]
pub struct SignUp {
    /// Name of the organization to found.
    pub organization: String,
    /// The person's name.
    pub full_name: String,
    /// Their address for logging in.
    pub email: String,
    /// Their password, 8 to 128 characters.
    pub password: String,
}

/// One readable line, or a fault.
pub(super) fn line(field: &str, text: &str, faults: &mut Vec<FieldError>) -> String {
    match normalize::line(text, 200) {
        Ok(Some(line)) => return line,
        Ok(None) => faults.push(FieldError::new(field, "missing", "This must not be empty.")),
        Err(_) => {
            let message = "This must be one line of at most 200 readable characters.";
            faults.push(FieldError::new(field, "invalid_text", message));
        }
    }
    String::new()
}

/// Address and password of a new user, or faults.
pub(super) fn credentials(email: &str, password: &str, faults: &mut Vec<FieldError>) -> String {
    faults.extend(password::fault(password, email));
    normalize::email(email).unwrap_or_else(|| {
        let message = "This is not an e-mail address.";
        faults.push(FieldError::new("email", "invalid_email", message));
        String::new()
    })
}

pub(super) fn refuse(faults: Vec<FieldError>) -> Result<(), IdentityError> {
    if faults.is_empty() { Ok(()) } else { Err(CommandError::invalid(faults).into()) }
}

impl SignUp {
    pub(super) fn cleaned(self) -> Result<Self, IdentityError> {
        let mut faults = Vec::new();
        let cleaned = Self {
            organization: line("organization", &self.organization, &mut faults),
            full_name: line("full_name", &self.full_name, &mut faults),
            email: credentials(&self.email, &self.password, &mut faults),
            password: self.password,
        };
        refuse(faults)?;
        Ok(cleaned)
    }
}

impl Identity {
    /// Makes a user and founds their organization, whose owner they are; opens a session.
    pub async fn sign_up(&self, origin: &Origin, input: SignUp) -> Result<Grant, IdentityError> {
        let (user, membership) = self.set_out(origin, input, None).await?;
        self.open_session(origin, user, membership).await
    }

    /// The same for a simulated organization (demo), whose events take their times from `clock`.
    /// Opens no session.
    pub async fn sign_up_simulated(
        &self,
        origin: &Origin,
        input: SignUp,
        clock: Arc<dyn Clock>,
    ) -> Result<Actor, IdentityError> {
        let (user, membership) = self.set_out(origin, input, Some(clock)).await?;
        Ok(self.caller_of(user, membership).await?.actor)
    }

    /// Finishes, by `clock`, the founding of a simulated organization that was interrupted. Its
    /// founder, or `None` if the user's first organization is a real one.
    pub async fn finish_simulated_founding(
        &self,
        origin: &Origin,
        user: UserId,
        clock: Arc<dyn Clock>,
    ) -> Result<Option<Actor>, IdentityError> {
        let commands = &self.inner.commands;
        let known = commands.load::<User>(LogId::PLATFORM, user.0).await?;
        let joined = known.state.memberships.first();
        let membership = joined.or(known.state.founding.first().map(|(membership, _)| membership));
        let Some(membership) = membership.copied() else { return Ok(None) };
        if !self.is_simulated(membership.organization).await? {
            return Ok(None);
        }
        self.finish_founding(origin, user, Some(clock)).await?;
        Ok(Some(self.caller_of(user, membership).await?.actor))
    }

    async fn set_out(
        &self,
        origin: &Origin,
        input: SignUp,
        simulated: Option<Arc<dyn Clock>>,
    ) -> Result<(UserId, Membership), IdentityError> {
        let input = input.cleaned()?;
        let commands = &self.inner.commands;
        let user = UserId(commands.ids().next());
        let membership = Membership {
            organization: OrganizationId(commands.ids().next()),
            member: MemberId(commands.ids().next()),
        };
        commands.log().create_log(LogId::PLATFORM, false).await?;
        if simulated.is_some() {
            // Before anybody could finish the founding as one of a real organization.
            commands.log().create_log(membership.organization.into(), true).await?;
        }
        let new = NewUser {
            id: user,
            full_name: input.full_name,
            login: Login::Email(input.email),
            secret: Secret::Chosen(&input.password),
        };
        let intent = UserCommand::StartFounding { membership, name: input.organization };
        let caller = Caller::User(user);
        let request = commands.request(LogId::PLATFORM, caller, origin.clone(), "sign_up");
        self.register(&request, new, Some(intent)).await?;
        self.finish_founding(origin, user, simulated).await?;
        Ok((user, membership))
    }
}
