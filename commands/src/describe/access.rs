//! Who may do what, in words: members, roles, teams, invitations, API keys and refusals.

use crate::history::{Describe, FieldChange, Refers};
use domain::access::{self, FieldAccess, Permission};
use domain::api_key::ApiKeyEvent;
use domain::denial::DenialEvent;
use domain::ids::RoleId;
use domain::invitation::InvitationEvent;
use domain::member::MemberEvent;
use domain::reach::ReachLevel;
use domain::role::{FieldRuleChange, PermissionChange, RoleEvent, StoredPermissions, Title};
use domain::team::TeamEvent;
use domain::value::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

fn name(was: Option<&String>, now: Option<&String>) -> FieldChange {
    FieldChange::text("name", "Name", was, now)
}

fn roles(was: Option<&BTreeSet<RoleId>>, now: &BTreeSet<RoleId>) -> FieldChange {
    let ids = |roles: &BTreeSet<RoleId>| Value::Refs(roles.iter().map(|role| role.0).collect());
    FieldChange::new("roles", "Roles", was.map(ids), Some(ids(now))).of(Refers::Roles)
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
            Self::DefaultViewChosen { record_type, now: Some(_), .. } => {
                format!("Default view of {record_type} chosen")
            }
            Self::DefaultViewChosen { record_type, now: None, .. } => {
                format!("No default view of {record_type} any more")
            }
        }
    }

    fn changes(&self) -> Vec<FieldChange> {
        let reach = |was: Option<ReachLevel>, now: ReachLevel| {
            FieldChange::text("reach", "Reach", was.map(ReachLevel::as_str), Some(now.as_str()))
        };
        match self {
            Self::Added { display_name, reach: now, .. } => {
                told([name(None, display_name.as_ref()), reach(None, *now)])
            }
            Self::Joined { display_name, roles: now, .. } => {
                told([name(None, display_name.as_ref()), roles(None, now)])
            }
            Self::ReachChanged { was, now, .. } => reach(Some(*was), *now).told(),
            Self::RolesChanged { was, now } => roles(Some(was), now).told(),
            Self::Renamed { was, now } => name(was.as_ref(), now.as_ref()).told(),
            Self::Deactivated {}
            | Self::Reactivated {}
            | Self::Removed {}
            | Self::PasswordLinkMade { .. }
            | Self::PasswordSet {}
            | Self::DefaultViewChosen { .. } => Vec::new(),
        }
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
        match self {
            Self::Created { title, permissions, fields, .. } => {
                let mut changes = titles(&Title::default(), title);
                changes.extend(granted(permissions));
                for (record_type, fields) in fields {
                    changes.extend(fields.iter().map(|(field, now)| {
                        restriction(record_type, field, FieldAccess::Full, *now)
                    }));
                }
                changes
            }
            Self::Renamed { was, now, .. } => titles(was, now),
            Self::PermissionsChanged { changes, .. } => changes
                .iter()
                .map(|PermissionChange { permission: name, was, now }| permission(name, *was, *now))
                .collect(),
            Self::FieldsChanged { changes, .. } => changes
                .iter()
                .map(|FieldRuleChange { record_type, field, was, now }| {
                    restriction(record_type, field, *was, *now)
                })
                .collect(),
            Self::DefaultsRaised { added, .. } => granted(added).collect(),
            Self::Deleted { .. } | Self::Restored { .. } => Vec::new(),
        }
    }

    fn part(&self) -> Option<Uuid> {
        match self {
            Self::Created { id, .. }
            | Self::Renamed { id, .. }
            | Self::PermissionsChanged { id, .. }
            | Self::FieldsChanged { id, .. }
            | Self::DefaultsRaised { id, .. }
            | Self::Deleted { id }
            | Self::Restored { id } => Some(id.0),
        }
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
        match self {
            Self::Created { name: now, .. } => name(None, Some(now)).told(),
            Self::Renamed { was, now, .. } => name(Some(was), Some(now)).told(),
            Self::MembersChanged { added, removed, .. } => {
                FieldChange::exchanged("members", "Members", removed, added)
                    .of(Refers::Members)
                    .told()
            }
            Self::Deleted { .. } | Self::Restored { .. } => Vec::new(),
        }
    }

    fn part(&self) -> Option<Uuid> {
        match self {
            Self::Created { id, .. }
            | Self::Renamed { id, .. }
            | Self::MembersChanged { id, .. }
            | Self::Deleted { id }
            | Self::Restored { id } => Some(id.0),
        }
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
        match self {
            Self::Created { roles: given, team, email, display_name, .. } => {
                let team = team.map(|team| Value::Ref(team.0));
                told([
                    FieldChange::text("email", "E-mail", None, email.as_ref()),
                    name(None, display_name.as_ref()),
                    roles(None, given),
                    FieldChange::new("team", "Team", None, team).of(Refers::Teams),
                ])
            }
            Self::Accepted { member, .. } => {
                let member = Some(Value::Ref(member.0));
                FieldChange::new("member", "Member", None, member).of(Refers::Members).told()
            }
            Self::Resent { .. } | Self::Withdrawn {} => Vec::new(),
        }
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
        match self {
            Self::Created { scopes, expires_at, name: called, .. } => {
                let scopes: Vec<_> = scopes.iter().map(|scope| permission_label(scope)).collect();
                told([
                    name(None, called.as_ref()),
                    FieldChange::text("scopes", "Scopes", None, Some(scopes.join(", "))),
                    FieldChange::new(
                        "expires_at",
                        "Good until",
                        None,
                        Some(Value::Time(*expires_at)),
                    ),
                ])
            }
            Self::Used { .. } | Self::Revoked {} => Vec::new(),
        }
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
}

/// Those changes that say something: what was erased does not.
fn told<const N: usize>(changes: [FieldChange; N]) -> Vec<FieldChange> {
    changes.into_iter().flat_map(FieldChange::told).collect()
}

fn titles(was: &Title, now: &Title) -> Vec<FieldChange> {
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut changes = Vec::new();
    if was.name != now.name {
        changes.push(FieldChange::text("name", "Name", filled(&was.name), filled(&now.name)));
    }
    if was.description != now.description {
        let (was, now) = (was.description.as_ref(), now.description.as_ref());
        changes.push(FieldChange::text("description", "Description", was, now));
    }
    changes
}

/// `contacts:update` as `Contacts: Change`; what this build does not know, as it is stored.
fn permission_label(name: &str) -> String {
    let label = || {
        let permission = Permission::parse(name)?;
        let def = access::catalogue().iter().find(|def| def.permission == permission)?;
        let resource = permission.resource();
        let resource = access::resources().iter().find(|known| known.name == resource)?;
        Some(format!("{}: {}", resource.label, def.label))
    };
    label().unwrap_or_else(|| name.to_owned())
}

fn permission(name: &str, was: Option<ReachLevel>, now: Option<ReachLevel>) -> FieldChange {
    let takes_reach = Permission::parse(name).is_none_or(Permission::takes_reach);
    let word = |reach: ReachLevel| {
        if takes_reach { Value::Text(reach.as_str().to_owned()) } else { Value::Boolean(true) }
    };
    let (was, now) = (was.map(word), now.map(word));
    FieldChange::new(name.to_owned(), permission_label(name), was, now)
}

fn granted(permissions: &StoredPermissions) -> impl Iterator<Item = FieldChange> + '_ {
    permissions.iter().map(|(name, reach)| permission(name, None, Some(*reach)))
}

/// What may be done with a field of records from then on.
fn restriction(kind: &str, field: &str, was: FieldAccess, now: FieldAccess) -> FieldChange {
    let fields = access::record_fields(kind).unwrap_or_default();
    let label = fields.iter().find(|def| def.name == field).map_or(field, |def| def.label);
    let word = |access: FieldAccess| match access {
        FieldAccess::Hidden => "hidden",
        FieldAccess::ReadOnly => "read_only",
        FieldAccess::Full => "full",
    };
    let name = format!("{kind}.{field}");
    FieldChange::text(name, label.to_owned(), Some(word(was)), Some(word(now)))
}
