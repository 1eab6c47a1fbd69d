//! The demo organization: made through the same commands as everything else, on a simulated log,
//! so that it has a past of several months on the first day.

mod plan;
mod words;

use crate::password;
use crate::state::App;
use chrono::TimeDelta;
use commands::access::Access;
use commands::identity::{IdentityError, NewMember, SignUp};
use commands::picklists::Picklists;
use commands::records::Records;
use commands::{Caller, Clock as _, CommandError, CommandRequest, Commands, Origin, SettableClock};
use domain::access::Actor;
use domain::catalogue::ListName;
use domain::company::CompanyType;
use domain::contact::ContactType;
use domain::ids::ChoiceId;
use domain::patch::{self, InputRules};
use domain::picklist;
use domain::record::RecordType;
use domain::role::Builtin;
use plan::{Act, SELLERS, Step};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Position;
use uuid::Uuid;

/// The owner's address for logging in.
pub const EMAIL: &str = "demo@hindsight.example";
const ORGANIZATION: &str = "Fjordlight Consulting";
const OWNER: &str = "Ingrid Solberg";
/// The other members: name, address and role.
const MEMBERS: [(&str, &str, Builtin); SELLERS] = [
    ("Tomás Ferreira", "tomas@hindsight.example", Builtin::Manager),
    ("Amina Diallo", "amina@hindsight.example", Builtin::Sales),
    ("Jasper Lund", "jasper@hindsight.example", Builtin::Sales),
    ("Helena Novak", "helena@hindsight.example", Builtin::Sales),
    ("Owen Pritchard", "owen@hindsight.example", Builtin::Sales),
];
/// The same past for everybody.
const SEED: u64 = 20_260_501;

/// Why the demo could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// An account or a member could not be made.
    #[error("identity")]
    Identity(#[from] IdentityError),
    /// A command failed.
    #[error("command")]
    Command(#[from] CommandError),
    /// The plan asked for values that the catalogue refuses.
    #[error("the plan does not fit the catalogue: {0:?}")]
    Plan(Vec<domain::error::FieldError>),
}

/// What became of it.
#[derive(Debug)]
pub enum Demo {
    /// It was there before; nobody knows its password any more but who wrote it down.
    There,
    /// It was made.
    Made {
        /// The owner's password, shown once and stored nowhere readable.
        password: String,
        /// A read model at this position shows all of it.
        position: Position,
        /// The organization.
        organization: domain::ids::OrganizationId,
    },
}

/// Makes the demo organization, if it is not there yet.
pub async fn make(app: &App) -> Result<Demo, DemoError> {
    if app.identity.has_account(EMAIL).await? {
        return Ok(Demo::There);
    }
    let now = app.now();
    let (founded, steps) = plan::plan(SEED, now);
    let clock = Arc::new(SettableClock::new(founded));
    let commands = app.commands.with_clock(clock.clone());
    let identity = &app.identity;
    let password = password::generate(commands.ids());
    let owner = SignUp {
        organization: ORGANIZATION.to_owned(),
        full_name: OWNER.to_owned(),
        email: EMAIL.to_owned(),
        password: password.clone(),
    };
    let owner = identity.sign_up_simulated(&Origin::CLI, owner, clock.clone()).await?;
    let organization = owner.organization;
    let mut actors = vec![owner];
    for (name, email, role) in MEMBERS {
        clock.advance(TimeDelta::minutes(2));
        let member = NewMember {
            email: email.to_owned(),
            full_name: name.to_owned(),
            password: password::generate(commands.ids()),
            roles: BTreeSet::from([role.id(organization)]),
        };
        actors.push(identity.add_member(&commands, &Origin::CLI, organization, member).await?);
    }
    make_team(&commands, &actors).await?;
    let mut actor = Stage::new(commands, clock, actors);
    actor.make_tags().await?;
    for step in steps {
        actor.perform(step).await?;
    }
    Ok(Demo::Made { password, position: actor.position, organization })
}

/// The manager's team.
async fn make_team(commands: &Commands, actors: &[Actor]) -> Result<(), DemoError> {
    let owner = actors[0].clone();
    let log = owner.organization.into();
    let request = commands.request(log, Caller::Member(owner), Origin::CLI, "team");
    let access = Access::new(commands.clone());
    let (team, _) = access.create_team(&request, "Nordics").await?;
    let members = actors[1..4].iter().map(|actor| actor.member).collect();
    access.set_team_members(&request, team, None, members).await?;
    Ok(())
}

/// The members and what they have made so far.
struct Stage {
    commands: Commands,
    records: Records,
    picklists: Picklists,
    clock: Arc<SettableClock>,
    actors: Vec<Actor>,
    companies: Vec<Uuid>,
    contacts: Vec<(Uuid, Vec<Uuid>)>,
    tags: Vec<ChoiceId>,
    position: Position,
}

impl Stage {
    fn new(commands: Commands, clock: Arc<SettableClock>, actors: Vec<Actor>) -> Self {
        Self {
            records: Records::new(commands.clone()),
            picklists: Picklists::new(commands.clone()),
            commands,
            clock,
            actors,
            companies: Vec::new(),
            contacts: Vec::new(),
            tags: Vec::new(),
            position: 0,
        }
    }

    /// As the owner sees everything, changes by those who may not see a record (any more) are
    /// the owner's.
    fn request(&self, by: usize, kind: &'static str) -> CommandRequest {
        let actor = self.actors[by].clone();
        let log = actor.organization.into();
        self.commands.request(log, Caller::Member(actor), Origin::CLI, kind)
    }

    async fn make_tags(&mut self) -> Result<(), DemoError> {
        for label in words::TAGS {
            self.clock.advance(TimeDelta::seconds(20));
            let request = self.request(0, "settings");
            let (id, _) = self.picklists.add(&request, ListName::Tag, label).await?;
            self.tags.push(id);
        }
        Ok(())
    }

    async fn perform(&mut self, step: Step) -> Result<(), DemoError> {
        self.clock.set(step.at.max(self.clock.now()));
        let by = step.by;
        match step.act {
            Act::AddCompany { mut fields, industry } => {
                let owner = self.actors[by].member;
                set(&mut fields, "industry", json!(choice(ListName::Industry, industry)));
                set(&mut fields, "assigned_to", json!(owner));
                let id = self.create::<CompanyType>(by, &fields).await?;
                self.companies.push(id);
            }
            Act::AddContact { mut fields, industry, company, source } => {
                let owner = self.actors[by].member;
                set(&mut fields, "industry", json!(choice(ListName::Industry, industry)));
                set(&mut fields, "traffic_source", json!(choice(ListName::TrafficSource, source)));
                set(&mut fields, "assigned_to", json!(owner));
                if let Some(company) = company {
                    set(&mut fields, "company", json!(self.companies[company]));
                }
                let id = self.create::<ContactType>(by, &fields).await?;
                self.contacts.push((id, Vec::new()));
            }
            Act::Assign { contact, to } => {
                let to = self.actors[to].member;
                self.change(by, contact, "edit", json!({"assigned_to": to}), None).await?;
            }
            Act::Status { contact, status, note } => {
                let at = self.clock.now();
                let fields = json!({
                    "status": choice(ListName::Status, status),
                    "last_contacted_at": at.to_rfc3339(),
                });
                self.change(by, contact, "edit", fields, Some(note)).await?;
            }
            Act::Edit { contact, fields } => {
                self.change(by, contact, "edit", fields, None).await?;
            }
            Act::Tag { contact, tag } => {
                self.contacts[contact].1.push(self.tags[tag].0);
                let tags = json!({"tags": self.contacts[contact].1});
                self.change(by, contact, "edit", tags, None).await?;
            }
            Act::Delete { contact, reason } => {
                let mut request = self.request(by, "delete");
                request.reason = Some(reason.to_owned());
                let id = self.contacts[contact].0;
                let done = self.records.delete::<ContactType>(&request, id, None).await?;
                self.position = done.position;
            }
            Act::Restore { contact } => {
                let request = self.request(by, "restore");
                let id = self.contacts[contact].0;
                let done = self.records.restore::<ContactType>(&request, id, None).await?;
                self.position = done.position;
            }
        }
        Ok(())
    }

    async fn create<R: RecordType>(
        &mut self,
        by: usize,
        fields: &Value,
    ) -> Result<Uuid, DemoError> {
        let patch = parse::<R>(fields)?;
        let request = self.request(by, "create");
        let done = self.records.create::<R>(&request, patch).await?;
        self.position = done.position;
        Ok(done.folded.stream.0)
    }

    async fn change(
        &mut self,
        by: usize,
        contact: usize,
        kind: &'static str,
        fields: Value,
        note: Option<&str>,
    ) -> Result<(), DemoError> {
        let patch = parse::<ContactType>(&fields)?;
        let request = self.request(by, kind);
        let id = self.contacts[contact].0;
        let note = note.map(str::to_owned);
        let done = self.records.change::<ContactType>(&request, id, None, patch, note).await?;
        self.position = done.position;
        Ok(())
    }
}

fn parse<R: RecordType>(fields: &Value) -> Result<patch::Patch, DemoError> {
    let empty = Map::new();
    let fields = fields.as_object().unwrap_or(&empty);
    patch::parse::<R::Fields>(fields, &InputRules::default()).map_err(DemoError::Plan)
}

fn set(fields: &mut Value, name: &str, value: Value) {
    if let Some(object) = fields.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

/// A built-in value; the plan names only such.
fn choice(list: ListName, key: &str) -> Option<Uuid> {
    picklist::builtin_by_key(list, key)
}
