//! Becoming a client: an intent process.
//!
//! The intent stands in log 0, in the same append as the registration of the user, if they are new.
//! Contact, account and membership are one append in the organization's log, all of one action.

use super::{MOST_RETRIES, account_target};
use crate::error::CommandError;
use crate::execute::Target;
use crate::identity::{Identity, IdentityError};
use crate::request::{Caller, Origin};
use domain::access::{Actor, ProfileKind, Rights};
use domain::catalogue::{Catalogue as _, ListName};
use domain::client::{
    ClientAccount, ClientAccountCommand, Holder, Registrant, Registration, RegistrationCommand,
    account_stream,
};
use domain::contact::{Contact, ContactFields, ContactType};
use domain::error::FieldError;
use domain::ids::{ChoiceId, ContactId, OrganizationId, SubjectId, UserId};
use domain::member::{Member, MemberCommand};
use domain::patch::{self, InputRules, Patch};
use domain::picklist::{self, Picklist};
use domain::record::{Life, RecordCommand, RecordType as _};
use domain::role::Builtin;
use domain::user::{ClientJoining, Membership, User, UserCommand};
use domain::value::Value;
use serde_json::{Map, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::LogId;
use uuid::Uuid;

/// What kind of action it is.
pub(super) const ACTION: &str = "become_client";

/// The longest name of a member.
const LONGEST_NAME: usize = 200;

/// What a member is called who is this contact.
pub(crate) fn member_name(fields: &ContactFields) -> String {
    ContactType::title(fields).chars().take(LONGEST_NAME).collect()
}

/// The fields of the contact that somebody registers as, or what does not fit.
pub(super) fn fields(registrant: &Registrant) -> Result<Patch, Vec<FieldError>> {
    let mut fields = Map::new();
    fields.insert("full_name".to_owned(), json!(registrant.full_name));
    fields.insert("email".to_owned(), json!(registrant.email));
    fields.insert("phone".to_owned(), json!(registrant.phone));
    fields.insert("company_name".to_owned(), json!(registrant.company_name));
    patch::parse::<ContactFields>(&fields, &InputRules::default())
}

/// A contact that somebody is to be a client as.
struct Chosen {
    contact: ContactId,
    /// What makes it, if it is not there.
    make: Option<Patch>,
    name: String,
    /// Version of the account that was looked at.
    version: u32,
    /// Whether its holder left, without its own stream saying so.
    vacated: bool,
}

impl Identity {
    /// Records that a user sets out to be a client.
    pub(super) async fn set_out_as_client(
        &self,
        origin: &Origin,
        user: UserId,
        joining: ClientJoining,
    ) -> Result<(), IdentityError> {
        let request = self.joining_request(origin, user, joining.action, ACTION);
        let start = vec![UserCommand::StartClientJoining(joining)];
        let batch = self.inner.commands.batch(&request);
        batch.add::<User>(Target::existing(user.0), start).commit().await?;
        Ok(())
    }

    /// Makes the user a client wherever they set out to be one.
    pub(in crate::identity) async fn finish_client_joinings(
        &self,
        origin: &Origin,
        user: UserId,
        joinings: &[ClientJoining],
    ) -> Result<(), IdentityError> {
        for joining in joinings {
            let end = if self.join_client(origin, user, joining).await? {
                UserCommand::Join(joining.membership)
            } else {
                UserCommand::DropClientJoining(joining.action)
            };
            let request = self.joining_request(origin, user, joining.action, ACTION);
            self.end_joining(request, user, end).await?;
        }
        Ok(())
    }

    /// Makes contact (if there is none), account and membership. `false` if somebody else has the
    /// account, or nobody can say any more who was to have it.
    async fn join_client(
        &self,
        origin: &Origin,
        user: UserId,
        joining: &ClientJoining,
    ) -> Result<bool, IdentityError> {
        let commands = &self.inner.commands;
        let Membership { organization, member } = joining.membership;
        let log = LogId::from(organization);
        let rights = Arc::new(Rights::resolve(ProfileKind::Client, &[], []));
        let actor = Actor { user, member, organization, rights, key: None };
        let mut request = commands.request(log, Caller::Member(actor), origin.clone(), ACTION);
        request.action = joining.action;
        request.command_id = Some(Uuid::new_v5(&joining.action.0, b"client"));
        for _ in 0..=MOST_RETRIES {
            let present = commands.load::<Member>(log, member.0).await?;
            if present.state.belongs() {
                return Ok(true);
            }
            let Some(chosen) = self.choose(log, joining).await? else { return Ok(false) };
            let Chosen { contact, make, name, version, vacated } = chosen;
            let mut batch = commands.batch(&request);
            if let Some(patch) = make {
                let create = vec![RecordCommand::Create(patch)];
                batch = batch.add::<Contact>(Target::existing(contact.0), create);
            }
            let mut opening =
                vec![ClientAccountCommand::Open { contact, holder: Holder { user, member } }];
            if vacated {
                opening.insert(0, ClientAccountCommand::Close);
            }
            let join = MemberCommand::Join {
                user,
                display_name: name,
                roles: BTreeSet::from([Builtin::Client.id(organization)]),
                profile: ProfileKind::Client,
                contact: Some(contact),
            };
            let profile = Target::existing(member.0).owned_by(SubjectId(user.0));
            batch = batch
                .add::<ClientAccount>(account_target(contact).if_match(Some(version)), opening)
                .add::<Member>(profile.if_match(Some(present.version)), vec![join]);
            if let Some(registration) = joining.registration {
                let confirm = vec![RegistrationCommand::Confirm { member, contact }];
                batch = batch.add::<Registration>(Target::existing(registration), confirm);
            }
            match batch.commit().await {
                Ok(_) => return Ok(true),
                Err(CommandError::Stale { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(IdentityError::Command(CommandError::Contended))
    }

    /// The contact to be a client as: the one that was meant, if nobody else has its account. Who
    /// registered gets one of their own otherwise; who was offered the account gets nothing.
    async fn choose(
        &self,
        log: LogId,
        joining: &ClientJoining,
    ) -> Result<Option<Chosen>, IdentityError> {
        let commands = &self.inner.commands;
        let registrant = match joining.registration {
            Some(id) => commands.load::<Registration>(log, id).await?.state.registrant.clone(),
            None => None,
        };
        let own = ContactId(Uuid::new_v5(&joining.action.0, b"contact"));
        for contact in [joining.contact, own] {
            let known = commands.load::<Contact>(log, contact.0).await?;
            let (make, name) = match (known.state.life, &registrant) {
                (Life::Active, _) | (Life::Deleted, None) => {
                    (None, member_name(&known.state.fields))
                }
                (Life::Absent, Some(registrant)) => {
                    (Some(self.contact_of(log, registrant).await?), registrant.full_name.clone())
                }
                (Life::Deleted, Some(_)) => continue,
                (Life::Absent, None) => return Ok(None),
            };
            let account = commands.load::<ClientAccount>(log, account_stream(contact)).await?;
            let vacated = match commands.holder_of(log, contact, &account.state).await? {
                Some(_) if registrant.is_some() => continue,
                Some(_) => return Ok(None),
                None => account.state.holder.is_some(),
            };
            return Ok(Some(Chosen { contact, make, name, version: account.version, vacated }));
        }
        Ok(None)
    }

    /// What makes the contact of somebody who registered: a lead from the website.
    async fn contact_of(
        &self,
        log: LogId,
        registrant: &Registrant,
    ) -> Result<Patch, IdentityError> {
        let mut patch = fields(registrant).map_err(CommandError::invalid)?;
        let list = ListName::TrafficSource;
        let stream = picklist::stream_id(OrganizationId(log.0), list);
        let sources = self.inner.commands.load::<Picklist>(log, stream).await?;
        let website = picklist::builtin_by_key(list, "website").filter(|id| {
            sources.state.choices.get(&ChoiceId(*id)).is_some_and(|choice| !choice.archived)
        });
        if let (Some(field), Some(id)) = (ContactFields::index("traffic_source"), website) {
            patch.push((field, Some(Value::Ref(id))));
            patch.sort_by_key(|(field, _)| *field);
        }
        Ok(patch)
    }
}
