//! What can be said by mail, each with the values that its template needs.

use crate::identity::Issued;
use chrono::{DateTime, SecondsFormat, Utc};
use domain::mail::Template;
use std::collections::BTreeMap;
use store::vault::Purpose;

/// A mail's content. Values are kept in the log, sealed: a template may come to need more of them,
/// but then must do without in mails that were queued before.
///
/// Mails to addresses that nobody has confirmed yet say nothing that a stranger typed in, lest we
/// deliver their advertisements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Asks a new user whether the address is theirs.
    VerifyEmail {
        /// For the link.
        token: Issued,
    },
    /// A link for a new password.
    ResetPassword {
        /// For the link.
        token: Issued,
    },
    /// Tells that the password was changed.
    PasswordChanged {
        /// When.
        changed_at: DateTime<Utc>,
    },
    /// Tells the address before that another one is used to log in.
    EmailChanged {
        /// Since when.
        changed_at: DateTime<Utc>,
    },
    /// Tells that somebody tried to sign up with an address that has an account.
    AccountExists,
    /// Invites into an organization.
    Invitation {
        /// For the link.
        token: Issued,
        /// The organization's name.
        organization: String,
        /// The name of who invites.
        inviter: String,
        /// The name of the role.
        role: String,
    },
    /// A link for the first password of a member whom an administrator made.
    SetPassword {
        /// For the link.
        token: Issued,
        /// The organization's name.
        organization: String,
        /// The administrator's name.
        administrator: String,
    },
    /// Asks who registered as a client whether the address is theirs.
    RegistrationConfirm {
        /// For the link.
        token: Issued,
        /// The organization's name.
        organization: String,
    },
    /// Offers a contact an account.
    ClientAccount {
        /// For the link.
        token: Issued,
        /// The organization's name.
        organization: String,
    },
}

impl Message {
    /// Its template.
    pub const fn template(&self) -> Template {
        match self {
            Self::VerifyEmail { .. } => Template::VerifyEmail,
            Self::ResetPassword { .. } => Template::ResetPassword,
            Self::PasswordChanged { .. } => Template::PasswordChanged,
            Self::EmailChanged { .. } => Template::EmailChanged,
            Self::AccountExists => Template::AccountExists,
            Self::Invitation { .. } => Template::Invitation,
            Self::SetPassword { .. } => Template::SetPassword,
            Self::RegistrationConfirm { .. } => Template::RegistrationConfirm,
            Self::ClientAccount { .. } => Template::ClientAccount,
        }
    }

    /// The token that its link carries.
    pub const fn token(&self) -> Option<&Issued> {
        match self {
            Self::VerifyEmail { token }
            | Self::ResetPassword { token }
            | Self::Invitation { token, .. }
            | Self::SetPassword { token, .. }
            | Self::RegistrationConfirm { token, .. }
            | Self::ClientAccount { token, .. } => Some(token),
            Self::PasswordChanged { .. } | Self::EmailChanged { .. } | Self::AccountExists => None,
        }
    }

    /// The template's values by name.
    pub(super) fn values(&self) -> BTreeMap<String, String> {
        let mut values = BTreeMap::new();
        let mut put = |name: &str, value: &str| drop(values.insert(name.into(), value.into()));
        if let Some(token) = self.token() {
            put(EXPIRES_AT, &time(token.expires_at));
        }
        match self {
            Self::VerifyEmail { .. } | Self::ResetPassword { .. } | Self::AccountExists => {}
            Self::PasswordChanged { changed_at } | Self::EmailChanged { changed_at } => {
                put("changed_at", &time(*changed_at));
            }
            Self::Invitation { organization, inviter, role, .. } => {
                put("organization", organization);
                put("inviter", inviter);
                put("role", role);
            }
            Self::SetPassword { organization, administrator, .. } => {
                put("organization", organization);
                put("administrator", administrator);
            }
            Self::RegistrationConfirm { organization, .. }
            | Self::ClientAccount { organization, .. } => put("organization", organization),
        }
        values
    }
}

/// The value that says until when a link is good.
const EXPIRES_AT: &str = "expires_at";

fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The address of a page with a token. Behind the #, it reaches no server's log and no other site.
pub(super) fn address(public_url: &str, page: &str, token: &str) -> String {
    format!("{public_url}/{page}#token={token}")
}

/// Where a template's link leads: what its token is good for, and the page.
pub(super) const fn link(template: Template) -> Option<(Purpose, &'static str)> {
    match template {
        Template::VerifyEmail => Some((Purpose::VerifyEmail, "verify-email")),
        Template::ResetPassword => Some((Purpose::ResetPassword, "reset-password")),
        Template::Invitation => Some((Purpose::Invitation, "invitation")),
        Template::SetPassword => Some((Purpose::SetPassword, "set-password")),
        Template::RegistrationConfirm => {
            Some((Purpose::RegistrationConfirm, "confirm-registration"))
        }
        Template::ClientAccount => Some((Purpose::ClientAccount, "client-account")),
        Template::PasswordChanged | Template::EmailChanged | Template::AccountExists => None,
    }
}
