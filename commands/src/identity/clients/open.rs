//! Opening an account that was offered to a contact.

use super::join::{ACTION, member_name};
use crate::error::Refusal;
use crate::identity::address_book::{Login, NewUser, Secret};
use crate::identity::sign_up::refuse;
use crate::identity::{Entered, Identity, IdentityError, password};
use crate::request::Origin;
use domain::client::{ClientAccount, Offer, account_stream, member_id};
use domain::contact::Contact;
use domain::error::FieldError;
use domain::ids::{ActionId, ContactId, OrganizationId, SubjectId, UserId};
use domain::instance::SignUpMode;
use domain::member::Member;
use domain::record::Life;
use domain::user::{ClientJoining, Membership, UserCommand, username as normal};
use store::LogId;
use store::vault::Purpose;

/// An offer, for whoever has its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedAccount {
    /// Who offers it.
    pub organization: OrganizationId,
    /// The address that they will log in by; `None` if they are to choose a username.
    pub email: Option<String>,
    /// Whether the address has an account already, whose password is asked for.
    pub known: bool,
}

/// An offer whose link came back.
struct Found {
    organization: OrganizationId,
    contact: ContactId,
    email: Option<String>,
    /// The user who has the address.
    user: Option<UserId>,
    full_name: String,
}

impl Identity {
    /// What a link offers, without using it.
    pub async fn look_at_offer(&self, token: &str) -> Result<OfferedAccount, IdentityError> {
        let Found { organization, email, user, .. } = self.offered(token).await?;
        Ok(OfferedAccount { organization, email, known: user.is_some() })
    }

    /// Opens the account that the link offers, and logs its owner in. A new user chooses the password,
    /// and a username if they have no address; one whom there is already shows theirs. `sign_up` is who
    /// may sign up.
    pub async fn open_account(
        &self,
        origin: &Origin,
        (token, password): (&str, &str),
        username: Option<&str>,
        sign_up: SignUpMode,
    ) -> Result<Entered, IdentityError> {
        let found = self.offered(token).await?;
        let (user, login) = if let (Some(user), Some(email)) = (found.user, &found.email) {
            self.check_owner(origin, user, (email, password)).await?;
            (user, None)
        } else {
            if sign_up == SignUpMode::Closed {
                return Err(IdentityError::NotOpen(sign_up));
            }
            let new = UserId(self.inner.commands.ids().next());
            // What does not fit must not cost the link.
            (new, Some(self.new_login(found.email.clone(), password, username).await?))
        };
        let joining = self.taken(token, &found, user).await?;
        match login {
            Some(login) => {
                let request = self.joining_request(origin, user, joining.action, ACTION);
                let (full_name, secret) = (found.full_name, Secret::Chosen(password));
                let new = NewUser { id: user, full_name, login, secret };
                let intent = UserCommand::StartClientJoining(joining);
                self.register(&request, new, Some(intent)).await?;
            }
            None => self.set_out_as_client(origin, user, joining).await?,
        }
        self.enter_as_client(origin, user, joining.membership).await
    }

    /// Makes the account that the link offers that of somebody who is logged in, unless it went to the
    /// address of another account.
    pub async fn join_by_offer(
        &self,
        origin: &Origin,
        user: UserId,
        token: &str,
    ) -> Result<Membership, IdentityError> {
        let found = self.offered(token).await?;
        if let Some(email) = &found.email {
            self.refuse_other(email, user).await?;
        }
        self.no_client_yet(found.organization, user).await?;
        let joining = self.taken(token, &found, user).await?;
        self.set_out_as_client(origin, user, joining).await?;
        self.join_as_client(origin, user, joining.membership).await
    }

    /// Uses the link up; what a user sets out for by it.
    async fn taken(
        &self,
        token: &str,
        found: &Found,
        user: UserId,
    ) -> Result<ClientJoining, IdentityError> {
        let good = self.inner.tokens.consume(Purpose::ClientAccount, token).await?;
        good.ok_or(IdentityError::BadLink)?;
        let organization = found.organization;
        Ok(ClientJoining {
            membership: Membership { organization, member: member_id(organization, user) },
            contact: found.contact,
            registration: None,
            action: ActionId(self.inner.commands.ids().next()),
        })
    }

    async fn offered(&self, token: &str) -> Result<Found, IdentityError> {
        let inner = &self.inner;
        let commands = &inner.commands;
        let good = inner.tokens.look(Purpose::ClientAccount, token).await?;
        let good = good.ok_or(IdentityError::BadLink)?;
        let (organization, SubjectId(contact)) =
            good.bound.organization.zip(good.bound.subject).ok_or(IdentityError::BadLink)?;
        let (log, contact) = (LogId::from(organization), ContactId(contact));
        let account = commands.load::<ClientAccount>(log, account_stream(contact)).await?;
        let folded = commands.load::<Contact>(log, contact.0).await?;
        let offer = account.state.offer.clone().filter(|offer| offer.token == good.id);
        let Offer { email, .. } = offer.ok_or(IdentityError::BadLink)?;
        if folded.state.life != Life::Active {
            return Err(IdentityError::BadLink);
        }
        let user = match &email {
            Some(email) => self.user_of(email).await?,
            None => None,
        };
        if let Some(user) = user {
            self.no_client_yet(organization, user).await?;
        }
        let full_name = member_name(&folded.state.fields);
        Ok(Found { organization, contact, email, user, full_name })
    }

    /// Refuses a user who is a client of the organization.
    async fn no_client_yet(
        &self,
        organization: OrganizationId,
        user: UserId,
    ) -> Result<(), IdentityError> {
        let member = member_id(organization, user);
        let folded = self.inner.commands.load::<Member>(organization.into(), member.0).await?;
        if folded.state.belongs() {
            let detail = "Whoever has this address is a client already, as another contact.";
            return Err(IdentityError::Refused(Refusal::new("already_client", detail)));
        }
        Ok(())
    }

    /// How a new user is to log in, or what does not fit.
    async fn new_login(
        &self,
        email: Option<String>,
        password: &str,
        username: Option<&str>,
    ) -> Result<Login, IdentityError> {
        let mut faults: Vec<FieldError> = Vec::new();
        faults.extend(password::fault(password, email.as_deref().unwrap_or_default()));
        let login = match (email, username) {
            (Some(email), None) => Some(Login::Email(email)),
            (Some(_), Some(_)) => {
                let message = "You log in by the address that the link was sent to.";
                faults.push(FieldError::new("username", "not_asked_for", message));
                None
            }
            (None, None) => {
                let message = "Choose a username to log in by.";
                faults.push(FieldError::new("username", "missing", message));
                None
            }
            (None, Some(name)) => match normal(name) {
                Ok(name) => Some(Login::Username(name)),
                Err(fault) => {
                    faults.push(fault);
                    None
                }
            },
        };
        if let Some(Login::Username(name)) = &login
            && self.user_by(name).await?.is_some()
        {
            let message = "This username is taken.";
            faults.push(FieldError::new("username", "username_taken", message));
        }
        refuse(faults)?;
        login.ok_or(IdentityError::BadLink)
    }
}
