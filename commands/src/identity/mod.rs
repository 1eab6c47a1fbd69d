//! Who is who: sign-up, log-in, sessions, members.

use crate::clock::Clock;
use crate::error::{CommandError, Refusal};
use crate::execute::Commands;
use crate::request::Origin;
use chrono::{DateTime, Utc};
use domain::access::Actor;
use domain::ids::{MemberId, OrganizationId, UserId};
use domain::member::ReachLevel;
use std::sync::Arc;
use store::RootSecret;
use store::vault::Vault;
use uuid::Uuid;

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

/// A session that was opened or carried on.
#[derive(Clone)]
pub struct Grant {
    /// The session; goes into the access token.
    pub session: Uuid,
    /// Whose session it is, with rights as they are now.
    pub actor: Actor,
    /// Version of the member's rights.
    pub authorization_version: u32,
    /// The next refresh token: 64 hexadecimal digits, to be used once.
    pub refresh_token: String,
    /// Until when it may be used.
    pub refresh_until: DateTime<Utc>,
}

/// The caller that a session stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticated {
    /// The session.
    pub session: Uuid,
    /// The caller, with rights as they are now.
    pub actor: Actor,
    /// Version of the member's rights.
    pub authorization_version: u32,
}

/// What a caller may know of themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// The user.
    pub user: UserId,
    /// Log-in address.
    pub email: Option<String>,
    /// Full name.
    pub full_name: Option<String>,
    /// The organization of the session.
    pub organization: OrganizationId,
    /// Its name.
    pub organization_name: Option<String>,
    /// Whether its times are made up.
    pub simulated: bool,
    /// The profile in it.
    pub member: MemberId,
    /// What they are called in it.
    pub display_name: Option<String>,
    /// Whether they own it.
    pub owner: bool,
    /// How far their rights reach.
    pub reach: ReachLevel,
}

/// An open session, for its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    /// The session.
    pub id: Uuid,
    /// The organization it is in.
    pub organization: OrganizationId,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last refreshed.
    pub last_seen_at: DateTime<Utc>,
    /// The browser it was opened with.
    pub user_agent: Option<String>,
    /// The address it was opened from.
    pub ip: Option<String>,
}

/// Why an identity could not be established or changed.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Wrong address or password; which of them is not said.
    #[error("wrong credentials")]
    WrongCredentials,
    /// The token or session is unknown, used, expired or revoked.
    #[error("no such session")]
    NoSession,
    /// Something given does not fit: a weak password, an address that is taken.
    #[error("refused: {}", .0.code)]
    Refused(Refusal),
    /// More log-ins at once than the machine can take; try again after a moment.
    #[error("too many log-ins at once")]
    Overloaded,
    /// A password hash could not be made or read.
    #[error("password hash")]
    Hash(#[source] argon2::password_hash::Error),
    /// A command failed.
    #[error("command")]
    Command(#[source] CommandError),
    /// The vault failed.
    #[error("vault")]
    Vault(#[from] store::vault::VaultError),
}

/// Sign-up, log-in, sessions and members. Cheap to clone.
#[derive(Clone)]
pub struct Identity {
    commands: Commands,
}

impl Identity {
    /// Identity by way of `commands` and `vault`.
    pub fn new(commands: Commands, vault: Vault, root: &RootSecret) -> Self {
        todo!()
    }

    /// Makes a user and founds their organization. Its owner is logged in.
    pub async fn sign_up(&self, origin: &Origin, input: SignUp) -> Result<Grant, IdentityError> {
        todo!()
    }

    /// The same for a simulated organization (demo), whose events take their times from `clock`.
    pub async fn sign_up_simulated(
        &self,
        origin: &Origin,
        input: SignUp,
        clock: Arc<dyn Clock>,
    ) -> Result<Actor, IdentityError> {
        todo!()
    }

    /// Opens a session. Same answer and time whether or not the account exists.
    pub async fn log_in(
        &self,
        origin: &Origin,
        email: &str,
        password: &str,
    ) -> Result<Grant, IdentityError> {
        todo!()
    }

    /// Trades a refresh token for the next one. A used one ends its session.
    pub async fn refresh(&self, origin: &Origin, token: &str) -> Result<Grant, IdentityError> {
        todo!()
    }

    /// Ends a session of the user.
    pub async fn log_out(
        &self,
        origin: &Origin,
        user: UserId,
        session: Uuid,
    ) -> Result<(), IdentityError> {
        todo!()
    }

    /// Ends all sessions of the user; returns how many there were.
    pub async fn log_out_everywhere(
        &self,
        origin: &Origin,
        user: UserId,
    ) -> Result<u64, IdentityError> {
        todo!()
    }

    /// The open sessions of a user, newest first.
    pub async fn sessions(&self, user: UserId) -> Result<Vec<SessionInfo>, IdentityError> {
        todo!()
    }

    /// The caller behind a session, with rights at most 2 s old. For every request.
    pub async fn authenticate(&self, session: Uuid) -> Result<Authenticated, IdentityError> {
        todo!()
    }

    /// What the caller may know of themselves.
    pub async fn me(&self, actor: &Actor) -> Result<Me, IdentityError> {
        todo!()
    }

    /// Makes a user (or takes the one who has the address) a member of an organization.
    pub async fn add_member(
        &self,
        origin: &Origin,
        organization: OrganizationId,
        input: NewMember,
    ) -> Result<Actor, IdentityError> {
        todo!()
    }

    /// Changes how far a member's rights reach.
    pub async fn set_reach(
        &self,
        origin: &Origin,
        organization: OrganizationId,
        member: MemberId,
        level: ReachLevel,
        team: Vec<MemberId>,
    ) -> Result<(), IdentityError> {
        todo!()
    }

    /// Finishes every founding that a crash interrupted, until there is none left. Idempotent, and
    /// safe beside the requests that carry out foundings.
    pub async fn finish_foundings(&self) -> Result<(), IdentityError> {
        todo!()
    }
}

/// A person to make a member, by the command line or a fixture.
#[derive(Clone)]
pub struct NewMember {
    /// Their address for logging in.
    pub email: String,
    /// Their name.
    pub full_name: String,
    /// Their password; ignored if the address has an account.
    pub password: String,
    /// How far their rights reach.
    pub reach: ReachLevel,
}
