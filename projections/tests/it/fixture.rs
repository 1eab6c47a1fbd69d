//! A database with a log, an organization in it, and read models that follow.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Aggregate;
use domain::access::ProfileKind;
use domain::catalogue::{Catalogue, ListName};
use domain::codec::EventCodec;
use domain::company::CompanyType;
use domain::contact::ContactType;
use domain::ids::{ActionId, ChoiceId, MemberId, OrganizationId, SubjectId, UserId};
use domain::invitation::InvitationEvent;
use domain::member::{Member, MemberCommand};
use domain::patch::{self, InputRules, Patch};
use domain::picklist::{self, Picklist, PicklistCommand};
use domain::reach::Reach;
use domain::record::{Record, RecordCommand, RecordType};
use domain::view::{Arrangement, Criteria, ViewEvent, Visibility};
use projections::{Options, Projections, ReadTx, Scope};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;
use store::postgres::PostgresLog;
use store::testing::{TestDatabase, root_secret};
use store::{
    ActorKind, ActorRef, Append, Channel, Database, EventLog, Expected, LogId, Meta, NewEvent,
    Position, PrivateMeta, StreamAppend, StreamId,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub struct Fixture {
    pub test: TestDatabase,
    pub log: Arc<PostgresLog>,
    pub organization: OrganizationId,
    /// Versions of streams, as appended through here.
    pub versions: HashMap<Uuid, u32>,
    pub clock: DateTime<Utc>,
    pub actor: MemberId,
}

pub const PATIENCE: Duration = Duration::from_mins(1);

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n)
}

pub fn contact(json: &serde_json::Value) -> Patch {
    record::<ContactType>(json)
}

pub fn record<R: RecordType>(json: &serde_json::Value) -> Patch {
    patch::parse::<R::Fields>(json.as_object().expect("an object"), &InputRules::default())
        .expect("a patch")
}

impl Fixture {
    pub async fn new() -> Self {
        let test = TestDatabase::with_pools(store::database::PoolSizes {
            app: 10,
            projector: 8,
            loader: 2,
        })
        .await;
        let log = PostgresLog::try_new(test.database.clone(), &root_secret()).expect("opens");
        let mut fixture = Self {
            test,
            log: Arc::new(log),
            organization: OrganizationId(Uuid::now_v7()),
            versions: HashMap::new(),
            clock: DateTime::from_timestamp(1_700_000_000, 0).expect("a time"),
            actor: MemberId(id(1)),
        };
        fixture.found(fixture.organization).await;
        fixture
    }

    /// Another organization becomes the one that is acted in.
    pub async fn found(&mut self, organization: OrganizationId) {
        self.organization = organization;
        self.log.create_log(organization.into(), true).await.expect("creates");
        for list in ListName::ALL {
            let events = Picklist::default()
                .decide(PicklistCommand::AddBuiltins(list), self.clock)
                .expect("adds");
            let stream = picklist::stream_id(organization, list);
            if !events.is_empty() {
                self.append(stream, &events).await;
            }
        }
    }

    pub fn database(&self) -> Database {
        self.test.database.clone()
    }

    /// Read models that follow until the guard is dropped.
    pub async fn follow(&self) -> Following {
        self.follow_with(Options::default()).await
    }

    pub async fn follow_with(&self, options: Options) -> Following {
        let stop = CancellationToken::new();
        let log: Arc<dyn EventLog> = self.log.clone();
        let projections =
            Projections::start(self.database(), log, options, stop.clone()).await.expect("starts");
        Following { projections, _stop: stop.drop_guard() }
    }

    pub async fn head(&self) -> Position {
        self.log.head(self.organization.into()).await.expect("a head").position
    }

    pub async fn append<E: EventCodec>(&mut self, stream: Uuid, events: &[E]) -> Position {
        self.clock += TimeDelta::seconds(1);
        let meta = Arc::new(self.meta());
        let events = events
            .iter()
            .map(|event| {
                NewEvent::encode(
                    event,
                    SubjectId(stream),
                    meta.clone(),
                    &PrivateMeta::default(),
                    self.clock,
                )
                .expect("encodes")
            })
            .collect();
        self.append_raw(stream, events).await
    }

    pub fn meta(&self) -> Meta {
        Meta {
            actor: ActorRef {
                kind: ActorKind::User,
                user: Some(UserId(id(2))),
                member: Some(self.actor),
                key: None,
            },
            on_behalf_of: None,
            action: ActionId(Uuid::now_v7()),
            action_kind: "edit".into(),
            channel: Channel::Api,
            causation: None,
            correlation: None,
            source: None,
        }
    }

    pub async fn append_raw(&mut self, stream: Uuid, events: Vec<NewEvent>) -> Position {
        let version = self.versions.entry(stream).or_insert(0);
        let expected = Expected::at(*version);
        *version += u32::try_from(events.len()).expect("few");
        let append = Append {
            command_id: None,
            fingerprint: None,
            streams: vec![StreamAppend { stream: StreamId(stream), expected, events }],
        };
        self.log.append(self.organization.into(), append).await.expect("appends").last
    }

    pub async fn command<R: RecordType>(
        &mut self,
        id: Uuid,
        state: &mut Record<R>,
        command: RecordCommand,
    ) -> Position {
        let events = state.decide(command, self.clock).expect("is accepted");
        *state = events.iter().cloned().fold(std::mem::take(state), Record::evolve);
        if events.is_empty() {
            return self.head().await;
        }
        self.append(id, &events).await
    }

    pub async fn create_contact(&mut self, id: Uuid, json: serde_json::Value) -> Position {
        let mut state = Record::<ContactType>::default();
        self.command(id, &mut state, RecordCommand::Create(contact(&json))).await
    }

    pub async fn create_company(&mut self, id: Uuid, json: serde_json::Value) -> Position {
        let mut state = Record::<CompanyType>::default();
        let patch = record::<CompanyType>(&json);
        self.command(id, &mut state, RecordCommand::Create(patch)).await
    }

    pub async fn add_member(&mut self, id: MemberId, name: &str) -> Position {
        let command = MemberCommand::Join {
            user: UserId(id.0),
            display_name: name.to_owned(),
            roles: BTreeSet::new(),
            profile: ProfileKind::Staff,
            contact: None,
        };
        let events = Member::default().decide(command, self.clock).expect("is accepted");
        self.append(id.0, &events).await
    }

    pub async fn add_tag(&mut self, id: Uuid, label: &str) -> Position {
        let event = domain::picklist::PicklistEvent::ValueAdded {
            list: ListName::Tag,
            id: ChoiceId(id),
            label: label.to_owned(),
            key: None,
        };
        let stream = picklist::stream_id(self.organization, ListName::Tag);
        self.append(stream, &[event]).await
    }

    /// A view that is saved, renamed and shared.
    pub async fn save_view(&mut self, id: Uuid, name: &str) -> Position {
        let created = ViewEvent::Created {
            record_type: "contacts".to_owned(),
            owner: self.actor,
            visibility: Visibility::Private,
            arrangement: Arrangement::default(),
            name: Some("Draft".to_owned()),
            criteria: Some(Criteria { filter: None, q: Some("meier".to_owned()) }),
        };
        let renamed = ViewEvent::Renamed { was: Some("Draft".into()), now: Some(name.into()) };
        self.append(id, &[created]).await;
        self.append(id, &[renamed, ViewEvent::Shared {}]).await
    }

    /// An invitation that is sent again and taken back.
    pub async fn invite(&mut self, id: Uuid, email: &str) -> Position {
        let expires_at = DateTime::UNIX_EPOCH + TimeDelta::days(7);
        let created = InvitationEvent::Created {
            profile: ProfileKind::Staff,
            roles: BTreeSet::new(),
            team: None,
            token: Uuid::from_u128(1),
            expires_at,
            email: Some(email.to_owned()),
            display_name: None,
        };
        let resent = InvitationEvent::Resent { token: Uuid::from_u128(2), expires_at };
        self.append(id, &[created]).await;
        self.append(id, &[resent, InvitationEvent::Withdrawn {}]).await
    }

    pub fn everything(&self) -> Scope {
        Scope::live(self.organization, Reach::All)
    }

    pub async fn admin(&self) -> PgConnection {
        PgConnection::connect_with(&self.test.admin).await.expect("connects")
    }

    pub async fn run(&self, sql: &str) {
        let mut admin = self.admin().await;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut admin).await.expect(sql);
    }

    /// The schema of the live generation of a read model.
    pub async fn live_schema(&self, model: &str) -> String {
        let mut admin = self.admin().await;
        sqlx::query_scalar(
            "SELECT schema FROM hindsight.read_model WHERE model = $1 AND state = 'live'",
        )
        .bind(model)
        .fetch_one(&mut admin)
        .await
        .expect("a live generation")
    }

    /// Every row of every table of a schema, as text, in order.
    pub async fn contents(&self, schema: &str) -> Vec<String> {
        let mut admin = self.admin().await;
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename <> 'intact' \
              ORDER BY tablename",
        )
        .bind(schema)
        .fetch_all(&mut admin)
        .await
        .expect("tables");
        let mut contents = Vec::new();
        for table in tables {
            let sql = format!(
                "SELECT '{table} ' || t::text FROM \"{schema}\".\"{table}\" AS t ORDER BY t::text"
            );
            let rows: Vec<String> =
                sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut admin).await.expect("rows");
            contents.extend(rows);
        }
        contents
    }
}

pub struct Following {
    pub projections: Projections,
    _stop: tokio_util::sync::DropGuard,
}

impl Following {
    pub async fn reach(&self, fixture: &Fixture) {
        let log: LogId = fixture.organization.into();
        let head = fixture.head().await;
        let at = self.projections.wait_for(log, head, PATIENCE).await.expect("waits");
        assert_eq!(at, head, "the read models follow");
    }

    pub async fn read(&self, scope: Scope) -> ReadTx {
        self.projections.read(scope).await.expect("begins")
    }
}

/// The field of that name.
pub fn field<R: RecordType>(name: &str) -> domain::catalogue::FieldIndex {
    R::Fields::index(name).expect("a field")
}

/// A person with a first name.
pub fn named(first: &str) -> serde_json::Value {
    json!({"first_name": first})
}
