//! Facts about sessions and credentials.

use super::UserEvent;
use uuid::Uuid;

/// Something that happened to a user's sessions or credentials, as it is asked to be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserFact {
    /// Logged in.
    LoggedIn(Uuid),
    /// Logged out.
    LoggedOut(Uuid),
    /// A used refresh token came again.
    TokenReused(Uuid),
    /// A password was set.
    PasswordSet,
    /// A password was set by a link from a mail.
    PasswordReset,
    /// The session's user showed once more who they are.
    Reauthenticated(Uuid),
    /// A second factor is asked for from now on.
    TotpEnabled,
    /// No second factor is asked for any more.
    TotpDisabled,
    /// New recovery codes were made.
    RecoveryCodesMade,
    /// A recovery code was used.
    RecoveryCodeUsed,
}

impl From<UserFact> for UserEvent {
    fn from(fact: UserFact) -> Self {
        match fact {
            UserFact::LoggedIn(session) => Self::LoggedIn { session },
            UserFact::LoggedOut(session) => Self::LoggedOut { session },
            UserFact::TokenReused(session) => Self::TokenReused { session },
            UserFact::PasswordSet => Self::PasswordSet {},
            UserFact::PasswordReset => Self::PasswordReset {},
            UserFact::Reauthenticated(session) => Self::Reauthenticated { session },
            UserFact::TotpEnabled => Self::TotpEnabled {},
            UserFact::TotpDisabled => Self::TotpDisabled {},
            UserFact::RecoveryCodesMade => Self::RecoveryCodesMade {},
            UserFact::RecoveryCodeUsed => Self::RecoveryCodeUsed {},
        }
    }
}
