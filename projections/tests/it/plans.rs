//! Lists find their rows by indexes, as the runtime roles, for every reach.

use crate::fixture::{Fixture, Following, id};
use domain::contact::ContactType;
use domain::ids::MemberId;
use domain::reach::Reach;
use projections::{Filter, ListQuery, Scope, SortKey};
use serde_json::json;

/// Makes contacts by SQL: much faster than by events, and enough for a planner.
pub async fn fill(fixture: &Fixture, rows: u32) {
    let schema = fixture.live_schema("contacts").await;
    let organization = fixture.organization;
    let sql = format!(
        "SET search_path = {schema}, ext;
         INSERT INTO contacts (organization_id, id, version, created_at, updated_at, display_title,
                sort_title, search_text, first_name, first_name_sort, last_name, last_name_sort,
                email, email_norm, status, assigned_to, tags, employees_count)
         SELECT '{organization}', md5('c' || n)::uuid, 1, t.at, t.at, 'Person ' || n, 'person ' || n,
                ' person word' || n % 500 || ' ' || md5(n::text),
                'First', 'first', 'Last' || n, 'last' || n,
                'p' || n || '@example.com', 'p' || n || '@example.com',
                ('00000000-0000-0000-0000-00000000000' || n % 4)::uuid,
                CASE WHEN n % 1000 = 0 THEN '{own}'::uuid
                     ELSE ('00000000-0000-0000-0001-0000000000' || 10 + n % 60)::uuid END,
                ARRAY[('00000000-0000-0000-0002-000000000' || 100 + n % 300)::uuid], n
           FROM generate_series(1, {rows}) AS n,
                LATERAL (SELECT timestamptz '2024-01-01' + n * interval '1 minute' AS at) AS t;
         ANALYZE contacts",
        own = id(5),
    );
    fixture.run(&sql).await;
}

fn team() -> Vec<MemberId> {
    (10..30)
        .map(|n| format!("00000000-0000-0000-0001-0000000000{n}").parse().expect("an id"))
        .map(MemberId)
        .collect()
}

async fn plan(following: &Following, scope: Scope, query: &ListQuery) -> String {
    let mut tx = following.read(scope).await;
    tx.explain_list::<ContactType>(query).await.expect("a plan")
}

#[tokio::test]
async fn common_words_are_found_by_walking_and_rare_ones_by_their_index() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    fixture.create_contact(id(100), json!({"first_name": "Ada"})).await;
    following.reach(&fixture).await;
    fill(&fixture, 50_000).await;
    for (reach, walk) in [
        (Reach::All, "contacts_by_updated_at"),
        (Reach::Team(team()), "contacts_owned_by_updated_at"),
        (Reach::Own(MemberId(id(5))), "contacts_owned_by_"),
    ] {
        for (word, common) in [("person", true), ("word123", false)] {
            let query = ListQuery { q: Some(word.into()), ..ListQuery::default() };
            let scope = Scope::live(fixture.organization, reach.clone());
            let plan = plan(&following, scope, &query).await;
            if common {
                assert!(
                    plan.contains(walk) && !plan.contains("Bitmap"),
                    "{reach:?} {word}\n{plan}"
                );
            } else if reach == Reach::All {
                assert!(plan.contains("contacts_search"), "{reach:?} {word}\n{plan}");
            }
        }
    }
}

#[tokio::test]
async fn no_list_reads_the_whole_table_whatever_the_reach() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    fixture.create_contact(id(100), json!({"first_name": "Ada"})).await;
    following.reach(&fixture).await;
    fill(&fixture, 50_000).await;
    let status = "00000000-0000-0000-0000-000000000001";
    let owner = team()[3].0;
    let parse = |json: serde_json::Value| Some(Filter::parse::<ContactType>(&json).expect("fits"));
    let filtered = parse(json!({"all": [
        {"field": "status", "op": "eq", "value": status},
        {"field": "assigned_to", "op": "eq", "value": owner},
    ]}));
    let tagged = parse(json!({"field": "tags", "op": "contains",
        "value": "00000000-0000-0000-0002-000000000117"}));
    let mail = parse(json!({"field": "email", "op": "eq", "value": "p77@example.com"}));
    let sort = |text: &str| SortKey::parse::<ContactType>(text).expect("a sort");
    let mut queries = vec![
        ListQuery::default(),
        ListQuery { filter: filtered, ..ListQuery::default() },
        ListQuery { q: Some("word123".into()), ..ListQuery::default() },
        ListQuery { q: Some("person".into()), ..ListQuery::default() },
        ListQuery { q: Some("wo".into()), ..ListQuery::default() },
        ListQuery { filter: mail, ..ListQuery::default() },
        ListQuery { filter: tagged, ..ListQuery::default() },
        ListQuery { sort: sort("last_name,-updated_at"), ..ListQuery::default() },
        ListQuery { sort: sort("-relevant_date"), ..ListQuery::default() },
    ];
    let mut deep = ListQuery::default();
    for _ in 0..20 {
        let mut tx = following.read(fixture.everything()).await;
        deep.limit = 200;
        deep.after = tx.list::<ContactType>(&deep).await.expect("a page").next;
        assert!(deep.after.is_some());
    }
    queries.push(deep);
    for reach in [Reach::All, Reach::Team(team()), Reach::Own(MemberId(id(5)))] {
        for query in &queries {
            let scope = Scope::live(fixture.organization, reach.clone());
            let plan = plan(&following, scope, query).await;
            assert!(!plan.contains("Seq Scan on contacts"), "{reach:?} {query:?}\n{plan}");
        }
    }
}
