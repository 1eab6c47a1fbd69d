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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Actor, Verb};
    use crate::ids::{OrganizationId, UserId};
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

        #[test]
        fn an_actor_may_do_what_their_reach_permits_and_always_create(
            reach in reach(),
            assigned_to in proptest::option::of(member()),
        ) {
            let actor = Actor {
                user: UserId(Uuid::nil()),
                member: MemberId(Uuid::nil()),
                organization: OrganizationId(Uuid::nil()),
                reach: reach.clone(),
                admin: false,
            };
            prop_assert!(actor.may(Verb::Create, assigned_to));
            for verb in [Verb::Read, Verb::Update, Verb::Delete] {
                prop_assert_eq!(actor.may(verb, assigned_to), reach.permits(assigned_to));
            }
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
