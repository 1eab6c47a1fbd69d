//! Clients: registering, accounts of contacts, opening one.

mod confirm;
mod open;
mod register;
mod staff;

use crate::http::{ApiError, ApiResult};
use crate::state::{App, AppState};
use commands::Folded;
use commands::identity::Barred;
use domain::ids::OrganizationId;
use domain::organization::{Module, Organization};
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;

/// Group in the documentation.
const TAG: &str = "clients";

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(register::endpoint().build())
        .routes(confirm::endpoint().build())
        .routes(confirm::join().build())
        .routes(open::look().build())
        .routes(open::open().build())
        .routes(open::join().build())
        .routes(staff::offer().build())
        .routes(staff::take_away().build())
        .routes(staff::reset().build())
}

impl AppState {
    /// An organization whose portal somebody without a session may come to.
    pub async fn serving_clients(
        &self,
        id: OrganizationId,
    ) -> ApiResult<Arc<Folded<Organization>>> {
        let organization = self.organizations.get(id).await?;
        let state = &organization.state;
        if state.closed {
            return Err(ApiError::barred(Barred::OrganizationClosed));
        }
        if !state.has(Module::Portal) {
            return Err(ApiError::module_disabled());
        }
        self.identity.demand_service().await?;
        if state.maintenance {
            return Err(ApiError::barred(Barred::OrganizationMaintenance));
        }
        Ok(organization)
    }
}
