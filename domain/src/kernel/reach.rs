//! Reach: which records a member may see or change. One definition, from which the list
//! predicate, the row-level-security policy and the in-memory check all follow.

use super::ids::MemberId;

/// How far a permission reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every record of the organization, unassigned ones included.
    All,
    /// Records assigned to any of these members (the team, oneself included).
    Team(Vec<MemberId>),
    /// Records assigned to this member.
    Own(MemberId),
}

/// What a reach demands of a record, in a form that SQL and Rust can both apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Nothing: every record passes.
    Everything,
    /// The record must be assigned to one of these members; an unassigned record fails.
    AssignedToAny(Vec<MemberId>),
}

impl Reach {
    /// The one definition of reach: the members to one of whom a record must be assigned, or
    /// `None` for no demand.
    fn members(&self) -> Option<&[MemberId]> {
        match self {
            Self::All => None,
            Self::Team(members) => Some(members),
            Self::Own(member) => Some(std::slice::from_ref(member)),
        }
    }

    /// What this reach demands, to be carried into SQL.
    pub fn rule(&self) -> Rule {
        self.members().map_or(Rule::Everything, |members| Rule::AssignedToAny(members.to_vec()))
    }

    /// Whether a record assigned to `assigned_to` is within reach.
    pub fn permits(&self, assigned_to: Option<MemberId>) -> bool {
        self.members().is_none_or(|members| assigned_to.is_some_and(|m| members.contains(&m)))
    }
}
