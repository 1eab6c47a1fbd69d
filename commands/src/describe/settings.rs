//! How an organization is set up, in words: its settings, pick-lists, saved views and imports.

use super::enumerate;
use crate::history::{Describe, FieldChange, Refers};
use domain::import::ImportEvent;
use domain::organization::{Module, OrganizationEvent, SettingChange};
use domain::picklist::PicklistEvent;
use domain::value::Value;
use domain::view::ViewEvent;
use std::collections::BTreeSet;
use uuid::Uuid;

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
            Self::Founded { name, .. } => {
                vec![FieldChange::text("name", "Name", None, Some(name))]
            }
            Self::Renamed { was, now } => {
                vec![FieldChange::text("name", "Name", Some(was), Some(now))]
            }
            Self::SettingsChanged { changes } => changes.iter().map(setting).collect(),
            Self::OwnersChanged { added, removed } => {
                FieldChange::exchanged("owners", "Owners", removed, added)
                    .of(Refers::Members)
                    .told()
            }
            Self::ModulesChanged { enabled, disabled } => {
                FieldChange::text("modules", "Modules", words(disabled), words(enabled)).told()
            }
            Self::MaintenanceStarted {}
            | Self::MaintenanceEnded {}
            | Self::RegistrationOpened {}
            | Self::RegistrationClosed {}
            | Self::RegistrationKeyReplaced { .. }
            | Self::Closed {}
            | Self::Reopened {} => Vec::new(),
        }
    }
}

/// The wire names of modules; nothing, if there are none.
fn words(modules: &BTreeSet<Module>) -> Option<String> {
    let names: Vec<_> = modules.iter().map(|module| module.as_str()).collect();
    (!names.is_empty()).then(|| names.join(", "))
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
    FieldChange::new(change.name(), setting_label(change), from, to)
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
        let offered = |from, to| {
            FieldChange::new(
                "offered",
                "Offered",
                Some(Value::Boolean(from)),
                Some(Value::Boolean(to)),
            )
        };
        vec![match self {
            Self::ValueAdded { label, .. } => {
                FieldChange::text("label", "Label", None, Some(label))
            }
            Self::ValueRenamed { was, now, .. } => {
                FieldChange::text("label", "Label", Some(was), Some(now))
            }
            Self::ValueArchived { .. } => offered(true, false),
            Self::ValueUnarchived { .. } => offered(false, true),
        }]
    }

    fn part(&self) -> Option<Uuid> {
        match self {
            Self::ValueAdded { id, .. }
            | Self::ValueRenamed { id, .. }
            | Self::ValueArchived { id, .. }
            | Self::ValueUnarchived { id, .. } => Some(id.0),
        }
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
        let named = |field, label| vec![FieldChange::new(field, label, None, None)];
        match self {
            Self::Created { name, .. } => {
                FieldChange::text("name", "Name", None, name.as_ref()).told()
            }
            Self::Renamed { was, now } => {
                FieldChange::text("name", "Name", was.as_ref(), now.as_ref()).told()
            }
            Self::Narrowed { .. } => named("filter", "Filter"),
            Self::Arranged { .. } => named("columns", "Columns"),
            Self::Shared {} | Self::Unshared {} => named("visibility", "Visibility"),
            Self::Deleted {} | Self::Restored {} => Vec::new(),
        }
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
        match self {
            Self::Started { file_name, .. } => {
                FieldChange::text("file_name", "File", None, file_name.as_ref()).told()
            }
            Self::Completed { .. } => Vec::new(),
        }
    }
}
