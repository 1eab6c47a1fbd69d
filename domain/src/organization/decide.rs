//! Decisions on organizations.

use super::{
    Module, Organization, OrganizationCommand, OrganizationError, OrganizationEvent, SettingsPatch,
};
use crate::error::FieldError;
use crate::ids::MemberId;
use crate::kernel::aggregate::{Aggregate, NotReversible, Reversal};
use crate::patch;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

type Events = Result<Vec<OrganizationEvent>, OrganizationError>;

fn clean(name: &str) -> Result<String, OrganizationError> {
    patch::required("name", "The name", 200, name)
        .map_err(|fault| OrganizationError::Invalid(vec![fault]))
}

fn rename(was: &str, now: &str) -> Events {
    let now = clean(now)?;
    if was == now {
        return Ok(Vec::new());
    }
    Ok(vec![OrganizationEvent::Renamed { was: was.to_owned(), now }])
}

impl Organization {
    fn change_owners(
        &self,
        before: Option<MemberId>,
        added: &BTreeSet<MemberId>,
        removed: &BTreeSet<MemberId>,
    ) -> Events {
        let mut present = self.owners.clone();
        if present.is_empty() {
            present.extend(before);
        }
        let mut now: BTreeSet<_> = present.difference(removed).copied().collect();
        now.extend(added);
        if now.is_empty() {
            return Err(OrganizationError::LastOwner);
        }
        let added: Vec<_> = now.difference(&self.owners).copied().collect();
        let removed: Vec<_> = self.owners.difference(&now).copied().collect();
        if added.is_empty() && removed.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![OrganizationEvent::OwnersChanged { added, removed }])
    }

    /// Everything that a patch comes to, or everything that does not fit.
    fn change(&self, name: &str, patch: &SettingsPatch, key: Uuid) -> Events {
        let mut faults = Vec::new();
        let mut events = Vec::new();
        match patch.name.as_deref().map(|now| rename(name, now)) {
            Some(Ok(renamed)) => events.extend(renamed),
            Some(Err(OrganizationError::Invalid(found))) => faults.extend(found),
            Some(Err(other)) => return Err(other),
            None => {}
        }
        let changes = patch.changes(&self.settings, &mut faults);
        if !changes.is_empty() {
            events.push(OrganizationEvent::SettingsChanged { changes });
        }
        if let Some(wanted) = patch.modules(&mut faults) {
            let enabled: BTreeSet<_> = wanted.intersection(&self.disabled).copied().collect();
            let all = BTreeSet::from(Module::ALL);
            let disabled = all.difference(&wanted).copied();
            let disabled: BTreeSet<_> = disabled.filter(|m| !self.disabled.contains(m)).collect();
            if !(enabled.is_empty() && disabled.is_empty()) {
                events.push(OrganizationEvent::ModulesChanged { enabled, disabled });
            }
        }
        if !faults.is_empty() {
            return Err(OrganizationError::Invalid(faults));
        }
        match patch.maintenance {
            Some(true) if !self.maintenance => {
                events.push(OrganizationEvent::MaintenanceStarted {});
            }
            Some(false) if self.maintenance => events.push(OrganizationEvent::MaintenanceEnded {}),
            Some(_) | None => {}
        }
        match patch.self_registration {
            Some(true) if !self.self_registration => {
                if self.registration_key.is_none() {
                    let replaced =
                        OrganizationEvent::RegistrationKeyReplaced { was: None, now: key };
                    events.push(replaced);
                }
                events.push(OrganizationEvent::RegistrationOpened {});
            }
            Some(false) if self.self_registration => {
                events.push(OrganizationEvent::RegistrationClosed {});
            }
            Some(_) | None => {}
        }
        Ok(events)
    }

    fn close(&self, present: &str, typed: &str) -> Events {
        if self.closed {
            return Ok(Vec::new());
        }
        if typed.trim() != present {
            let message = "Type the organization's name as it is.";
            let fault = FieldError::new("name", "name_mismatch", message);
            return Err(OrganizationError::Invalid(vec![fault]));
        }
        Ok(vec![OrganizationEvent::Closed {}])
    }
}

impl Aggregate for Organization {
    const KIND: &'static str = "organization";
    type Command = OrganizationCommand;
    type Event = OrganizationEvent;
    type Error = OrganizationError;

    fn decide(&self, command: OrganizationCommand, _now: DateTime<Utc>) -> Events {
        use OrganizationCommand as C;
        match (command, &self.name) {
            (C::Found { id, name, founder }, None) => {
                Ok(vec![OrganizationEvent::Founded { id, name: clean(&name)?, founder }])
            }
            // Even if it was renamed since: this founder has founded it.
            (C::Found { id, founder, .. }, Some(_))
                if (self.id, self.founder) == (Some(id), Some(founder)) =>
            {
                Ok(Vec::new())
            }
            (C::Found { .. }, Some(_)) => Err(OrganizationError::AlreadyFounded),
            (_, None) => Err(OrganizationError::NotFound),
            (C::Close { name }, Some(present)) => self.close(present, &name),
            (C::Reopen, Some(_)) => {
                let closed = self.closed;
                Ok(if closed { vec![OrganizationEvent::Reopened {}] } else { Vec::new() })
            }
            (_, Some(_)) if self.closed => Err(OrganizationError::Closed),
            (C::ChangeOwners { before, added, removed }, Some(_)) => {
                self.change_owners(before, &added, &removed)
            }
            (C::Rename(now), Some(was)) => rename(was, &now),
            (C::Change { patch, key }, Some(name)) => self.change(name, &patch, key),
            (C::ReplaceRegistrationKey(now), Some(_)) => {
                let was = self.registration_key;
                if was == Some(now) {
                    return Ok(Vec::new());
                }
                Ok(vec![OrganizationEvent::RegistrationKeyReplaced { was, now }])
            }
        }
    }

    fn evolve(mut self, event: OrganizationEvent) -> Self {
        match event {
            OrganizationEvent::Founded { id, name, founder } => {
                self.id = Some(id);
                self.founder = Some(founder);
                self.name = Some(name);
            }
            OrganizationEvent::Renamed { now, .. } => self.name = Some(now),
            OrganizationEvent::OwnersChanged { added, removed } => {
                self.owners.extend(added);
                self.owners.retain(|owner| !removed.contains(owner));
            }
            OrganizationEvent::SettingsChanged { changes } => {
                for change in changes {
                    self.settings.apply(change);
                }
            }
            OrganizationEvent::ModulesChanged { enabled, disabled } => {
                self.disabled.extend(disabled);
                self.disabled.retain(|module| !enabled.contains(module));
            }
            OrganizationEvent::MaintenanceStarted {} => self.maintenance = true,
            OrganizationEvent::MaintenanceEnded {} => self.maintenance = false,
            OrganizationEvent::RegistrationOpened {} => self.self_registration = true,
            OrganizationEvent::RegistrationClosed {} => self.self_registration = false,
            OrganizationEvent::RegistrationKeyReplaced { now, .. } => {
                self.registration_key = Some(now);
            }
            OrganizationEvent::Closed {} => self.closed = true,
            OrganizationEvent::Reopened {} => self.closed = false,
        }
        self
    }

    fn reverse(
        &self,
        event: &OrganizationEvent,
    ) -> Result<Reversal<OrganizationEvent>, NotReversible> {
        use OrganizationEvent as E;
        let done = |events| Ok(Reversal { events, kept: Vec::new() });
        match event {
            E::Founded { .. } => Err(NotReversible("An organization is closed, not undone.")),
            E::OwnersChanged { .. } => {
                Err(NotReversible("Rights are granted and withdrawn, not undone."))
            }
            E::Closed {} | E::Reopened {} => {
                Err(NotReversible("Who closes or opens an organization says so."))
            }
            E::RegistrationKeyReplaced { .. } => {
                Err(NotReversible("A key that was replaced never comes back."))
            }
            E::Renamed { was, now } if self.name.as_ref() == Some(now) => {
                done(vec![E::Renamed { was: now.clone(), now: was.clone() }])
            }
            E::Renamed { was, .. } => {
                let kept = if self.name.as_ref() == Some(was) { Vec::new() } else { vec!["name"] };
                Ok(Reversal { events: Vec::new(), kept })
            }
            E::SettingsChanged { changes } => {
                let (mut back, mut kept) = (Vec::new(), Vec::new());
                for change in changes {
                    match self.settings.stands(change) {
                        (true, _) => back.push(change.reversed()),
                        (false, true) => {}
                        (false, false) => kept.push(change.name()),
                    }
                }
                let events = if back.is_empty() {
                    Vec::new()
                } else {
                    vec![E::SettingsChanged { changes: back }]
                };
                Ok(Reversal { events, kept })
            }
            E::ModulesChanged { enabled, disabled } => {
                let on: BTreeSet<_> = disabled.intersection(&self.disabled).copied().collect();
                let off: BTreeSet<_> = enabled.difference(&self.disabled).copied().collect();
                if on.is_empty() && off.is_empty() {
                    return done(Vec::new());
                }
                done(vec![E::ModulesChanged { enabled: on, disabled: off }])
            }
            E::MaintenanceStarted {} if self.maintenance => done(vec![E::MaintenanceEnded {}]),
            E::MaintenanceEnded {} if !self.maintenance => done(vec![E::MaintenanceStarted {}]),
            E::RegistrationOpened {} if self.self_registration => {
                done(vec![E::RegistrationClosed {}])
            }
            E::RegistrationClosed {} if !self.self_registration => {
                done(vec![E::RegistrationOpened {}])
            }
            E::MaintenanceStarted {}
            | E::MaintenanceEnded {}
            | E::RegistrationOpened {}
            | E::RegistrationClosed {} => done(Vec::new()),
        }
    }
}
