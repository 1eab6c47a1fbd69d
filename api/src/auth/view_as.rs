//! Seeing as a role sees: `Hindsight-View-As` narrows a read to what a role would show.
//!
//! The caller's rights become those that they and the role both have, for this request only. So
//! nobody sees more by it, and whoever edits roles sees what comes of that. Nothing can be done
//! meanwhile: a write under narrowed rights would be recorded as if it were of the full ones.

use super::Auth;
use crate::http::{ApiError, ApiResult};
use crate::openapi::{params, schema};
use crate::state::AppState;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use domain::access::{Actor, Permission};
use domain::ids::RoleId;
use std::sync::Arc;
use utoipa::openapi::path::Parameter;
use uuid::Uuid;

/// Names the role.
pub const VIEW_AS: HeaderName = HeaderName::from_static("hindsight-view-as");

/// The header, for the documentation of reads.
pub fn parameter() -> Parameter {
    params::header(
        "Hindsight-View-As",
        schema::id(),
        "Id of a role: show only what the caller would see if this were all that they had. Takes \
         `roles:read`, never shows more, and is refused with `viewing_as` where anything would \
         change.",
    )
}

/// Whether somebody looks through a role who may.
pub fn is_asked(headers: &HeaderMap, actor: &Actor) -> bool {
    headers.contains_key(VIEW_AS) && actor.holds(Permission::ROLES_READ)
}

/// The role that a request names.
fn asked(headers: &HeaderMap) -> ApiResult<Option<RoleId>> {
    let mut values = headers.get_all(VIEW_AS).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let role = value.to_str().ok().and_then(|text| text.parse::<Uuid>().ok());
    match role.filter(|_| values.next().is_none()) {
        Some(role) => Ok(Some(RoleId(role))),
        None => Err(ApiError::bad_request(
            "invalid_header",
            format!("The header {VIEW_AS} is not understood. Name one role by its id."),
        )),
    }
}

impl AppState {
    /// Narrows a caller to the role that the request names, if it names one.
    pub async fn view_as(
        &self,
        headers: &HeaderMap,
        reads: bool,
        mut auth: Auth,
    ) -> ApiResult<Auth> {
        let Some(role) = asked(headers)? else { return Ok(auth) };
        auth.demand(Permission::ROLES_READ)?;
        if !reads {
            let detail = "You are viewing as a role; nothing can be changed meanwhile.";
            return Err(ApiError::new(StatusCode::FORBIDDEN, "viewing_as", detail));
        }
        auth.actor = self.narrowed(&auth.actor, role).await?;
        auth.entrance.administrator = false;
        auth.viewing_as = Some(role);
        Ok(auth)
    }

    /// The actor with no other rights than the role gives them.
    pub async fn narrowed(&self, actor: &Actor, role: RoleId) -> ApiResult<Actor> {
        let organization = actor.organization;
        let (roles, teams) =
            tokio::try_join!(self.access.roles(organization), self.access.teams(organization))?;
        let role = roles.state.get(organization, role).filter(|role| !role.deleted);
        let Some(role) = role else {
            let message = "There is no such role.";
            return Err(ApiError::bad_parameter(VIEW_AS.as_str(), "no_such_role", message));
        };
        let mates = teams.state.mates(actor.member);
        let rights = actor.rights.narrowed_to(&role.grants(), mates);
        Ok(Actor { rights: Arc::new(rights), ..actor.clone() })
    }
}
