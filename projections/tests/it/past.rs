//! The past: what was, for those who may see it now.

use crate::fixture::{Fixture, Following, contact, id};
use domain::contact::{Contact, ContactType};
use domain::ids::MemberId;
use domain::reach::Reach;
use domain::record::RecordCommand;
use projections::{AsOf, AsOfLimits, BuildError, ListQuery, Options, ReadError, Scope, SortKey};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use store::Position;
use uuid::Uuid;

async fn open(following: &Following, fixture: &Fixture, position: Position) -> AsOf {
    following
        .projections
        .open_as_of(fixture.organization, position, &["contacts", "companies"], &|_| {})
        .await
        .expect("opens")
}

async fn schemas(fixture: &Fixture, position: Position) -> Vec<String> {
    let mut admin = fixture.admin().await;
    sqlx::query_scalar(
        "SELECT m.schema FROM hindsight.read_model m JOIN hindsight.world w ON w.name = m.world \
          WHERE w.position = $1 ORDER BY m.model",
    )
    .bind(i64::try_from(position).expect("small"))
    .fetch_all(&mut admin)
    .await
    .expect("schemas")
}

async fn change(fixture: &mut Fixture, id: Uuid, state: &mut Contact, json: serde_json::Value) {
    let patch = contact(&json);
    fixture.command(id, state, RecordCommand::Change { patch, note: None }).await;
}

/// Titles by id, as the list in that world has them.
async fn listed(
    following: &Following,
    scope: Scope,
    q: Option<&str>,
) -> Result<BTreeMap<Uuid, String>, ReadError> {
    let sort = SortKey::parse::<ContactType>("last_name").expect("a sort");
    let query = ListQuery { limit: 200, q: q.map(str::to_owned), sort, ..ListQuery::default() };
    following.projections.prepare_list::<ContactType>(&scope, &query).await.expect("prepares");
    let mut tx = following.projections.read(scope).await?;
    let page = tx.list::<ContactType>(&query).await?;
    Ok(page.rows.into_iter().map(|row| (row.id, row.title)).collect())
}

#[tokio::test]
async fn the_past_is_what_the_fold_of_its_events_says_however_it_is_built() {
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    for tag in 0..3 {
        fixture.add_tag(id(900 + tag), &format!("Tag {tag}")).await;
    }
    let mut people: Vec<(Uuid, Contact)> = Vec::new();
    // What the list must show after each position.
    let mut history: BTreeMap<Position, BTreeMap<Uuid, String>> = BTreeMap::new();
    for n in 0..60 {
        let values = json!({
            "first_name": format!("F{n}"), "tags": [id(900 + random.random_range(0..3))],
        });
        if people.len() < 30 {
            let (id, mut state) = (Uuid::now_v7(), Contact::default());
            let create = RecordCommand::Create(contact(&values));
            fixture.command(id, &mut state, create).await;
            people.push((id, state));
        } else {
            let at = random.random_range(0..people.len());
            let (id, state) = &mut people[at];
            match random.random_range(0..3) {
                0 => fixture.command(*id, state, RecordCommand::Delete).await,
                1 => fixture.command(*id, state, RecordCommand::Restore).await,
                _ if state.life == domain::record::Life::Active => {
                    change(&mut fixture, *id, state, values).await;
                    0
                }
                _ => 0,
            };
        }
        let now = people
            .iter()
            .filter(|(_, state)| state.life == domain::record::Life::Active)
            .map(|(id, state)| {
                use domain::record::RecordType as _;
                (*id, ContactType::title(&state.fields))
            })
            .collect();
        history.insert(fixture.head().await, now);
    }
    following.reach(&fixture).await;
    let positions: Vec<Position> = history.keys().copied().collect();
    let last = *positions.last().expect("some");
    let some = [
        positions[0],
        positions[20],
        positions[positions.len() - 8],
        positions[positions.len() - 2],
        last,
    ];
    let mut copies = BTreeMap::new();
    for position in some {
        let as_of = open(&following, &fixture, position).await;
        let shown = listed(&following, fixture.everything().within(as_of), None).await.unwrap();
        let (_, expected) = history.range(..=position).next_back().expect("a state");
        assert_eq!(&shown, expected, "at {position}");
        for schema in schemas(&fixture, position).await {
            let contents = fixture.contents(&schema).await;
            copies.entry(position).or_insert_with(Vec::new).push(contents);
        }
    }
    // The same worlds replayed from the log come out the same, byte for byte.
    fixture
        .run("UPDATE hindsight.world SET last_used_at = '-infinity' WHERE log_id IS NOT NULL")
        .await;
    let audit = fixture.live_schema("audit").await;
    let organization = fixture.organization;
    fixture
        .run(&format!(
            "INSERT INTO hindsight.parked (schema, log_id, stream_id, position, error, next_attempt_at) \
             VALUES ('{audit}', '{organization}', '{}', 1, 'test', 'infinity')",
            Uuid::nil()
        ))
        .await;
    // Opening one world drops the others, which have expired.
    for position in some {
        open(&following, &fixture, position).await;
        fixture
            .run("UPDATE hindsight.world SET last_used_at = '-infinity' WHERE log_id IS NOT NULL")
            .await;
        open(&following, &fixture, last - 2).await;
        open(&following, &fixture, position).await;
        let mut replayed = Vec::new();
        for schema in schemas(&fixture, position).await {
            replayed.push(fixture.contents(&schema).await);
        }
        assert_eq!(copies[&position], replayed, "at {position}");
    }
}

#[tokio::test]
async fn present_rights_apply_to_the_past() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    let mut mine_now = Contact::default();
    let mut mine_then = Contact::default();
    let create =
        |owner| RecordCommand::Create(contact(&json!({"first_name": "Ada", "assigned_to": owner})));
    fixture.command(id(1), &mut mine_now, create(id(8))).await;
    fixture.command(id(2), &mut mine_then, create(id(9))).await;
    let then = fixture.head().await;
    change(&mut fixture, id(1), &mut mine_now, json!({"assigned_to": id(9)})).await;
    change(&mut fixture, id(2), &mut mine_then, json!({"assigned_to": id(8)})).await;
    following.reach(&fixture).await;
    let as_of = open(&following, &fixture, then).await;
    let seen = async |reach| {
        let scope = Scope::live(fixture.organization, reach).within(as_of.clone());
        let list = listed(&following, scope.clone(), Some("ada")).await.unwrap();
        let mut tx = following.read(scope).await;
        let visible = tx.visible::<ContactType>(&[id(1), id(2)]).await.unwrap();
        assert_eq!(
            list.keys().copied().collect::<Vec<_>>(),
            {
                let mut ids: Vec<Uuid> = visible.into_iter().collect();
                ids.sort_unstable();
                ids
            },
            "the list and the policy agree"
        );
        list.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(seen(Reach::Own(MemberId(id(9)))).await, [id(1)]);
    assert_eq!(seen(Reach::Team(vec![MemberId(id(8)), MemberId(id(9))])).await, [id(1), id(2)]);
    assert_eq!(seen(Reach::Own(MemberId(id(7)))).await, Vec::<Uuid>::new());
    assert_eq!(seen(Reach::All).await, [id(1), id(2)]);
    // Another organization cannot enter it at all.
    let stranger = Scope::live(domain::ids::OrganizationId(id(66)), Reach::All).within(as_of);
    let refused = following.projections.read(stranger).await;
    assert!(matches!(refused, Err(ReadError::NoSuchWorld)), "{refused:?}");
}

#[tokio::test]
async fn a_world_is_kept_until_it_expires_and_built_again_when_asked_for() {
    let mut fixture = Fixture::new().await;
    let limits = AsOfLimits { expiry: Duration::from_hours(1), worlds: 2, ..AsOfLimits::default() };
    let following = fixture.follow_with(Options { as_of: limits, ..Options::default() }).await;
    for n in 1..6 {
        fixture.create_contact(id(n), json!({"first_name": "Ada"})).await;
    }
    following.reach(&fixture).await;
    let head = fixture.head().await;
    let first = open(&following, &fixture, head - 3).await;
    let built = schemas(&fixture, head - 3).await;
    open(&following, &fixture, head - 3).await;
    assert_eq!(schemas(&fixture, head - 3).await, built, "opened again, not built again");
    // Two at most: the least recently used one goes.
    open(&following, &fixture, head - 2).await;
    fixture
        .run(&format!(
            "UPDATE hindsight.world SET last_used_at = '-infinity' WHERE position = {}",
            head - 3
        ))
        .await;
    open(&following, &fixture, head - 1).await;
    assert_eq!(schemas(&fixture, head - 3).await, Vec::<String>::new());
    let scope = fixture.everything().within(first);
    let gone = listed(&following, scope.clone(), None).await;
    assert!(matches!(gone, Err(ReadError::NoSuchWorld)), "{gone:?}");
    open(&following, &fixture, head - 3).await;
    assert_eq!(listed(&following, scope, None).await.unwrap().len(), 2);
    let beyond = following
        .projections
        .open_as_of(fixture.organization, head + 1, &["contacts"], &|_| {})
        .await;
    assert!(matches!(beyond, Err(BuildError::BeyondHead { .. })), "{beyond:?}");
}

#[tokio::test]
async fn a_world_that_a_crash_emptied_is_built_again() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    fixture.create_contact(id(1), json!({"first_name": "Ada"})).await;
    following.reach(&fixture).await;
    let head = fixture.head().await;
    let as_of = open(&following, &fixture, head).await;
    for schema in schemas(&fixture, head).await {
        // What recovery does to tables that are not in the journal.
        fixture.run(&format!("TRUNCATE {schema}.intact")).await;
    }
    fixture.run(&format!("TRUNCATE {}.contacts", schemas(&fixture, head).await[1])).await;
    open(&following, &fixture, head).await;
    let scope = fixture.everything().within(as_of);
    assert_eq!(listed(&following, scope, None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_switch_takes_the_worlds_that_look_into_the_old_generation_with_it() {
    let mut fixture = Fixture::new().await;
    let following = fixture.follow().await;
    fixture.create_contact(id(1), json!({"first_name": "Ada", "assigned_to": id(9)})).await;
    following.reach(&fixture).await;
    let head = fixture.head().await;
    open(&following, &fixture, head).await;
    following.projections.rebuild("contacts", &|_| {}).await.expect("rebuilds");
    following.projections.drop_retired().await.expect("drops");
    let as_of = open(&following, &fixture, head).await;
    let scope = Scope::live(fixture.organization, Reach::Own(MemberId(id(9)))).within(as_of);
    assert_eq!(listed(&following, scope, None).await.unwrap().len(), 1);
}
