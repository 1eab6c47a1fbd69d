//! Samples of every event, as they are written today.

use super::{Golden, sample};
use crate::access::{FieldAccess, ProfileKind};
use crate::api_key::ApiKeyEvent;
use crate::bulk::{Act, BulkEvent, Intent, Selecting};
use crate::catalogue::ListName;
use crate::client::{ClientAccountEvent, RegistrationEvent};
use crate::company::{CompanyEvent, CompanyType};
use crate::contact::{ContactEvent, ContactType};
use crate::denial::DenialEvent;
use crate::ids::{
    ActionId, ApiKeyId, ChoiceId, ContactId, FileId, InvitationId, JobId, MemberId, OrganizationId,
    RoleId, SubjectId, TeamId, UserId, ViewId,
};
use crate::import::ImportEvent;
use crate::instance::{InstanceEvent, SignUpMode};
use crate::invitation::InvitationEvent;
use crate::kernel::aggregate::Aggregate as _;
use crate::mail::{FailureReason, Language, MailEvent, Template};
use crate::member::MemberEvent;
use crate::money::Currency;
use crate::organization::{Module, OrganizationEvent, SettingChange};
use crate::patch::{self, InputRules, Patch};
use crate::picklist;
use crate::picklist::PicklistEvent;
use crate::reach::ReachLevel;
use crate::record::{Record, RecordCommand, RecordEvent, RecordType};
use crate::role::{Builtin, FieldRuleChange, PermissionChange, RoleEvent, Title};
use crate::team::TeamEvent;
use crate::user::{EmailEvent, UserEvent, UsernameEvent};
use crate::view::{Arrangement, Column, Criteria, ViewEvent, Visibility};
use chrono::DateTime;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0192_f0c1_5a2b_7000_8000_0000_0000_0000 | number)
}

/// The events that commands make of a record, one after the other.
fn life_of<R: RecordType>(commands: Vec<RecordCommand>) -> Vec<RecordEvent<R>> {
    let mut record = Record::<R>::default();
    let mut life = Vec::new();
    for command in commands {
        let events = record.decide(command, DateTime::UNIX_EPOCH).unwrap();
        record = events.iter().cloned().fold(record, Record::evolve);
        life.extend(events);
    }
    life
}

fn patch<R: RecordType>(input: &Json) -> Patch {
    patch::parse::<R::Fields>(input.as_object().unwrap(), &InputRules::default()).unwrap()
}

fn change<R: RecordType>(input: &Json, note: Option<&str>) -> RecordCommand {
    RecordCommand::Change { patch: patch::<R>(input), note: note.map(str::to_owned) }
}

fn contacts() -> Vec<ContactEvent> {
    let whole: Json = serde_json::from_str(include_str!("../../examples/contact.json")).unwrap();
    let changes = json!({
        "first_name": null, "last_name": "Callahan", "email": "zoe@example.org",
        "date_of_birth": "1984-03-01", "employees_count": null,
        "annual_revenue": {"amount": 5, "currency": "JPY"}, "services": [id(21), id(22)],
        "country": null, "language": "fr", "is_active": false, "relevant_date": null,
        "last_contacted_at": "2026-03-02T09:30:00.000001Z", "notes": null,
        "custom": {"size": 44.5, "vip": null},
        "tags": null, "assigned_to": id(31), "status": picklist::CUSTOMER,
    });
    life_of::<ContactType>(vec![
        RecordCommand::Create(patch::<ContactType>(&whole)),
        change::<ContactType>(&changes, Some("Signed at the fair.\nAsk for \"Zoë\".")),
        RecordCommand::Delete,
        RecordCommand::Restore,
    ])
}

fn companies() -> Vec<CompanyEvent> {
    let whole = json!({
        "name": "Mosley-David GmbH & Co. KG", "industry": id(2), "company_size": "51-200",
        "website": "https://www.escobar.org/", "email": "info@escobar.org",
        "phone": "+442071234567;ext=12", "parent": id(3), "employees_count": 137,
        "annual_revenue": {"amount": 1_234_567_800_i64, "currency": "EUR"},
        "funding": {"amount": 0, "currency": "USD"}, "street": "Brunnenstraße 12", "city": "Potsdam",
        "state": "Brandenburg", "country": "Germany", "postal_code": "14467",
        "tags": [id(11), id(12)], "assigned_to": id(30), "notes": "Three sites.", "is_active": true,
        "external_id": "C-1", "custom": {"sites": 3},
    });
    let changes =
        json!({"name": "Mosley AG", "phone": null, "tags": [id(12)], "assigned_to": null});
    life_of::<CompanyType>(vec![
        RecordCommand::Create(patch::<CompanyType>(&whole)),
        change::<CompanyType>(&changes, None),
        RecordCommand::Delete,
        RecordCommand::Restore,
    ])
}

fn members() -> Vec<Golden> {
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

fn invitations() -> Vec<Golden> {
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

fn roles_and_teams() -> Vec<Golden> {
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

fn views() -> Vec<Golden> {
    let column = |field: &str, width| Column { field: field.to_owned(), width };
    let whole = Arrangement {
        sort: Some("-updated_at,last_name".into()),
        columns: vec![column("last_name", Some(180)), column("city", None)],
    };
    let filter = json!({"all": [{"field": "city", "op": "in", "value": ["Bern", "Zürich"]}]});
    let narrow = || Criteria { filter: Some(filter.clone()), q: Some("meier".into()) };
    let name = |name: &str| Some(name.to_owned());
    let created = |visibility, arrangement, criteria| ViewEvent::Created {
        record_type: "contacts".to_owned(),
        owner: MemberId(id(41)),
        visibility,
        arrangement,
        name: name("In \"Zürich\""),
        criteria: Some(criteria),
    };
    vec![
        sample("full", &created(Visibility::Shared, whole.clone(), narrow())),
        sample("least", &created(Visibility::Private, Arrangement::default(), Criteria::default())),
        sample("full", &ViewEvent::Renamed { was: name("In Zürich"), now: name("Zürich") }),
        sample(
            "full",
            &ViewEvent::Narrowed { was: Some(narrow()), now: Some(Criteria::default()) },
        ),
        sample("full", &ViewEvent::Arranged { was: whole, now: Arrangement::default() }),
        sample("full", &ViewEvent::Shared {}),
        sample("full", &ViewEvent::Unshared {}),
        sample("full", &ViewEvent::Deleted {}),
        sample("full", &ViewEvent::Restored {}),
    ]
}

/// What happens to credentials, and by them.
fn credentials() -> Vec<Golden> {
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
fn clients() -> Vec<Golden> {
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
fn joinings() -> Vec<Golden> {
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

pub(super) fn samples() -> Vec<Golden> {
    let mut all: Vec<_> = contacts().iter().map(|event| sample("full", event)).collect();
    all.extend(companies().iter().map(|event| sample("full", event)));
    let least = json!({"full_name": "Zoë"});
    let least = life_of::<ContactType>(vec![
        RecordCommand::Create(patch::<ContactType>(&least)),
        change::<ContactType>(&json!({"city": "Rome"}), None),
        change::<ContactType>(&json!({"country": "Italy"}), None),
        change::<ContactType>(&json!({"status": picklist::CONTACT}), None),
    ]);
    for (name, event) in ["least", "sealed", "public", "without_note"].into_iter().zip(&least) {
        all.push(sample(name, event));
    }

    let list = ListName::TrafficSource;
    let value = ChoiceId(id(11));
    let label = || "Fair \"Ä\"".to_owned();
    let added = |key| PicklistEvent::ValueAdded { list, id: value, label: label(), key };
    all.push(sample("builtin", &added(Some("event".into()))));
    all.push(sample("own", &added(None)));
    let renamed =
        PicklistEvent::ValueRenamed { list, id: value, was: label(), now: "Fairs".into() };
    all.push(sample("full", &renamed));
    all.push(sample("full", &PicklistEvent::ValueArchived { list, id: value }));
    all.push(sample("full", &PicklistEvent::ValueUnarchived { list, id: value }));

    let user = UserId(id(40));
    let member = MemberId(id(41));
    let organization = OrganizationId(id(42));
    let name = || Some("Ana Lima".to_owned());
    for (sample_name, reach) in
        [("all", ReachLevel::All), ("team", ReachLevel::Team), ("own", ReachLevel::Own)]
    {
        let added = MemberEvent::Added { user, owner: true, reach, display_name: name() };
        all.push(sample(sample_name, &added));
    }
    let (was, now) = (ReachLevel::Own, ReachLevel::Team);
    all.push(sample("full", &MemberEvent::ReachChanged { was, now, team: vec![member] }));

    all.extend(members());
    all.extend(invitations());
    all.extend(roles_and_teams());
    all.extend(views());

    let acme = || "Acme".to_owned();
    let founded = OrganizationEvent::Founded { id: organization, name: acme(), founder: user };
    all.push(sample("full", &founded));
    all.push(sample("full", &OrganizationEvent::Renamed { was: acme(), now: "Apex".into() }));
    let (added, removed) = (vec![member], vec![MemberId(id(44))]);
    all.push(sample("full", &OrganizationEvent::OwnersChanged { added, removed }));

    all.extend(settings());
    all.extend(instance(user));

    let session = id(50);
    let registered =
        UserEvent::Registered { email: Some("ana@example.org".into()), full_name: name() };
    let organization_name = Some(acme());
    for event in [
        registered,
        UserEvent::FoundingStarted { organization, member, organization_name },
        UserEvent::Joined { organization, member },
        UserEvent::ProfileEntered { organization, member },
        UserEvent::LoggedIn { session },
        UserEvent::LoggedOut { session },
        UserEvent::TokenReused { session },
        UserEvent::PasswordSet {},
    ] {
        all.push(sample("full", &event));
    }
    all.extend(credentials());
    all.extend(clients());
    all.extend(joinings());
    all.push(sample("full", &EmailEvent::Reserved { user }));
    all.push(sample("full", &EmailEvent::Released { user }));

    let started = ImportEvent::Started {
        record_type: "contact".into(),
        file: FileId(id(60)),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
        bytes: 1_727_000,
        rows: 10_000,
        job: JobId(id(61)),
        encoding: "windows-1252".into(),
        delimiter: ';',
        heading_row: 4,
        columns: vec![None, Some("email".into())],
        file_name: Some("leads-may.csv".into()),
        headings: Some(vec!["Index".into(), "E-mail".into()]),
    };
    all.push(sample("full", &started));
    all.push(sample("full", &ImportEvent::Completed { imported: 9_998, failed: 2 }));
    all.extend(bulks());
    all.extend(mails());
    all
}

fn bulks() -> Vec<Golden> {
    let set = BulkEvent::Started {
        record_type: "contact".into(),
        act: Act::Set,
        fields: vec!["city".into(), "status".into()],
        by: Selecting::Filter,
        intent: Some(Intent {
            filter: Some(json!({"field": "city", "op": "eq", "value": "Bern"})),
            q: Some("meier".into()),
            values: json!({"city": "Basel", "status": picklist::CUSTOMER}),
        }),
    };
    let delete = BulkEvent::Started {
        record_type: "company".into(),
        act: Act::Delete,
        fields: Vec::new(),
        by: Selecting::Ids,
        intent: Some(Intent::default()),
    };
    let mut all = vec![
        sample("set", &set),
        sample("delete", &delete),
        sample("full", &BulkEvent::RecordsSelected { ids: vec![id(70), id(71)] }),
        sample("full", &BulkEvent::SelectionFixed { records: 2 }),
    ];
    let completed = BulkEvent::Completed {
        changed: 1,
        unchanged: 2,
        not_permitted: 3,
        not_found: 4,
        refused: 5,
    };
    all.push(sample("full", &completed));
    for (name, act) in [
        ("add", Act::Add),
        ("remove", Act::Remove),
        ("assign", Act::Assign),
        ("restore", Act::Restore),
    ] {
        let mut event = set.clone();
        if let BulkEvent::Started { act: slot, .. } = &mut event {
            *slot = act;
        }
        all.push(sample(name, &event));
    }
    all
}

fn settings() -> Vec<Golden> {
    let currency = |code| Currency::parse(code).unwrap();
    let text = ToOwned::to_owned;
    let changes = vec![
        SettingChange::Currency { was: currency("EUR"), now: currency("CHF") },
        SettingChange::TimeZone { was: text("UTC"), now: text("Europe/Zurich") },
        SettingChange::Locale { was: text("en"), now: text("de-CH") },
        SettingChange::FiscalYearStart { was: 1, now: 7 },
    ];
    let modules = Module::ALL;
    let (enabled, disabled) = modules.split_at(5);
    let set = |modules: &[Module]| modules.iter().copied().collect();
    let (was, now) = (Some(id(45)), id(46));
    let mut all: Vec<_> = [
        OrganizationEvent::SettingsChanged { changes },
        OrganizationEvent::ModulesChanged { enabled: set(enabled), disabled: set(disabled) },
        OrganizationEvent::MaintenanceStarted {},
        OrganizationEvent::MaintenanceEnded {},
        OrganizationEvent::RegistrationOpened {},
        OrganizationEvent::RegistrationClosed {},
        OrganizationEvent::RegistrationKeyReplaced { was, now },
        OrganizationEvent::Closed {},
        OrganizationEvent::Reopened {},
    ]
    .iter()
    .map(|event| sample("full", event))
    .collect();
    let first = OrganizationEvent::RegistrationKeyReplaced { was: None, now };
    all.push(sample("first", &first));
    all
}

fn instance(user: UserId) -> Vec<Golden> {
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

fn mails() -> Vec<Golden> {
    let mut all = Vec::new();
    for template in Template::ALL {
        let queued = MailEvent::Queued {
            template,
            language: Language::En,
            subject: SubjectId(id(40)),
            token: Some(id(70)),
            to: Some("ana@example.org".into()),
            values: Some(BTreeMap::from([("organization".to_owned(), "Acme \"Ä\"".to_owned())])),
        };
        all.push(sample(template.name(), &queued));
    }
    let least = MailEvent::Queued {
        template: Template::PasswordChanged,
        language: Language::En,
        subject: SubjectId(id(40)),
        token: None,
        to: Some("ana@example.org".into()),
        values: Some(BTreeMap::new()),
    };
    all.push(sample("least", &least));
    all.push(sample("full", &MailEvent::SendingStarted { attempt: 2 }));
    all.push(sample("full", &MailEvent::Sent { attempt: 2, code: 250 }));
    let failed = |reason, code| MailEvent::Failed { attempt: 1, permanent: false, reason, code };
    for (name, reason, code) in [
        ("refused", FailureReason::Refused, Some(451)),
        ("unreachable", FailureReason::Unreachable, None),
        ("tls", FailureReason::Tls, None),
        ("folder", FailureReason::Folder, None),
        ("unmakeable", FailureReason::Unmakeable, None),
        ("erased", FailureReason::Erased, None),
        ("obsolete", FailureReason::Obsolete, None),
        ("interrupted", FailureReason::Interrupted, None),
    ] {
        all.push(sample(name, &failed(reason, code)));
    }
    all
}
