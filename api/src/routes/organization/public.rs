//! `GET /public/{key}`: what the page of an organization's registration shows.

use super::body::read_registration_key;
use crate::auth::origin::Anonymous;
use crate::extract::Path;
use crate::http::{ApiError, ApiResult};
use crate::openapi::{Endpoint, params, schema};
use crate::state::{App, AppState};
use axum::Json;
use axum::extract::State;
use commands::Folded;
use commands::identity::Act;
use domain::organization::Organization;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// An organization, for strangers.
#[derive(Serialize, ToSchema)]
struct PublicOrganization {
    /// Its name.
    name: Option<String>,
    /// The language that it writes in, BCP 47.
    locale: String,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::get("/public/{key}", "get_public_organization", handler)
        .about(super::TAG, "The organization that one can register with")
        .public()
        .param(params::path("key", schema::text(100), "What the organization gave out."))
        .answers::<PublicOrganization>(200, "The organization.")
}

async fn handler(
    State(app): State<App>,
    Anonymous(origin): Anonymous,
    Path(key): Path<String>,
) -> ApiResult<Json<PublicOrganization>> {
    app.throttle.attempt(Act::UseLink, &origin, None).await?;
    let organization = app.registering_with(&key).await?;
    let state = &organization.state;
    let locale = state.settings.locale.clone();
    Ok(Json(PublicOrganization { name: state.name.clone(), locale }))
}

impl AppState {
    /// The organization whose clients register by this key, if it lets them.
    pub async fn registering_with(&self, key: &str) -> ApiResult<Arc<Folded<Organization>>> {
        let (id, key) = read_registration_key(key).ok_or_else(ApiError::not_found)?;
        let organization = self.organizations.get(id).await?;
        let state = &organization.state;
        if state.registration_key != Some(key) || state.closed {
            return Err(ApiError::not_found());
        }
        let organization = self.serving_clients(id).await?;
        if !organization.state.self_registration {
            return Err(ApiError::not_found());
        }
        Ok(organization)
    }
}
