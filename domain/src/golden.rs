//! Golden files: how each event was written when it was released, and what is read from that.
//!
//! `domain/golden/<event>.v<version>.json` holds samples of one event in one version: payload and
//! sealed plaintext byte for byte, and the `Debug` form of what is read from them with the
//! subject's key and without. A new event or sample is added by `UPDATE_GOLDEN=1 cargo test -p
//! domain golden`. What is there is never changed: logs are full of it.

mod samples;

use crate::api_key::ApiKeyEvent;
use crate::bulk::BulkEvent;
use crate::catalogue::{Catalogue as _, FieldDef};
use crate::client::{ClientAccountEvent, RegistrationEvent};
use crate::company::{CompanyEvent, CompanyType};
use crate::contact::{ContactEvent, ContactType};
use crate::denial::DenialEvent;
use crate::import::ImportEvent;
use crate::instance::InstanceEvent;
use crate::invitation::InvitationEvent;
use crate::kernel::codec::{Encoded, EventCodec, Opened};
use crate::kernel::testing::OWNER;
use crate::mail::MailEvent;
use crate::member::MemberEvent;
use crate::organization::OrganizationEvent;
use crate::picklist::PicklistEvent;
use crate::record::RecordType;
use crate::role::RoleEvent;
use crate::team::TeamEvent;
use crate::undo::UndoEvent;
use crate::user::{EmailEvent, UserEvent, UsernameEvent};
use crate::view::ViewEvent;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::LazyLock;

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
    for golden in samples::samples() {
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
        Some("invitation") => read::<InvitationEvent>(event_type, version, from, key),
        Some("import") => read::<ImportEvent>(event_type, version, from, key),
        Some("bulk") => read::<BulkEvent>(event_type, version, from, key),
        Some("undo") => read::<UndoEvent>(event_type, version, from, key),
        Some("email") => read::<EmailEvent>(event_type, version, from, key),
        Some("api_key") => read::<ApiKeyEvent>(event_type, version, from, key),
        Some("access") => read::<DenialEvent>(event_type, version, from, key),
        Some("client_account") => read::<ClientAccountEvent>(event_type, version, from, key),
        Some("registration") => read::<RegistrationEvent>(event_type, version, from, key),
        Some("username") => read::<UsernameEvent>(event_type, version, from, key),
        Some("view") => read::<ViewEvent>(event_type, version, from, key),
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
        InvitationEvent::TYPES,
        UserEvent::TYPES,
        EmailEvent::TYPES,
        UsernameEvent::TYPES,
        ApiKeyEvent::TYPES,
        DenialEvent::TYPES,
        ClientAccountEvent::TYPES,
        RegistrationEvent::TYPES,
        ImportEvent::TYPES,
        BulkEvent::TYPES,
        UndoEvent::TYPES,
        MailEvent::TYPES,
        ViewEvent::TYPES,
    ] {
        types.extend(of);
    }
    types
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
