//! From a member, the roles and the teams to the rights that they come to.

use super::{Builtin, Roles};
use crate::access::{Grants, ProfileKind, Rights};
use crate::ids::{MemberId, OrganizationId};
use crate::member::Member;
use crate::team::Teams;

/// The rights of a member, as they follow from the states of their membership, of the roles and of
/// the teams, all of them at one moment. Who is not active has none.
pub fn rights(
    organization: OrganizationId,
    id: MemberId,
    member: &Member,
    roles: &Roles,
    teams: &Teams,
) -> Rights {
    if !member.is_active() {
        return Rights::default();
    }
    let held = member.roles(organization);
    let mut team = teams.mates(id);
    team.extend(member.legacy_team().iter().copied().chain([id]));
    if held.contains(&Builtin::Owner.id(organization)) && member.profile == ProfileKind::Staff {
        return Rights::owner(team);
    }
    let roles = held.iter().filter_map(|role| roles.get(organization, *role));
    let grants = roles.map(|role| match member.legacy_level() {
        Some(level) => role.grants().reaching(level),
        None => role.grants(),
    });
    Rights::resolve(member.profile, &grants.collect::<Vec<Grants>>(), team)
}
