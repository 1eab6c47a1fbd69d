//! A team as JSON.

use domain::ids::TeamId;
use domain::team;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A team.
#[derive(Serialize, ToSchema)]
pub struct Team {
    id: Uuid,
    /// Its name, which no other team has.
    name: String,
    /// Ids of its members.
    members: Vec<Uuid>,
    /// Whether it is deleted, and nobody reaches anything by it.
    deleted: bool,
    /// The version of the organization's teams, for `If-Match`: all teams have the same.
    version: u32,
}

impl Team {
    /// A team.
    pub fn new(id: TeamId, team: &team::Team, version: u32) -> Self {
        Self {
            id: id.0,
            name: team.name.clone(),
            members: team.members.iter().map(|member| member.0).collect(),
            deleted: team.deleted,
            version,
        }
    }
}
