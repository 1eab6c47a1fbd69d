//! Permissions and their names.

use super::catalogue::catalogue;
use crate::record::RecordType;
use std::fmt;

/// What can be done with records of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verb {
    /// See records: their values, history, provenance, and what refers to them.
    Read,
    /// Make new records.
    Create,
    /// Change records, restore versions included.
    Update,
    /// Make somebody else responsible for a record, or nobody.
    Assign,
    /// Put records into the recycle bin and take them out again.
    Delete,
    /// Make and change records by importing a file.
    Import,
    /// Take records out as a file.
    Export,
    /// Delete records for good.
    Purge,
}

impl Verb {
    /// Every verb, in the order in which people read them.
    pub const ALL: [Self; 8] = [
        Self::Read,
        Self::Create,
        Self::Update,
        Self::Assign,
        Self::Delete,
        Self::Import,
        Self::Export,
        Self::Purge,
    ];

    /// Name in permissions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Assign => "assign",
            Self::Delete => "delete",
            Self::Import => "import",
            Self::Export => "export",
            Self::Purge => "purge",
        }
    }

    /// Whether it is granted with a reach. What is made does not exist yet, so that making things
    /// is allowed or not.
    pub const fn takes_reach(self) -> bool {
        match self {
            Self::Read
            | Self::Update
            | Self::Assign
            | Self::Delete
            | Self::Export
            | Self::Purge => true,
            Self::Create | Self::Import => false,
        }
    }
}

/// The right to do one thing with one kind of thing: `contacts:update`. Written as text in events,
/// tokens and answers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Permission {
    resource: &'static str,
    action: &'static str,
}

impl Permission {
    /// A permission on records of type `R`.
    pub const fn on<R: RecordType>(verb: Verb) -> Self {
        Self { resource: R::PLURAL, action: verb.as_str() }
    }

    pub(super) const fn new(resource: &'static str, action: &'static str) -> Self {
        Self { resource, action }
    }

    /// The permission of this name, if this build has it.
    pub fn parse(name: &str) -> Option<Self> {
        let (resource, action) = name.split_once(':')?;
        let mut known = catalogue().iter().map(|def| def.permission);
        known.find(|p| p.resource == resource && p.action == action)
    }

    /// What it is about: `contacts`.
    pub const fn resource(self) -> &'static str {
        self.resource
    }

    /// What may be done: `update`.
    pub const fn action(self) -> &'static str {
        self.action
    }

    /// Whether it is granted with a reach; otherwise it is held or not.
    pub fn takes_reach(self) -> bool {
        catalogue().iter().any(|def| def.permission == self && def.takes_reach)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.resource, self.action)
    }
}

impl fmt::Debug for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Permission {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
