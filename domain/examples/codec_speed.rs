//! How long one contact of 40 fields takes to parse, decide on, encode, decode and fold, which
//! bulk import and replay do a million times.
//!
//! `cargo run --release -p domain --example codec_speed`

use chrono::DateTime;
use domain::catalogue::Catalogue;
use domain::codec::{Encoded, EventCodec, Opened};
use domain::contact::{Contact, ContactEvent, ContactFields, ContactType};
use domain::ids::SubjectId;
use domain::kernel::Aggregate;
use domain::patch::{self, InputRules, Patch};
use domain::record::{RecordCommand, RecordType as _};
use serde_json::{Map, Value as Json};
use std::hint::black_box;
use std::io::Write as _;
use std::time::{Duration, Instant};
use uuid::Uuid;

type Failure = Box<dyn std::error::Error>;

/// A contact as a well-kept customer file has it: all of its fields.
const SAMPLE: &str = include_str!("contact.json");

/// The values as the cells of a file: text, as imports read it.
fn cells(sample: &Map<String, Json>) -> Vec<(&'static domain::catalogue::FieldDef, String)> {
    let cell = |(name, value): (&String, &Json)| {
        let def = ContactFields::def(ContactFields::index(name)?);
        let text = match value {
            Json::String(text) => text.clone(),
            Json::Object(_) => "1,200.50 EUR".to_owned(),
            Json::Array(ids) => ids.first()?.as_str()?.to_owned(),
            Json::Null | Json::Bool(_) | Json::Number(_) => value.to_string(),
        };
        Some((def, text))
    };
    sample.iter().filter_map(cell).collect()
}

/// The median, over batches of some milliseconds, of the microseconds that one call takes.
fn measure<T>(mut call: impl FnMut() -> T) -> f64 {
    let mut batches: Vec<Duration> = (0..60)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..400 {
                black_box(call());
            }
            start.elapsed() / 400
        })
        .collect();
    batches.sort_unstable();
    batches[batches.len() / 2].as_secs_f64() * 1e6
}

fn main() -> Result<(), Failure> {
    let sample: Map<String, Json> = serde_json::from_str(SAMPLE)?;
    let cells = cells(&sample);
    let rules = InputRules::default();
    let refused = |faults: Vec<_>| format!("the sample is refused: {faults:?}");
    let patch: Patch = patch::parse::<ContactFields>(&sample, &rules).map_err(refused)?;
    let subject = SubjectId(Uuid::from_u128(1));
    let empty = Contact::default();
    let create = || empty.decide(RecordCommand::Create(patch.clone()), DateTime::UNIX_EPOCH);
    let event: ContactEvent = create()?.remove(0);
    let Encoded { event_type, schema_version, payload, segments } = event.encode(subject)?;
    let stored = segments.iter().map(|s| s.bytes.len()).sum::<usize>() + payload.len();
    let opened: Vec<Opened> = segments
        .into_iter()
        .map(|s| Opened { subject, group: s.group.to_owned(), bytes: Some(s.bytes) })
        .collect();
    let decode = || ContactEvent::decode(event_type, schema_version, &payload, &opened);
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} fields, {stored} bytes; microseconds, medians", patch.len())?;
    let mut line = |what: &str, micros: f64| writeln!(out, "{what:<28}{micros:>8.2}");
    line("parse JSON", measure(|| patch::parse::<ContactFields>(&sample, &rules)))?;
    line(
        "parse cells of a file",
        measure(|| {
            cells
                .iter()
                .map(|(def, text)| patch::text_value(def, text, &rules).is_ok())
                .collect::<Vec<_>>()
        }),
    )?;
    let phone = ContactFields::index("phone").map(ContactFields::def).ok_or("no phone")?;
    line("  of which one phone", measure(|| patch::text_value(phone, "+44 20 7123 4567", &rules)))?;
    line("  one local phone", measure(|| patch::text_value(phone, "043-797-5229", &rules)))?;
    line("decide (create)", measure(create))?;
    line("encode", measure(|| event.encode(subject)))?;
    line("decode", measure(decode))?;
    line("copy and evolve", measure(|| Contact::default().evolve(event.clone())))?;
    let fields = Contact::default().evolve(event.clone()).fields;
    line("search text", measure(|| ContactType::search_text(&fields)))?;
    line("sort title", measure(|| ContactType::sort_title(&fields)))?;
    line("decode and evolve", measure(|| decode().map(|event| Contact::default().evolve(event))))?;
    Ok(())
}
