//! References to roles, teams and members, with what they are called.

use crate::auth::Auth;
use crate::http::ApiResult;
use crate::state::AppState;
use commands::Folded;
use domain::ids::{OrganizationId, RoleId, TeamId};
use domain::role::Roles;
use domain::team::Teams;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// A reference.
#[derive(Serialize, ToSchema)]
#[schema(as = LabelledReference)]
pub struct Label {
    /// The id.
    id: Uuid,
    /// What it is called; empty if that was erased.
    label: String,
}

impl Label {
    /// A reference to something of this name.
    pub fn new(id: impl Into<Uuid>, label: Option<String>) -> Self {
        Self { id: id.into(), label: label.unwrap_or_default() }
    }
}

/// What an organization's roles and teams are called.
pub struct Labels {
    organization: OrganizationId,
    roles: Arc<Folded<Roles>>,
    teams: Arc<Folded<Teams>>,
}

impl Labels {
    /// References to roles.
    pub fn roles(&self, ids: impl IntoIterator<Item = RoleId>) -> Vec<Label> {
        let name = |id| Some(self.roles.state.get(self.organization, id)?.title.name);
        ids.into_iter().map(|id| Label::new(id, name(id))).collect()
    }

    /// A reference to a team.
    pub fn team(&self, id: TeamId) -> Label {
        Label::new(id, self.teams.state.teams.get(&id).map(|team| team.name.clone()))
    }
}

impl AppState {
    /// What the roles and teams of the caller's organization are called.
    pub async fn labels(&self, auth: &Auth) -> ApiResult<Labels> {
        let organization = auth.actor.organization;
        let roles = self.access.roles(organization).await?;
        let teams = self.access.teams(organization).await?;
        Ok(Labels { organization, roles, teams })
    }
}
