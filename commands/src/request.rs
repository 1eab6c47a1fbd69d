//! What comes with every command: who asks, from where, why, and under which key.

use crate::error::Denied;
use chrono::{DateTime, Utc};
use domain::access::{Actor, FieldAccess, Permission};
use domain::catalogue::{Catalogue as _, FieldIndex};
use domain::ids::{ActionId, MemberId, UserId};
use domain::reach::Reach;
use domain::record::RecordType;
use std::borrow::Cow;
use std::sync::Arc;
use store::{ActorKind, ActorRef, Channel, LogId, Meta, PrivateMeta, SourceRef};
use uuid::Uuid;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A member of the log's organization, with rights as they are now.
    Member(Actor),
    /// A user outside of any organization, about themselves: log 0.
    User(UserId),
    /// Hindsight itself.
    System,
}

impl Caller {
    /// The form that events keep.
    pub fn actor_ref(&self) -> ActorRef {
        match self {
            Self::Member(actor) => ActorRef {
                kind: if actor.key.is_some() { ActorKind::ApiKey } else { ActorKind::User },
                user: Some(actor.user),
                member: Some(actor.member),
                key: actor.key,
            },
            Self::User(user) => {
                let user = Some(*user);
                ActorRef { kind: ActorKind::User, user, member: None, key: None }
            }
            Self::System => ActorRef::SYSTEM,
        }
    }

    /// How far a permission reaches; `None` if they do not hold it.
    pub fn reach(&self, permission: Permission) -> Option<Reach> {
        match self {
            Self::Member(actor) => actor.reach(permission),
            Self::User(_) => None,
            Self::System => Some(Reach::All),
        }
    }

    /// Whether they hold a permission, with whatever reach.
    pub fn holds(&self, permission: Permission) -> bool {
        match self {
            Self::Member(actor) => actor.holds(permission),
            Self::User(_) => false,
            Self::System => true,
        }
    }

    /// Refuses them if they do not hold a permission.
    pub fn demand(&self, permission: Permission) -> Result<(), Denied> {
        if self.holds(permission) { Ok(()) } else { Err(Denied::Forbidden) }
    }

    /// Whether they may do it to something assigned to `assigned_to`.
    pub fn may(&self, permission: Permission, assigned_to: Option<MemberId>) -> bool {
        match self {
            Self::Member(actor) => actor.may(permission, assigned_to),
            Self::User(_) => false,
            Self::System => true,
        }
    }

    /// What they may do with a field of the records of a type (singular wire name).
    pub fn field(&self, kind: &str, name: &str) -> FieldAccess {
        match self {
            Self::Member(actor) => actor.field(kind, name),
            Self::User(_) => FieldAccess::Hidden,
            Self::System => FieldAccess::Full,
        }
    }

    /// The fields of the records of type `R` that are hidden from them.
    pub fn hidden<R: RecordType>(&self) -> Vec<FieldIndex> {
        match self {
            Self::Member(actor) => actor.rights.hidden::<R>(),
            Self::User(_) => R::Fields::indices().collect(),
            Self::System => Vec::new(),
        }
    }

    /// Their profile in the organization, if they have one.
    pub fn member(&self) -> Option<MemberId> {
        match self {
            Self::Member(actor) => Some(actor.member),
            Self::User(_) | Self::System => None,
        }
    }
}

/// From where a request came. Address and browser are sealed under the actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// By which way.
    pub channel: Channel,
    /// The caller's address.
    pub ip: Option<String>,
    /// The caller's browser.
    pub user_agent: Option<String>,
    /// What all that belongs to the request shares.
    pub correlation: Option<Uuid>,
}

impl Origin {
    /// From a background process.
    pub const WORKER: Self =
        Self { channel: Channel::Worker, ip: None, user_agent: None, correlation: None };
    /// From the command line.
    pub const CLI: Self =
        Self { channel: Channel::Cli, ip: None, user_agent: None, correlation: None };
}

/// The key under which a client may send a command again without its being carried out twice.
#[derive(Clone, Copy, Debug)]
pub struct IdempotencyKey<'a> {
    /// Whose key: keys of different principals never meet.
    pub principal: Uuid,
    /// Method and path as sent, ids included: `POST /api/v1/contacts`.
    pub route: &'a str,
    /// What the client sent.
    pub key: &'a str,
    /// The body as sent, of which only a keyed fingerprint is kept.
    pub body: &'a [u8],
}

/// A command's circumstances. Made by [`crate::Commands::request`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandRequest {
    /// The log to append to: the organization's, or the platform's.
    pub log: LogId,
    /// Who asks.
    pub caller: Caller,
    /// From where.
    pub origin: Origin,
    /// The gesture that the command belongs to; the unit of undo.
    pub action: ActionId,
    /// What kind of gesture, such as `edit`.
    pub action_kind: Cow<'static, str>,
    /// Unique per log: what makes the command happen once, however often it is sent. `None` for
    /// one that nobody can send again.
    pub command_id: Option<Uuid>,
    /// Of the body that came with an idempotency key.
    pub fingerprint: Option<[u8; 16]>,
    /// Why, in the caller's words.
    pub reason: Option<String>,
    /// For whom, if not for themselves.
    pub on_behalf_of: Option<UserId>,
    /// The event, command or job that caused this command.
    pub causation: Option<Uuid>,
    /// The file and row that the values come from.
    pub source: Option<SourceRef>,
}

impl CommandRequest {
    /// A further command of the same gesture. Its id (if any) follows from this one's and `name`,
    /// so that carrying out the whole gesture again repeats each of its commands exactly.
    pub fn derive(&self, name: &str) -> Self {
        Self {
            command_id: self.command_id.map(|id| Uuid::new_v5(&id, name.as_bytes())),
            fingerprint: None,
            ..self.clone()
        }
    }

    /// A further command of the same gesture, on the streams of a user in log 0, for whom the caller
    /// does it.
    pub(crate) fn for_user(&self, user: UserId) -> Self {
        let caller = match &self.caller {
            Caller::Member(actor) => Caller::User(actor.user),
            Caller::User(caller) => Caller::User(*caller),
            Caller::System => Caller::System,
        };
        let (log, on_behalf_of) = (LogId::PLATFORM, Some(user));
        Self { log, caller, on_behalf_of, ..self.derive("user") }
    }

    /// The public metadata of the command's events.
    pub(crate) fn meta(&self) -> Arc<Meta> {
        Arc::new(Meta {
            actor: self.caller.actor_ref(),
            on_behalf_of: self.on_behalf_of,
            action: self.action,
            action_kind: self.action_kind.clone(),
            channel: self.origin.channel,
            causation: self.causation,
            correlation: self.origin.correlation,
            source: self.source,
        })
    }

    /// The personal metadata of the command's events, to be sealed.
    pub(crate) fn private_meta(&self) -> PrivateMeta {
        PrivateMeta {
            reason: self.reason.clone(),
            ip: self.origin.ip.clone(),
            user_agent: self.origin.user_agent.clone(),
        }
    }
}

/// When something was recorded, and who did it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// When the server recorded it.
    pub time: DateTime<Utc>,
    /// The member who did it; `None` for Hindsight itself.
    pub member: Option<MemberId>,
}
