//! Events in words.

use crate::history::{Describe, FieldChange};
use domain::api_key::ApiKeyEvent;
use domain::catalogue::Catalogue;
use domain::client::{ClientAccountEvent, RegistrationEvent};
use domain::denial::DenialEvent;
use domain::import::ImportEvent;
use domain::instance::InstanceEvent;
use domain::invitation::InvitationEvent;
use domain::mail::MailEvent;
use domain::member::MemberEvent;
use domain::organization::{OrganizationEvent, SettingChange};
use domain::picklist::PicklistEvent;
use domain::record::{RecordEvent, RecordType};
use domain::role::RoleEvent;
use domain::team::TeamEvent;
use domain::user::{EmailEvent, UserEvent, UsernameEvent};
use domain::value::Value;
use domain::view::ViewEvent;

impl<R: RecordType> Describe for RecordEvent<R> {
    fn summary(&self) -> String {
        match self {
            Self::Created(_) => format!("{} created", R::LABEL),
            Self::Changed { changes, .. } => {
                let labels: Vec<_> =
                    changes.iter().map(|change| R::Fields::def(change.field).label).collect();
                format!("{} changed", enumerate(&labels))
            }
            Self::Deleted => format!("{} deleted", R::LABEL),
            Self::Restored => format!("{} restored", R::LABEL),
        }
    }

    fn changes(&self) -> Vec<FieldChange> {
        let change = |field, from, to| {
            let def = R::Fields::def(field);
            FieldChange { field: def.name, label: def.label, from, to }
        };
        match self {
            Self::Created(set) => set
                .fields
                .present()
                .into_iter()
                .map(|(field, value)| change(field, None, Some(value)))
                .collect(),
            Self::Changed { changes, .. } => {
                changes.iter().map(|c| change(c.field, c.was.clone(), c.now.clone())).collect()
            }
            Self::Deleted | Self::Restored => Vec::new(),
        }
    }

    fn note(&self) -> Option<&str> {
        match self {
            Self::Changed { note, .. } => note.as_deref(),
            Self::Created(_) | Self::Deleted | Self::Restored => None,
        }
    }
}

/// `A`, `A and B`, `A, B and C`, `A, B, C and 4 more`.
pub(crate) fn enumerate(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if first.len() < 3 => format!("{} and {last}", first.join(", ")),
        [first, second, third, rest @ ..] => {
            format!("{first}, {second}, {third} and {} more", rest.len())
        }
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    }
}

impl Describe for PicklistEvent {
    fn summary(&self) -> String {
        match self {
            Self::ValueAdded { label, .. } => format!("“{label}” added"),
            Self::ValueRenamed { was, now, .. } => format!("“{was}” renamed to “{now}”"),
            Self::ValueArchived { .. } => "Value archived".to_owned(),
            Self::ValueUnarchived { .. } => "Value offered again".to_owned(),
        }
    }

    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
    }
}

impl Describe for MemberEvent {
    fn summary(&self) -> String {
        match self {
            Self::Added { owner: true, .. } => "Became a member and owner".to_owned(),
            Self::Added { owner: false, .. } | Self::Joined { .. } => "Became a member".to_owned(),
            Self::ReachChanged { .. } => "Reach of rights changed".to_owned(),
            Self::RolesChanged { .. } => "Roles changed".to_owned(),
            Self::Renamed { .. } => "Renamed".to_owned(),
            Self::Deactivated {} => "Deactivated".to_owned(),
            Self::Reactivated {} => "Reactivated".to_owned(),
            Self::Removed {} => "Removed".to_owned(),
            Self::PasswordLinkMade { mailed: true } => {
                "Link for a new password mailed to them".to_owned()
            }
            Self::PasswordLinkMade { mailed: false } => {
                "Link for a new password made, to be handed over".to_owned()
            }
            Self::PasswordSet {} => "Password set for them".to_owned(),
        }
    }

    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
    }
}

impl Describe for RoleEvent {
    fn summary(&self) -> String {
        match self {
            Self::Created { title, .. } => format!("Role “{}” made", title.name),
            Self::Renamed { was, now, .. } if was.name != now.name => {
                format!("Role “{}” renamed to “{}”", was.name, now.name)
            }
            Self::Renamed { now, .. } => format!("Role “{}” described otherwise", now.name),
            Self::PermissionsChanged { changes, .. } => match changes.as_slice() {
                [one] => format!("Permission “{}” of a role changed", one.permission),
                many => format!("{} permissions of a role changed", many.len()),
            },
            Self::FieldsChanged { .. } => "Restricted fields of a role changed".to_owned(),
            Self::DefaultsRaised { added, .. } => {
                format!("{} permissions of a built-in role added by an upgrade", added.len())
            }
            Self::Deleted { .. } => "Role deleted".to_owned(),
            Self::Restored { .. } => "Role restored".to_owned(),
        }
    }

    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
    }
}

impl Describe for TeamEvent {
    fn summary(&self) -> String {
        match self {
            Self::Created { name, .. } => format!("Team “{name}” made"),
            Self::Renamed { was, now, .. } => format!("Team “{was}” renamed to “{now}”"),
            Self::MembersChanged { added, removed, .. } => {
                format!("Team: {} members came, {} went", added.len(), removed.len())
            }
            Self::Deleted { .. } => "Team deleted".to_owned(),
            Self::Restored { .. } => "Team restored".to_owned(),
        }
    }

    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
    }
}

impl Describe for ViewEvent {
    fn summary(&self) -> String {
        match self {
            Self::Created { .. } => "View saved",
            Self::Renamed { .. } => "View renamed",
            Self::Narrowed { .. } => "Filter of a view changed",
            Self::Arranged { .. } => "Columns of a view changed",
            Self::Shared {} => "View shared",
            Self::Unshared {} => "View no longer shared",
            Self::Deleted {} => "View deleted",
            Self::Restored {} => "View restored",
        }
        .to_owned()
    }

    /// Filters and columns are named, but not told: they may be about fields that are hidden from
    /// whoever reads this.
    fn changes(&self) -> Vec<FieldChange> {
        let named = |field, label| vec![FieldChange { field, label, from: None, to: None }];
        let text = |text: &Option<String>| text.clone().map(Value::Text);
        match self {
            Self::Renamed { was, now } => {
                vec![FieldChange { field: "name", label: "Name", from: text(was), to: text(now) }]
            }
            Self::Narrowed { .. } => named("filter", "Filter"),
            Self::Arranged { .. } => named("columns", "Columns"),
            Self::Shared {} | Self::Unshared {} => named("visibility", "Visibility"),
            Self::Created { .. } | Self::Deleted {} | Self::Restored {} => Vec::new(),
        }
    }
}

impl Describe for OrganizationEvent {
    fn summary(&self) -> String {
        match self {
            Self::Founded { name, .. } => format!("“{name}” founded"),
            Self::Renamed { was, now } => format!("“{was}” renamed to “{now}”"),
            Self::OwnersChanged { .. } => "Owners changed".to_owned(),
            Self::SettingsChanged { changes } => {
                let labels: Vec<_> = changes.iter().map(setting_label).collect();
                format!("{} changed", enumerate(&labels))
            }
            Self::ModulesChanged { enabled, disabled } => {
                format!("{} modules switched on, {} off", enabled.len(), disabled.len())
            }
            Self::MaintenanceStarted {} => "Maintenance begun".to_owned(),
            Self::MaintenanceEnded {} => "Maintenance ended".to_owned(),
            Self::RegistrationOpened {} => "Registration of clients opened".to_owned(),
            Self::RegistrationClosed {} => "Registration of clients closed".to_owned(),
            Self::RegistrationKeyReplaced { was: None, .. } => {
                "Key for registration made".to_owned()
            }
            Self::RegistrationKeyReplaced { .. } => "Key for registration replaced".to_owned(),
            Self::Closed {} => "Closed".to_owned(),
            Self::Reopened {} => "Opened again".to_owned(),
        }
    }

    fn changes(&self) -> Vec<FieldChange> {
        match self {
            Self::Renamed { was, now } => vec![FieldChange {
                field: "name",
                label: "Name",
                from: Some(Value::Text(was.clone())),
                to: Some(Value::Text(now.clone())),
            }],
            Self::SettingsChanged { changes } => changes.iter().map(setting).collect(),
            Self::Founded { .. }
            | Self::OwnersChanged { .. }
            | Self::ModulesChanged { .. }
            | Self::MaintenanceStarted {}
            | Self::MaintenanceEnded {}
            | Self::RegistrationOpened {}
            | Self::RegistrationClosed {}
            | Self::RegistrationKeyReplaced { .. }
            | Self::Closed {}
            | Self::Reopened {} => Vec::new(),
        }
    }
}

fn setting_label(change: &SettingChange) -> &'static str {
    match change {
        SettingChange::Currency { .. } => "Currency",
        SettingChange::TimeZone { .. } => "Time zone",
        SettingChange::Locale { .. } => "Locale",
        SettingChange::FiscalYearStart { .. } => "Start of the fiscal year",
    }
}

fn setting(change: &SettingChange) -> FieldChange {
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    let (from, to) = match change {
        SettingChange::Currency { was, now } => (text(was.as_str()), text(now.as_str())),
        SettingChange::TimeZone { was, now } | SettingChange::Locale { was, now } => {
            (text(was), text(now))
        }
        SettingChange::FiscalYearStart { was, now } => {
            (Some(Value::Integer((*was).into())), Some(Value::Integer((*now).into())))
        }
    };
    FieldChange { field: change.name(), label: setting_label(change), from, to }
}

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

    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
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

    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
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

    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
    }
}

impl Describe for InvitationEvent {
    fn summary(&self) -> String {
        match self {
            Self::Created { .. } => "Invited".to_owned(),
            Self::Resent { .. } => "Invitation sent again".to_owned(),
            Self::Withdrawn {} => "Invitation withdrawn".to_owned(),
            Self::Accepted { .. } => "Invitation accepted".to_owned(),
        }
    }

    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
    }
}

impl Describe for ApiKeyEvent {
    fn summary(&self) -> String {
        match self {
            Self::Created { .. } => "API key made".to_owned(),
            Self::Used { day } => format!("API key used on {day}"),
            Self::Revoked {} => "API key revoked".to_owned(),
        }
    }

    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
    }
}

impl Describe for DenialEvent {
    fn summary(&self) -> String {
        match self {
            Self::Denied { route, count, .. } => format!("{count} times refused: {route}"),
            Self::KeyDenied { route, count, .. } => {
                format!("{count} times refused to an API key: {route}")
            }
        }
    }

    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
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

    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
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

    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
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

    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
    }
}

impl Describe for ImportEvent {
    fn summary(&self) -> String {
        match self {
            Self::Started { rows, .. } => format!("Import of {rows} rows started"),
            Self::Completed { imported, failed } => {
                format!("{imported} rows imported, {failed} faulty")
            }
        }
    }

    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
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

    fn changes(&self) -> Vec<FieldChange> {
        Vec::new()
    }
}
