//! Decisions on members.

use super::{Legacy, Member, MemberCommand, MemberError, MemberEvent, MemberState};
use crate::access::ProfileKind;
use crate::error::FieldError;
use crate::ids::RoleId;
use crate::kernel::aggregate::{Aggregate, NotReversible, Reversal};
use crate::patch;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

const MOST_ROLES: usize = 20;

fn name(input: &str) -> Result<String, MemberError> {
    patch::required("display_name", "The name", 200, input)
        .map_err(|fault| MemberError::Invalid(vec![fault]))
}

/// What is wrong with a list of roles for one member, if anything is.
pub fn too_many_roles(roles: &BTreeSet<RoleId>) -> Option<FieldError> {
    let fault = || FieldError::new("roles", "too_many", "A member has at most 20 roles.");
    (roles.len() > MOST_ROLES).then(fault)
}

fn few(roles: BTreeSet<RoleId>) -> Result<BTreeSet<RoleId>, MemberError> {
    too_many_roles(&roles).map_or(Ok(roles), |fault| Err(MemberError::Invalid(vec![fault])))
}

impl Member {
    /// Refuses what is asked of somebody who is not, or not any more, a member.
    fn present(&self) -> Result<(), MemberError> {
        match self.state {
            MemberState::Absent => Err(MemberError::NotFound),
            MemberState::Removed => Err(MemberError::Removed),
            MemberState::Active | MemberState::Deactivated => Ok(()),
        }
    }
}

impl Aggregate for Member {
    const KIND: &'static str = "member";
    type Command = MemberCommand;
    type Event = MemberEvent;
    type Error = MemberError;

    fn decide(
        &self,
        command: MemberCommand,
        _now: DateTime<Utc>,
    ) -> Result<Vec<MemberEvent>, MemberError> {
        match command {
            MemberCommand::Join { user, display_name, roles, profile, contact } => {
                if self.user.is_some_and(|present| present != user) {
                    return Err(MemberError::AlreadyExists);
                }
                // Even if their rights have changed since: they are a member.
                if self.present().is_ok() {
                    return Ok(Vec::new());
                }
                if (profile == ProfileKind::Client) != contact.is_some() {
                    return Err(MemberError::ContactMismatch);
                }
                let (display_name, roles) = (Some(name(&display_name)?), few(roles)?);
                Ok(vec![MemberEvent::Joined { user, roles, profile, contact, display_name }])
            }
            MemberCommand::SetRoles { organization, roles } => {
                self.present()?;
                let (was, now) = (self.roles(organization), few(roles)?);
                let same = was == now && self.legacy.is_none();
                Ok(if same { Vec::new() } else { vec![MemberEvent::RolesChanged { was, now }] })
            }
            MemberCommand::Rename(now) => {
                self.present()?;
                let (was, now) = (self.display_name.clone(), Some(name(&now)?));
                Ok(if was == now { Vec::new() } else { vec![MemberEvent::Renamed { was, now }] })
            }
            MemberCommand::Deactivate => {
                self.present()?;
                let active = self.is_active();
                Ok(if active { vec![MemberEvent::Deactivated {}] } else { Vec::new() })
            }
            MemberCommand::Reactivate => {
                self.present()?;
                let active = self.is_active();
                Ok(if active { Vec::new() } else { vec![MemberEvent::Reactivated {}] })
            }
            MemberCommand::Remove => match self.state {
                MemberState::Absent => Err(MemberError::NotFound),
                MemberState::Removed => Ok(Vec::new()),
                MemberState::Active | MemberState::Deactivated => Ok(vec![MemberEvent::Removed {}]),
            },
            // Each is a fact of its own, however often it happens.
            MemberCommand::NotePasswordLink { mailed } => {
                self.present()?;
                Ok(vec![MemberEvent::PasswordLinkMade { mailed }])
            }
            MemberCommand::NotePassword => {
                self.present()?;
                Ok(vec![MemberEvent::PasswordSet {}])
            }
            MemberCommand::ChooseView { record_type, view: now } => {
                self.present()?;
                let was = self.default_views.get(&record_type).copied();
                let chosen = MemberEvent::DefaultViewChosen { record_type, was, now };
                Ok(if was == now { Vec::new() } else { vec![chosen] })
            }
        }
    }

    fn evolve(mut self, event: MemberEvent) -> Self {
        match event {
            MemberEvent::Added { user, owner, reach, display_name } => {
                self.user = Some(user);
                self.display_name = display_name;
                self.state = MemberState::Active;
                self.legacy = Some(Legacy { owner, level: reach, team: BTreeSet::new() });
            }
            MemberEvent::ReachChanged { now, team, .. } => {
                // Rights of that time end where roles were given.
                if let Some(legacy) = &mut self.legacy {
                    legacy.level = now;
                    legacy.team = team.into_iter().collect();
                }
            }
            MemberEvent::Joined { user, roles, profile, contact, display_name } => {
                self.user = Some(user);
                self.display_name = display_name;
                self.profile = profile;
                self.contact = contact;
                self.state = MemberState::Active;
                self.roles = roles;
                self.legacy = None;
            }
            MemberEvent::RolesChanged { now, .. } => {
                self.roles = now;
                self.legacy = None;
            }
            MemberEvent::Renamed { now, .. } => self.display_name = now,
            MemberEvent::Deactivated {} => self.state = MemberState::Deactivated,
            MemberEvent::Reactivated {} => self.state = MemberState::Active,
            MemberEvent::Removed {} => self.state = MemberState::Removed,
            MemberEvent::DefaultViewChosen { record_type, now, .. } => {
                match now {
                    Some(view) => self.default_views.insert(record_type, view),
                    None => self.default_views.remove(&record_type),
                };
            }
            MemberEvent::PasswordLinkMade { .. } | MemberEvent::PasswordSet {} => {}
        }
        self
    }

    fn reverse(&self, _event: &MemberEvent) -> Result<Reversal<MemberEvent>, NotReversible> {
        Err(NotReversible("Rights are granted and withdrawn, not undone."))
    }
}
