//! The roles that every organization starts with. This is the one table of what they grant;
//! `docs/roles.md` is generated from it.

use crate::access::{Grants, Permission, Verb, catalogue};
use crate::ids::{OrganizationId, RoleId};
use crate::reach::ReachLevel::{self, All, Own};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A built-in role. The names are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Builtin {
    /// Holds everything, whatever comes; cannot be changed.
    Owner,
    /// Runs the organization's Hindsight.
    Admin,
    /// Sees and assigns everything.
    Manager,
    /// Works on what is assigned to them.
    Sales,
    /// Sees and exports everything, changes nothing.
    Analyst,
    /// Sees everything, the audit trail included; changes nothing.
    Auditor,
    /// A person whom the organization serves: the portal, and nothing of the staff's.
    Client,
}

impl Builtin {
    /// All of them, the widest first.
    pub const ALL: [Self; 7] = [
        Self::Owner,
        Self::Admin,
        Self::Manager,
        Self::Sales,
        Self::Analyst,
        Self::Auditor,
        Self::Client,
    ];

    /// The role's id in an organization: UUIDv5 of the organization's id and the name.
    pub fn id(self, organization: OrganizationId) -> RoleId {
        RoleId(Uuid::new_v5(&organization.0, format!("role:{}", self.as_str()).as_bytes()))
    }

    /// Wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Sales => "sales",
            Self::Analyst => "analyst",
            Self::Auditor => "auditor",
            Self::Client => "client",
        }
    }

    /// What the role is called at first.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Admin => "Admin",
            Self::Manager => "Manager",
            Self::Sales => "Sales",
            Self::Analyst => "Analyst",
            Self::Auditor => "Auditor",
            Self::Client => "Client",
        }
    }

    /// What it is for.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Owner => "Holds every permission, and always will. Cannot be changed.",
            Self::Admin => "Does everything but close the organization.",
            Self::Manager => "Sees, changes and assigns every record.",
            Self::Sales => "Makes records; sees and changes those assigned to them.",
            Self::Analyst => "Sees and exports every record, changes nothing.",
            Self::Auditor => "Sees every record and the audit trail, changes nothing.",
            Self::Client => "Uses the client portal; nothing of the staff's.",
        }
    }

    /// With which reach the role holds a permission at first.
    pub fn level(self, permission: Permission) -> Option<ReachLevel> {
        let record = Verb::ALL.into_iter().find(|verb| {
            permission.action() == verb.as_str()
                && crate::access::resources()
                    .iter()
                    .any(|r| r.name == permission.resource() && r.record_type.is_some())
        });
        match record {
            Some(verb) => self.on_records(verb),
            None => self.on_organization(permission).then_some(All),
        }
    }

    /// Of records of every type. What has no reach is held as [`All`].
    fn on_records(self, verb: Verb) -> Option<ReachLevel> {
        match (self, verb) {
            (Self::Owner | Self::Admin, _)
            | (
                Self::Manager,
                Verb::Read
                | Verb::Create
                | Verb::Update
                | Verb::Assign
                | Verb::Delete
                | Verb::Import
                | Verb::Export,
            )
            | (Self::Sales, Verb::Create | Verb::Import)
            | (Self::Analyst, Verb::Read | Verb::Export)
            | (Self::Auditor, Verb::Read) => Some(All),
            (Self::Sales, Verb::Read | Verb::Update | Verb::Delete | Verb::Export) => Some(Own),
            (Self::Manager, Verb::Purge)
            | (Self::Sales, Verb::Assign | Verb::Purge)
            | (
                Self::Analyst,
                Verb::Create
                | Verb::Update
                | Verb::Assign
                | Verb::Delete
                | Verb::Import
                | Verb::Purge,
            )
            | (
                Self::Auditor,
                Verb::Create
                | Verb::Update
                | Verb::Assign
                | Verb::Delete
                | Verb::Import
                | Verb::Export
                | Verb::Purge,
            )
            | (Self::Client, _) => None,
        }
    }

    /// Of everything else.
    fn on_organization(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Owner => true,
            Self::Admin => permission != P::ORGANIZATION_CLOSE,
            Self::Manager => [
                P::TAGS_CREATE,
                P::TAGS_UPDATE,
                P::TAGS_DELETE,
                P::VIEWS_CREATE,
                P::VIEWS_SHARE,
                P::VIEWS_UPDATE,
                P::MEMBERS_READ,
                P::ROLES_READ,
                P::TEAMS_READ,
                P::ORGANIZATION_READ,
            ]
            .contains(&permission),
            Self::Sales => [
                P::TAGS_CREATE,
                P::VIEWS_CREATE,
                P::MEMBERS_READ,
                P::TEAMS_READ,
                P::ORGANIZATION_READ,
            ]
            .contains(&permission),
            Self::Analyst => {
                [P::VIEWS_CREATE, P::MEMBERS_READ, P::TEAMS_READ, P::ORGANIZATION_READ]
                    .contains(&permission)
            }
            Self::Auditor => [
                P::VIEWS_CREATE,
                P::MEMBERS_READ,
                P::INVITATIONS_READ,
                P::ROLES_READ,
                P::TEAMS_READ,
                P::ORGANIZATION_READ,
                P::API_KEYS_READ,
                P::AUDIT_READ,
                P::JOBS_READ,
                P::IMPORTS_READ,
                P::MAIL_READ,
            ]
            .contains(&permission),
            Self::Client => false,
        }
    }

    /// What the role grants at first.
    pub fn grants(self) -> Grants {
        let held = |permission| Some((permission, self.level(permission)?));
        let permissions = catalogue().iter().filter_map(|def| held(def.permission)).collect();
        Grants { permissions, ..Grants::default() }
    }
}
