//! Opening an account that was offered to a contact.

use super::is_member;
use crate::error::CommandError;
use crate::execute::Target;
use crate::identity::sign_up::refuse;
use crate::identity::{Entered, Identity, IdentityError, password};
use crate::request::Origin;
use domain::client::{ClientAccount, Offer, account_stream, member_id};
use domain::contact::{Contact, ContactType};
use domain::error::FieldError;
use domain::ids::{ActionId, ContactId, OrganizationId, SubjectId, UserId};
use domain::member::Member;
use domain::record::{Life, RecordType as _};
use domain::user::{
    ClientJoining, EmailCommand, EmailReservation, Membership, User, UserCommand, UsernameCommand,
    UsernameReservation, username as normal,
};
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

/// By what a new user logs in.
enum Login {
    Email(String),
    Username(String),
}

impl Identity {
    /// What a link offers, without using it.
    pub async fn look_at_offer(&self, token: &str) -> Result<OfferedAccount, IdentityError> {
        let Found { organization, email, user, .. } = self.offered(token).await?;
        Ok(OfferedAccount { organization, email, known: user.is_some() })
    }

    /// Opens the account that the link offers, and logs its owner in. A new user chooses the password,
    /// and a username if they have no address; one whom there is already shows theirs.
    pub async fn open_account(
        &self,
        origin: &Origin,
        token: &str,
        password: &str,
        username: Option<&str>,
    ) -> Result<Entered, IdentityError> {
        let inner = &self.inner;
        let Found { organization, contact, email, user, full_name } = self.offered(token).await?;
        let (user, login) = if let (Some(user), Some(email)) = (user, &email) {
            self.check_owner(origin, user, (email, password)).await?;
            (user, None)
        } else {
            let new = UserId(inner.commands.ids().next());
            // What does not fit must not cost the link.
            (new, Some(self.new_login(email, password, username).await?))
        };
        let good = inner.tokens.consume(Purpose::ClientAccount, token).await?;
        good.ok_or(IdentityError::BadLink)?;
        let joining = ClientJoining {
            membership: Membership { organization, member: member_id(organization, user) },
            contact,
            registration: None,
            action: ActionId(inner.commands.ids().next()),
        };
        match login {
            Some(login) => {
                let person = (login, full_name);
                self.register_for_account(origin, user, person, password, joining).await?;
            }
            None => self.set_out_as_client(origin, user, joining).await?,
        }
        self.finish_founding(origin, user, None).await?;
        self.enter_as_client(origin, user, &joining).await
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
            let member = member_id(organization, user);
            let folded = commands.load::<Member>(log, member.0).await?;
            if is_member(&folded.state) {
                let message = "Whoever has this address is a client already, as another contact.";
                let refusal = crate::error::Refusal::new("already_client", message);
                return Err(IdentityError::Refused(refusal));
            }
        }
        let full_name = ContactType::title(&folded.state.fields).chars().take(200).collect();
        Ok(Found { organization, contact, email, user, full_name })
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

    /// Makes a user: password into the vault first, then everything in log 0 as one command.
    async fn register_for_account(
        &self,
        origin: &Origin,
        user: UserId,
        (login, full_name): (Login, String),
        password: &str,
        joining: ClientJoining,
    ) -> Result<(), IdentityError> {
        let inner = &self.inner;
        let commands = &inner.commands;
        let hash = inner.passwords.hash(password).await?;
        inner.vault.set_password(user, &hash, commands.clock().now()).await?;
        let request = self.joining_request(origin, user, &joining);
        let batch = commands.batch(&request);
        let (batch, register) = match login {
            Login::Email(email) => {
                let address = Target::existing(inner.keys.address(&email));
                let reserve = vec![EmailCommand::Reserve(user)];
                let register = UserCommand::Register { email, full_name };
                (batch.add::<EmailReservation>(address, reserve), register)
            }
            Login::Username(username) => {
                let stream = Target::existing(inner.keys.username(&username));
                let reserve = vec![UsernameCommand::Reserve(user)];
                let register = UserCommand::RegisterByUsername { username, full_name };
                (batch.add::<UsernameReservation>(stream, reserve), register)
            }
        };
        let first = vec![register, UserCommand::StartClientJoining(joining)];
        let registered = batch.add::<User>(Target::existing(user.0), first).commit().await;
        if let Err(CommandError::Refused(_)) = registered {
            inner.vault.drop_password(user).await?;
        }
        registered?;
        Ok(())
    }
}
