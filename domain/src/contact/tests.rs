use super::{Contact, ContactEvent, ContactFields, ContactType};
use crate::catalogue::{Catalogue as _, FieldIndex};
use crate::ids::{ChoiceId, MemberId};
use crate::kernel::aggregate::{Aggregate as _, NotReversible, Reversal};
use crate::kernel::testing::{self, Given, stored};
use crate::patch::{self, InputRules, Patch};
use crate::picklist;
use crate::record::{
    Change, FieldSet, Life, RecordCommand, RecordError, RecordEvent, RecordType as _,
};
use crate::value::Value;
use serde_json::{Value as Json, json};
use uuid::Uuid;

const ANA: Uuid = Uuid::from_u128(0xA7A);
const BEN: Uuid = Uuid::from_u128(0xBE7);
const VIP: Uuid = Uuid::from_u128(0x71);
const FAIR: Uuid = Uuid::from_u128(0x72);

fn parsed(input: &Json) -> Result<Patch, Vec<(String, String)>> {
    let rules = InputRules { phone_region: Some("GB".into()) };
    patch::parse::<ContactFields>(input.as_object().unwrap(), &rules)
        .map_err(|faults| faults.into_iter().map(|f| (f.pointer, f.code.into_owned())).collect())
}

fn patch(input: &Json) -> Patch {
    parsed(input).unwrap()
}

fn create(input: &Json) -> RecordCommand {
    RecordCommand::Create(patch(input))
}

fn change(input: &Json) -> RecordCommand {
    RecordCommand::Change { patch: patch(input), note: None }
}

fn field(name: &str) -> FieldIndex {
    ContactFields::index(name).unwrap()
}

fn text(value: &str) -> Value {
    Value::Text(value.into())
}

fn created(fields: &[(&str, Value)]) -> ContactEvent {
    let mut made = ContactFields::default();
    for (name, value) in fields {
        made.set(field(name), Some(value.clone()));
    }
    RecordEvent::Created(FieldSet::new(made))
}

fn changed(name: &'static str, changes: &[(&str, Option<Value>, Option<Value>)]) -> ContactEvent {
    let changes = changes
        .iter()
        .map(|(name, was, now)| Change { field: field(name), was: was.clone(), now: now.clone() })
        .collect();
    RecordEvent::Changed { name, changes, note: None }
}

fn given(events: impl IntoIterator<Item = ContactEvent>) -> Given<Contact> {
    testing::given(events)
}

/// Ada, a lead, made without further ado.
fn ada() -> ContactEvent {
    created(&[
        ("full_name", text("Ada Lovelace")),
        ("status", Value::Ref(picklist::LEAD)),
        ("is_active", Value::Boolean(true)),
        ("do_not_contact", Value::Boolean(false)),
    ])
}

fn given_ada() -> Given<Contact> {
    given([ada()])
}

#[test]
fn a_full_name_alone_makes_a_contact_which_is_a_lead() {
    let contact = given([]).when(create(&json!({"full_name": " Ada  Lovelace "}))).then(&[ada()]);
    assert_eq!(contact.state.life, Life::Active);
    assert_eq!(contact.state.fields.status, Some(ChoiceId(picklist::LEAD)));
    assert_eq!(contact.state.fields.first_name, None, "a full name is not split");
}

#[test]
fn any_way_to_name_or_reach_a_person_makes_a_contact() {
    for name in ["first_name", "last_name", "company_name", "email", "phone", "mobile"] {
        let value = match name {
            "email" => "ada@example.org",
            "phone" | "mobile" => "020 7123 4567",
            _ => "Ada",
        };
        let command = create(&json!({name: value}));
        assert!(Contact::default().decide(command, chrono::DateTime::UNIX_EPOCH).is_ok(), "{name}");
    }
}

#[test]
fn an_empty_contact_is_refused_with_what_to_give() {
    for input in [json!({}), json!({"city": "Rome", "tags": [VIP]}), json!({"full_name": "  "})] {
        given([]).when(create(&input)).then_invalid(&[("/full_name", "name_missing")]);
    }
}

#[test]
fn the_last_name_cannot_be_taken_from_a_contact() {
    given_ada()
        .when(change(&json!({"full_name": null})))
        .then_invalid(&[("/full_name", "name_missing")]);
    given_ada().when(change(&json!({"full_name": null, "email": "ada@example.org"}))).then(&[
        changed(
            "contact.details_changed",
            &[
                ("full_name", Some(text("Ada Lovelace")), None),
                ("email", None, Some(text("ada@example.org"))),
            ],
        ),
    ]);
}

#[test]
fn every_fault_of_an_input_is_named_with_its_member() {
    let faults = parsed(&json!({
        "email": "ada@", "phone": "call me", "website": "javascript:alert(1)", "language": "German",
        "date_of_birth": "31.12.1815", "last_contacted_at": "yesterday", "employees_count": -1,
        "annual_revenue": {"amount": -5, "currency": "EUR"}, "funding": {"amount": 5, "currency": "XYZ"},
        "first_name": "A\u{202e}da", "last_name": "x".repeat(101), "status": "lead", "tags": "vip",
        "is_active": "yes?", "full_name": 7, "shoe/size": 44, "custom": {"Size": 1},
    }));
    let fault = |name: &str, code: &str| (format!("/{name}"), code.to_owned());
    let mut expected = vec![
        fault("email", "invalid_email"),
        fault("phone", "invalid_phone"),
        fault("website", "invalid_url"),
        fault("language", "invalid_language"),
        fault("date_of_birth", "invalid_date"),
        fault("last_contacted_at", "invalid_time"),
        fault("employees_count", "out_of_range"),
        fault("annual_revenue", "out_of_range"),
        fault("funding", "unknown_currency"),
        fault("first_name", "control_character"),
        fault("last_name", "too_long"),
        fault("status", "invalid_id"),
        fault("tags", "wrong_type"),
        fault("is_active", "wrong_type"),
        fault("full_name", "wrong_type"),
        fault("shoe~1size", "unknown_field"),
        fault("custom", "invalid_key"),
    ];
    let mut found = faults.unwrap_err();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_flood_of_unknown_fields_gets_a_bounded_answer() {
    let many: serde_json::Map<_, _> = (0..5_000).map(|n| (format!("f{n}"), json!(1))).collect();
    assert_eq!(parsed(&Json::Object(many)).unwrap_err().len(), 100);
    let long = json!({"x".repeat(1 << 20): 1});
    assert_eq!(parsed(&long).unwrap_err()[0].0.len(), 61);
}

#[test]
fn plain_fields_change_together_in_one_event() {
    given_ada()
        .when(change(&json!({"city": "London", "title": "Countess", "do_not_contact": false})))
        .then(&[changed(
            "contact.details_changed",
            &[("title", None, Some(text("Countess"))), ("city", None, Some(text("London")))],
        )]);
}

#[test]
fn status_tags_and_assignment_are_events_of_their_own() {
    given_ada()
        .when(change(&json!({
            "status": picklist::CUSTOMER, "tags": [VIP, FAIR, VIP], "assigned_to": ANA, "city": "London",
        })))
        .then(&[
            changed("contact.details_changed", &[("city", None, Some(text("London")))]),
            changed("contact.tags_changed", &[("tags", None, Some(Value::Refs(vec![VIP, FAIR])))]),
            changed("contact.assigned", &[("assigned_to", None, Some(Value::Ref(ANA)))]),
            changed(
                "contact.status_changed",
                &[("status", Some(Value::Ref(picklist::LEAD)), Some(Value::Ref(picklist::CUSTOMER)))],
            ),
        ]);
}

#[test]
fn a_note_stands_with_the_change_of_status_and_is_sealed() {
    let command = RecordCommand::Change {
        patch: patch(&json!({"status": picklist::CUSTOMER, "city": "London"})),
        note: Some(" Signed at the fair. ".into()),
    };
    let mut events = given_ada().state.decide(command, chrono::DateTime::UNIX_EPOCH).unwrap();
    let RecordEvent::Changed { name: "contact.status_changed", note, .. } = events.pop().unwrap()
    else {
        panic!("the change of status comes last")
    };
    assert_eq!(note.as_deref(), Some("Signed at the fair."));
    let [RecordEvent::Changed { name: "contact.details_changed", note: None, .. }] = &events[..]
    else {
        panic!("{events:?}")
    };
}

#[test]
fn a_note_is_judged_like_any_text() {
    let with = |note: &str| RecordCommand::Change {
        patch: patch(&json!({"status": picklist::CUSTOMER})),
        note: Some(note.into()),
    };
    given_ada().when(with("a\0b")).then_invalid(&[("/note", "control_character")]);
    given_ada().when(with(&"x".repeat(2_001))).then_invalid(&[("/note", "too_long")]);
    let nothing = RecordCommand::Change { patch: Vec::new(), note: Some("Just saying.".into()) };
    given_ada().when(nothing).then_nothing();
}

#[test]
fn a_patch_made_by_a_program_is_kept_in_the_form_in_which_it_is_read_back() {
    let at = |name| field(name);
    let nanos = chrono::DateTime::from_timestamp(1_800_000_000, 123_456_789).unwrap();
    let micros = chrono::DateTime::from_timestamp(1_800_000_000, 123_456_000).unwrap();
    let patch = vec![
        (at("city"), Some(text(""))),
        (at("tags"), Some(Value::Refs(vec![FAIR, VIP, FAIR]))),
        (at("services"), Some(Value::Refs(Vec::new()))),
        (at("last_contacted_at"), Some(Value::Time(nanos))),
    ];
    given_ada().when(RecordCommand::Change { patch, note: None }).then(&[
        changed(
            "contact.details_changed",
            &[("last_contacted_at", None, Some(Value::Time(micros)))],
        ),
        changed("contact.tags_changed", &[("tags", None, Some(Value::Refs(vec![VIP, FAIR])))]),
    ]);
}

#[test]
fn a_contact_is_assigned_to_the_member_responsible() {
    let contact = given([
        ada(),
        changed("contact.assigned", &[("assigned_to", None, Some(Value::Ref(ANA)))]),
    ]);
    assert_eq!(contact.state.assigned_to(), Some(MemberId(ANA)));
}

#[test]
fn custom_values_are_set_and_cleared_one_by_one() {
    let custom = |json: Json| Some(Value::Custom(json.as_object().unwrap().clone()));
    let first = given_ada()
        .when(change(
            &json!({"custom": {"size": 44.0, "colours": ["red", " "], "vip": true, "none": ""}}),
        ))
        .then(&[changed(
            "contact.details_changed",
            &[("custom", None, custom(json!({"size": 44, "colours": ["red"], "vip": true})))],
        )]);
    let second =
        first.when(change(&json!({"custom": {"size": 45, "vip": null}}))).then(&[changed(
            "contact.details_changed",
            &[(
                "custom",
                custom(json!({"size": 44, "colours": ["red"], "vip": true})),
                custom(json!({"size": 45, "colours": ["red"]})),
            )],
        )]);
    let third = second.when(change(&json!({"custom": {}}))).then_nothing();
    assert!(
        third
            .when(change(&json!({"custom": null})))
            .then_each_time(&[changed(
                "contact.details_changed",
                &[("custom", custom(json!({"size": 45, "colours": ["red"]})), None)],
            )])
            .0
            .state
            .fields
            .custom
            .is_none()
    );
}

#[test]
fn custom_values_that_could_do_harm_are_refused() {
    let deep = (0..200).fold(json!("x"), |inner, _| json!([inner]));
    for (value, code) in [
        (json!({"a": "nul\0"}), "control_character"),
        (json!(["ok", "nul\0"]), "wrong_type"),
        (json!({"a": ["nul\0"]}), "control_character"),
        (json!({"a": "x".repeat(10 << 20)}), "too_long"),
        (json!({"a": {"b": 1}}), "wrong_type"),
        (json!({"a": [1]}), "wrong_type"),
        (json!({"a": deep}), "wrong_type"),
        (json!({"a": vec!["x"; 101]}), "wrong_type"),
        (json!({"a": 9_007_199_254_740_992_u64}), "out_of_range"),
        (json!({"a": 1e300}), "out_of_range"),
        (json!({"": 1}), "invalid_key"),
        (json!({"a/b": 1}), "invalid_key"),
        (json!({"nul\0": 1}), "invalid_key"),
    ] {
        let faults = parsed(&json!({"custom": value})).unwrap_err();
        assert_eq!(faults[0].1, code, "{faults:?}");
        assert!(faults[0].0.starts_with("/custom"), "{faults:?}");
    }
    let many = |prefix: &str| -> serde_json::Map<_, _> {
        (0..150).map(|n| (format!("{prefix}{n}"), json!(1))).collect()
    };
    given([])
        .when(create(&json!({"full_name": "Ada", "custom": many("a")})))
        .then_each_time(&[created(&[
            ("full_name", text("Ada")),
            ("status", Value::Ref(picklist::LEAD)),
            ("is_active", Value::Boolean(true)),
            ("do_not_contact", Value::Boolean(false)),
            ("custom", Value::Custom(many("a"))),
        ])])
        .0
        .when(change(&json!({"custom": many("b")})))
        .then_invalid(&[("/custom", "too_many")]);
    let large: serde_json::Map<_, _> =
        (0..11).map(|n| (format!("k{n}"), json!("x".repeat(9_999)))).collect();
    given_ada().when(change(&json!({"custom": large}))).then_invalid(&[("/custom", "too_large")]);
}

#[test]
fn deleting_and_restoring_are_repeatable_and_keep_everything() {
    let deleted = given_ada().when(RecordCommand::Delete).then(&[RecordEvent::Deleted]);
    assert_eq!(deleted.state.life, Life::Deleted);
    assert_eq!(deleted.state.fields.full_name.as_deref(), Some("Ada Lovelace"));
    let restored = deleted.when(RecordCommand::Restore).then(&[RecordEvent::Restored]);
    assert_eq!(restored.state, given_ada().state);
}

#[test]
fn a_deleted_contact_is_not_changed_nor_made_anew() {
    let deleted = || given([ada(), RecordEvent::Deleted]);
    deleted().when(change(&json!({"city": "London"}))).then_refused(RecordError::Deleted);
    deleted()
        .when(create(&json!({"full_name": "Ada Lovelace"})))
        .then_refused(RecordError::AlreadyExists);
}

#[test]
fn a_contact_that_never_was_is_not_found() {
    for command in
        [change(&json!({"city": "London"})), RecordCommand::Delete, RecordCommand::Restore]
    {
        given([]).when(command).then_refused(RecordError::NotFound);
    }
}

#[test]
fn a_second_contact_cannot_take_the_place_of_the_first() {
    given_ada()
        .when(create(&json!({"full_name": "Grace Hopper"})))
        .then_refused(RecordError::AlreadyExists);
}

#[test]
fn undoing_the_creation_deletes() {
    let reversal = given_ada().reversing(&ada());
    assert_eq!(reversal, Ok(Reversal { events: vec![RecordEvent::Deleted], kept: Vec::new() }));
}

#[test]
fn undoing_the_creation_keeps_a_contact_that_was_worked_on_since() {
    let contact =
        given([ada(), changed("contact.details_changed", &[("city", None, Some(text("London")))])]);
    let reversal = contact.reversing(&ada());
    assert_eq!(reversal, Ok(Reversal { events: Vec::new(), kept: vec!["city"] }));
}

#[test]
fn undoing_a_deletion_restores_and_undoing_that_deletes() {
    let deleted = || given([ada(), RecordEvent::Deleted]);
    let only = |event| Ok(Reversal { events: vec![event], kept: Vec::new() });
    assert_eq!(deleted().reversing(&RecordEvent::Deleted), only(RecordEvent::Restored));
    assert_eq!(given_ada().reversing(&RecordEvent::Restored), only(RecordEvent::Deleted));
}

#[test]
fn what_is_undone_already_is_left_alone() {
    let nothing = Ok(Reversal { events: Vec::new(), kept: Vec::new() });
    assert_eq!(given_ada().reversing(&RecordEvent::Deleted), nothing);
    let deleted = || given([ada(), RecordEvent::Deleted]);
    assert_eq!(deleted().reversing(&ada()), nothing);
    assert_eq!(deleted().reversing(&RecordEvent::Restored), nothing);
    let moved = changed("contact.details_changed", &[("city", None, Some(text("London")))]);
    assert_eq!(given_ada().reversing(&moved), nothing);
}

#[test]
fn undoing_a_change_puts_back_what_was_and_keeps_what_came_after() {
    let edit = changed(
        "contact.details_changed",
        &[("title", None, Some(text("Countess"))), ("city", None, Some(text("London")))],
    );
    let moved =
        changed("contact.details_changed", &[("city", Some(text("London")), Some(text("Bath")))]);
    let reversal = given([ada(), edit.clone(), moved]).reversing(&edit);
    let back = changed("contact.details_changed", &[("title", Some(text("Countess")), None)]);
    assert_eq!(reversal, Ok(Reversal { events: vec![back], kept: vec!["city"] }));
}

#[test]
fn undoing_a_change_of_custom_values_goes_key_by_key() {
    let custom = |json: Json| Some(Value::Custom(json.as_object().unwrap().clone()));
    let details = |was: Json, now: Json| {
        changed("contact.details_changed", &[("custom", custom(was), custom(now))])
    };
    let start =
        changed("contact.details_changed", &[("custom", None, custom(json!({"a": 1, "b": 1})))]);
    let edit = details(json!({"a": 1, "b": 1}), json!({"a": 2, "b": 2, "c": 2}));
    let later = details(json!({"a": 2, "b": 2, "c": 2}), json!({"a": 2, "b": 3, "c": 2, "d": 3}));
    let reversal = given([ada(), start, edit.clone(), later]).reversing(&edit);
    let back = details(json!({"a": 2, "b": 3, "c": 2, "d": 3}), json!({"a": 1, "b": 3, "d": 3}));
    assert_eq!(reversal, Ok(Reversal { events: vec![back], kept: vec!["custom"] }));
}

#[test]
fn a_change_is_not_undone_where_nothing_valid_would_be_left() {
    let named =
        changed("contact.details_changed", &[("email", None, Some(text("ada@example.org")))]);
    let unnamed =
        changed("contact.details_changed", &[("full_name", Some(text("Ada Lovelace")), None)]);
    let contact = given([ada(), named.clone(), unnamed]);
    let refused = NotReversible("What would be left does not fit the rules.");
    assert_eq!(contact.reversing(&named), Err(refused));
}

#[test]
fn a_change_to_a_deleted_or_absent_contact_is_not_undone() {
    let edit = changed("contact.details_changed", &[("city", None, Some(text("London")))]);
    let deleted = given([ada(), edit.clone(), RecordEvent::Deleted]);
    assert!(deleted.reversing(&edit).unwrap_err().to_string().contains("restore it first"));
    assert!(given([]).reversing(&edit).is_err());
}

#[test]
fn undoing_a_change_of_status_is_a_change_of_status() {
    let was = Some(Value::Ref(picklist::LEAD));
    let now = Some(Value::Ref(picklist::CUSTOMER));
    let won = changed("contact.status_changed", &[("status", was.clone(), now.clone())]);
    let reversal = given([ada(), won.clone()]).reversing(&won);
    let back = changed("contact.status_changed", &[("status", now, was)]);
    assert_eq!(reversal, Ok(Reversal { events: vec![back], kept: Vec::new() }));
}

#[test]
fn undo_does_not_bring_back_what_was_erased() {
    let moved =
        changed("contact.details_changed", &[("city", Some(text("Bath")), Some(text("London")))]);
    let erased = |event: &ContactEvent| stored(event).1;
    let contact = given([erased(&ada()), erased(&moved)]);
    assert_eq!(contact.state.fields.full_name, None);
    let nothing = Ok(Reversal { events: Vec::new(), kept: Vec::new() });
    assert_eq!(contact.reversing(&erased(&moved)), nothing);
}

#[test]
fn an_erased_contact_can_still_be_handed_over() {
    given([stored(&ada()).1])
        .when(change(&json!({"assigned_to": BEN})))
        .then(&[changed("contact.assigned", &[("assigned_to", None, Some(Value::Ref(BEN)))])]);
}

fn with(fields: &Json) -> ContactFields {
    given([created(
        &patch(fields)
            .into_iter()
            .map(|(at, value)| (ContactFields::def(at).name, value.unwrap()))
            .collect::<Vec<_>>(),
    )])
    .state
    .fields
}

#[test]
fn a_contact_is_shown_by_the_best_name_there_is() {
    for (fields, title, sorted) in [
        (json!({"first_name": "Ada", "last_name": "Lovelace"}), "Ada Lovelace", "lovelace, ada"),
        (json!({"last_name": "Łukasz"}), "Łukasz", "lukasz"),
        (json!({"first_name": "Zoë"}), "Zoë", "zoe"),
        (json!({"full_name": "Ada Lovelace"}), "Ada Lovelace", "ada lovelace"),
        (json!({"full_name": "Countess Ada", "last_name": "King"}), "Countess Ada", "king"),
        (json!({"company_name": "Äon AG", "email": "a@b.org"}), "a@b.org", "aon ag"),
        (json!({"email": "Ada@b.org", "phone": "+442071234567"}), "Ada@b.org", "ada@b.org"),
        (json!({"mobile": "+442071234567"}), "+442071234567", "+442071234567"),
        (json!({}), "Unnamed contact", ""),
    ] {
        let fields = with(&fields);
        assert_eq!(ContactType::title(&fields), title);
        assert_eq!(ContactType::sort_title(&fields), sorted);
    }
}

#[test]
fn search_looks_at_names_addresses_and_digits() {
    let fields = with(&json!({
        "first_name": "Zoë", "last_name": "Van  der Berg", "email": "Zoe+x@Example.org",
        "phone": "020 7123 4567 x12", "company_name": "Straßen & Söhne", "notes": "secret",
    }));
    assert_eq!(
        ContactType::search_text(&fields),
        " zoe van der berg zoe+x@example.org 442071234567 strassen & sohne"
    );
    assert_eq!(ContactType::search_text(&ContactFields::default()), "");
}

#[test]
fn a_contact_has_every_field_that_the_product_names() {
    // In the words and the order of `product.md`; "owner" is `assigned_to` (decision 0002).
    let named = "first_name last_name full_name email phone mobile title date_of_birth language \
        company_name company industry company_size website department \
        employees_count annual_revenue funding \
        street city state country postal_code \
        company_street company_city company_state company_country company_postal_code \
        linkedin facebook twitter instagram \
        status tags services traffic_source assigned_to relevant_date remark notes is_active \
        do_not_contact last_contacted_at custom";
    for name in named.split_whitespace() {
        assert!(ContactFields::index(name).is_some(), "{name}");
    }
    assert!(ContactFields::FIELDS.len() >= 40);
}
