//! Reach: which records a member may see or change. One definition, from which the list
//! predicate, the row-level-security policy and the in-memory check all follow.

use super::ids::MemberId;
use serde::{Deserialize, Serialize};

/// How far a granted permission reaches, as stored; a wider one is greater.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ReachLevel {
    /// Records assigned to oneself.
    #[default]
    Own,
    /// Records assigned to the members of one's teams.
    Team,
    /// Every record.
    All,
}

impl ReachLevel {
    /// Wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Team => "team",
            Self::All => "all",
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn member() -> impl Strategy<Value = MemberId> {
        (0..6_u128).prop_map(|n| MemberId(Uuid::from_u128(n)))
    }

    fn reach() -> impl Strategy<Value = Reach> {
        prop_oneof![
            Just(Reach::All),
            proptest::collection::vec(member(), 0..4).prop_map(Reach::Team),
            member().prop_map(Reach::Own),
        ]
    }

    /// The rule as SQL applies it.
    fn selected(rule: &Rule, assigned_to: Option<MemberId>) -> bool {
        match (rule, assigned_to) {
            (Rule::Everything, _) => true,
            (Rule::AssignedToAny(_), None) => false,
            (Rule::AssignedToAny(members), Some(member)) => members.contains(&member),
        }
    }

    proptest! {
        #[test]
        fn what_is_permitted_is_what_the_rule_selects(
            reach in reach(),
            assigned_to in proptest::option::of(member()),
        ) {
            prop_assert_eq!(reach.permits(assigned_to), selected(&reach.rule(), assigned_to));
        }
    }

    #[test]
    fn an_unassigned_record_is_seen_only_by_those_who_see_all() {
        let ana = MemberId(Uuid::from_u128(1));
        assert!(Reach::All.permits(None));
        assert!(!Reach::Team(vec![ana]).permits(None));
        assert!(!Reach::Own(ana).permits(None));
        assert!(!Reach::Team(Vec::new()).permits(Some(ana)));
    }
}
