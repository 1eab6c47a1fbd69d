use super::{Excess, FieldAccess, Grants, Permission, ProfileKind, Rights, Verb, catalogue};
use crate::company::CompanyType;
use crate::contact::ContactType;
use crate::ids::MemberId;
use crate::reach::{ReachLevel, Rule};
use crate::role::Builtin;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const READ: Permission = Permission::on::<ContactType>(Verb::Read);
const UPDATE: Permission = Permission::on::<ContactType>(Verb::Update);

fn member() -> impl Strategy<Value = MemberId> {
    (0..6_u128).prop_map(|n| MemberId(Uuid::from_u128(n)))
}

fn level() -> impl Strategy<Value = ReachLevel> {
    prop_oneof![Just(ReachLevel::Own), Just(ReachLevel::Team), Just(ReachLevel::All)]
}

/// Few permissions, so that roles meet.
fn permission() -> impl Strategy<Value = Permission> {
    let verbs = [Verb::Read, Verb::Create, Verb::Update, Verb::Assign];
    let records = verbs.into_iter().flat_map(|verb| {
        [Permission::on::<ContactType>(verb), Permission::on::<CompanyType>(verb)]
    });
    let all: Vec<_> = records.chain([Permission::ROLES_ASSIGN, Permission::AUDIT_READ]).collect();
    proptest::sample::select(all)
}

fn access() -> impl Strategy<Value = FieldAccess> {
    prop_oneof![Just(FieldAccess::Hidden), Just(FieldAccess::ReadOnly), Just(FieldAccess::Full)]
}

fn grants() -> impl Strategy<Value = Grants> {
    let fields = btree_map("(email|notes|city)", access(), 0..3);
    let kinds = btree_map("(contact|company)", fields, 0..3);
    (btree_map(permission(), level(), 0..6), kinds).prop_map(|(held, fields)| {
        let fix = |(permission, level): (Permission, _)| {
            let level = if permission.takes_reach() { level } else { ReachLevel::All };
            (permission, level)
        };
        Grants { permissions: held.into_iter().map(fix).collect(), fields }
    })
}

fn team() -> impl Strategy<Value = Vec<MemberId>> {
    vec(member(), 0..4)
}

fn staff(roles: &[Grants], team: &[MemberId]) -> Rights {
    Rights::resolve(ProfileKind::Staff, roles, team.iter().copied())
}

fn reads(fields: &[(&str, FieldAccess)], permissions: &[Permission]) -> Grants {
    let rules = fields.iter().map(|(name, access)| ((*name).to_owned(), *access)).collect();
    Grants {
        permissions: permissions.iter().map(|p| (*p, ReachLevel::All)).collect(),
        fields: BTreeMap::from([("contact".to_owned(), rules)]),
    }
}

proptest! {
    #[test]
    fn what_may_be_done_is_what_the_predicate_selects(
        roles in vec(grants(), 0..3),
        team in team(),
        me in member(),
        assigned_to in proptest::option::of(member()),
    ) {
        let rights = staff(&roles, &team);
        for def in catalogue() {
            let may = rights.permit(def.permission, me, assigned_to);
            let reach = rights.reach(def.permission, me);
            prop_assert_eq!(may, reach.as_ref().is_some_and(|reach| reach.permits(assigned_to)));
            let selected = reach.map(|reach| reach.rule()).is_some_and(|rule| match rule {
                Rule::Everything => true,
                Rule::AssignedToAny(members) => assigned_to.is_some_and(|m| members.contains(&m)),
            });
            prop_assert_eq!(may, selected);
        }
    }

    #[test]
    fn looking_through_a_role_shows_what_both_show_and_never_more(
        roles in vec(grants(), 0..3),
        role in grants(),
        team in team(),
        me in member(),
        assigned_to in proptest::option::of(member()),
    ) {
        let own = staff(&roles, &team);
        let alone = staff(std::slice::from_ref(&role), &team);
        let narrowed = own.narrowed_to(&role, team.iter().copied());
        for def in catalogue() {
            let permits = |rights: &Rights| rights.permit(def.permission, me, assigned_to);
            prop_assert_eq!(permits(&narrowed), permits(&own) && permits(&alone));
        }
        for kind in ["contact", "company"] {
            for name in ["email", "notes", "city"] {
                let both = own.field(kind, name).min(alone.field(kind, name));
                prop_assert_eq!(narrowed.field(kind, name), both);
            }
        }
        let owner = Rights::owner(team.iter().copied()).narrowed_to(&role, team.iter().copied());
        prop_assert!(!owner.is_owner());
        for def in catalogue() {
            prop_assert_eq!(owner.level(def.permission), alone.level(def.permission));
        }
    }

    #[test]
    fn several_roles_allow_what_any_of_them_allows(
        roles in vec(grants(), 0..4),
        team in team(),
        me in member(),
        assigned_to in proptest::option::of(member()),
    ) {
        let together = staff(&roles, &team);
        for def in catalogue() {
            let any = roles.iter().any(|role| {
                staff(std::slice::from_ref(role), &team).permit(def.permission, me, assigned_to)
            });
            prop_assert_eq!(together.permit(def.permission, me, assigned_to), any);
        }
    }

    #[test]
    fn a_field_is_hidden_only_if_every_role_that_reads_hides_it(roles in vec(grants(), 0..4)) {
        let together = staff(&roles, &[]);
        let readers: Vec<_> =
            roles.iter().filter(|role| role.permissions.contains_key(&READ)).collect();
        let hidden = !readers.is_empty()
            && readers.iter().all(|role| role.field("contact", "email") == FieldAccess::Hidden);
        prop_assert_eq!(together.field("contact", "email") == FieldAccess::Hidden, hidden);

        let writers: Vec<_> =
            roles.iter().filter(|role| role.permissions.contains_key(&UPDATE)).collect();
        if let (false, false) = (hidden, writers.is_empty()) {
            let written =
                writers.iter().any(|role| role.field("contact", "email") == FieldAccess::Full);
            prop_assert_eq!(together.field("contact", "email") == FieldAccess::Full, written);
        }
    }

    #[test]
    fn a_key_allows_what_both_it_and_its_member_allow(
        roles in vec(grants(), 0..3),
        owner in any::<bool>(),
        key in btree_set(permission(), 0..5),
        me in member(),
        assigned_to in proptest::option::of(member()),
    ) {
        let rights = if owner { Rights::owner([me]) } else { staff(&roles, &[]) };
        let limited = rights.limited_to(&key);
        prop_assert!(!limited.is_owner());
        for def in catalogue() {
            let both = key.contains(&def.permission)
                && rights.permit(def.permission, me, assigned_to);
            prop_assert_eq!(limited.permit(def.permission, me, assigned_to), both);
        }
    }

    #[test]
    fn a_role_that_one_may_give_adds_nothing_to_ones_own_rights(
        roles in vec(grants(), 0..4),
        given in grants(),
    ) {
        let own = staff(&roles, &[]);
        let mut more = roles.clone();
        more.push(given.clone());
        let widened = staff(&more, &[]);
        if given.beyond(&own).is_empty() {
            for def in catalogue() {
                prop_assert_eq!(own.level(def.permission), widened.level(def.permission));
            }
            for kind in ["contact", "company"] {
                for name in ["email", "notes", "city"] {
                    prop_assert!(widened.field(kind, name) <= own.field(kind, name));
                }
            }
        }
    }

    #[test]
    fn what_is_beyond_ones_rights_is_named(roles in vec(grants(), 0..3), given in grants()) {
        let own = staff(&roles, &[]);
        let wider = given.permissions.iter().any(|(p, l)| own.level(*p).is_none_or(|o| o < *l));
        prop_assert!(!wider || !given.beyond(&own).is_empty());
        prop_assert!(given.beyond(&Rights::owner([])).is_empty());
    }

    #[test]
    fn grants_survive_storage(grants in grants()) {
        let back = Grants::from_stored(&grants.stored_permissions(), &grants.fields);
        prop_assert_eq!(back, grants);
    }
}

#[test]
fn clients_and_vendors_hold_nothing_of_the_staffs() {
    for profile in [ProfileKind::Client, ProfileKind::Vendor] {
        let rights = Rights::resolve(profile, &[Grants::everything()], []);
        assert_eq!(rights.permissions().count(), 0);
    }
}

#[test]
fn a_permission_is_known_by_its_name() {
    for def in catalogue() {
        assert_eq!(Permission::parse(&def.permission.to_string()), Some(def.permission));
        assert!(!def.label.is_empty() && def.help.ends_with('.'), "{def:?}");
    }
    let names: BTreeSet<_> = catalogue().iter().map(|def| def.permission).collect();
    assert_eq!(names.len(), catalogue().len(), "no name twice");
    for unknown in ["", "contacts", "contacts:", "contacts:fly", "contacts:read ", "Contacts:read"]
    {
        assert_eq!(Permission::parse(unknown), None, "{unknown}");
    }
}

#[test]
fn what_an_earlier_build_granted_and_this_one_does_not_know_means_nothing() {
    let stored = BTreeMap::from([
        ("contacts:teleport".to_owned(), ReachLevel::All),
        ("contacts:create".to_owned(), ReachLevel::Own),
    ]);
    let grants = Grants::from_stored(&stored, &BTreeMap::new());
    let create = Permission::on::<ContactType>(Verb::Create);
    assert_eq!(grants.permissions, BTreeMap::from([(create, ReachLevel::All)]));
}

#[test]
fn a_field_rule_may_not_be_loosened_by_somebody_who_is_bound_by_it() {
    let bound = staff(
        &[reads(
            &[("email", FieldAccess::Hidden), ("city", FieldAccess::ReadOnly)],
            &[READ, UPDATE],
        )],
        &[],
    );
    let shows = reads(&[("city", FieldAccess::ReadOnly)], &[READ]);
    let writes = reads(&[("email", FieldAccess::Hidden)], &[READ, UPDATE]);
    let same = reads(&[("email", FieldAccess::Hidden)], &[READ]);
    let pointers =
        |grants: &Grants| grants.beyond(&bound).iter().map(Excess::pointer).collect::<Vec<_>>();
    assert_eq!(pointers(&shows), ["/fields/contact/email"]);
    assert_eq!(pointers(&writes), ["/fields/contact/city"]);
    assert_eq!(pointers(&same), [""; 0]);
}

#[test]
fn the_built_in_roles_are_as_the_product_says() {
    let may = |role: Builtin, name: &str| {
        role.level(Permission::parse(name).unwrap()).map(ReachLevel::as_str)
    };
    for def in catalogue() {
        assert_eq!(Builtin::Owner.level(def.permission), Some(ReachLevel::All));
        assert_eq!(Builtin::Client.level(def.permission), None);
    }
    for (role, name, expected) in [
        (Builtin::Sales, "contacts:create", Some("all")),
        (Builtin::Sales, "contacts:read", Some("own")),
        (Builtin::Sales, "companies:update", Some("own")),
        (Builtin::Sales, "contacts:export", Some("own")),
        (Builtin::Sales, "contacts:import", Some("all")),
        (Builtin::Sales, "contacts:purge", None),
        (Builtin::Sales, "contacts:assign", None),
        (Builtin::Sales, "roles:read", None),
        (Builtin::Manager, "contacts:read", Some("all")),
        (Builtin::Manager, "contacts:assign", Some("all")),
        (Builtin::Manager, "roles:assign", None),
        (Builtin::Admin, "roles:assign", Some("all")),
        (Builtin::Admin, "organization:close", None),
        (Builtin::Analyst, "contacts:export", Some("all")),
        (Builtin::Analyst, "contacts:update", None),
        (Builtin::Auditor, "audit:read", Some("all")),
        (Builtin::Auditor, "contacts:read", Some("all")),
        (Builtin::Auditor, "contacts:update", None),
    ] {
        assert_eq!(may(role, name), expected, "{role:?} {name}");
    }
}
