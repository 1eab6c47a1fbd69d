//! Golden files: how each event was written when it was released, and what is read from that.
//!
//! `domain/golden/<event>.v<version>.json` holds samples of one event in one version: payload and
//! sealed plaintext byte for byte, and the `Debug` form of what is read from them with the
//! subject's key and without. A new event or sample is added by `UPDATE_GOLDEN=1 cargo test -p
//! domain golden`. What is there is never changed: logs are full of it.

use crate::access::{FieldAccess, ProfileKind};
use crate::api_key::ApiKeyEvent;
use crate::catalogue::{Catalogue as _, FieldDef, ListName};
use crate::company::{CompanyEvent, CompanyType};
use crate::contact::{ContactEvent, ContactType};
use crate::denial::DenialEvent;
use crate::ids::{
    ChoiceId, ContactId, FileId, JobId, MemberId, OrganizationId, RoleId, SubjectId, TeamId, UserId,
};
use crate::import::ImportEvent;
use crate::instance::{InstanceEvent, SignUpMode};
use crate::kernel::aggregate::Aggregate as _;
use crate::kernel::codec::{Encoded, EventCodec, Opened};
use crate::kernel::testing::OWNER;
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
use chrono::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::LazyLock;
use uuid::Uuid;

/// A golden file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Golden {
    event_type: String,
    schema_version: u16,
    samples: BTreeMap<String, Released>,
}

/// One event as it was written and is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Released {
    payload: String,
    /// Plaintext by group.
    sealed: BTreeMap<String, String>,
    read: String,
    read_after_erasure: String,
}

impl Golden {
    fn file_name(&self) -> String {
        format!("{}.v{}.json", self.event_type, self.schema_version)
    }

    /// Adds the samples of `other` that are missing; refuses to change those that are there.
    fn extend(&mut self, other: &Self) -> Result<(), String> {
        for (name, sample) in &other.samples {
            match self.samples.get(name) {
                Some(released) if released == sample => {}
                Some(released) => {
                    return Err(format!(
                        "{}, sample {name}, was released and cannot change; write a new schema \
                         version and an upcaster.\nreleased: {released:#?}\nnow: {sample:#?}",
                        self.file_name(),
                    ));
                }
                None => {
                    self.samples.insert(name.clone(), sample.clone());
                }
            }
        }
        Ok(())
    }
}

/// What is written today, by file name.
static WRITTEN: LazyLock<BTreeMap<String, Golden>> = LazyLock::new(|| {
    let mut files: BTreeMap<String, Golden> = BTreeMap::new();
    for golden in samples() {
        match files.get_mut(&golden.file_name()) {
            Some(file) => file.extend(&golden).unwrap(),
            None => drop(files.insert(golden.file_name(), golden)),
        }
    }
    files
});

/// What was released, by file name; first completed by what is new, if that is asked for.
static RELEASED: LazyLock<BTreeMap<String, Golden>> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let golden: Golden = serde_json::from_slice(&std::fs::read(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(path.file_name().and_then(|n| n.to_str()), Some(golden.file_name().as_str()));
        files.insert(golden.file_name(), golden);
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        for (name, written) in WRITTEN.iter() {
            let file = files.entry(name.clone()).or_insert_with(|| written.clone());
            file.extend(written).unwrap();
            let text = format!("{}\n", serde_json::to_string_pretty(file).unwrap());
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    files
});

fn sample<E: EventCodec + Debug>(name: &str, event: &E) -> Golden {
    let Encoded { event_type, schema_version, payload, segments } = event.encode(OWNER).unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    assert!(segments.iter().all(|segment| segment.subject == OWNER));
    let mut released = Released {
        payload: text(payload),
        sealed: segments.into_iter().map(|s| (s.group.to_owned(), text(s.bytes))).collect(),
        read: String::new(),
        read_after_erasure: String::new(),
    };
    (released.read, released.read_after_erasure) = (
        read::<E>(event_type, schema_version, &released, true),
        read::<E>(event_type, schema_version, &released, false),
    );
    Golden {
        event_type: event_type.to_owned(),
        schema_version,
        samples: BTreeMap::from([(name.to_owned(), released)]),
    }
}

/// The `Debug` form of what is read, with the key or without.
fn read<E: EventCodec + Debug>(
    event_type: &str,
    version: u16,
    from: &Released,
    key: bool,
) -> String {
    let segments: Vec<_> = from
        .sealed
        .iter()
        .map(|(group, plaintext)| Opened {
            subject: OWNER,
            group: group.clone(),
            bytes: key.then(|| plaintext.clone().into_bytes()),
        })
        .collect();
    match E::decode(event_type, version, from.payload.as_bytes(), &segments) {
        Ok(event) => format!("{event:?}"),
        Err(error) => panic!("{event_type} version {version}: {error:?}"),
    }
}

/// Reads an event of any aggregate; the part before the dot says which.
fn read_any(event_type: &str, version: u16, from: &Released, key: bool) -> String {
    match event_type.split('.').next() {
        Some("contact") => read::<ContactEvent>(event_type, version, from, key),
        Some("company") => read::<CompanyEvent>(event_type, version, from, key),
        Some("picklist") => read::<PicklistEvent>(event_type, version, from, key),
        Some("member") => read::<MemberEvent>(event_type, version, from, key),
        Some("role") => read::<RoleEvent>(event_type, version, from, key),
        Some("team") => read::<TeamEvent>(event_type, version, from, key),
        Some("organization") => read::<OrganizationEvent>(event_type, version, from, key),
        Some("instance") => read::<InstanceEvent>(event_type, version, from, key),
        Some("user") => read::<UserEvent>(event_type, version, from, key),
        Some("import") => read::<ImportEvent>(event_type, version, from, key),
        Some("email") => read::<EmailEvent>(event_type, version, from, key),
        Some("api_key") => read::<ApiKeyEvent>(event_type, version, from, key),
        Some("access") => read::<DenialEvent>(event_type, version, from, key),
        Some("username") => read::<UsernameEvent>(event_type, version, from, key),
        Some("mail") => read::<MailEvent>(event_type, version, from, key),
        other => panic!("no aggregate {other:?}"),
    }
}

/// The wire names of every event of every aggregate.
fn event_types() -> BTreeSet<&'static str> {
    let mut types = BTreeSet::new();
    macro_rules! record_types {
        ($($record:ty),+ $(,)?) => { $(types.extend(<$record>::EVENTS.all());)+ };
    }
    crate::for_each_record_type!(record_types);
    for of in [
        PicklistEvent::TYPES,
        MemberEvent::TYPES,
        RoleEvent::TYPES,
        TeamEvent::TYPES,
        OrganizationEvent::TYPES,
        InstanceEvent::TYPES,
        UserEvent::TYPES,
        EmailEvent::TYPES,
        UsernameEvent::TYPES,
        ApiKeyEvent::TYPES,
        DenialEvent::TYPES,
        ImportEvent::TYPES,
        MailEvent::TYPES,
    ] {
        types.extend(of);
    }
    types
}

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
    let whole: Json = serde_json::from_str(include_str!("../examples/contact.json")).unwrap();
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
    vec![
        sample("staff", &joined(ProfileKind::Staff, None)),
        sample("client", &joined(ProfileKind::Client, Some(ContactId(id(1))))),
        sample("vendor", &joined(ProfileKind::Vendor, None)),
        sample("full", &MemberEvent::RolesChanged { was, now }),
        sample("full", &MemberEvent::Renamed { was: name(), now: Some("Ana Costa".into()) }),
        sample("full", &MemberEvent::Deactivated {}),
        sample("full", &MemberEvent::Reactivated {}),
        sample("full", &MemberEvent::Removed {}),
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
    all.push(sample("full", &UsernameEvent::Reserved { user }));
    all.push(sample("full", &UsernameEvent::Released { user }));
    all
}

fn samples() -> Vec<Golden> {
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
    all.extend(roles_and_teams());

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
    all.extend(mails());
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

#[test]
fn events_are_written_as_they_were_when_they_were_released() {
    for (name, written) in WRITTEN.iter() {
        let Some(released) = RELEASED.get(name) else {
            panic!("{name} is missing; add it by UPDATE_GOLDEN=1 cargo test -p domain golden")
        };
        let mut both = released.clone();
        both.extend(written).unwrap();
        assert_eq!(&both, released, "add it by UPDATE_GOLDEN=1 cargo test -p domain golden");
        assert_eq!(released.samples.len(), written.samples.len(), "{name}: a sample was dropped");
    }
}

#[test]
fn everything_ever_released_is_read_as_it_was_meant() {
    for (name, Golden { event_type, schema_version, samples }) in RELEASED.iter() {
        for (sample, released) in samples {
            let read = |key| read_any(event_type, *schema_version, released, key);
            assert_eq!(read(true), released.read, "{name}, {sample}");
            assert_eq!(read(false), released.read_after_erasure, "{name}, {sample}");
        }
    }
}

#[test]
fn every_event_has_a_golden_file_and_every_file_an_event() {
    let written: BTreeSet<_> = WRITTEN.values().map(|file| file.event_type.as_str()).collect();
    assert_eq!(written, event_types());
    let newest = |event_type: &str| WRITTEN.values().find(|file| file.event_type == event_type);
    for (name, released) in RELEASED.iter() {
        let written = newest(&released.event_type).map(|file| file.schema_version);
        assert!(written >= Some(released.schema_version), "{name} is no event");
    }
}

/// The lists above are written by hand; the sources are asked whether one is forgotten.
#[test]
fn no_aggregate_is_forgotten() {
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.extend((path.file_name() != Some("kernel".as_ref())).then_some(path));
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            let Some((_, declared)) = source.split_once("stored_events! {") else { continue };
            for line in declared.lines() {
                let name = line.trim_start().strip_prefix('"').and_then(|l| l.split_once("\" => "));
                if let Some((name, _)) = name.filter(|(name, _)| name.contains('.')) {
                    assert!(event_types().contains(name), "{name} of {}", path.display());
                    found += 1;
                }
            }
        }
    }
    assert!(found >= 19, "{found}");
}

#[test]
fn the_documentation_names_every_event_and_what_is_sealed() {
    let text = include_str!("../../docs/events.md").replace('\n', " ");
    let names = |text: &str| -> BTreeSet<String> {
        text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let documented = names(&text);
    for event in event_types() {
        assert!(documented.contains(event), "{event}");
    }
    let listed = |after: &str| {
        let start = text.find(after).map(|at| at + after.len()).unwrap();
        names(&text[start..start + text[start..].find(". ").unwrap()])
    };
    let fields = |defs: &[FieldDef], personal| -> BTreeSet<String> {
        defs.iter().filter(|d| d.personal == personal).map(|d| d.name.to_owned()).collect()
    };
    let contact = <ContactType as RecordType>::Fields::FIELDS;
    assert_eq!(listed("Public fields of a contact:"), fields(contact, false));
    let company = <CompanyType as RecordType>::Fields::FIELDS;
    assert_eq!(listed("Sealed fields of a company:"), fields(company, true));
}

#[test]
fn every_field_is_in_a_golden_file() {
    let written = |event: &str| {
        let of_event = WRITTEN.values().filter(|file| file.event_type == event);
        format!("{:?}", of_event.collect::<Vec<_>>())
    };
    let (contact, company) = (written("contact.created"), written("company.created"));
    for def in <ContactType as RecordType>::Fields::FIELDS {
        assert!(contact.contains(def.name), "{}: add a sample with it", def.name);
    }
    for def in <CompanyType as RecordType>::Fields::FIELDS {
        assert!(company.contains(def.name), "{}: add a sample with it", def.name);
    }
}

#[test]
fn a_released_sample_cannot_be_changed_by_an_update() {
    let golden = || sample("full", &UserEvent::PasswordSet {});
    let mut file = golden();
    assert_eq!(file.extend(&golden()), Ok(()));
    assert_eq!(file, golden());

    let mut more = golden();
    more.samples = BTreeMap::from([("other".to_owned(), more.samples["full"].clone())]);
    assert_eq!(file.extend(&more), Ok(()));
    assert_eq!(file.samples.len(), 2);

    let mut other = golden();
    other.samples.get_mut("full").unwrap().payload = r#"{"strength":7}"#.into();
    assert!(file.extend(&other).unwrap_err().contains("was released and cannot change"));
}
