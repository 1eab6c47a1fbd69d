//! The server under test.

use crate::answer::Answer;
use crate::client::Client;
use crate::mailed;
use api::config::SignUp;
use api::server::{Parts, Role, Server};
use api::state::{App, Settings};
use chrono::TimeDelta;
use commands::access::Access;
use commands::identity::NewMember;
use commands::mail::{Folder, MailSettings};
use commands::{Caller, Clock as _, CommandRequest, Origin, SettableClock, SystemClock, SystemIds};
use domain::access::{FieldRules, Permission};
use domain::ids::{MemberId, OrganizationId, RoleId, UserId};
use domain::instance::InstanceCommand;
use domain::mail::Outcome;
use domain::reach::ReachLevel;
use domain::role::{Builtin, Title};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use store::LogId;
use store::testing::{TestDatabase, root_secret};
use store::vault::Purpose;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// A password that no list of common ones has.
pub const PASSWORD: &str = "correct horse 7 battery";

/// A running server with a database of its own.
pub struct TestApp {
    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub base: String,
    /// What its handlers share, for looking behind the scenes.
    pub app: App,
    /// Its database.
    pub own_database: TestDatabase,
    /// Its clock, which stands still between calls of [`TestApp::pass`].
    pub clock: Arc<SettableClock>,
    task: JoinHandle<std::io::Result<()>>,
    _data: TempDir,
}

impl TestApp {
    /// Starts one.
    pub async fn start() -> Self {
        Self::with(SignUp::Open, 10_000).await
    }

    /// Starts one with its own policy of sign-up and attempts per minute.
    pub async fn with(sign_up: SignUp, auth_attempts: u32) -> Self {
        let own_database = TestDatabase::create().await;
        // Behind the machine's clock: the log refuses times that lie in the future.
        let clock = Arc::new(SettableClock::new(SystemClock.now() - TimeDelta::hours(1)));
        Self::on(own_database, clock, sign_up, auth_attempts).await
    }

    /// Starts another server on the same database and clock, as a second process would be.
    pub async fn beside(&self) -> Self {
        let database = self.own_database.again().await;
        Self::on(database, Arc::clone(&self.clock), SignUp::Open, 10_000).await
    }

    async fn on(
        own_database: TestDatabase,
        clock: Arc<SettableClock>,
        sign_up: SignUp,
        auth_attempts: u32,
    ) -> Self {
        let data = tempfile::tempdir().expect("makes a folder");
        let settings = Settings {
            tls: false,
            public_url: None,
            trusted_proxies: Vec::new(),
            sign_up,
            mailbox: Some(data.path().join("mail")),
        };
        let server = Server::start(Parts {
            database: own_database.database.clone(),
            root: root_secret(),
            clock: clock.clone(),
            ids: Arc::new(SystemIds),
            files: data.path().join("files"),
            mail: MailSettings {
                from: "Hindsight <crm@example.com>".parse().expect("an address"),
                public_url: "http://127.0.0.1:8080".to_owned(),
                transport: Arc::new(Folder::new(data.path().join("mail"))),
                record_for: Duration::ZERO,
            },
            settings,
            auth_attempts,
            role: Role::All,
        })
        .await
        .expect("starts");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let base = format!("http://{}", listener.local_addr().expect("has an address"));
        let app = Arc::clone(&server.app);
        let task = tokio::spawn(server.serve(listener));
        Self { base, app, own_database, clock, task, _data: data }
    }

    /// Lets time go by.
    pub fn pass(&self, duration: TimeDelta) {
        self.clock.advance(duration);
    }

    /// Somebody whom the server does not know.
    pub fn stranger(&self) -> Client {
        Client::new(&self.base, None)
    }

    /// The owner of a new organization.
    pub async fn owner(&self, organization: &str) -> Client {
        let email = format!("owner-{}@example.com", Uuid::now_v7().simple());
        let body = json!({
            "organization": organization, "full_name": "Olga Owner", "email": email,
            "password": PASSWORD,
        });
        let answer = self.sign_up(&body).await;
        self.client(answer.text("/access_token")).await
    }

    /// Signs up, follows the link from the mail, and gives the answer to that.
    pub async fn sign_up(&self, body: &serde_json::Value) -> Answer {
        mailed::sign_up(&self.stranger(), &self.own_database.admin, body).await
    }

    /// The token of the newest link that was mailed for `purpose`.
    pub async fn mailed(&self, purpose: Purpose) -> String {
        mailed::token(&self.own_database.admin, purpose).await
    }

    /// The newest mail in an organization's log, once it was sent, as the development mailbox shows
    /// it.
    pub async fn newest_mail(&self, organization: Uuid) -> String {
        let log = LogId(organization);
        let mail = mailed::newest(&self.own_database.admin, log).await;
        assert_eq!(mailed::outcome(&self.app.commands, log, mail).await, Outcome::Sent);
        let shown = self.stranger().get(&format!("//dev/mailbox/{mail}")).send().await;
        shown.expect_status(200).body
    }

    /// A member of the owner's organization with the given reach: a manager, a salesperson, or
    /// one whose reach is their team.
    pub async fn member(&self, owner: &Client, name: &str, reach: ReachLevel) -> Client {
        let organization = OrganizationId(owner.organization);
        let role = match reach {
            ReachLevel::All => Builtin::Manager.id(organization),
            ReachLevel::Own => Builtin::Sales.id(organization),
            ReachLevel::Team => self.team_role(organization).await,
        };
        self.member_as(owner, name, [role]).await
    }

    /// A member of the owner's organization with these roles.
    pub async fn member_as(
        &self,
        owner: &Client,
        name: &str,
        roles: impl IntoIterator<Item = RoleId>,
    ) -> Client {
        let email = format!("member-{}@example.com", Uuid::now_v7().simple());
        let input = NewMember {
            email: email.clone(),
            full_name: name.to_owned(),
            password: PASSWORD.to_owned(),
            roles: roles.into_iter().collect(),
        };
        let organization = OrganizationId(owner.organization);
        let identity = &self.app.identity;
        identity
            .add_member(&self.app.commands, &Origin::CLI, organization, input)
            .await
            .expect("becomes a member");
        self.log_in(&email, PASSWORD).await
    }

    /// Gives `manager` the team's reach and makes these members their team. The token that they
    /// had is outdated as soon as rights are looked up again; the new one is the answer.
    pub async fn give_team(&self, manager: &Client, team: &[&Client]) -> Client {
        let organization = OrganizationId(manager.organization);
        let role = self.team_role(organization).await;
        let member = MemberId(manager.member);
        let (access, request) = (self.access(), self.by_system(organization));
        let assigned = access.assign_roles(&request, member, None, BTreeSet::from([role])).await;
        assigned.expect("gives a role");
        let name = format!("Team {}", Uuid::now_v7().simple());
        let (id, _) = access.create_team(&request, &name).await.expect("makes a team");
        let members = team.iter().map(|client| MemberId(client.member)).chain([member]).collect();
        access.set_team_members(&request, id, None, members).await.expect("sets members");
        self.pass(TimeDelta::seconds(5));
        self.log_in(&manager.email, PASSWORD).await
    }

    /// Makes somebody administrator of the instance, as the operator would.
    pub async fn make_administrator(&self, client: &Client) {
        let add = vec![InstanceCommand::AddAdministrator(UserId(client.user))];
        self.app.identity.administer(&self.by_operator(), None, add).await.expect("makes one");
        self.pass(TimeDelta::seconds(5));
    }

    /// Roles and teams, behind the scenes.
    pub fn access(&self) -> Access {
        Access::new(self.app.commands.clone())
    }

    /// The operator's request about the instance.
    pub fn by_operator(&self) -> CommandRequest {
        self.app.commands.request(LogId::PLATFORM, Caller::System, Origin::CLI, "administer")
    }

    /// Hindsight's own request in an organization.
    pub fn by_system(&self, organization: OrganizationId) -> CommandRequest {
        self.app.commands.request(organization.into(), Caller::System, Origin::CLI, "arrange")
    }

    /// The role whose reach is the team wherever the manager's is everything.
    async fn team_role(&self, organization: OrganizationId) -> RoleId {
        let name = "Team lead";
        let roles = self.access().roles(organization).await.expect("reads roles");
        let known = roles.state.roles.iter().find(|(_, role)| role.title.name == name);
        if let Some((id, _)) = known {
            return *id;
        }
        let levels = Builtin::Manager.grants().permissions.into_keys().map(|permission| {
            let has_reach = Permission::takes_reach(permission);
            let level = if has_reach { ReachLevel::Team } else { ReachLevel::All };
            (permission.to_string(), level)
        });
        let title = Title { name: name.to_owned(), description: None };
        let request = self.by_system(organization);
        let (fields, levels) = (FieldRules::new(), levels.collect());
        let made = self.access().create_role(&request, title, levels, fields).await;
        made.expect("makes a role").0
    }

    /// Logs in.
    pub async fn log_in(&self, email: &str, password: &str) -> Client {
        let answer = self
            .stranger()
            .post("/auth/login")
            .json(&json!({"email": email, "password": password, "native": true}))
            .send()
            .await
            .expect_status(200);
        self.client(answer.text("/access_token")).await
    }

    async fn client(&self, token: String) -> Client {
        let client = Client::new(&self.base, Some(token));
        let me = client.get("/users/me").send().await.expect_status(200);
        client.known_as(&me)
    }

    /// Stops the server as SIGTERM would, and waits until it has wound up.
    pub async fn stop(self) {
        self.app.stopping.cancel();
        self.task.await.expect("does not panic").expect("serves to the end");
    }
}
