//! The members of the demo, and what they do.

use super::plan::{Act, Step};
use super::{DemoError, LAST, command_id, words};
use chrono::TimeDelta;
use commands::access::Access;
use commands::picklists::Picklists;
use commands::records::Records;
use commands::{Caller, Clock as _, CommandRequest, Commands, Origin, SettableClock};
use domain::access::Actor;
use domain::catalogue::ListName;
use domain::company::CompanyType;
use domain::contact::ContactType;
use domain::ids::ChoiceId;
use domain::patch::{self, InputRules};
use domain::picklist;
use domain::record::RecordType;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use store::{Appended, Position, ReadLimit};
use uuid::Uuid;

/// The members and what they have made so far.
pub(super) struct Stage {
    commands: Commands,
    records: Records,
    picklists: Picklists,
    clock: Arc<SettableClock>,
    actors: Vec<Actor>,
    companies: Vec<Uuid>,
    contacts: Vec<(Uuid, Vec<Uuid>)>,
    tags: Vec<ChoiceId>,
    /// What the command at hand is called.
    step: String,
}

impl Stage {
    pub(super) fn new(commands: Commands, clock: Arc<SettableClock>, owner: Actor) -> Self {
        Self {
            records: Records::new(commands.clone()),
            picklists: Picklists::new(commands.clone()),
            commands,
            clock,
            actors: vec![owner],
            companies: Vec::new(),
            contacts: Vec::new(),
            tags: Vec::new(),
            step: String::new(),
        }
    }

    /// As the owner sees everything, changes by those who may not see a record (any more) are
    /// the owner's.
    fn request(&self, by: usize, kind: &'static str) -> CommandRequest {
        let actor = self.actors[by].clone();
        let log = actor.organization.into();
        let mut request = self.commands.request(log, Caller::Member(actor), Origin::CLI, kind);
        request.command_id = Some(self.command_id(&self.step));
        request
    }

    fn command_id(&self, name: &str) -> Uuid {
        command_id(self.actors[0].organization, name)
    }

    /// A further member.
    pub(super) fn enter(&mut self, actor: Actor) {
        self.actors.push(actor);
    }

    pub(super) async fn make_tags(&mut self) -> Result<(), DemoError> {
        for (index, label) in words::TAGS.into_iter().enumerate() {
            self.step = format!("tag {index}");
            self.clock.advance(TimeDelta::seconds(20));
            let request = self.request(0, "settings");
            let (id, _) = self.picklists.add(&request, ListName::Tag, label).await?;
            self.tags.push(id);
        }
        Ok(())
    }

    /// The manager's team, which ends the making.
    pub(super) async fn make_team(&mut self) -> Result<Position, DemoError> {
        let access = Access::new(self.commands.clone());
        "team".clone_into(&mut self.step);
        let (team, _) = access.create_team(&self.request(0, "team"), "Nordics").await?;
        let members = self.actors[1..4].iter().map(|actor| actor.member).collect();
        LAST.clone_into(&mut self.step);
        let request = self.request(0, "team");
        Ok(access.set_team_members(&request, team, None, members).await?.position)
    }

    /// All steps, of which the first may have been done before.
    pub(super) async fn perform_all(&mut self, steps: Vec<Step>) -> Result<(), DemoError> {
        let log = self.actors[0].organization.into();
        let name = |index: usize| format!("step {index}");
        let mut done = Vec::with_capacity(steps.len());
        for index in 0..steps.len() {
            let id = self.command_id(&name(index));
            done.push(self.commands.log().find_command(log, id).await?);
        }
        // One behind the last; one before it that left no events changed nothing.
        let behind = done.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        for (index, (step, done)) in steps.into_iter().zip(done).enumerate() {
            self.step = name(index);
            if index < behind {
                self.recall(index, &step.act, done).await?;
            } else {
                self.perform(step).await?;
            }
        }
        Ok(())
    }

    /// Knows what a step made that was done before.
    async fn recall(
        &mut self,
        index: usize,
        act: &Act,
        done: Option<Appended>,
    ) -> Result<(), DemoError> {
        match act {
            Act::AddCompany { .. } => {
                let id = self.made(index, done).await?;
                self.companies.push(id);
            }
            Act::AddContact { .. } => {
                let id = self.made(index, done).await?;
                self.contacts.push((id, Vec::new()));
            }
            Act::Tag { contact, tag } => self.contacts[*contact].1.push(self.tags[*tag].0),
            Act::Assign { .. }
            | Act::Status { .. }
            | Act::Edit { .. }
            | Act::Delete { .. }
            | Act::Restore { .. } => {}
        }
        Ok(())
    }

    /// The record that a step made.
    async fn made(&self, index: usize, done: Option<Appended>) -> Result<Uuid, DemoError> {
        let done = done.ok_or(DemoError::Changed(index))?;
        let log = self.actors[0].organization.into();
        let read =
            self.commands.log().read_log(log, done.first - 1, done.last, ReadLimit::default());
        let first = read.await?.into_iter().next().ok_or(DemoError::Changed(index))?;
        Ok(first.stream.0)
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
                self.records.delete::<ContactType>(&request, id, None).await?;
            }
            Act::Restore { contact } => {
                let request = self.request(by, "restore");
                let id = self.contacts[contact].0;
                self.records.restore::<ContactType>(&request, id, None).await?;
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
        self.records.change::<ContactType>(&request, id, None, patch, note).await?;
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
