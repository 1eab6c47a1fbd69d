use super::{
    Builtin, FieldRuleChange, PermissionChange, Role, RoleCommand, RoleError, RoleEvent, Roles,
    StoredPermissions, Title, rights,
};
use crate::access::{
    FieldAccess, FieldRules, Permission, ProfileKind, Rights, Verb, catalogue, resources,
};
use crate::contact::ContactType;
use crate::ids::{MemberId, OrganizationId, RoleId, TeamId, UserId};
use crate::kernel::aggregate::Aggregate as _;
use crate::kernel::testing::{self, Given, survives_storage};
use crate::member::{Member, MemberEvent};
use crate::reach::{Reach, ReachLevel};
use crate::team::{TeamEvent, Teams};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use uuid::Uuid;

const ACME: OrganizationId = OrganizationId(Uuid::from_u128(1));
const FAIR: RoleId = RoleId(Uuid::from_u128(2));
const OTHER: RoleId = RoleId(Uuid::from_u128(3));
const ANA: MemberId = MemberId(Uuid::from_u128(10));
const BEN: MemberId = MemberId(Uuid::from_u128(11));
const READ: Permission = Permission::on::<ContactType>(Verb::Read);

fn given(events: impl IntoIterator<Item = RoleEvent>) -> Given<Roles> {
    testing::given(events)
}

fn title(name: &str) -> Title {
    Title { name: name.to_owned(), description: None }
}

fn permissions(held: &[(&str, ReachLevel)]) -> StoredPermissions {
    held.iter().map(|(name, level)| ((*name).to_owned(), *level)).collect()
}

fn hidden(field: &str) -> FieldRules {
    let rules = BTreeMap::from([(field.to_owned(), FieldAccess::Hidden)]);
    BTreeMap::from([("contact".to_owned(), rules)])
}

fn fair() -> RoleEvent {
    RoleEvent::Created {
        id: FAIR,
        title: title("Fair staff"),
        builtin: None,
        permissions: permissions(&[("contacts:create", ReachLevel::All)]),
        fields: FieldRules::new(),
    }
}

fn create(id: RoleId, name: &str) -> RoleCommand {
    RoleCommand::Create {
        id,
        title: title(name),
        permissions: permissions(&[("contacts:create", ReachLevel::All)]),
        fields: FieldRules::new(),
    }
}

fn builtins() -> Roles {
    given([]).when(RoleCommand::AddBuiltins(ACME)).then_state()
}

#[test]
fn a_role_is_made_with_what_it_grants() {
    given([]).when(create(FAIR, " Fair  staff ")).then(&[fair()]);
    given([fair()]).when(create(OTHER, "fair STAFF")).then_refused(RoleError::Duplicate);
    given([fair()]).when(create(FAIR, "Else")).then_refused(RoleError::AlreadyExists);
    given([]).when(create(FAIR, " ")).then_invalid(&[("/name", "missing")]);
}

#[test]
fn what_nobody_knows_cannot_be_granted() {
    let set = |held: &[(&str, ReachLevel)]| RoleCommand::SetPermissions {
        id: FAIR,
        permissions: permissions(held),
    };
    given([fair()])
        .when(set(&[("contacts:fly", ReachLevel::All)]))
        .then_invalid(&[("/permissions/contacts:fly", "no_such_permission")]);
    given([fair()])
        .when(set(&[("audit:read", ReachLevel::Own)]))
        .then_invalid(&[("/permissions/audit:read", "no_reach")]);
    for (kind, field, pointer, code) in [
        ("ship", "sail", "/fields/ship", "no_such_record_type"),
        ("contact", "sail", "/fields/contact/sail", "no_such_field"),
        ("contact", "assigned_to", "/fields/contact/assigned_to", "cannot_be_hidden"),
    ] {
        let rules = BTreeMap::from([(field.to_owned(), FieldAccess::Hidden)]);
        let fields = BTreeMap::from([(kind.to_owned(), rules)]);
        given([fair()])
            .when(RoleCommand::SetFields { id: FAIR, fields })
            .then_invalid(&[(pointer, code)]);
    }
}

#[test]
fn a_change_of_permissions_says_what_was_and_what_is() {
    let wanted =
        permissions(&[("contacts:read", ReachLevel::Team), ("audit:read", ReachLevel::All)]);
    let change = |permission: &str, was, now| PermissionChange {
        permission: permission.to_owned(),
        was,
        now,
    };
    let changed = RoleEvent::PermissionsChanged {
        id: FAIR,
        changes: vec![
            change("audit:read", None, Some(ReachLevel::All)),
            change("contacts:create", Some(ReachLevel::All), None),
            change("contacts:read", None, Some(ReachLevel::Team)),
        ],
    };
    let roles = given([fair()])
        .when(RoleCommand::SetPermissions { id: FAIR, permissions: wanted.clone() })
        .then(&[changed]);
    assert_eq!(roles.state.roles[&FAIR].permissions, wanted);
}

#[test]
fn a_permission_of_another_build_is_kept_through_changes() {
    let RoleEvent::Created { id, title, builtin, fields, .. } = fair() else { unreachable!() };
    let permissions = permissions(&[("ships:sail", ReachLevel::All)]);
    let event = RoleEvent::Created { id, title, builtin, permissions, fields };
    let wanted = self::permissions(&[("audit:read", ReachLevel::All)]);
    let set = RoleCommand::SetPermissions { id: FAIR, permissions: wanted };
    let roles = given([event]).when(set).then_state();
    assert_eq!(roles.roles[&FAIR].permissions.len(), 2);
    assert_eq!(roles.roles[&FAIR].grants().permissions.len(), 1);
}

#[test]
fn a_change_of_fields_says_what_was_and_what_is() {
    let change = |field: &str, was, now| FieldRuleChange {
        record_type: "contact".into(),
        field: field.into(),
        was,
        now,
    };
    let hide = RoleCommand::SetFields { id: FAIR, fields: hidden("email") };
    let roles = given([fair()]).when(hide).then(&[RoleEvent::FieldsChanged {
        id: FAIR,
        changes: vec![change("email", FieldAccess::Full, FieldAccess::Hidden)],
    }]);
    let roles = roles.when(RoleCommand::SetFields { id: FAIR, fields: hidden("notes") }).then(&[
        RoleEvent::FieldsChanged {
            id: FAIR,
            changes: vec![
                change("email", FieldAccess::Hidden, FieldAccess::Full),
                change("notes", FieldAccess::Full, FieldAccess::Hidden),
            ],
        },
    ]);
    assert_eq!(roles.state.roles[&FAIR].fields, hidden("notes"));
}

#[test]
fn a_role_is_renamed_deleted_and_restored() {
    let now = Title { name: "Fair".into(), description: Some("In autumn.".into()) };
    let renamed = RoleEvent::Renamed { id: FAIR, was: title("Fair staff"), now: now.clone() };
    given([fair()]).when(RoleCommand::Rename { id: FAIR, title: now }).then(&[renamed]);
    let deleted = RoleEvent::Deleted { id: FAIR };
    let gone = given([fair()]).when(RoleCommand::Delete(FAIR)).then(&[deleted]);
    assert!(gone.state.roles[&FAIR].grants().permissions.is_empty());
    let rename = RoleCommand::Rename { id: FAIR, title: title("X") };
    given([fair(), RoleEvent::Deleted { id: FAIR }]).when(rename).then_refused(RoleError::Deleted);
    gone.when(RoleCommand::Restore(FAIR)).then(&[RoleEvent::Restored { id: FAIR }]);
    given([]).when(RoleCommand::Delete(FAIR)).then_refused(RoleError::NotFound);
    assert!(given([fair()]).reversing(&fair()).is_err());
}

#[test]
fn the_owners_role_is_fixed_and_other_built_in_ones_stay() {
    let owner = Builtin::Owner.id(ACME);
    let set = |id| RoleCommand::SetPermissions { id, permissions: StoredPermissions::new() };
    for command in [
        set(owner),
        RoleCommand::Rename { id: owner, title: title("Boss") },
        RoleCommand::SetFields { id: owner, fields: hidden("email") },
        RoleCommand::Delete(owner),
    ] {
        assert_eq!(
            builtins().decide(command, chrono::DateTime::UNIX_EPOCH),
            Err(RoleError::OwnerIsFixed)
        );
    }
    let sales = Builtin::Sales.id(ACME);
    let decide = |command| builtins().decide(command, chrono::DateTime::UNIX_EPOCH);
    assert_eq!(decide(RoleCommand::Delete(sales)), Err(RoleError::Builtin));
    assert_eq!(decide(set(sales)).unwrap().len(), 1);
}

#[test]
fn the_built_in_roles_are_made_once_with_all_that_they_grant() {
    let roles = builtins();
    assert_eq!(roles.roles.len(), Builtin::ALL.len());
    assert_eq!(roles.roles, Roles::default().of(ACME), "as it was before there were roles");
    let again = roles.decide(RoleCommand::AddBuiltins(ACME), chrono::DateTime::UNIX_EPOCH);
    assert_eq!(again, Ok(Vec::new()));
    let owner = &roles.roles[&Builtin::Owner.id(ACME)];
    assert_eq!(owner.permissions.len(), catalogue().len());
    assert_eq!(owner, &Role::builtin(Builtin::Owner));
}

fn joined(roles: &[RoleId], profile: ProfileKind) -> Member {
    Member::default().evolve(MemberEvent::Joined {
        user: UserId(Uuid::nil()),
        roles: roles.iter().copied().collect(),
        profile,
        contact: None,
        display_name: None,
    })
}

fn rights_of(member: &Member, roles: &Roles, teams: &Teams) -> Rights {
    rights(ACME, ANA, member, roles, teams)
}

#[test]
fn rights_are_what_the_roles_and_teams_of_a_member_come_to() {
    let RoleEvent::Created { id, title, builtin, fields, .. } = fair() else { unreachable!() };
    let held = permissions(&[("contacts:read", ReachLevel::Team)]);
    let event = RoleEvent::Created { id, title, builtin, permissions: held, fields };
    let roles = builtins().evolve(event);
    let team = TeamId(Uuid::nil());
    let teams = [
        TeamEvent::Created { id: team, name: "North".into() },
        TeamEvent::MembersChanged { id: team, added: vec![ANA, BEN], removed: vec![] },
    ];
    let teams = teams.into_iter().fold(Teams::default(), Teams::evolve);
    let both = joined(&[FAIR, Builtin::Sales.id(ACME)], ProfileKind::Staff);
    let of = rights_of(&both, &roles, &teams);
    assert_eq!(of.reach(READ, ANA), Some(Reach::Team(vec![ANA, BEN])));
    let create = Permission::on::<ContactType>(Verb::Create);
    assert_eq!(of.level(create), Some(ReachLevel::All));
    let without = rights_of(&both, &roles, &Teams::default());
    assert_eq!(without.reach(READ, ANA), Some(Reach::Team(vec![ANA])));
    let deleted = roles.evolve(RoleEvent::Deleted { id: FAIR });
    assert_eq!(rights_of(&both, &deleted, &teams).level(READ), Some(ReachLevel::Own));
}

#[test]
fn a_later_build_adds_to_built_in_roles_what_nobody_decided_about() {
    let id = Builtin::Manager.id(ACME);
    let created = |builtin: Option<Builtin>, id, permissions| RoleEvent::Created {
        id,
        title: title("Manager"),
        builtin,
        permissions,
        fields: FieldRules::new(),
    };
    // Made by a build that knew of neither.
    let mut older = Role::builtin(Builtin::Manager).permissions;
    older.remove("contacts:export");
    older.remove("tags:create");
    let made = created(Some(Builtin::Manager), id, older);
    let both = [("contacts:export", ReachLevel::All), ("tags:create", ReachLevel::All)];
    let raise = || RoleCommand::RaiseDefaults(ACME);
    let raised = RoleEvent::DefaultsRaised { id, added: permissions(&both) };
    given([made.clone()]).when(raise()).then(std::slice::from_ref(&raised));
    let roles = Roles::default().evolve(made.clone()).evolve(raised.clone());
    assert_eq!(roles.roles[&id].permissions, Role::builtin(Builtin::Manager).permissions);
    given([made.clone(), raised.clone()]).when(raise()).then(&[]);

    let change = |permission: &str, was, now| PermissionChange {
        permission: permission.to_owned(),
        was,
        now,
    };
    let all = Some(ReachLevel::All);
    // Withdrawn, before or after it was new; and given by hand with another reach.
    let withdrawn = vec![change("contacts:read", all, None), change("contacts:export", all, None)];
    let withdrawn = RoleEvent::PermissionsChanged { id, changes: withdrawn };
    given([made.clone(), raised, withdrawn]).when(raise()).then(&[]);
    let given_by_hand = vec![
        change("contacts:export", None, Some(ReachLevel::Own)),
        change("tags:create", None, all),
    ];
    let given_by_hand = RoleEvent::PermissionsChanged { id, changes: given_by_hand };
    given([made, given_by_hand]).when(raise()).then(&[]);

    // Owners hold everything as it is; other roles are the organization's own.
    let none = StoredPermissions::new();
    let owner = created(Some(Builtin::Owner), Builtin::Owner.id(ACME), none.clone());
    given([owner, created(None, FAIR, none)]).when(raise()).then(&[]);
    given([]).when(raise()).then(&[]);
}

#[test]
fn owners_are_owners_only_while_they_are_active_staff() {
    let owner = Builtin::Owner.id(ACME);
    let of = |member: &Member| rights_of(member, &builtins(), &Teams::default());
    assert!(of(&joined(&[owner], ProfileKind::Staff)).is_owner());
    assert!(!of(&joined(&[owner], ProfileKind::Vendor)).is_owner());
    let out = joined(&[owner], ProfileKind::Staff).evolve(MemberEvent::Deactivated {});
    assert_eq!(of(&out), Rights::default());
    let back = out.evolve(MemberEvent::Reactivated {});
    assert!(of(&back).is_owner());
}

#[test]
fn rights_from_before_there_were_roles_are_those_of_the_nearest_role() {
    let added = |owner, reach| MemberEvent::Added {
        user: UserId(Uuid::nil()),
        owner,
        reach,
        display_name: None,
    };
    let none = Roles::default();
    let of = |events: &[MemberEvent]| {
        let member = events.iter().cloned().fold(Member::default(), Member::evolve);
        rights_of(&member, &none, &Teams::default())
    };
    assert!(of(&[added(true, ReachLevel::All)]).is_owner());
    let manager = of(&[added(false, ReachLevel::All)]);
    assert_eq!(manager.reach(READ, ANA), Some(Reach::All));
    assert_eq!(of(&[added(false, ReachLevel::Own)]).reach(READ, ANA), Some(Reach::Own(ANA)));
    let team =
        MemberEvent::ReachChanged { was: ReachLevel::Own, now: ReachLevel::Team, team: vec![BEN] };
    let lead = of(&[added(false, ReachLevel::Own), team.clone()]);
    assert_eq!(lead.reach(READ, ANA), Some(Reach::Team(vec![ANA, BEN])));
    assert_eq!(lead.level(Permission::ROLES_ASSIGN), None);
    let sales = BTreeSet::from([Builtin::Sales.id(ACME)]);
    let given = MemberEvent::RolesChanged { was: sales.clone(), now: sales };
    let now = of(&[added(false, ReachLevel::Own), team, given]);
    assert_eq!(now.reach(READ, ANA), Some(Reach::Own(ANA)));
}

/// `docs/roles.md`, as it follows from the catalogue and the table of built-in roles.
fn document() -> String {
    let mut text = include_str!("document.head.md").to_owned();
    let mut cells = |cells: Vec<String>| writeln!(text, "| {} |", cells.join(" | ")).unwrap();
    let mut heading = vec!["permission".to_owned(), "what it allows".to_owned()];
    heading.extend(Builtin::ALL.map(|builtin| builtin.name().to_owned()));
    let line = vec!["---".to_owned(); heading.len()];
    cells(heading);
    cells(line);
    for resource in resources() {
        for def in catalogue().iter().filter(|def| def.permission.resource() == resource.name) {
            let mut row = vec![format!("`{}`", def.permission), def.help.clone()];
            row.extend(Builtin::ALL.map(|builtin| match builtin.level(def.permission) {
                None => "–".to_owned(),
                Some(_) if !def.takes_reach => "yes".to_owned(),
                Some(level) => level.as_str().to_owned(),
            }));
            cells(row);
        }
    }
    text
}

#[test]
fn the_documented_matrix_is_the_one_that_is_built_in() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/roles.md");
    let document = document();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &document).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == document, "docs/roles.md: UPDATE_DOCS=1 cargo test -p domain documented");
}

fn event() -> impl Strategy<Value = RoleEvent> {
    let id = || any::<u128>().prop_map(|n| RoleId(Uuid::from_u128(n)));
    let text = || "\\PC{0,20}";
    let title = || {
        (text(), proptest::option::of(text()))
            .prop_map(|(name, description)| Title { name, description })
    };
    let level =
        || prop_oneof![Just(ReachLevel::Own), Just(ReachLevel::Team), Just(ReachLevel::All)];
    let held = proptest::collection::btree_map(text(), level(), 0..4);
    let held_again = held.clone();
    let builtin = proptest::option::of(proptest::sample::select(Builtin::ALL.to_vec()));
    let change = (text(), proptest::option::of(level()), proptest::option::of(level()))
        .prop_map(|(permission, was, now)| PermissionChange { permission, was, now });
    prop_oneof![
        (id(), title(), builtin, held).prop_map(|(id, title, builtin, permissions)| {
            RoleEvent::Created { id, title, builtin, permissions, fields: hidden("email") }
        }),
        (id(), title(), title()).prop_map(|(id, was, now)| RoleEvent::Renamed { id, was, now }),
        (id(), proptest::collection::vec(change, 0..3))
            .prop_map(|(id, changes)| RoleEvent::PermissionsChanged { id, changes }),
        (id(), held_again).prop_map(|(id, added)| RoleEvent::DefaultsRaised { id, added }),
        id().prop_map(|id| RoleEvent::Deleted { id }),
        id().prop_map(|id| RoleEvent::Restored { id }),
    ]
}

proptest! {
    #[test]
    fn every_event_survives_storage(event in event()) {
        survives_storage(Roles::default(), &event);
    }
}
