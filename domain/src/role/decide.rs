//! Decisions on roles.

use super::{
    Builtin, FieldRuleChange, PermissionChange, Role, RoleCommand, RoleError, RoleEvent, Roles,
    StoredPermissions, Title,
};
use crate::access::{FieldAccess, FieldRules, Permission, record_fields};
use crate::error::FieldError;
use crate::ids::RoleId;
use crate::kernel::aggregate::{Aggregate, NotReversible, Reversal};
use crate::reach::ReachLevel;
use crate::{normalize, patch};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

const MOST_ROLES: usize = 200;
const ASSIGNED_TO: &str = "assigned_to";

fn title(input: &Title) -> Result<Title, RoleError> {
    let invalid = |fault| RoleError::Invalid(vec![fault]);
    let name = patch::required("name", "The name", 100, &input.name).map_err(invalid)?;
    let description = match &input.description {
        None => None,
        Some(text) => normalize::line(text, 500).map_err(|_| {
            let message = "A description is one line of at most 500 readable characters.";
            invalid(FieldError::new("description", "invalid_text", message))
        })?,
    };
    Ok(Title { name, description })
}

/// Permissions that this build has, each with a reach that it can have.
fn permissions(input: StoredPermissions) -> Result<StoredPermissions, RoleError> {
    let mut faults = Vec::new();
    for (name, level) in &input {
        let pointer =
            |code, message: &str| FieldError::new(&format!("permissions/{name}"), code, message);
        match Permission::parse(name) {
            None => faults.push(pointer("no_such_permission", "There is no such permission.")),
            Some(permission) if !permission.takes_reach() && *level != ReachLevel::All => {
                let message = "This permission is held or not; its reach is always “all”.";
                faults.push(pointer("no_reach", message));
            }
            Some(_) => {}
        }
    }
    if faults.is_empty() { Ok(input) } else { Err(RoleError::Invalid(faults)) }
}

/// Fields that exist; what is not restricted is not kept.
fn fields(mut input: FieldRules) -> Result<FieldRules, RoleError> {
    let mut faults = Vec::new();
    for (kind, rules) in &input {
        let Some(defs) = record_fields(kind) else {
            let message = "There is no such record type.";
            faults.push(FieldError::new(&format!("fields/{kind}"), "no_such_record_type", message));
            continue;
        };
        for name in rules.keys().filter(|name| !defs.iter().any(|def| def.name == name.as_str())) {
            let pointer = format!("fields/{kind}/{name}");
            faults.push(FieldError::new(&pointer, "no_such_field", "There is no such field."));
        }
    }
    for (kind, rules) in &input {
        // Reach depends on it: whoever sees a record of their own knows whose it is.
        if rules.get(ASSIGNED_TO) == Some(&FieldAccess::Hidden) {
            let message = "Who is responsible for a record cannot be hidden.";
            let pointer = format!("fields/{kind}/{ASSIGNED_TO}");
            faults.push(FieldError::new(&pointer, "cannot_be_hidden", message));
        }
    }
    if !faults.is_empty() {
        return Err(RoleError::Invalid(faults));
    }
    for rules in input.values_mut() {
        rules.retain(|_, access| *access != FieldAccess::Full);
    }
    input.retain(|_, rules| !rules.is_empty());
    Ok(input)
}

impl Role {
    fn permission_changes(&self, wanted: &StoredPermissions) -> Vec<PermissionChange> {
        // What an earlier build granted and this one does not know stays as it is.
        let known = self.permissions.keys().filter(|name| Permission::parse(name).is_some());
        let names: BTreeSet<_> = known.chain(wanted.keys()).collect();
        let changes = names.into_iter().map(|name| PermissionChange {
            permission: name.clone(),
            was: self.permissions.get(name).copied(),
            now: wanted.get(name).copied(),
        });
        changes.filter(|change| change.was != change.now).collect()
    }

    fn field_changes(&self, wanted: &FieldRules) -> Vec<FieldRuleChange> {
        let pairs = |rules: &FieldRules| -> BTreeSet<(String, String)> {
            let of = |(kind, fields): (&String, &std::collections::BTreeMap<String, _>)| {
                fields.keys().map(|name| (kind.clone(), name.clone())).collect::<Vec<_>>()
            };
            rules.iter().flat_map(of).collect()
        };
        let access = |rules: &FieldRules, kind: &str, name: &str| {
            rules.get(kind).and_then(|fields| fields.get(name)).copied().unwrap_or_default()
        };
        let names: BTreeSet<_> = pairs(&self.fields).union(&pairs(wanted)).cloned().collect();
        let changes = names.into_iter().map(|(record_type, field)| FieldRuleChange {
            was: access(&self.fields, &record_type, &field),
            now: access(wanted, &record_type, &field),
            record_type,
            field,
        });
        changes.filter(|change| change.was != change.now).collect()
    }
}

impl Roles {
    fn find(&self, id: RoleId) -> Result<&Role, RoleError> {
        self.roles.get(&id).ok_or(RoleError::NotFound)
    }

    /// A role that may be changed.
    fn changeable(&self, id: RoleId) -> Result<&Role, RoleError> {
        match self.find(id)? {
            role if role.is_owner() => Err(RoleError::OwnerIsFixed),
            role if role.deleted => Err(RoleError::Deleted),
            role => Ok(role),
        }
    }

    /// Names are compared as people read them. Those of deleted roles are free.
    fn is_taken(&self, name: &str, but_by: RoleId) -> bool {
        let key = normalize::search_key(name);
        self.roles.iter().any(|(id, role)| {
            *id != but_by && !role.deleted && normalize::search_key(&role.title.name) == key
        })
    }

    fn set(mut self, id: RoleId, change: impl FnOnce(&mut Role)) -> Self {
        if let Some(role) = self.roles.get_mut(&id) {
            change(role);
        }
        self
    }
}

fn some<E>(event: Option<E>) -> Vec<E> {
    event.into_iter().collect()
}

impl Aggregate for Roles {
    const KIND: &'static str = "role";
    type Command = RoleCommand;
    type Event = RoleEvent;
    type Error = RoleError;

    fn decide(
        &self,
        command: RoleCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<RoleEvent>, RoleError> {
        match command {
            RoleCommand::AddBuiltins(organization) => {
                let missing = Builtin::ALL
                    .into_iter()
                    .filter(|builtin| !self.roles.contains_key(&builtin.id(organization)));
                let created = missing.map(|builtin| {
                    let Role { title, permissions, fields, .. } = Role::builtin(builtin);
                    let id = builtin.id(organization);
                    let builtin = Some(builtin);
                    RoleEvent::Created { id, title, builtin, permissions, fields }
                });
                Ok(created.collect())
            }
            RoleCommand::Create { id, title, permissions, fields } => {
                let title = self::title(&title)?;
                let permissions = self::permissions(permissions)?;
                let fields = self::fields(fields)?;
                match self.roles.get(&id) {
                    Some(role) if role.title == title => return Ok(Vec::new()),
                    Some(_) => return Err(RoleError::AlreadyExists),
                    None => {}
                }
                if self.is_taken(&title.name, id) {
                    return Err(RoleError::Duplicate);
                }
                if self.roles.len() >= MOST_ROLES {
                    return Err(RoleError::TooMany);
                }
                Ok(vec![RoleEvent::Created { id, title, builtin: None, permissions, fields }])
            }
            RoleCommand::Rename { id, title } => {
                let now = self::title(&title)?;
                let was = self.changeable(id)?.title.clone();
                if self.is_taken(&now.name, id) {
                    return Err(RoleError::Duplicate);
                }
                Ok(some((was != now).then_some(RoleEvent::Renamed { id, was, now })))
            }
            RoleCommand::SetPermissions { id, permissions } => {
                let role = self.changeable(id)?;
                let changes = role.permission_changes(&self::permissions(permissions)?);
                let any = !changes.is_empty();
                Ok(some(any.then_some(RoleEvent::PermissionsChanged { id, changes })))
            }
            RoleCommand::SetFields { id, fields } => {
                let role = self.changeable(id)?;
                let changes = role.field_changes(&self::fields(fields)?);
                Ok(some((!changes.is_empty()).then_some(RoleEvent::FieldsChanged { id, changes })))
            }
            RoleCommand::RaiseDefaults(organization) => {
                let raised = Builtin::ALL.into_iter().filter_map(|builtin| {
                    let id = builtin.id(organization);
                    let added = self.roles.get(&id)?.missing_defaults();
                    (!added.is_empty()).then_some(RoleEvent::DefaultsRaised { id, added })
                });
                Ok(raised.collect())
            }
            RoleCommand::Delete(id) => match self.find(id)? {
                role if role.is_owner() => Err(RoleError::OwnerIsFixed),
                role if role.builtin.is_some() => Err(RoleError::Builtin),
                role if role.deleted => Ok(Vec::new()),
                _ => Ok(vec![RoleEvent::Deleted { id }]),
            },
            RoleCommand::Restore(id) => match self.find(id)? {
                role if !role.deleted => Ok(Vec::new()),
                role if self.is_taken(&role.title.name, id) => Err(RoleError::Duplicate),
                _ => Ok(vec![RoleEvent::Restored { id }]),
            },
        }
    }

    fn evolve(mut self, event: RoleEvent) -> Self {
        match event {
            RoleEvent::Created { id, title, builtin, permissions, fields } => {
                let decided = permissions.keys().cloned().collect();
                let role = Role { title, builtin, permissions, fields, decided, deleted: false };
                self.roles.insert(id, role);
                self
            }
            RoleEvent::Renamed { id, now, .. } => self.set(id, |role| role.title = now),
            RoleEvent::PermissionsChanged { id, changes } => self.set(id, |role| {
                for PermissionChange { permission, now, .. } in changes {
                    role.decided.insert(permission.clone());
                    match now {
                        Some(level) => role.permissions.insert(permission, level),
                        None => role.permissions.remove(&permission),
                    };
                }
            }),
            RoleEvent::FieldsChanged { id, changes } => self.set(id, |role| {
                for FieldRuleChange { record_type, field, now, .. } in changes {
                    let rules = role.fields.entry(record_type).or_default();
                    match now {
                        FieldAccess::Full => rules.remove(&field),
                        FieldAccess::Hidden | FieldAccess::ReadOnly => rules.insert(field, now),
                    };
                }
                role.fields.retain(|_, rules| !rules.is_empty());
            }),
            RoleEvent::DefaultsRaised { id, added } => self.set(id, |role| {
                role.decided.extend(added.keys().cloned());
                role.permissions.extend(added);
            }),
            RoleEvent::Deleted { id } => self.set(id, |role| role.deleted = true),
            RoleEvent::Restored { id } => self.set(id, |role| role.deleted = false),
        }
    }

    fn reverse(&self, _event: &RoleEvent) -> Result<Reversal<RoleEvent>, NotReversible> {
        Err(NotReversible("Rights are granted and withdrawn, not undone."))
    }
}
