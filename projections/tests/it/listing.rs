//! Lists: order, pages, filters, words, totals.

use crate::fixture::{Fixture, Following, id};
use domain::contact::ContactType;
use domain::ids::MemberId;
use domain::picklist;
use domain::reach::Reach;
use projections::{
    Deleted, FieldSelection, Filter, KeyValue, Keyset, ListQuery, ReadError, Scope, SortKey, Total,
};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value as Json, json};
use std::cmp::Ordering;
use uuid::Uuid;

async fn titles(following: &Following, scope: Scope, query: &ListQuery) -> Vec<String> {
    let mut tx = following.read(scope).await;
    let page = tx.list::<ContactType>(query).await.expect("a list");
    page.rows.into_iter().map(|row| row.title).collect()
}

fn filter(json: &Json) -> ListQuery {
    let filter = Filter::parse::<ContactType>(json).expect("a filter");
    let sort = SortKey::parse::<ContactType>("created_at").expect("a sort");
    ListQuery { filter: Some(filter), sort, ..ListQuery::default() }
}

/// What a record is sorted by in the reference.
#[derive(Clone, Debug)]
struct Person {
    id: Uuid,
    last: Option<String>,
    first: String,
    date: Option<String>,
    order: usize,
    owner: u128,
}

fn by<T: Ord>(a: Option<&T>, b: Option<&T>, down: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if down => b.cmp(a),
        (Some(a), Some(b)) => a.cmp(b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

#[tokio::test]
async fn pages_of_any_size_in_any_order_join_to_the_whole_list() {
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    let mut people = Vec::new();
    for order in 0..70 {
        let last = random.random_bool(0.7).then(|| format!("L{}", random.random_range(0..6)));
        let person = Person {
            id: Uuid::now_v7(),
            last,
            first: format!("F{}", random.random_range(0..6)),
            date: random
                .random_bool(0.6)
                .then(|| format!("2024-01-{:02}", random.random_range(1..9))),
            order,
            owner: random.random_range(1..5),
        };
        let contact = json!({
            "first_name": person.first, "last_name": person.last, "relevant_date": person.date,
            "assigned_to": id(person.owner),
        });
        fixture.create_contact(person.id, contact).await;
        people.push(person);
    }
    following.reach(&fixture).await;
    let team = Reach::Team(vec![MemberId(id(1)), MemberId(id(2)), MemberId(id(1))]);
    for (reach, owners) in [(Reach::All, 1..5), (team, 1..3), (Reach::Own(MemberId(id(3))), 3..4)] {
        for sort in [
            "last_name",
            "-last_name",
            "relevant_date,-last_name",
            "-relevant_date,first_name",
            "-updated_at",
            "first_name,-relevant_date",
            "-last_name,relevant_date",
            "name",
        ] {
            let keys: Vec<(&str, bool)> = sort
                .split(',')
                .map(|key| (key.trim_start_matches('-'), key.starts_with('-')))
                .collect();
            let mut expected: Vec<&Person> =
                people.iter().filter(|person| owners.contains(&person.owner)).collect();
            expected.sort_by(|a, b| {
                let compared = keys.iter().fold(Ordering::Equal, |so_far, (key, down)| {
                    so_far.then_with(|| match *key {
                        "last_name" => by(a.last.as_ref(), b.last.as_ref(), *down),
                        "first_name" => by(Some(&a.first), Some(&b.first), *down),
                        "relevant_date" => by(a.date.as_ref(), b.date.as_ref(), *down),
                        "updated_at" => by(Some(&a.order), Some(&b.order), *down),
                        "name" => {
                            let name = |p: &Person| {
                                p.last.as_ref().map_or_else(
                                    || p.first.clone(),
                                    |last| format!("{last}, {}", p.first),
                                )
                            };
                            by(Some(&name(a).to_lowercase()), Some(&name(b).to_lowercase()), *down)
                        }
                        other => panic!("{other}"),
                    })
                });
                compared.then_with(|| if keys[0].1 { b.id.cmp(&a.id) } else { a.id.cmp(&b.id) })
            });
            let mut query = ListQuery {
                sort: SortKey::parse::<ContactType>(sort).expect("a sort"),
                fields: FieldSelection::parse::<ContactType>("last_name").expect("fields"),
                ..ListQuery::default()
            };
            let mut got = Vec::new();
            loop {
                query.limit = random.random_range(1..20);
                let scope = Scope::live(fixture.organization, reach.clone());
                let mut tx = following.read(scope).await;
                let page = tx.list::<ContactType>(&query).await.expect("a page");
                got.extend(page.rows.iter().map(|row| row.id));
                match page.next {
                    Some(next) => {
                        // A cursor goes through the client as JSON.
                        let text = serde_json::to_string(&next).expect("writes");
                        query.after = serde_json::from_str(&text).expect("reads");
                    }
                    None => break,
                }
            }
            let expected: Vec<Uuid> = expected.iter().map(|person| person.id).collect();
            assert_eq!(got, expected, "{sort} {reach:?}");
        }
    }
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let fixture = Fixture::new().await;
    let following = fixture.follow().await;
    for keys in [vec![], vec![Some(KeyValue::Text("x".into()))], vec![None, None]] {
        let query = ListQuery { after: Some(Keyset { keys, id: id(1) }), ..ListQuery::default() };
        let mut tx = following.read(fixture.everything()).await;
        let refused = tx.list::<ContactType>(&query).await;
        let expected = query.after.as_ref().is_some_and(|keyset| keyset.keys == [None]);
        assert!(expected || matches!(refused, Err(ReadError::Invalid(_))), "{query:?}");
    }
}

#[tokio::test]
async fn every_operator_finds_what_it_says() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    fixture.add_tag(id(70), "Vip").await;
    fixture.add_tag(id(71), "Press").await;
    let people = [
        json!({"first_name": "Ada", "last_name": "Lovelace", "email": "Ada@Example.com", "phone": "+49 30 901820",
               "tags": [id(70), id(71)], "annual_revenue": {"amount": 100, "currency": "EUR"}, "city": "München",
               "employees_count": 10, "relevant_date": "2020-01-01", "is_active": true, "assigned_to": id(1),
               "department": "R&D_1", "website": "https://ada.example.com"}),
        json!({"first_name": "Bob", "email": "bob@example.org", "tags": [id(70)], "status": picklist::CUSTOMER,
               "annual_revenue": {"amount": 200, "currency": "USD"}, "employees_count": 20,
               "relevant_date": "2021-06-01", "is_active": false, "assigned_to": id(2), "department": "R&DX1"}),
        json!({"first_name": "Émile", "employees_count": 30, "annual_revenue": {"amount": 300, "currency": "EUR"}}),
    ];
    for (n, person) in (100..).zip(people) {
        fixture.create_contact(id(n), person).await;
    }
    following.reach(&fixture).await;
    for (condition, expected) in [
        (json!({"field": "first_name", "op": "eq", "value": "ada"}), "Ada"),
        (json!({"field": "first_name", "op": "eq", "value": "emile"}), "Émile"),
        (json!({"field": "first_name", "op": "ne", "value": "Ada"}), "Bob Émile"),
        (json!({"field": "first_name", "op": "in", "value": ["ADA", "bob"]}), "Ada Bob"),
        (json!({"field": "first_name", "op": "contains", "value": "O"}), "Bob"),
        (json!({"field": "email", "op": "eq", "value": "ada@example.COM"}), "Ada"),
        (json!({"field": "email", "op": "contains", "value": "example"}), "Ada Bob"),
        (json!({"field": "email", "op": "starts_with", "value": "bob@"}), "Bob"),
        (json!({"field": "email", "op": "empty"}), "Émile"),
        (json!({"field": "email", "op": "not_empty"}), "Ada Bob"),
        (json!({"field": "phone", "op": "eq", "value": "0049 30 90 18 20"}), "Ada"),
        (json!({"field": "phone", "op": "contains", "value": "9018"}), "Ada"),
        (json!({"field": "city", "op": "eq", "value": "münchen"}), "Ada"),
        (json!({"field": "city", "op": "contains", "value": "NCHE"}), "Ada"),
        (json!({"field": "department", "op": "contains", "value": "D_1"}), "Ada"),
        (json!({"field": "department", "op": "starts_with", "value": "r&d"}), "Ada Bob"),
        (json!({"field": "website", "op": "contains", "value": "ada.ex"}), "Ada"),
        (json!({"field": "tags", "op": "contains", "value": id(70)}), "Ada Bob"),
        (json!({"field": "tags", "op": "eq", "value": [id(70), id(71)]}), "Ada"),
        (json!({"field": "tags", "op": "in", "value": [id(71), id(72)]}), "Ada"),
        (json!({"field": "tags", "op": "ne", "value": id(71)}), "Bob Émile"),
        (json!({"field": "tags", "op": "empty"}), "Émile"),
        (json!({"field": "status", "op": "eq", "value": "customer"}), "Bob"),
        (
            json!({"field": "status", "op": "in", "value": ["lead", picklist::CUSTOMER]}),
            "Ada Bob Émile",
        ),
        (json!({"field": "status", "op": "ne", "value": "lead"}), "Bob"),
        (json!({"field": "assigned_to", "op": "eq", "value": id(2)}), "Bob"),
        (json!({"field": "assigned_to", "op": "in", "value": [id(2), id(1)]}), "Ada Bob"),
        (json!({"field": "assigned_to", "op": "empty"}), "Émile"),
        (json!({"field": "employees_count", "op": "gt", "value": 10}), "Bob Émile"),
        (json!({"field": "employees_count", "op": "gte", "value": 10}), "Ada Bob Émile"),
        (json!({"field": "employees_count", "op": "lt", "value": 20}), "Ada"),
        (json!({"field": "employees_count", "op": "lte", "value": 20}), "Ada Bob"),
        (json!({"field": "employees_count", "op": "between", "value": [15, 30]}), "Bob Émile"),
        (json!({"field": "employees_count", "op": "in", "value": [10, 30]}), "Ada Émile"),
        (
            json!({"field": "annual_revenue", "op": "gte", "value": {"amount": 100, "currency": "EUR"}}),
            "Ada Émile",
        ),
        (
            json!({"field": "annual_revenue", "op": "eq", "value": {"amount": 200, "currency": "EUR"}}),
            "",
        ),
        (
            json!({"field": "annual_revenue", "op": "in", "value": [{"amount": 200, "currency": "USD"},
            {"amount": 300, "currency": "EUR"}]}),
            "Bob Émile",
        ),
        (
            json!({"field": "relevant_date", "op": "between", "value": ["2021-01-01", "2021-12-31"]}),
            "Bob",
        ),
        (json!({"field": "relevant_date", "op": "not_within_last", "value": 30}), "Ada Bob Émile"),
        (json!({"field": "relevant_date", "op": "within_last", "value": 30}), ""),
        (json!({"field": "created_at", "op": "within_last", "value": 366_000}), "Ada Bob Émile"),
        (json!({"field": "created_by", "op": "eq", "value": fixture.actor}), "Ada Bob Émile"),
        (json!({"field": "is_active", "op": "eq", "value": false}), "Bob"),
        (json!({"field": "is_active", "op": "ne", "value": false}), "Ada Émile"),
        (
            json!({"any": [{"field": "first_name", "op": "eq", "value": "Ada"},
                        {"all": [{"field": "employees_count", "op": "eq", "value": 30}]}]}),
            "Ada Émile",
        ),
        (json!({"all": []}), "Ada Bob Émile"),
        (json!({"any": []}), ""),
    ] {
        let found = titles(&following, fixture.everything(), &filter(&condition)).await;
        let firsts: Vec<&str> =
            found.iter().map(|title| title.split(' ').next().expect("a word")).collect();
        assert_eq!(firsts.join(" "), expected, "{condition}");
        let total = following
            .projections
            .total::<ContactType>(&fixture.everything(), &filter(&condition))
            .await
            .expect("a total");
        assert_eq!(total, Total { value: firsts.len() as u64, exact: true }, "{condition}");
    }
}

#[tokio::test]
async fn words_are_found_anywhere_and_short_ones_where_words_begin() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    let people = [
        json!({"full_name": "Zoë Quinn", "company_name": "Al Trading", "phone": "+49 30 901820"}),
        json!({"full_name": "Walter Malik", "email": "w_malik@example.com"}),
        json!({"full_name": "Percy 100%"}),
    ];
    for (n, person) in (100..).zip(people) {
        fixture.create_contact(id(n), person).await;
    }
    following.reach(&fixture).await;
    for (q, expected) in [
        ("zoe", "Zoë Quinn"),
        ("ZOË quinn", "Zoë Quinn"),
        ("ali", "Walter Malik"),
        ("al", "Zoë Quinn"),
        ("trading zoë", "Zoë Quinn"),
        ("zoë malik", ""),
        ("w_m", "Walter Malik"),
        ("w%m", ""),
        ("0%", ""),
        ("100%", "Percy 100%"),
        ("901820", "Zoë Quinn"),
        ("+4930901820", "Zoë Quinn"),
        ("\\", ""),
        ("nul\0l", ""),
    ] {
        let query = ListQuery { q: Some(q.to_owned()), ..ListQuery::default() };
        let found = titles(&following, fixture.everything(), &query).await;
        assert_eq!(found.join(" "), expected, "{q}");
    }
}

#[tokio::test]
async fn a_total_beyond_ten_thousand_is_told_as_that() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    fixture.create_contact(id(100), json!({"first_name": "Ada"})).await;
    following.reach(&fixture).await;
    crate::plans::fill(&fixture, 10_050).await;
    let query = ListQuery::default();
    let scope = fixture.everything();
    let total = following.projections.total::<ContactType>(&scope, &query).await.expect("counts");
    assert!(!total.exact && total.value >= 10_000, "{total:?}");
    let query = ListQuery { deleted: Deleted::Only, ..ListQuery::default() };
    let total = following.projections.total::<ContactType>(&scope, &query).await.expect("counts");
    assert_eq!(total, Total { value: 0, exact: true });
}

#[test]
fn malformed_filters_are_refused_where_they_are_wrong() {
    let deep = (0..6).fold(json!({"all": []}), |inner, _| json!({"all": [inner]}));
    let many: Vec<Json> = (0..51).map(|_| json!({"field": "city", "op": "empty"})).collect();
    let values: Vec<Json> = (0..201).map(Json::from).collect();
    for (filter, pointer, code) in [
        (json!([]), "/filter", "wrong_type"),
        (json!({"all": {}}), "/filter", "wrong_type"),
        (json!({"all": [], "any": []}), "/filter", "wrong_type"),
        (deep, "/filter/all/0/all/0/all/0/all/0/all/0", "too_deep"),
        (json!({"all": many}), "/filter/all/50", "too_many"),
        (json!({"field": "nonsense", "op": "eq"}), "/filter/field", "unknown_field"),
        (json!({"field": "notes", "op": "eq", "value": "x"}), "/filter/field", "not_filterable"),
        (json!({"field": "city"}), "/filter/op", "missing"),
        (json!({"field": "city", "op": "gt", "value": "x"}), "/filter/op", "unknown_operator"),
        (
            json!({"field": "city", "op": "eq", "value": "x", "sql": "y"}),
            "/filter",
            "unknown_member",
        ),
        (
            json!({"any": [{"field": "city", "op": "eq", "value": 1}]}),
            "/filter/any/0/value",
            "wrong_type",
        ),
        (json!({"field": "city", "op": "eq", "value": "a\u{0}b"}), "/filter/value", "wrong_type"),
        (json!({"field": "status", "op": "eq", "value": "nope"}), "/filter/value", "wrong_type"),
        (
            json!({"field": "employees_count", "op": "in", "value": values}),
            "/filter/value",
            "too_many",
        ),
        (json!({"field": "employees_count", "op": "in", "value": []}), "/filter/value", "too_many"),
        (
            json!({"field": "employees_count", "op": "in", "value": [1, "x"]}),
            "/filter/value/1",
            "wrong_type",
        ),
        (
            json!({"field": "employees_count", "op": "between", "value": [1]}),
            "/filter/value",
            "wrong_type",
        ),
        (
            json!({"field": "annual_revenue", "op": "between", "value": [{"amount": 1, "currency": "EUR"},
            {"amount": 2, "currency": "USD"}]}),
            "/filter/value",
            "mixed_currencies",
        ),
        (
            json!({"field": "relevant_date", "op": "eq", "value": "2024-02-30"}),
            "/filter/value",
            "invalid_date",
        ),
        (
            json!({"field": "relevant_date", "op": "within_last", "value": 0}),
            "/filter/value",
            "wrong_type",
        ),
        (json!({"field": "city", "op": "empty", "value": 1}), "/filter/value", "not_expected"),
    ] {
        let faults = Filter::parse::<ContactType>(&filter).expect_err("is refused");
        assert_eq!((faults[0].pointer.as_str(), &*faults[0].code), (pointer, code), "{filter}");
    }
    for sort in
        ["", "nonsense", "city", "-updated_at,updated_at", "email,country,name", "created_by"]
    {
        assert!(SortKey::parse::<ContactType>(sort).is_err(), "{sort}");
    }
}
