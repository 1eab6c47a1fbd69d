//! The catalogue of permissions: what can be granted, and how people read it.

use super::permission::{Permission, Verb};
use crate::catalogue::{Catalogue as _, FieldDef};
use crate::record::RecordType;
use std::sync::LazyLock;

/// One permission that roles can grant.
#[derive(Clone, Debug)]
pub struct PermissionDef {
    /// The permission.
    pub permission: Permission,
    /// Whether it is granted with a reach; otherwise it is held or not.
    pub takes_reach: bool,
    /// What people call it, below the name of its resource.
    pub label: String,
    /// One sentence on what it allows.
    pub help: String,
}

/// What permissions are about.
#[derive(Clone, Debug)]
pub struct Resource {
    /// First part of the permissions' names.
    pub name: &'static str,
    /// What people call it.
    pub label: String,
    /// The record type's singular wire name, if its records are meant.
    pub record_type: Option<&'static str>,
}

/// Declares the permissions that are not about records, as constants and for the catalogue.
macro_rules! organization_permissions {
    ($($resource:literal $called:literal { $($name:ident = $action:literal $label:literal $help:literal;)+ })+) => {
        impl Permission {$($(
            #[doc = $help]
            pub const $name: Self = Self::new($resource, $action);
        )+)+}

        const ORGANIZATION: &[(&str, &str, &[(Permission, &str, &str)])] = &[
            $(($resource, $called, &[$((Permission::$name, $label, $help)),+]),)+
        ];
    };
}

organization_permissions! {
    "tags" "Tags" {
        TAGS_CREATE = "create" "Make" "Make a tag by typing it.";
        TAGS_UPDATE = "update" "Rename" "Change the label of a tag, and offer it again.";
        TAGS_DELETE = "delete" "Archive" "Offer a tag no longer.";
    }
    "picklists" "Pick-lists" {
        PICKLISTS_UPDATE = "update" "Change"
            "Add, rename and archive statuses, services and traffic sources.";
    }
    "views" "Saved views" {
        VIEWS_CREATE = "create" "Make" "Save views for oneself, and change one's own.";
        VIEWS_SHARE = "share" "Share" "Show one's own views to all of the staff.";
        VIEWS_UPDATE = "update" "Change others'" "Change and delete views that others share.";
    }
    "members" "Members" {
        MEMBERS_READ = "read" "See" "See who belongs to the organization, with roles and teams.";
        MEMBERS_CREATE = "create" "Add" "Make members without an invitation.";
        MEMBERS_UPDATE = "update" "Change" "Rename, deactivate and reactivate members.";
        MEMBERS_DELETE = "delete" "Remove" "Remove members from the organization.";
    }
    "invitations" "Invitations" {
        INVITATIONS_READ = "read" "See" "See who was invited.";
        INVITATIONS_CREATE = "create" "Invite" "Invite people, and send an invitation again.";
        INVITATIONS_DELETE = "delete" "Withdraw" "Withdraw an invitation.";
    }
    "roles" "Roles" {
        ROLES_READ = "read" "See" "See roles, with what they grant.";
        ROLES_CREATE = "create" "Make" "Make roles, not wider than one's own rights.";
        ROLES_UPDATE = "update" "Change" "Change roles that are not wider than one's own rights.";
        ROLES_DELETE = "delete" "Delete" "Delete roles that are not wider than one's own rights.";
        ROLES_ASSIGN = "assign" "Assign"
            "Give members roles, and take them away, not wider than one's own rights.";
    }
    "teams" "Teams" {
        TEAMS_READ = "read" "See" "See teams and who is in them.";
        TEAMS_CREATE = "create" "Make" "Make teams.";
        TEAMS_UPDATE = "update" "Change"
            "Rename teams and choose their members, who then see each other's records where their \
             reach is the team.";
        TEAMS_DELETE = "delete" "Delete" "Delete teams.";
    }
    "organization" "Organization" {
        ORGANIZATION_READ = "read" "See settings" "See the organization's settings.";
        ORGANIZATION_UPDATE = "update" "Change settings" "Change the organization's settings.";
        ORGANIZATION_CLOSE = "close" "Close" "Close the organization.";
    }
    "api_keys" "API keys" {
        API_KEYS_READ = "read" "See" "See everybody's API keys, without their secrets.";
        API_KEYS_CREATE = "create" "Make" "Make API keys, not wider than one's own rights.";
        API_KEYS_REVOKE = "revoke" "Revoke" "Revoke anybody's API key.";
    }
    "audit" "Audit" {
        AUDIT_READ = "read" "Read" "Read the audit trail, and who had which right when.";
    }
    "jobs" "Jobs" {
        JOBS_READ = "read" "See all" "See and stop everybody's jobs; one's own always.";
    }
    "imports" "Imports" {
        IMPORTS_READ = "read" "See all" "See everybody's imports; one's own always.";
    }
    "mail" "Mail" {
        MAIL_READ = "read" "See" "See which mails were sent to whom.";
    }
}

fn label_of(verb: Verb) -> &'static str {
    match verb {
        Verb::Read => "See",
        Verb::Create => "Make",
        Verb::Update => "Change",
        Verb::Assign => "Assign",
        Verb::Delete => "Delete",
        Verb::Import => "Import",
        Verb::Export => "Export",
        Verb::Purge => "Delete for good",
    }
}

fn help_of(verb: Verb, things: &str) -> String {
    match verb {
        Verb::Read => format!("See {things} with their history."),
        Verb::Create => {
            format!("Make {things}. Who sees only some gets those that they make.")
        }
        Verb::Update => format!("Change {things} and restore earlier versions."),
        Verb::Assign => {
            format!("Make another member within reach responsible for {things}, or nobody.")
        }
        Verb::Delete => format!("Put {things} into the recycle bin and take them out again."),
        Verb::Import => format!("Make {things} from a file; changing them needs “Change”."),
        Verb::Export => format!("Take {things} out as a file."),
        Verb::Purge => format!("Delete {things} for good."),
    }
}

fn of_records<R: RecordType>() -> impl Iterator<Item = PermissionDef> {
    let things = R::PLURAL.replace('_', " ");
    Verb::ALL.into_iter().map(move |verb| PermissionDef {
        permission: Permission::on::<R>(verb),
        takes_reach: verb.takes_reach(),
        label: label_of(verb).to_owned(),
        help: help_of(verb, &things),
    })
}

/// `sales_orders` as `Sales orders`.
fn title(plural: &str) -> String {
    let words = plural.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

static CATALOGUE: LazyLock<Vec<PermissionDef>> = LazyLock::new(|| {
    let mut defs = Vec::new();
    macro_rules! records {
        ($($record:ty),+ $(,)?) => {$( defs.extend(of_records::<$record>()); )+};
    }
    crate::for_each_record_type!(records);
    for (_, _, permissions) in ORGANIZATION {
        defs.extend(permissions.iter().map(|(permission, label, help)| PermissionDef {
            permission: *permission,
            takes_reach: false,
            label: (*label).to_owned(),
            help: (*help).to_owned(),
        }));
    }
    defs
});

static RESOURCES: LazyLock<Vec<Resource>> = LazyLock::new(|| {
    let mut resources = Vec::new();
    macro_rules! records {
        ($($record:ty),+ $(,)?) => {$(
            resources.push(Resource {
                name: <$record as RecordType>::PLURAL,
                label: title(<$record as RecordType>::PLURAL),
                record_type: Some(<$record as RecordType>::KIND),
            });
        )+};
    }
    crate::for_each_record_type!(records);
    resources.extend(ORGANIZATION.iter().map(|(name, label, _)| Resource {
        name,
        label: (*label).to_owned(),
        record_type: None,
    }));
    resources
});

/// Every permission there is: those on records first, then those on the organization.
pub fn catalogue() -> &'static [PermissionDef] {
    &CATALOGUE
}

/// What permissions are about, in the order of the [`catalogue`].
pub fn resources() -> &'static [Resource] {
    &RESOURCES
}

/// The fields of the record type with this singular wire name.
pub fn record_fields(kind: &str) -> Option<&'static [FieldDef]> {
    macro_rules! records {
        ($($record:ty),+ $(,)?) => {$(
            if kind == <$record as RecordType>::KIND {
                return Some(<$record as RecordType>::Fields::FIELDS);
            }
        )+};
    }
    crate::for_each_record_type!(records);
    None
}

/// The permission on records of the type with this singular wire name.
pub fn on_kind(kind: &str, verb: Verb) -> Option<Permission> {
    macro_rules! records {
        ($($record:ty),+ $(,)?) => {$(
            if kind == <$record as RecordType>::KIND {
                return Some(Permission::on::<$record>(verb));
            }
        )+};
    }
    crate::for_each_record_type!(records);
    None
}

/// The read, create and update permissions of each record type, by its singular wire name.
pub(super) fn of_kinds() -> impl Iterator<Item = (&'static str, [Permission; 3])> {
    let mut kinds = Vec::new();
    macro_rules! records {
        ($($record:ty),+ $(,)?) => {$(
            kinds.push((
                <$record as RecordType>::KIND,
                [Verb::Read, Verb::Create, Verb::Update].map(Permission::on::<$record>),
            ));
        )+};
    }
    crate::for_each_record_type!(records);
    kinds.into_iter()
}
