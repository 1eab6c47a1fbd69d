//! An organization's log on a database of its own, and people of every reach.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use commands::identity::{Identity, IdentityError, SignUp};
use commands::picklists::Picklists;
use commands::records::Records;
use commands::{Caller, CommandError, CommandRequest, Commands, Origin, SettableClock, SystemIds};
use domain::access::{Actor, FieldRules, ProfileKind};
use domain::catalogue::{Catalogue as _, ListName};
use domain::contact::{Contact, ContactFields, ContactType};
use domain::ids::{MemberId, OrganizationId, RoleId, SubjectId, TeamId, UserId};
use domain::member::{Member, MemberCommand};
use domain::patch::{self, InputRules, Patch};
use domain::picklist::{self, Picklist, PicklistCommand};
use domain::reach::ReachLevel;
use domain::role::{self, Builtin, RoleCommand, Roles, Title};
use domain::team::{self, TeamCommand, Teams};
use domain::user::User;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use store::jobs::Followers;
use store::testing::{TestDatabase, root_secret};
use store::vault::Vault;
use store::{
    Append, Appended, BulkAppend, EventLog, Head, LogError, LogId, Position, ReadLimit,
    RecordedEvent, StreamId,
};
use uuid::Uuid;

pub struct World {
    pub test: TestDatabase,
    pub clock: Arc<SettableClock>,
    pub commands: Commands,
    pub organization: OrganizationId,
    /// Owner.
    pub owner: Actor,
    /// In sales: reach own.
    pub ana: Actor,
    /// In sales: reach own.
    pub ben: Actor,
    /// Reach team: Ana and herself.
    pub tea: Actor,
}

impl World {
    pub async fn new() -> Self {
        let test = TestDatabase::create().await;
        let clock = Arc::new(SettableClock::new(Utc::now()));
        let log = Arc::new(test.log());
        let organization = OrganizationId(Uuid::now_v7());
        log.create_log(organization.into(), false).await.unwrap();
        let commands = Commands::new(log, clock.clone(), Arc::new(SystemIds), &root_secret());
        // Rights come when all is there to make them of.
        let actor = || Actor {
            user: UserId(Uuid::now_v7()),
            member: MemberId(Uuid::now_v7()),
            organization,
            rights: Arc::default(),
            key: None,
        };
        let (owner, ana, ben, tea) = (actor(), actor(), actor(), actor());
        let mut world = Self { test, clock, commands, organization, owner, ana, ben, tea };
        let request = world.commands.request(world.log(), Caller::System, Origin::CLI, "arrange");
        let commands = world.commands.clone();
        let mut batch = commands.batch(&request);
        let lead = RoleId(Uuid::now_v7());
        let of = |builtin: Builtin| builtin.id(organization);
        for (actor, role) in [
            (&world.owner, of(Builtin::Owner)),
            (&world.ana, of(Builtin::Sales)),
            (&world.ben, of(Builtin::Sales)),
            (&world.tea, lead),
        ] {
            let target = commands::Target::new(actor.member.0).owned_by(SubjectId(actor.user.0));
            let join = MemberCommand::Join {
                user: actor.user,
                display_name: "Somebody".to_owned(),
                roles: BTreeSet::from([role]),
                profile: ProfileKind::Staff,
                contact: None,
            };
            batch = batch.add::<Member>(target, vec![join]);
        }
        let team_lead = RoleCommand::Create {
            id: lead,
            title: Title { name: "Team lead".to_owned(), description: None },
            permissions: team_permissions(),
            fields: FieldRules::new(),
        };
        let builtins = RoleCommand::AddBuiltins(organization);
        let roles = commands::Target::new(role::stream_id(organization));
        batch = batch.add::<Roles>(roles, vec![builtins, team_lead]);
        let team = TeamId(Uuid::now_v7());
        let members = BTreeSet::from([world.ana.member, world.tea.member]);
        let make = TeamCommand::Create { id: team, name: "Ana and Tea".to_owned() };
        let fill = TeamCommand::SetMembers { id: team, members };
        let teams = commands::Target::new(team::stream_id(organization));
        batch = batch.add::<Teams>(teams, vec![make, fill]);
        for list in ListName::ALL {
            let target = commands::Target::new(picklist::stream_id(organization, list));
            batch = batch.add::<Picklist>(target, vec![PicklistCommand::AddBuiltins(list)]);
        }
        batch.commit().await.unwrap();
        for actor in [&mut world.owner, &mut world.ana, &mut world.ben, &mut world.tea] {
            *actor = commands.actor(organization, actor.member).await.unwrap().unwrap();
        }
        world
    }

    pub fn log(&self) -> LogId {
        self.organization.into()
    }

    pub fn records(&self) -> Records {
        Records::new(self.commands.clone())
    }

    pub fn picklists(&self) -> Picklists {
        Picklists::new(self.commands.clone())
    }

    /// The same installation as another process sees it: nothing cached.
    pub fn other_process(&self) -> Commands {
        Commands::new(
            Arc::new(self.test.log()),
            self.clock.clone(),
            Arc::new(SystemIds),
            &root_secret(),
        )
    }

    pub fn by(&self, actor: &Actor) -> CommandRequest {
        self.commands.request(self.log(), Caller::Member(actor.clone()), Origin::CLI, "edit")
    }

    /// A contact made by the owner.
    pub async fn contact(&self, fields: Value) -> Uuid {
        let done = self
            .records()
            .create::<ContactType>(&self.by(&self.owner), contact_patch(&fields))
            .await
            .unwrap();
        done.folded.stream.0
    }

    pub async fn fold(&self, id: Uuid) -> Arc<commands::Folded<Contact>> {
        self.other_process().load::<Contact>(self.log(), id).await.unwrap()
    }
}

/// What a manager may do, but only within their team.
fn team_permissions() -> role::StoredPermissions {
    let narrow = |(permission, _): (domain::access::Permission, _)| {
        let reach = if permission.takes_reach() { ReachLevel::Team } else { ReachLevel::All };
        (permission.to_string(), reach)
    };
    Builtin::Manager.grants().permissions.into_iter().map(narrow).collect()
}

pub fn contact_patch(fields: &Value) -> Patch {
    patch::parse::<ContactFields>(fields.as_object().unwrap(), &InputRules::default()).unwrap()
}

pub fn named(name: &str) -> Value {
    json!({"full_name": name})
}

pub fn field(name: &str) -> domain::catalogue::FieldIndex {
    ContactFields::index(name).unwrap()
}

/// The code of a refusal, or of its first field at fault.
pub fn code<T: std::fmt::Debug>(result: Result<T, CommandError>) -> String {
    match result.expect_err("a refusal") {
        CommandError::Refused(refusal) => refusal
            .fields
            .first()
            .map_or_else(|| refusal.code.to_string(), |fault| fault.code.to_string()),
        CommandError::NotFound => "not_found".to_owned(),
        CommandError::Forbidden => "forbidden".to_owned(),
        error @ (CommandError::Stale { .. }
        | CommandError::KeyReused
        | CommandError::Contended
        | CommandError::Log(_)) => panic!("{error:?}"),
    }
}

/// An installation with nobody in it yet.
pub struct People {
    pub test: TestDatabase,
    pub clock: Arc<SettableClock>,
    pub commands: Commands,
    pub identity: Identity,
}

impl People {
    pub async fn new() -> Self {
        let test = TestDatabase::create().await;
        let clock = Arc::new(SettableClock::new(Utc::now() - chrono::TimeDelta::days(365)));
        let log: Arc<dyn EventLog> = Arc::new(test.log());
        let commands =
            Commands::new(log.clone(), clock.clone(), Arc::new(SystemIds), &root_secret());
        let identity = identity(&test, commands.clone());
        Self { test, clock, commands, identity }
    }

    /// The same installation in a new process.
    pub fn restarted(&self) -> Identity {
        self.identity_on(Arc::new(self.test.log()))
    }

    pub fn identity_on(&self, log: Arc<dyn EventLog>) -> Identity {
        self.both_on(log).1
    }

    pub fn both_on(&self, log: Arc<dyn EventLog>) -> (Commands, Identity) {
        let commands = Commands::new(log, self.clock.clone(), Arc::new(SystemIds), &root_secret());
        (commands.clone(), identity(&self.test, commands))
    }

    pub async fn memberships(&self, user: UserId) -> usize {
        let user = self.commands.load::<User>(LogId::PLATFORM, user.0).await.unwrap();
        user.state.memberships.len()
    }

    /// How many foundings were finished.
    pub async fn joined(&self) -> usize {
        let log = self.commands.log();
        let (upto, limit) = (u64::MAX >> 1, ReadLimit::default());
        match log.read_log(LogId::PLATFORM, 0, upto, limit).await {
            Ok(events) => events.iter().filter(|e| e.event_type == "user.joined").count(),
            Err(error) => panic!("{error:?}"),
        }
    }

    /// How many events of a type a user's stream has.
    pub async fn facts(&self, user: UserId, event_type: &str) -> usize {
        let events = self.commands.log().read_stream(LogId::PLATFORM, user.0.into(), 0, 500).await;
        events.unwrap().iter().filter(|event| event.event_type == event_type).count()
    }
}

pub fn sign_up(email: &str) -> SignUp {
    SignUp {
        organization: "Acme".to_owned(),
        full_name: "Ana Silva".to_owned(),
        email: email.to_owned(),
        password: "correct horse".to_owned(),
    }
}

fn identity(test: &TestDatabase, commands: Commands) -> Identity {
    let app = &test.database.app;
    let followers = Followers::new(app.clone());
    Identity::try_new(commands, Vault::new(app.clone()), followers, &root_secret()).unwrap()
}

/// The code of a refusal.
pub fn code_of(error: &IdentityError) -> &str {
    let IdentityError::Refused(refusal) = error else { panic!("{error:?}") };
    &refusal.code
}

/// The log of a process that dies at its n-th append, before or after the log has taken it.
pub struct Dying {
    log: Arc<dyn EventLog>,
    lives: AtomicI32,
    before: bool,
}

impl Dying {
    pub fn new(log: Arc<dyn EventLog>, lives: i32, before: bool) -> Self {
        Self { log, lives: AtomicI32::new(lives), before }
    }

    /// Uses up a life; whether it was the last.
    fn live(&self) -> Result<bool, LogError> {
        let left = self.lives.fetch_sub(1, Ordering::SeqCst) - 1;
        if left < 0 || (left == 0 && self.before) {
            Err(LogError::Overloaded)
        } else {
            Ok(left == 0)
        }
    }
}

#[async_trait]
impl EventLog for Dying {
    fn appends_several_streams(&self) -> bool {
        self.log.appends_several_streams()
    }
    async fn create_log(&self, log: LogId, simulated: bool) -> Result<(), LogError> {
        if self.lives.load(Ordering::SeqCst) <= 0 {
            return Err(LogError::Overloaded);
        }
        self.log.create_log(log, simulated).await
    }
    async fn append(&self, log: LogId, append: Append) -> Result<Appended, LogError> {
        let last = self.live()?;
        let appended = self.log.append(log, append).await?;
        if last { Err(LogError::Overloaded) } else { Ok(appended) }
    }
    async fn append_bulk(&self, log: LogId, bulk: BulkAppend) -> Result<Appended, LogError> {
        let last = self.live()?;
        let appended = self.log.append_bulk(log, bulk).await?;
        if last { Err(LogError::Overloaded) } else { Ok(appended) }
    }
    async fn find_command(&self, log: LogId, command: Uuid) -> Result<Option<Appended>, LogError> {
        self.log.find_command(log, command).await
    }
    async fn read_stream(
        &self,
        log: LogId,
        stream: StreamId,
        after: u32,
        limit: u32,
    ) -> Result<Vec<RecordedEvent>, LogError> {
        self.log.read_stream(log, stream, after, limit).await
    }
    async fn read_log(
        &self,
        log: LogId,
        after: Position,
        upto: Position,
        limit: ReadLimit,
    ) -> Result<Vec<RecordedEvent>, LogError> {
        self.log.read_log(log, after, upto, limit).await
    }
    async fn read_events(
        &self,
        log: LogId,
        positions: &[Position],
    ) -> Result<Vec<RecordedEvent>, LogError> {
        self.log.read_events(log, positions).await
    }
    async fn head(&self, log: LogId) -> Result<Head, LogError> {
        self.log.head(log).await
    }
    async fn logs(&self, after: Option<LogId>, limit: u32) -> Result<Vec<(LogId, Head)>, LogError> {
        self.log.logs(after, limit).await
    }
    async fn position_at(&self, log: LogId, time: DateTime<Utc>) -> Result<Position, LogError> {
        self.log.position_at(log, time).await
    }
    fn appended(&self) -> tokio::sync::watch::Receiver<u64> {
        self.log.appended()
    }
}
