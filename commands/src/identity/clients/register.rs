//! Registering as a client of an organization.
//!
//! As with a sign-up, nothing that is done before the link from the mail comes back depends on whether
//! the address has an account, or a contact in the organization: a password is hashed and kept, a
//! token issued, a registration and its mail appended. Each registration stands for itself.

use super::join::{ACTION, fields};
use crate::execute::Target;
use crate::identity::address_book::{Login, NewUser, Secret};
use crate::identity::sign_up::{credentials, line, refuse};
use crate::identity::{Entered, Identity, IdentityError};
use crate::mail::{Language, Message, Outgoing};
use crate::request::{Caller, Origin};
use domain::catalogue::Catalogue as _;
use domain::client::{ClientAccount, Registrant, Registration, RegistrationCommand};
use domain::client::{account_stream, member_id};
use domain::contact::{Contact, ContactFields};
use domain::ids::{ActionId, ContactId, OrganizationId, SubjectId, UserId};
use domain::instance::SignUpMode;
use domain::member::Member;
use domain::normalize;
use domain::organization::Organization;
use domain::record::Life;
use domain::user::{ClientJoining, Membership, UserCommand};
use store::LogId;
use store::vault::{Bound, GoodToken, Purpose};
use uuid::Uuid;

/// What somebody registers with.
#[derive(Clone)]
pub struct ClientRegistration {
    /// Their name.
    pub full_name: String,
    /// Their address for logging in.
    pub email: String,
    /// Their password, 8 to 128 characters.
    pub password: String,
    /// Their telephone number.
    pub phone: Option<String>,
    /// Their company.
    pub company_name: Option<String>,
}

/// A registration whose link came back, before it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRegistration {
    /// Where they want to be a client.
    pub organization: OrganizationId,
    /// The address, which is theirs.
    pub email: String,
}

/// A registration whose link came back.
struct Asked {
    organization: OrganizationId,
    id: Uuid,
    registrant: Registrant,
}

impl ClientRegistration {
    /// What is to be kept, and the password; or every fault.
    fn cleaned(self) -> Result<(Registrant, String), IdentityError> {
        let mut faults = Vec::new();
        let mut registrant = Registrant {
            full_name: line("full_name", &self.full_name, &mut faults),
            email: credentials(&self.email, &self.password, &mut faults),
            phone: self.phone,
            company_name: self.company_name,
        };
        match fields(&registrant) {
            // Name and address were judged above.
            Err(more) => faults.extend(more.into_iter().filter(|fault| {
                fault.pointer.ends_with("phone") || fault.pointer.ends_with("company_name")
            })),
            Ok(patch) => {
                let mut clean = ContactFields::default();
                for (field, value) in patch {
                    clean.set(field, value);
                }
                registrant.phone = clean.phone;
                registrant.company_name = clean.company_name;
            }
        }
        refuse(faults)?;
        Ok((registrant, self.password))
    }
}

impl Identity {
    /// Sends a link to whoever has the address, to go on with. Whether the organization takes
    /// registrations was settled before.
    pub async fn register_client(
        &self,
        origin: &Origin,
        organization: OrganizationId,
        input: ClientRegistration,
    ) -> Result<(), IdentityError> {
        let (registrant, password) = input.cleaned()?;
        let inner = &self.inner;
        let commands = &inner.commands;
        let log = LogId::from(organization);
        let registration = commands.ids().next();
        let hash = inner.passwords.hash(&password).await?;
        let bound = Bound {
            organization: Some(organization),
            subject: Some(SubjectId(registration)),
            user: None,
        };
        let token = inner.tokens.issue(Purpose::RegistrationConfirm, bound).await?;
        // A new user gets the registration's id, as the password has it.
        let user = UserId(registration);
        inner.vault.hold_password(user, &hash, commands.clock().now(), token.expires_at).await?;
        let folded = commands.load::<Organization>(log, organization.0).await?;
        let name = folded.state.name.clone().unwrap_or_default();
        let mail = Outgoing {
            to: registrant.email.clone(),
            subject: SubjectId(registration),
            language: Language::default(),
            message: Message::RegistrationConfirm { token, organization: name },
        };
        let caller = Caller::User(user);
        let request = commands.request(log, caller, origin.clone(), "register");
        commands
            .batch(&request)
            .add::<Registration>(
                Target::existing(registration),
                vec![RegistrationCommand::Ask(registrant)],
            )
            .mail(commands.ids().next(), mail)
            .commit()
            .await?;
        Ok(())
    }

    /// What a link confirms, without using it.
    pub async fn look_at_registration(
        &self,
        token: &str,
    ) -> Result<PendingRegistration, IdentityError> {
        let good = self.inner.tokens.look(Purpose::RegistrationConfirm, token).await?;
        let Asked { organization, registrant, .. } = self.asked(good).await?;
        Ok(PendingRegistration { organization, email: registrant.email })
    }

    /// Makes whoever has the link a client, and logs them in. A new user shows the password that
    /// they registered with, one whom there is already shows their own. `sign_up` is who may sign up.
    ///
    /// `found` are contacts that may have the address. One that has it becomes theirs, if it is the
    /// only one and nobody has its account; otherwise a contact is made.
    pub async fn confirm_registration(
        &self,
        origin: &Origin,
        (token, password): (&str, &str),
        found: &[ContactId],
        sign_up: SignUpMode,
    ) -> Result<Entered, IdentityError> {
        let inner = &self.inner;
        let good = inner.tokens.look(Purpose::RegistrationConfirm, token).await?;
        let Asked { organization, id, registrant } = self.asked(good).await?;
        let email = registrant.email.clone();
        let holder = self.user_of(&email).await?;
        if let Some(holder) = holder {
            self.check_owner(origin, holder, (&email, password)).await?;
        } else {
            if sign_up == SignUpMode::Closed {
                return Err(IdentityError::NotOpen(sign_up));
            }
            let hash = inner.vault.held_password(UserId(id)).await?;
            if !inner.passwords.verify(password, hash).await? {
                return Err(IdentityError::WrongCredentials);
            }
        }
        let joining = self.confirmed(token, (organization, id, &email), found).await?;
        let mut user = holder.unwrap_or(UserId(id));
        if holder.is_some() {
            self.again_or_new(origin, user, joining(user)).await?;
        } else if let Err(error) = self.become_client(origin, registrant, joining(user)).await {
            let IdentityError::Refused(refusal) = error else { return Err(error) };
            // Another registration with this address, and its mail, was faster.
            let faster = self.user_of(&email).await?;
            user = faster.ok_or(IdentityError::Refused(refusal))?;
            self.check_owner(origin, user, (&email, password)).await?;
            self.again_or_new(origin, user, joining(user)).await?;
        }
        self.enter_as_client(origin, user, joining(user).membership).await
    }

    /// Makes somebody who is logged in, and has the link, a client, unless the address has another
    /// account.
    pub async fn join_by_registration(
        &self,
        origin: &Origin,
        user: UserId,
        token: &str,
        found: &[ContactId],
    ) -> Result<Membership, IdentityError> {
        let good = self.inner.tokens.look(Purpose::RegistrationConfirm, token).await?;
        let Asked { organization, id, registrant } = self.asked(good).await?;
        let email = registrant.email;
        self.refuse_other(&email, user).await?;
        let joining = self.confirmed(token, (organization, id, &email), found).await?;
        self.again_or_new(origin, user, joining(user)).await?;
        self.join_as_client(origin, user, joining(user).membership).await
    }

    /// Uses the link up; what a user sets out for by it.
    async fn confirmed(
        &self,
        token: &str,
        (organization, id, email): (OrganizationId, Uuid, &str),
        found: &[ContactId],
    ) -> Result<impl Fn(UserId) -> ClientJoining + use<>, IdentityError> {
        let ids = self.inner.commands.ids();
        let good = self.inner.tokens.consume(Purpose::RegistrationConfirm, token).await?;
        good.ok_or(IdentityError::BadLink)?;
        let contact = self.to_link(organization.into(), found, email).await?;
        let contact = contact.unwrap_or_else(|| ContactId(ids.next()));
        let action = ActionId(ids.next());
        Ok(move |user: UserId| ClientJoining {
            membership: Membership { organization, member: member_id(organization, user) },
            contact,
            registration: Some(id),
            action,
        })
    }

    async fn asked(&self, good: Option<GoodToken>) -> Result<Asked, IdentityError> {
        let bound = good.ok_or(IdentityError::BadLink)?.bound;
        let (organization, SubjectId(id)) =
            bound.organization.zip(bound.subject).ok_or(IdentityError::BadLink)?;
        let log = LogId::from(organization);
        let folded = self.inner.commands.load::<Registration>(log, id).await?;
        let registrant = folded.state.registrant.clone().ok_or(IdentityError::BadLink)?;
        Ok(Asked { organization, id, registrant })
    }

    /// Lets a user set out who is no client here yet.
    async fn again_or_new(
        &self,
        origin: &Origin,
        user: UserId,
        joining: ClientJoining,
    ) -> Result<(), IdentityError> {
        let Membership { organization, member } = joining.membership;
        let folded = self.inner.commands.load::<Member>(organization.into(), member.0).await?;
        if folded.state.belongs() {
            return Ok(());
        }
        self.set_out_as_client(origin, user, joining).await
    }

    /// Makes a user with the password that was kept, who sets out to be a client.
    async fn become_client(
        &self,
        origin: &Origin,
        registrant: Registrant,
        joining: ClientJoining,
    ) -> Result<(), IdentityError> {
        let user = UserId(joining.registration.unwrap_or_default());
        let Registrant { email, full_name, .. } = registrant;
        let request = self.joining_request(origin, user, joining.action, ACTION);
        let (login, secret) = (Login::Email(email), Secret::Kept);
        let new = NewUser { id: user, full_name, login, secret };
        self.register(&request, new, Some(UserCommand::StartClientJoining(joining))).await
    }

    /// The one contact in use that has exactly this address, if nobody has its account. Of several,
    /// one would be handed over whose owner may be somebody else with the same mailbox.
    async fn to_link(
        &self,
        log: LogId,
        found: &[ContactId],
        email: &str,
    ) -> Result<Option<ContactId>, IdentityError> {
        let commands = &self.inner.commands;
        let mut with_address = Vec::new();
        for contact in found {
            let folded = commands.load::<Contact>(log, contact.0).await?;
            let key = folded.state.fields.email.as_deref().map(normalize::email_key);
            if folded.state.life == Life::Active && key == Some(normalize::email_key(email)) {
                with_address.push(*contact);
            }
        }
        let [contact] = with_address[..] else { return Ok(None) };
        let account = commands.load::<ClientAccount>(log, account_stream(contact)).await?;
        let holder = commands.holder_of(log, contact, &account.state).await?;
        Ok(holder.is_none().then_some(contact))
    }
}
