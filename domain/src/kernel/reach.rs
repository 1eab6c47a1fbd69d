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
    /// The one definition of reach.
    pub fn rule(&self) -> Rule {
        match self {
            Self::All => Rule::Everything,
            Self::Team(members) => Rule::AssignedToAny(members.clone()),
            Self::Own(member) => Rule::AssignedToAny(vec![*member]),
        }
    }

    /// Whether a record assigned to `assigned_to` is within reach.
    pub fn permits(&self, assigned_to: Option<MemberId>) -> bool {
        match self.rule() {
            Rule::Everything => true,
            Rule::AssignedToAny(members) => assigned_to.is_some_and(|m| members.contains(&m)),
        }
    }
}
