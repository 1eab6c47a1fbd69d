//! What is written: contacts as people have them.

use chrono::{DateTime, Utc};
use domain::catalogue::Catalogue as _;
use domain::catalogue::ListName;
use domain::contact::{Contact, ContactEvent, ContactFields};
use domain::ids::{ActionId, SubjectId};
use domain::patch::{self, InputRules, Patch};
use domain::record::{Change, RecordCommand};
use domain::value::Value;
use domain::{Aggregate as _, picklist};
use serde_json::json;
use std::sync::Arc;
use store::{
    ActorKind, ActorRef, Append, Channel, Expected, Meta, NewEvent, PrivateMeta, StreamAppend,
};
use uuid::Uuid;

/// Metadata as a request of the API leaves it.
pub fn meta() -> Arc<Meta> {
    Arc::new(Meta {
        actor: ActorRef {
            kind: ActorKind::User,
            user: Some(Uuid::from_u128(1).into()),
            member: Some(Uuid::from_u128(2).into()),
            key: None,
        },
        on_behalf_of: None,
        action: ActionId(Uuid::now_v7()),
        action_kind: "create".into(),
        channel: Channel::Api,
        causation: None,
        correlation: Some(Uuid::now_v7()),
        source: None,
    })
}

/// The member to whom every twenty-thousandth contact is assigned.
pub const LONELY: u128 = 77;

/// To whom contact `n` is assigned: a thousand members, and one with few.
fn owner(n: u64) -> Uuid {
    Uuid::from_u128(if n.is_multiple_of(20_000) { LONELY } else { 1_000 + u128::from(n % 1_000) })
}

/// A command that changes the remark of a contact that was only made so far.
pub fn change(stream: Uuid) -> anyhow::Result<Append> {
    let field = ContactFields::index("remark").ok_or_else(|| anyhow::anyhow!("a field"))?;
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    let event = ContactEvent::Changed {
        name: "contact.details_changed",
        changes: vec![Change {
            field,
            was: text("Met at the fair in Hanover"),
            now: text("Called back"),
        }],
        note: None,
    };
    let event =
        NewEvent::encode(&event, SubjectId(stream), meta(), &PrivateMeta::default(), Utc::now())?;
    let part =
        StreamAppend { stream: stream.into(), expected: Expected::Exact(1), events: vec![event] };
    Ok(Append { command_id: None, fingerprint: None, streams: vec![part] })
}

/// The values that a contact has in a file as in a request.
fn texts(n: u64) -> [(&'static str, String); 36] {
    let same = |name: &'static str, text: &str| (name, text.to_owned());
    [
        ("first_name", format!("Ana{n}")),
        ("last_name", format!("Kovač-{}", n % 5_000)),
        ("email", format!("ana.{n}@example-{}.org", n % 3_000)),
        ("phone", format!("+49 30 {:07}", n % 10_000_000)),
        ("mobile", format!("+49 170 {:07}", n % 10_000_000)),
        same("title", "Head of Purchasing"),
        same("date_of_birth", "1984-05-12"),
        same("language", "de"),
        ("company_name", format!("Example {} GmbH", n % 3_000)),
        same("company_size", "51-200"),
        ("website", format!("https://example-{}.org", n % 3_000)),
        same("department", "Purchasing"),
        ("employees_count", (n % 900).to_string()),
        same("annual_revenue", "1250000.00 EUR"),
        same("funding", "50000.00 EUR"),
        ("street", format!("Lange Straße {}", n % 200)),
        same("city", "Berlin"),
        same("state", "Berlin"),
        same("country", "Germany"),
        same("postal_code", "10115"),
        same("company_street", "Werkstraße 7"),
        same("company_city", "Potsdam"),
        same("company_state", "Brandenburg"),
        same("company_country", "Germany"),
        same("company_postal_code", "14467"),
        ("linkedin", format!("https://linkedin.com/in/ana{n}")),
        ("facebook", format!("https://facebook.com/ana{n}")),
        ("twitter", format!("https://x.com/ana{n}")),
        ("instagram", format!("https://instagram.com/ana{n}")),
        same("relevant_date", "2025-11-03"),
        same("remark", "Met at the fair in Hanover"),
        same("notes", "Wants an offer for the second half of the year."),
        same("is_active", "yes"),
        same("do_not_contact", "no"),
        same("last_contacted_at", "2026-02-03T10:20:30Z"),
        ("external_id", format!("EXT-{n}")),
    ]
}

/// A row of a file: 40 headings and cells, none of which needs quotation marks.
pub fn row(n: u64) -> Vec<(&'static str, String)> {
    let label = |list| {
        let values = picklist::builtin(list);
        values[usize::try_from(n).unwrap_or_default() % values.len()].1.to_owned()
    };
    let mut row = texts(n).to_vec();
    row.extend([
        ("status", "Contact".to_owned()),
        ("traffic_source", label(ListName::TrafficSource)),
        ("industry", label(ListName::Industry)),
        ("tags", format!("Tag {}", n % 50)),
    ]);
    row
}

/// A contact with 40 filled columns.
pub fn contact(n: u64) -> anyhow::Result<ContactEvent> {
    let rules = InputRules::default();
    let mut patch = Patch::new();
    for (name, text) in texts(n) {
        let field = ContactFields::index(name).ok_or_else(|| anyhow::anyhow!("no {name}"))?;
        let value = patch::text_value(ContactFields::def(field), &text, &rules)
            .map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
        patch.push((field, value));
    }
    let refs = json!({
        "status": picklist::CONTACT, "traffic_source": Uuid::from_u128(u128::from(n % 8)),
        "assigned_to": owner(n), "tags": [Uuid::from_u128(u128::from(n % 50))],
    });
    let serde_json::Value::Object(refs) = refs else { anyhow::bail!("an object") };
    patch.extend(
        patch::parse::<ContactFields>(&refs, &rules)
            .map_err(|faults| anyhow::anyhow!("{faults:?}"))?,
    );
    patch.sort_by_key(|(field, _)| *field);
    let mut events = Contact::default().decide(RecordCommand::Create(patch), Utc::now())?;
    events.pop().ok_or_else(|| anyhow::anyhow!("an event"))
}

/// A command that makes a contact from `event`.
pub fn create(event: &ContactEvent, now: DateTime<Utc>) -> anyhow::Result<Append> {
    Ok(Append { command_id: None, fingerprint: None, streams: vec![stream(&[event], now)?] })
}

/// A new stream with these events.
pub fn stream(events: &[&ContactEvent], now: DateTime<Utc>) -> anyhow::Result<StreamAppend> {
    let id = Uuid::now_v7();
    let meta = meta();
    let events = events
        .iter()
        .map(|e| {
            NewEvent::encode(*e, SubjectId(id), Arc::clone(&meta), &PrivateMeta::default(), now)
        })
        .collect::<Result<_, _>>()?;
    Ok(StreamAppend { stream: id.into(), expected: Expected::NoStream, events })
}
