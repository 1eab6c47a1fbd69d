//! What a record may refer to: pick-list values, members, companies.

use crate::error::CommandError;
use crate::execute::Commands;
use crate::folded::Folded;
use crate::request::CommandRequest;
use domain::access::{Permission, Verb};
use domain::catalogue::{Catalogue, FieldDef, Kind, ListName};
use domain::company::{Company, CompanyType};
use domain::error::FieldError;
use domain::ids::{ChoiceId, OrganizationId};
use domain::member::Member;
use domain::patch::Patch;
use domain::picklist::{self, Picklist};
use domain::record::{Life, RecordType};
use domain::value::Value;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::StreamId;
use uuid::Uuid;

const READ_COMPANIES: Permission = Permission::on::<CompanyType>(Verb::Read);

/// What is known of the things that a patch refers to, read before the decision. A value that is
/// archived in just this moment is still accepted: streams are consistent one by one.
#[derive(Default)]
pub(super) struct References {
    lists: BTreeMap<ListName, Arc<Folded<Picklist>>>,
    members: BTreeSet<Uuid>,
    companies: BTreeSet<Uuid>,
}

impl References {
    /// Reads what the patch refers to, as far as it exists and the caller may see it.
    pub(super) async fn gather<R: RecordType>(
        commands: &Commands,
        request: &CommandRequest,
        patch: &Patch,
    ) -> Result<Self, CommandError> {
        let mut references = Self::default();
        for (field, value) in patch {
            let (Some(value), kind) = (value, R::Fields::def(*field).kind) else { continue };
            match (kind, value) {
                (Kind::Choice(list) | Kind::Choices(list), _) => {
                    if let Entry::Vacant(unread) = references.lists.entry(list) {
                        let stream = picklist::stream_id(OrganizationId(request.log.0), list);
                        unread.insert(commands.load(request.log, stream).await?);
                    }
                }
                (Kind::Member, Value::Ref(id)) => {
                    let member = commands.load::<Member>(request.log, *id).await?;
                    references.members.extend(member.state.takes_records().then_some(*id));
                }
                (Kind::Link(_), Value::Ref(id)) => {
                    let company = &commands.load::<Company>(request.log, *id).await?.state;
                    let visible = company.life == Life::Active
                        && request.caller.may(READ_COMPANIES, company.assigned_to());
                    references.companies.extend(visible.then_some(*id));
                }
                _ => {}
            }
        }
        Ok(references)
    }

    /// The faults of a patch on a record that has the `present` values. What stays as it is is not
    /// judged again.
    pub(super) fn faults<R: RecordType>(
        &self,
        record: StreamId,
        present: &R::Fields,
        patch: &Patch,
    ) -> Vec<FieldError> {
        let mut faults = Vec::new();
        for (field, value) in patch {
            let def = R::Fields::def(*field);
            let was = present.get(*field);
            let Some(value) = value.as_ref().filter(|value| was.as_ref() != Some(value)) else {
                continue;
            };
            match (def.kind, value) {
                (Kind::Choice(list), Value::Ref(id)) => faults.extend(self.choice(def, list, *id)),
                (Kind::Choices(list), Value::Refs(ids)) => {
                    let kept: &[Uuid] = if let Some(Value::Refs(kept)) = &was { kept } else { &[] };
                    let mut new = ids.iter().filter(|id| !kept.contains(id));
                    faults.extend(new.find_map(|id| self.choice(def, list, *id)));
                }
                (Kind::Member, Value::Ref(id)) if !self.members.contains(id) => {
                    faults.push(FieldError::new(
                        def.name,
                        "no_such_member",
                        "There is no such member.",
                    ));
                }
                (Kind::Link(_), Value::Ref(id)) if *id == record.0 => {
                    let message = "A record cannot be linked to itself.";
                    faults.push(FieldError::new(def.name, "linked_to_itself", message));
                }
                (Kind::Link(_), Value::Ref(id)) if !self.companies.contains(id) => {
                    let message = "There is no such company.";
                    faults.push(FieldError::new(def.name, "no_such_record", message));
                }
                _ => {}
            }
        }
        faults
    }

    fn choice(&self, def: &FieldDef, list: ListName, id: Uuid) -> Option<FieldError> {
        let list = self.lists.get(&list);
        match list.and_then(|list| list.state.choices.get(&ChoiceId(id))) {
            None => {
                let message = format!("{} has no such value.", def.label);
                Some(FieldError::new(def.name, "no_such_choice", message))
            }
            Some(choice) if choice.archived => {
                let message = format!("“{}” is archived and no longer offered.", choice.label);
                Some(FieldError::new(def.name, "choice_archived", message))
            }
            Some(_) => None,
        }
    }
}
