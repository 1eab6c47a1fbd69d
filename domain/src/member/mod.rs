//! A member: a user's profile in one organization, in that organization's log.

mod command;
mod decide;
#[cfg(test)]
mod tests;

pub use command::{MemberCommand, MemberError};
pub use decide::too_many_roles;

use crate::access::ProfileKind;
use crate::ids::{ContactId, MemberId, OrganizationId, RoleId, UserId, ViewId};
use crate::reach::ReachLevel;
use crate::role::Builtin;
use std::collections::{BTreeMap, BTreeSet};

crate::stored_events! {
    /// What can have happened to a member. **This is storage.**
    pub enum MemberEvent {
        /// A user became a member, before there were roles. The display name belongs to the
        /// membership.
        "member.added" => Added { user: UserId, owner: bool, reach: ReachLevel } sealed { display_name: String },
        /// Their reach changed, before there were roles.
        "member.reach_changed" => ReachChanged { was: ReachLevel, now: ReachLevel, team: Vec<MemberId> },
        /// A user became a member, with these roles. The display name belongs to the membership.
        "member.joined" => Joined {
            user: UserId,
            roles: BTreeSet<RoleId>,
            profile: ProfileKind,
            contact: Option<ContactId>,
        } sealed { display_name: String },
        /// They have other roles.
        "member.roles_changed" => RolesChanged { was: BTreeSet<RoleId>, now: BTreeSet<RoleId> },
        /// They are called otherwise here.
        "member.renamed" => Renamed {} sealed { was: String, now: String },
        /// They may not enter for the time being.
        "member.deactivated" => Deactivated {},
        /// They may enter again.
        "member.reactivated" => Reactivated {},
        /// They left, or were made to leave.
        "member.removed" => Removed {},
        /// Somebody who may had a link for a new password sent to them, or was given one to hand
        /// over.
        "member.password_link_made" => PasswordLinkMade { mailed: bool },
        /// Somebody who may set their password.
        "member.password_set" => PasswordSet {},
        /// They want to see the list of a record type, by its plural wire name, through another view
        /// from the start; `None` is through none.
        "member.default_view_chosen" => DefaultViewChosen {
            record_type: String, was: Option<ViewId>, now: Option<ViewId>,
        },
    }
}

/// Where a membership is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemberState {
    /// Nobody joined yet.
    #[default]
    Absent,
    /// May enter.
    Active,
    /// May not enter for the time being.
    Deactivated,
    /// Left. What they did and what is assigned to them keeps their name.
    Removed,
}

/// Rights from before there were roles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Legacy {
    owner: bool,
    level: ReachLevel,
    team: BTreeSet<MemberId>,
}

/// The folded state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// The user; `None` before they joined.
    pub user: Option<UserId>,
    /// What they are called here; `None` once erased.
    pub display_name: Option<String>,
    /// As what they belong to the organization.
    pub profile: ProfileKind,
    /// The contact that this person is, for clients.
    pub contact: Option<ContactId>,
    /// Where the membership is in its life.
    pub state: MemberState,
    /// The view that they see the list of a record type through from the start, by the type's plural
    /// wire name.
    pub default_views: BTreeMap<String, ViewId>,
    roles: BTreeSet<RoleId>,
    legacy: Option<Legacy>,
}

impl Member {
    /// Whether they joined and did not leave.
    pub fn belongs(&self) -> bool {
        match self.state {
            MemberState::Active | MemberState::Deactivated => true,
            MemberState::Absent | MemberState::Removed => false,
        }
    }

    /// Whether they may enter.
    pub fn is_active(&self) -> bool {
        self.state == MemberState::Active
    }

    /// Whether records can be assigned to them.
    pub fn takes_records(&self) -> bool {
        self.is_active() && self.profile == ProfileKind::Staff
    }

    /// Their roles. Rights from before there were roles count as the built-in role that is nearest:
    /// an owner's as Owner, a reach over everything as Manager, any other as Sales.
    pub fn roles(&self, organization: OrganizationId) -> BTreeSet<RoleId> {
        let Some(legacy) = &self.legacy else { return self.roles.clone() };
        let role = match legacy {
            Legacy { owner: true, .. } => Builtin::Owner,
            Legacy { level: ReachLevel::All, .. } => Builtin::Manager,
            Legacy { level: ReachLevel::Team | ReachLevel::Own, .. } => Builtin::Sales,
        };
        BTreeSet::from([role.id(organization)])
    }

    /// Whether they hold the owners' role.
    pub fn is_owner(&self, organization: OrganizationId) -> bool {
        self.roles(organization).contains(&Builtin::Owner.id(organization))
    }

    /// The reach that they had before there were roles, if nobody gave them roles since.
    pub fn legacy_level(&self) -> Option<ReachLevel> {
        self.legacy.as_ref().map(|legacy| legacy.level)
    }

    /// The other members of the team that they had before there were roles.
    pub fn legacy_team(&self) -> &BTreeSet<MemberId> {
        static NOBODY: BTreeSet<MemberId> = BTreeSet::new();
        self.legacy.as_ref().map_or(&NOBODY, |legacy| &legacy.team)
    }
}
