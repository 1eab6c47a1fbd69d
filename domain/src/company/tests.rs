use super::{Company, CompanyFields, CompanyType};
use crate::catalogue::Catalogue as _;
use crate::ids::MemberId;
use crate::kernel::testing::{self, Given};
use crate::patch::{self, InputRules};
use crate::record::{Change, FieldSet, RecordCommand, RecordEvent, RecordType as _};
use crate::value::Value;
use serde_json::{Value as Json, json};
use uuid::Uuid;

fn patch(input: &Json) -> patch::Patch {
    patch::parse::<CompanyFields>(input.as_object().unwrap(), &InputRules::default()).unwrap()
}

fn given(events: impl IntoIterator<Item = RecordEvent<CompanyType>>) -> Given<Company> {
    testing::given(events)
}

fn acme() -> RecordEvent<CompanyType> {
    let name = CompanyFields::index("name").unwrap();
    let mut fields = CompanyFields::default();
    fields.set(name, Some(Value::Text("Acme GmbH".into())));
    RecordEvent::Created(FieldSet::new(fields))
}

#[test]
fn a_name_makes_a_company() {
    given([]).when(RecordCommand::Create(patch(&json!({"name": "Acme GmbH"})))).then(&[acme()]);
}

#[test]
fn a_company_without_a_name_is_refused() {
    let nameless = json!({"website": "acme.example", "city": "Rome"});
    given([])
        .when(RecordCommand::Create(patch(&nameless)))
        .then_invalid(&[("/name", "name_missing")]);
    given([acme()])
        .when(RecordCommand::Change { patch: patch(&json!({"name": ""})), note: None })
        .then_invalid(&[("/name", "name_missing")]);
}

#[test]
fn assigning_a_company_is_an_event_of_its_own() {
    let ana = Uuid::from_u128(0xA7A);
    let assigned_to = CompanyFields::index("assigned_to").unwrap();
    let company = given([acme()])
        .when(RecordCommand::Change { patch: patch(&json!({"assigned_to": ana})), note: None })
        .then(&[RecordEvent::Changed {
            name: "company.assigned",
            changes: vec![Change { field: assigned_to, was: None, now: Some(Value::Ref(ana)) }],
            note: None,
        }]);
    assert_eq!(company.state.assigned_to(), Some(MemberId(ana)));
}

#[test]
fn a_company_is_sorted_and_found_by_its_name() {
    let company = given([acme()])
        .when(RecordCommand::Change {
            patch: patch(&json!({"name": "Ärzte & Co", "website": "aerzte.example", "phone": "+44 20 7123 4567"})),
            note: None,
        });
    let fields = company.then_state().fields;
    assert_eq!(CompanyType::title(&fields), "Ärzte & Co");
    assert_eq!(CompanyType::sort_title(&fields), "arzte & co");
    assert_eq!(
        CompanyType::search_text(&fields),
        " arzte & co https://aerzte.example 442071234567"
    );
    assert_eq!(CompanyType::title(&CompanyFields::default()), "Unnamed company");
}
