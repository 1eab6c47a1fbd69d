//! What happens to people and what they may: members, invitations, roles, credentials, clients, the
//! instance.

use super::id;
use crate::access::{FieldAccess, ProfileKind};
use crate::api_key::ApiKeyEvent;
use crate::client::{ClientAccountEvent, RegistrationEvent};
use crate::denial::DenialEvent;
use crate::golden::{Golden, sample};
use crate::ids::{
    ActionId, ApiKeyId, ContactId, InvitationId, MemberId, OrganizationId, RoleId, TeamId, UserId,
    ViewId,
};
use crate::instance::{InstanceEvent, SignUpMode};
use crate::invitation::InvitationEvent;
use crate::member::MemberEvent;
use crate::reach::ReachLevel;
use crate::role::{Builtin, FieldRuleChange, PermissionChange, RoleEvent, Title};
use crate::team::TeamEvent;
use crate::user::{EmailEvent, UserEvent, UsernameEvent};
use chrono::DateTime;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub(super) fn members() -> Vec<Golden> {
    let name = || Some("Ana Lima".to_owned());
    let (sales, manager) = (RoleId(id(70)), RoleId(id(71)));
    let joined = |profile, contact| MemberEvent::Joined {
        user: UserId(id(40)),
        roles: BTreeSet::from([manager, sales]),
        profile,
        contact,
        display_name: name(),
    };
    let (was, now) = (BTreeSet::from([sales]), BTreeSet::new());
    let chosen =
        |was, now| MemberEvent::DefaultViewChosen { record_type: "contacts".into(), was, now };
    vec![
        sample("staff", &joined(ProfileKind::Staff, None)),
        sample("client", &joined(ProfileKind::Client, Some(ContactId(id(1))))),
        sample("vendor", &joined(ProfileKind::Vendor, None)),
        sample("full", &MemberEvent::RolesChanged { was, now }),
        sample("full", &MemberEvent::Renamed { was: name(), now: Some("Ana Costa".into()) }),
        sample("full", &MemberEvent::Deactivated {}),
        sample("full", &MemberEvent::Reactivated {}),
        sample("full", &MemberEvent::Removed {}),
        sample("mailed", &MemberEvent::PasswordLinkMade { mailed: true }),
        sample("shown", &MemberEvent::PasswordLinkMade { mailed: false }),
        sample("full", &MemberEvent::PasswordSet {}),
        sample("full", &chosen(Some(ViewId(id(80))), Some(ViewId(id(81))))),
        sample("none", &chosen(Some(ViewId(id(80))), None)),
    ]
}

pub(super) fn invitations() -> Vec<Golden> {
    let expires_at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let (sales, token) = (RoleId(id(70)), id(73));
    let created = |profile, team, display_name| InvitationEvent::Created {
        profile,
        roles: BTreeSet::from([sales, RoleId(id(71))]),
        team,
        token,
        expires_at,
        email: Some("ana@example.org".into()),
        display_name,
    };
    let (user, member) = (UserId(id(40)), MemberId(id(41)));
    let name = Some("Ana Lima".to_owned());
    vec![
        sample("full", &created(ProfileKind::Staff, Some(TeamId(id(72))), name)),
        sample("least", &created(ProfileKind::Vendor, None, None)),
        sample("full", &InvitationEvent::Resent { token, expires_at }),
        sample("full", &InvitationEvent::Withdrawn {}),
        sample("full", &InvitationEvent::Accepted { user, member }),
    ]
}

pub(super) fn roles_and_teams() -> Vec<Golden> {
    let role = RoleId(id(70));
    let title = |name: &str, description: Option<&str>| Title {
        name: name.to_owned(),
        description: description.map(str::to_owned),
    };
    let rules = BTreeMap::from([
        ("email".to_owned(), FieldAccess::Hidden),
        ("notes".to_owned(), FieldAccess::ReadOnly),
    ]);
    let created = |builtin, fields| RoleEvent::Created {
        id: role,
        title: title("Fair \"staff\"", Some("In autumn.")),
        builtin,
        permissions: BTreeMap::from([
            ("audit:read".to_owned(), ReachLevel::All),
            ("contacts:read".to_owned(), ReachLevel::Team),
            ("contacts:update".to_owned(), ReachLevel::Own),
        ]),
        fields,
    };
    let permission = |was, now| PermissionChange { permission: "contacts:read".into(), was, now };
    let changes = vec![
        permission(None, Some(ReachLevel::All)),
        permission(Some(ReachLevel::All), Some(ReachLevel::Own)),
        permission(Some(ReachLevel::Team), None),
    ];
    let field = |was, now| FieldRuleChange {
        record_type: "contact".into(),
        field: "email".into(),
        was,
        now,
    };
    let fields = vec![
        field(FieldAccess::Full, FieldAccess::Hidden),
        field(FieldAccess::ReadOnly, FieldAccess::Full),
    ];
    let raised = BTreeMap::from([("contacts:export".to_owned(), ReachLevel::All)]);
    let mut all = vec![
        sample("own", &created(None, BTreeMap::from([("contact".to_owned(), rules)]))),
        sample(
            "full",
            &RoleEvent::Renamed {
                id: role,
                was: title("Fair", None),
                now: title("Fairs", Some("In autumn.")),
            },
        ),
        sample("full", &RoleEvent::PermissionsChanged { id: role, changes }),
        sample("full", &RoleEvent::FieldsChanged { id: role, changes: fields }),
        sample("full", &RoleEvent::DefaultsRaised { id: role, added: raised }),
        sample("full", &RoleEvent::Deleted { id: role }),
        sample("full", &RoleEvent::Restored { id: role }),
    ];
    for builtin in Builtin::ALL {
        all.push(sample(builtin.as_str(), &created(Some(builtin), BTreeMap::new())));
    }
    let team = TeamId(id(72));
    let (added, removed) = (vec![MemberId(id(41))], vec![MemberId(id(44))]);
    all.extend([
        sample("full", &TeamEvent::Created { id: team, name: "North".into() }),
        sample("full", &TeamEvent::Renamed { id: team, was: "North".into(), now: "Nord".into() }),
        sample("full", &TeamEvent::MembersChanged { id: team, added, removed }),
        sample("full", &TeamEvent::Deleted { id: team }),
        sample("full", &TeamEvent::Restored { id: team }),
    ]);
    all
}

/// What happens to credentials, and by them.
pub(super) fn credentials() -> Vec<Golden> {
    let (user, member, session) = (UserId(id(40)), MemberId(id(41)), id(50));
    let mut all = Vec::new();
    for event in [
        UserEvent::SignedUp {
            email: Some("ana@example.org".into()),
            full_name: Some("Ana Lima".into()),
            organization_name: Some("Acme".into()),
        },
        UserEvent::PasswordReset {},
        UserEvent::Reauthenticated { session },
        UserEvent::EmailChangeAsked { email: Some("ana@example.net".into()) },
        UserEvent::EmailChanged {
            was: Some("ana@example.org".into()),
            now: Some("ana@example.net".into()),
        },
        UserEvent::UsernameChanged { was: None, now: Some("ana.lima".into()) },
        UserEvent::TotpEnabled {},
        UserEvent::TotpDisabled {},
        UserEvent::RecoveryCodesMade {},
        UserEvent::RecoveryCodeUsed {},
    ] {
        all.push(sample("full", &event));
    }
    let by_name = UserEvent::Registered { email: None, full_name: Some("Ana Lima".into()) };
    all.push(sample("without_address", &by_name));
    all.push(sample("full", &EmailEvent::SignUpRepeated {}));
    all.push(sample("full", &EmailEvent::ResetAsked {}));
    let ip = Some("192.0.2.7".to_owned());
    all.push(sample("full", &EmailEvent::LogInsFailed { minute: 29_402_040, count: 3, ip }));
    let scopes = BTreeSet::from(["contacts:create".to_owned(), "contacts:read".to_owned()]);
    let expires_at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let key_name = Some("Website".to_owned());
    let created = ApiKeyEvent::Created { user, member, scopes, expires_at, name: key_name };
    all.push(sample("full", &created));
    let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    all.push(sample("full", &ApiKeyEvent::Used { day }));
    all.push(sample("full", &ApiKeyEvent::Revoked {}));
    let route = "DELETE /api/v1/contacts/{id}".to_owned();
    let denied = DenialEvent::Denied { member, route, minute: 29_402_040, count: 3 };
    all.push(sample("full", &denied));
    let (key, route) = (ApiKeyId(Uuid::from_u128(0x77)), "POST /api/v1/contacts".to_owned());
    let denied = DenialEvent::KeyDenied { key, member, route, minute: 29_402_040, count: 1 };
    all.push(sample("full", &denied));
    all.push(sample("full", &UsernameEvent::Reserved { user }));
    all.push(sample("full", &UsernameEvent::Released { user }));
    all
}

/// What happens to clients.
pub(super) fn clients() -> Vec<Golden> {
    let (user, member, contact) = (UserId(id(40)), MemberId(id(41)), ContactId(id(81)));
    let (token, action) = (id(51), ActionId(id(82)));
    let offered = |email: Option<&str>| ClientAccountEvent::Offered {
        contact,
        token,
        email: email.map(str::to_owned),
    };
    let asked = |phone: Option<&str>, company: Option<&str>| RegistrationEvent::Asked {
        email: Some("ana@example.org".into()),
        full_name: Some("Ana Lima".into()),
        phone: phone.map(str::to_owned),
        company_name: company.map(str::to_owned),
    };
    let started = |registration| UserEvent::ClientJoiningStarted {
        organization: OrganizationId(id(70)),
        member,
        contact,
        registration,
        action,
    };
    vec![
        sample("full", &offered(Some("ana@example.org"))),
        sample("without_address", &offered(None)),
        sample("full", &ClientAccountEvent::OfferWithdrawn {}),
        sample("full", &ClientAccountEvent::Opened { contact, user, member }),
        sample("full", &ClientAccountEvent::ResetOffered { token }),
        sample("full", &ClientAccountEvent::Closed {}),
        sample("full", &asked(Some("+351912345678"), Some("Lima Lda"))),
        sample("least", &asked(None, None)),
        sample("full", &RegistrationEvent::Confirmed { member, contact }),
        sample("by_registration", &started(Some(id(83)))),
        sample("by_offer", &started(None)),
        sample("full", &UserEvent::ClientJoiningDropped { action }),
    ]
}

/// What happens to users who become members.
pub(super) fn joinings() -> Vec<Golden> {
    let (member, action) = (MemberId(id(41)), ActionId(id(82)));
    let started = |invitation: Option<InvitationId>, by: Option<MemberId>| {
        let reason = by.map(|_| "Ana's first day".to_owned());
        UserEvent::MemberJoiningStarted {
            organization: OrganizationId(id(70)),
            member,
            profile: ProfileKind::Staff,
            roles: BTreeSet::from([RoleId(id(84)), RoleId(id(85))]),
            team: by.map(|_| TeamId(id(86))),
            invitation,
            token: invitation.map(|_| id(51)),
            by,
            action,
            reason,
        }
    };
    vec![
        sample("by_invitation", &started(Some(InvitationId(id(87))), None)),
        sample("made", &started(None, Some(MemberId(id(88))))),
        sample("full", &UserEvent::MemberJoiningDropped { action }),
    ]
}

pub(super) fn instance(user: UserId) -> Vec<Golden> {
    let mut all: Vec<_> = [
        InstanceEvent::MaintenanceStarted {},
        InstanceEvent::MaintenanceEnded {},
        InstanceEvent::AdministratorAdded { user },
        InstanceEvent::AdministratorRemoved { user },
    ]
    .iter()
    .map(|event| sample("full", event))
    .collect();
    for now in SignUpMode::ALL {
        let changed = InstanceEvent::SignUpChanged { was: None, now };
        all.push(sample(now.as_str(), &changed));
    }
    let was = Some(SignUpMode::Open);
    let changed = InstanceEvent::SignUpChanged { was, now: SignUpMode::Closed };
    all.push(sample("from_open", &changed));
    all
}
