//! Samples of every event, as they are written today.

mod people;

use super::{Golden, sample};
use crate::bulk::{Act, BulkEvent, Intent, Selecting};
use crate::catalogue::ListName;
use crate::company::{CompanyEvent, CompanyType};
use crate::contact::{ContactEvent, ContactType};
use crate::ids::{ActionId, ChoiceId, FileId, JobId, MemberId, OrganizationId, SubjectId, UserId};
use crate::import::ImportEvent;
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
use crate::undo::UndoEvent;
use crate::user::{EmailEvent, UserEvent};
use crate::view::{Arrangement, Column, Criteria, ViewEvent, Visibility};
use chrono::DateTime;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
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

    all.extend(people::members());
    all.extend(people::invitations());
    all.extend(people::roles_and_teams());
    all.extend(views());

    let acme = || "Acme".to_owned();
    let founded = OrganizationEvent::Founded { id: organization, name: acme(), founder: user };
    all.push(sample("full", &founded));
    all.push(sample("full", &OrganizationEvent::Renamed { was: acme(), now: "Apex".into() }));
    let (added, removed) = (vec![member], vec![MemberId(id(44))]);
    all.push(sample("full", &OrganizationEvent::OwnersChanged { added, removed }));

    all.extend(settings());
    all.extend(people::instance(user));

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
    all.extend(people::credentials());
    all.extend(people::clients());
    all.extend(people::joinings());
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
    all.push(sample("full", &UndoEvent::Started { action: ActionId(id(72)) }));
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
