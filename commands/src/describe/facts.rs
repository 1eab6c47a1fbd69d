//! What happened to users, clients and mails. Their summaries say it all.

use crate::history::Describe;
use domain::client::{ClientAccountEvent, RegistrationEvent};
use domain::instance::InstanceEvent;
use domain::mail::MailEvent;
use domain::user::{EmailEvent, UserEvent, UsernameEvent};

impl Describe for InstanceEvent {
    fn summary(&self) -> String {
        match self {
            Self::SignUpChanged { now, .. } => format!("Sign-up is {}", now.as_str()),
            Self::MaintenanceStarted {} => "Maintenance begun".to_owned(),
            Self::MaintenanceEnded {} => "Maintenance ended".to_owned(),
            Self::AdministratorAdded { .. } => "Administrator added".to_owned(),
            Self::AdministratorRemoved { .. } => "Administrator removed".to_owned(),
        }
    }
}

impl Describe for UserEvent {
    fn summary(&self) -> String {
        match self {
            Self::SignedUp { .. } => "Asked to sign up",
            Self::Registered { .. } => "Signed up",
            Self::FoundingStarted { .. } => "Set out to found an organization",
            Self::ClientJoiningStarted { .. } => "Set out to be a client",
            Self::ClientJoiningDropped { .. } => "Did not become a client",
            Self::MemberJoiningStarted { .. } => "Set out to be a member",
            Self::MemberJoiningDropped { .. } => "Did not become a member",
            Self::Joined { .. } => "Joined an organization",
            Self::ProfileEntered { .. } => "Went over to another profile",
            Self::LoggedIn { .. } => "Logged in",
            Self::LoggedOut { .. } => "Logged out",
            Self::TokenReused { .. } => "A used token came again; the session was ended",
            Self::PasswordSet {} => "Password set",
            Self::PasswordReset {} => "Password set by a link from a mail",
            Self::Reauthenticated { .. } => "Showed once more who they are",
            Self::EmailChangeAsked { .. } => "Asked to log in by another address",
            Self::EmailChanged { .. } => "Address for logging in changed",
            Self::UsernameChanged { .. } => "Username changed",
            Self::TotpEnabled {} => "Second factor enabled",
            Self::TotpDisabled {} => "Second factor disabled",
            Self::RecoveryCodesMade {} => "Recovery codes made",
            Self::RecoveryCodeUsed {} => "Recovery code used",
        }
        .to_owned()
    }
}

impl Describe for EmailEvent {
    fn summary(&self) -> String {
        match self {
            Self::Reserved { .. } => "Address taken".to_owned(),
            Self::Released { .. } => "Address released".to_owned(),
            Self::SignUpRepeated {} => "Sign-up with a taken address asked for".to_owned(),
            Self::ResetAsked {} => "Link for a new password asked for".to_owned(),
            Self::LogInsFailed { count, .. } => format!("{count} log-ins failed"),
        }
    }
}

impl Describe for UsernameEvent {
    fn summary(&self) -> String {
        match self {
            Self::Reserved { .. } => "Username taken",
            Self::Released { .. } => "Username released",
        }
        .to_owned()
    }
}

impl Describe for ClientAccountEvent {
    fn summary(&self) -> String {
        match self {
            Self::Offered { .. } => "Account offered",
            Self::OfferWithdrawn {} => "Offer of an account withdrawn",
            Self::Opened { .. } => "Account opened",
            Self::ResetOffered { .. } => "Link for a new password made",
            Self::Closed {} => "Account taken away",
        }
        .to_owned()
    }
}

impl Describe for RegistrationEvent {
    fn summary(&self) -> String {
        match self {
            Self::Asked { .. } => "Asked to be a client",
            Self::Confirmed { .. } => "Confirmed to be a client",
        }
        .to_owned()
    }
}

impl Describe for MailEvent {
    fn summary(&self) -> String {
        match self {
            Self::Queued { template, .. } => format!("Mail “{}” queued", template.name()),
            Self::SendingStarted { attempt } => format!("Attempt {attempt} to send it began"),
            Self::Sent { attempt, .. } => format!("Sent at attempt {attempt}"),
            Self::Failed { permanent: true, .. } => "Given up".to_owned(),
            Self::Failed { attempt, .. } => format!("Attempt {attempt} to send it failed"),
        }
    }
}
