//! The SQL of lists, for review: whoever changes it sees what it becomes.

use super::{Builder, Part};
use crate::list::{Deleted, Filter, KeyValue, Keyset, ListQuery, SortKey};
use crate::read::{AsOf, Scope};
use domain::company::CompanyType;
use domain::contact::ContactType;
use domain::ids::{MemberId, OrganizationId};
use domain::reach::Reach;
use domain::record::RecordType;
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use uuid::Uuid;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn scope(reach: Reach) -> Scope {
    Scope::live(OrganizationId(id(1)), reach)
}

fn query<R: RecordType>(q: &str, filter: &Json, sort: &str) -> ListQuery {
    ListQuery {
        q: Some(q.to_owned()),
        filter: Some(Filter::parse::<R>(filter).expect("a filter")),
        sort: SortKey::parse::<R>(sort).expect("a sort"),
        ..ListQuery::default()
    }
}

fn sql<R: RecordType>(query: &ListQuery, scope: &Scope) -> String {
    let builder = Builder::<R>::new(query, scope);
    let mut text = String::new();
    for part in builder.parts() {
        let sql = builder.page(*part, 51);
        let _ = writeln!(text, "-- {part:?}\n{}", sql.text);
        for (index, argument) in (1..).zip(&sql.arguments) {
            let _ = writeln!(text, "--   ${index} {argument:?}");
        }
    }
    text
}

#[test]
fn the_default_list() {
    insta::assert_snapshot!(sql::<ContactType>(&ListQuery::default(), &scope(Reach::All)));
}

#[test]
fn every_kind_of_test() {
    let filter = json!({"all": [
        {"field": "first_name", "op": "eq", "value": "Ada"},
        {"field": "first_name", "op": "in", "value": ["Ada", "Bob"]},
        {"field": "first_name", "op": "ne", "value": "Ada"},
        {"field": "first_name", "op": "contains", "value": "100%_"},
        {"field": "city", "op": "starts_with", "value": "Ber"},
        {"field": "phone", "op": "eq", "value": "+49 30 90"},
        {"field": "tags", "op": "contains", "value": id(5)},
        {"field": "tags", "op": "in", "value": [id(5), id(6)]},
        {"field": "tags", "op": "ne", "value": id(5)},
        {"field": "status", "op": "eq", "value": "lead"},
        {"field": "employees_count", "op": "between", "value": [1, 9]},
        {"field": "annual_revenue", "op": "gt", "value": {"amount": 5, "currency": "EUR"}},
        {"field": "annual_revenue", "op": "in", "value": [{"amount": 5, "currency": "EUR"}, {"amount": 6, "currency": "USD"}]},
        {"field": "relevant_date", "op": "lte", "value": "2026-01-02"},
        {"field": "last_contacted_at", "op": "not_within_last", "value": 30},
        {"any": [{"field": "is_active", "op": "eq", "value": true}, {"field": "email", "op": "empty"}, {"any": []}]},
        {"field": "created_by", "op": "eq", "value": id(7)},
    ]});
    let query = query::<ContactType>("", &filter, "-updated_at");
    insta::assert_snapshot!(sql::<ContactType>(&query, &scope(Reach::All)));
}

#[test]
fn several_owners_are_walked_each_and_merged() {
    let filter = json!({"field": "assigned_to", "op": "in", "value": [id(2), id(3), id(9)]});
    let query = query::<ContactType>("", &filter, "last_name,-updated_at");
    let team = Reach::Team([3, 2, 4].map(id).map(MemberId).to_vec());
    insta::assert_snapshot!(sql::<ContactType>(&query, &scope(team)));
}

#[test]
fn words_of_one_owner_behind_a_keyset_with_two_keys() {
    let mut query =
        query::<ContactType>("Zoë +49(30)9 al", &json!({"all": []}), "-last_name,first_name");
    query.after = Some(Keyset {
        keys: vec![Some(KeyValue::Text("quinn".into())), Some(KeyValue::Text("zoe".into()))],
        id: id(8),
    });
    query.deleted = Deleted::Include;
    insta::assert_snapshot!(sql::<ContactType>(&query, &scope(Reach::Own(MemberId(id(2))))));
}

#[test]
fn behind_a_row_without_a_value_there_are_only_such_rows() {
    let mut query = query::<CompanyType>("", &json!({"all": []}), "employees_count");
    query.after = Some(Keyset { keys: vec![None], id: id(8) });
    query.deleted = Deleted::Only;
    let builder_scope = scope(Reach::All);
    let builder = Builder::<CompanyType>::new(&query, &builder_scope);
    assert_eq!(builder.parts(), [Part::Empty]);
    insta::assert_snapshot!(sql::<CompanyType>(&query, &builder_scope));
}

#[test]
fn in_the_past_reach_looks_at_the_present() {
    let as_of = AsOf { name: "asof_x_7".to_owned(), position: 7 };
    let scope = scope(Reach::Own(MemberId(id(2)))).within(as_of);
    insta::assert_snapshot!(sql::<ContactType>(&ListQuery::default(), &scope));
}

#[test]
fn totals_are_counted_no_further_than_told() {
    let scope = scope(Reach::Team([3, 2].map(id).map(MemberId).to_vec()));
    let query = ListQuery::default();
    insta::assert_snapshot!(Builder::<ContactType>::new(&query, &scope).count(10_001).text);
}
