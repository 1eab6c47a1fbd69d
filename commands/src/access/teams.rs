//! Making and changing teams.

use super::{Access, Changed, demand, teams_of};
use crate::error::{CommandError, Refusal};
use crate::request::{Caller, CommandRequest};
use domain::access::{Permission, Verb};
use domain::error::FieldError;
use domain::ids::{MemberId, TeamId};
use domain::member::Member;
use domain::team::{TeamCommand, Teams};
use std::borrow::Cow;
use std::collections::BTreeSet;

impl Access {
    /// Makes a team, with nobody in it yet.
    pub async fn create_team(
        &self,
        request: &CommandRequest,
        name: &str,
    ) -> Result<(TeamId, crate::Done<Teams>), CommandError> {
        let id = TeamId(self.commands.ids().next());
        let make = |_: &Teams| Ok(TeamCommand::Create { id, name: name.to_owned() });
        let done = self.on_teams(request, None, Permission::TEAMS_CREATE, make).await?;
        // A repeated command gave the team another id the first time.
        let known = done
            .folded
            .state
            .teams
            .iter()
            .rfind(|(at, team)| **at == id || (done.duplicate && team.name == name.trim()));
        let id = known.map_or(id, |(id, _)| *id);
        Ok((id, done))
    }

    /// Gives a team another name.
    pub async fn rename_team(
        &self,
        request: &CommandRequest,
        id: TeamId,
        if_match: Option<u32>,
        name: &str,
    ) -> Changed<Teams> {
        let make = |_: &Teams| Ok(TeamCommand::Rename { id, name: name.to_owned() });
        self.on_teams(request, if_match, Permission::TEAMS_UPDATE, make).await
    }

    /// Lets a team have exactly these members. As they will see each other's records where their
    /// reach is the team, the caller must see the records of all of them.
    pub async fn set_team_members(
        &self,
        request: &CommandRequest,
        id: TeamId,
        if_match: Option<u32>,
        members: BTreeSet<MemberId>,
    ) -> Changed<Teams> {
        demand(request, Permission::TEAMS_UPDATE)?;
        for (place, member) in members.iter().enumerate() {
            let folded = self.commands.load::<Member>(request.log, member.0).await?;
            if !folded.state.takes_records() {
                let pointer = format!("members/{place}");
                let message = "There is no such member.";
                let fault = FieldError::new(&pointer, "no_such_member", message);
                return Err(CommandError::invalid(vec![fault]));
            }
        }
        let make = |teams: &Teams| {
            let present = teams.teams.get(&id).map(|team| &team.members);
            if present.is_none_or(|present| members.iter().any(|m| !present.contains(m))) {
                sees_all_of(&request.caller, &members, in_list)?;
            }
            Ok(TeamCommand::SetMembers { id, members: members.clone() })
        };
        self.on_teams(request, if_match, Permission::TEAMS_UPDATE, make).await
    }

    /// Refuses whoever may not put a new member into a team.
    pub async fn may_add_to(
        &self,
        request: &CommandRequest,
        id: TeamId,
    ) -> Result<(), CommandError> {
        demand(request, Permission::TEAMS_UPDATE)?;
        let teams = self.teams(super::organization(request.log)).await?;
        let Some(team) = teams.state.teams.get(&id).filter(|team| !team.deleted) else {
            let fault = FieldError::new("team", "no_such_team", "There is no such team.");
            return Err(CommandError::invalid(vec![fault]));
        };
        sees_all_of(&request.caller, &team.members, |_| "team".to_owned())
    }

    /// Deletes a team: nobody reaches anything by it any more.
    pub async fn delete_team(
        &self,
        request: &CommandRequest,
        id: TeamId,
        if_match: Option<u32>,
    ) -> Changed<Teams> {
        let make = |_: &Teams| Ok(TeamCommand::Delete(id));
        self.on_teams(request, if_match, Permission::TEAMS_DELETE, make).await
    }

    /// Takes a deleted team back, with the members that it had.
    pub async fn restore_team(
        &self,
        request: &CommandRequest,
        id: TeamId,
        if_match: Option<u32>,
    ) -> Changed<Teams> {
        let make = |teams: &Teams| {
            if let Some(team) = teams.teams.get(&id).filter(|team| team.deleted) {
                sees_all_of(&request.caller, &team.members, in_list)?;
            }
            Ok(TeamCommand::Restore(id))
        };
        self.on_teams(request, if_match, Permission::TEAMS_DELETE, make).await
    }

    async fn on_teams(
        &self,
        request: &CommandRequest,
        if_match: Option<u32>,
        permission: Permission,
        make: impl Fn(&Teams) -> Result<TeamCommand, CommandError> + Send + Sync,
    ) -> Changed<Teams> {
        let authorize = |_: &Teams| request.caller.demand(permission);
        self.commands.execute(request, teams_of(request, if_match), authorize, make).await
    }
}

/// Where a member stands in a request that lists them.
fn in_list(place: usize) -> String {
    format!("members/{place}")
}

/// Refuses a caller who does not see what these members will show each other.
fn sees_all_of(
    caller: &Caller,
    members: &BTreeSet<MemberId>,
    pointer: impl Fn(usize) -> String,
) -> Result<(), CommandError> {
    let mut reads = Vec::new();
    macro_rules! records {
        ($($record:ty),+ $(,)?) => {$( reads.push(Permission::on::<$record>(Verb::Read)); )+};
    }
    domain::for_each_record_type!(records);
    let sees = |member: &MemberId| reads.iter().all(|read| caller.may(*read, Some(*member)));
    let unseen = members.iter().enumerate().filter(|(_, member)| !sees(member));
    let fault = |(place, _)| {
        let message = "You do not see the records of this member.";
        FieldError::new(&pointer(place), "wider_than_own", message)
    };
    let fields: Vec<_> = unseen.map(fault).collect();
    if fields.is_empty() {
        return Ok(());
    }
    Err(CommandError::Refused(Refusal {
        code: Cow::Borrowed("wider_than_own"),
        detail: "Nobody gives a sight of records that they do not have themselves.".to_owned(),
        fields,
    }))
}
