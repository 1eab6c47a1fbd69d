//! Who is who: sign-up, log-in, sessions, members.
//!
//! Users and the reservations of their log-in addresses are streams of log 0; memberships and
//! rights are streams of the organization's log. Passwords and tokens are in the vault. That
//! something happened to them (a log-in, a token used twice) is an event, written before it takes
//! effect, so that nothing happens unseen.

mod accept;
mod address_book;
mod api_key;
mod authenticate;
mod change_email;
mod clients;
mod credentials;
mod entrance;
mod failures;
mod forgotten;
mod founding;
mod instance;
mod invite;
mod joining;
mod keys;
mod made;
mod member;
mod one_time;
mod password;
mod password_help;
mod profiles;
mod rights;
mod seat;
mod session;
mod sign_up;
mod sign_up_by_mail;
mod throttle;
mod totp;
mod username;

pub use accept::{Acceptance, Prospect};
pub use api_key::{KEY_PREFIX, MadeKey};
pub use authenticate::{Authenticated, Me};
pub(crate) use clients::member_name;
pub use clients::{
    AccountState, ClientRegistration, OfferedAccount, OfferedLink, PendingRegistration,
};
pub use credentials::Proof;
pub use entrance::{Barred, Entrance};
pub use invite::Invited;
pub use made::{MadeMember, NewAccount};
pub use member::NewMember;
pub use one_time::{Issued, OneTimeTokens};
pub use password_help::{Account, Help};
pub use profiles::{Choice, Profile};
pub use rights::Standing;
pub use session::{Entered, Grant, SessionInfo};
pub use sign_up::SignUp;
pub use sign_up_by_mail::Verified;
pub use throttle::{Act, Attempt, Throttle};
pub use totp::Enrolment;

use crate::access::Access;
use crate::error::{CommandError, Denied, Refusal};
use crate::execute::{Commands, Target};
use crate::request::{Caller, CommandRequest, Origin};
use domain::ids::UserId;
use domain::instance::SignUpMode;
use domain::user::{User, UserCommand, UserFact};
use keys::Keys;
use password::Passwords;
use std::sync::Arc;
use std::time::Duration;
use store::jobs::{Followers, JobStoreError};
use store::seal::SecretBox;
use store::vault::{Vault, VaultError};
use store::{LogId, RootSecret};
use uuid::Uuid;

/// Why an identity could not be established or changed.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Wrong address or password; which of them is not said.
    #[error("wrong credentials")]
    WrongCredentials,
    /// The code of the second factor is wrong, or was used before.
    #[error("wrong code")]
    WrongCode,
    /// A link from a mail, or the question for a second factor, is not good any more.
    #[error("link is not good any more")]
    BadLink,
    /// The token or session is unknown, used, expired or revoked.
    #[error("no such session")]
    NoSession,
    /// They are who they say, and may not enter just now.
    #[error("barred: {0:?}")]
    Barred(Barred),
    /// Strangers may not sign up here, or not any longer.
    #[error("sign-up: {0:?}")]
    NotOpen(SignUpMode),
    /// Too many attempts; the next one is welcome after a while.
    #[error("too many attempts")]
    TooManyAttempts {
        /// How long to wait.
        wait: Duration,
    },
    /// Something given does not fit: a weak password, an address that is taken.
    #[error("refused: {}", .0.code)]
    Refused(Refusal),
    /// More log-ins at once than the machine can take; try again after a moment.
    #[error("too many log-ins at once")]
    Overloaded,
    /// The seed of a second factor could not be used.
    #[error("seed of a second factor")]
    Seed,
    /// A password hash could not be made or read.
    #[error("password hash")]
    Hash(#[source] argon2::password_hash::Error),
    /// A command failed.
    #[error("command")]
    Command(#[source] CommandError),
    /// The vault failed.
    #[error("vault")]
    Vault(#[from] VaultError),
    /// The place that a process has reached could not be read or written.
    #[error("process")]
    Process(#[from] JobStoreError),
}

impl From<CommandError> for IdentityError {
    fn from(error: CommandError) -> Self {
        if let CommandError::Refused(refusal) = error {
            Self::Refused(refusal)
        } else {
            Self::Command(error)
        }
    }
}

impl From<store::LogError> for IdentityError {
    fn from(error: store::LogError) -> Self {
        Self::Command(error.into())
    }
}

/// Sign-up, log-in, sessions and members. Cheap to clone.
#[derive(Clone)]
pub struct Identity {
    inner: Arc<Inner>,
}

struct Inner {
    commands: Commands,
    vault: Vault,
    followers: Followers,
    keys: Keys,
    passwords: Passwords,
    callers: authenticate::Callers,
    access: Access,
    instance: instance::Recent,
    key_callers: api_key::KeyCallers,
    tokens: OneTimeTokens,
    seeds: SecretBox,
}

impl Identity {
    /// Identity by way of `commands` and `vault`.
    pub fn try_new(
        commands: Commands,
        vault: Vault,
        followers: Followers,
        root: &RootSecret,
    ) -> Result<Self, IdentityError> {
        let tokens = OneTimeTokens::new(commands.clone(), vault.clone(), root);
        let access = Access::new(commands.clone());
        let inner = Inner {
            commands,
            vault,
            followers,
            keys: Keys::new(root),
            passwords: Passwords::try_new()?,
            callers: authenticate::Callers::new(),
            access,
            instance: instance::Recent::default(),
            key_callers: api_key::KeyCallers::new(),
            tokens,
            seeds: SecretBox::new(root, "totp seed"),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Whether this very command was carried out before.
    async fn was_done(&self, request: &CommandRequest) -> Result<bool, CommandError> {
        Ok(self.inner.commands.before(request).await?.is_some())
    }

    /// An id that a command makes: the same one whenever it comes with the same key.
    fn id_for(&self, request: &CommandRequest, what: &str) -> Uuid {
        let fresh = || self.inner.commands.ids().next();
        request.command_id.map_or_else(fresh, |id| Uuid::new_v5(&id, what.as_bytes()))
    }

    /// Carries out a command of a user about themselves, once per `name` and `subject`.
    async fn on_user(
        &self,
        origin: &Origin,
        user: UserId,
        (subject, name): (Uuid, &'static str),
        command: UserCommand,
    ) -> Result<(), IdentityError> {
        let commands = &self.inner.commands;
        let mut request =
            commands.request(LogId::PLATFORM, Caller::User(user), origin.clone(), name);
        request.command_id = Some(Uuid::new_v5(&subject, name.as_bytes()));
        let authorize = |state: &User| {
            if state.registered { Ok(()) } else { Err(Denied::Hidden) }
        };
        let target = Target::existing(user.0);
        commands.execute::<User>(&request, target, authorize, |_| Ok(command.clone())).await?;
        Ok(())
    }

    /// Records a fact about a user's session, once per session.
    async fn note(
        &self,
        origin: &Origin,
        user: UserId,
        fact: UserFact,
    ) -> Result<(), IdentityError> {
        let occasion = match fact {
            UserFact::LoggedIn(session) => (session, "log_in"),
            UserFact::LoggedOut(session) => (session, "log_out"),
            UserFact::TokenReused(session) => (session, "token_reused"),
            UserFact::PasswordSet => (self.inner.commands.ids().next(), "password_set"),
            UserFact::PasswordReset => (self.inner.commands.ids().next(), "password_reset"),
            UserFact::Reauthenticated(_) => (self.inner.commands.ids().next(), "reauthenticate"),
            UserFact::TotpEnabled => (self.inner.commands.ids().next(), "enable_totp"),
            UserFact::TotpDisabled => (self.inner.commands.ids().next(), "disable_totp"),
            UserFact::RecoveryCodesMade => (self.inner.commands.ids().next(), "recovery_codes"),
            UserFact::RecoveryCodeUsed => (self.inner.commands.ids().next(), "recovery_code"),
        };
        self.on_user(origin, user, occasion, UserCommand::Note(fact)).await
    }
}
