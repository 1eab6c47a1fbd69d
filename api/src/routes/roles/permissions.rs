//! `GET /roles/permissions`

use crate::auth::Auth;
use crate::openapi::Endpoint;
use axum::Json;
use domain::access::{self, Permission};
use domain::reach::ReachLevel;
use serde::Serialize;
use utoipa::ToSchema;

/// What roles can grant, as a matrix shows it.
#[derive(Serialize, ToSchema)]
#[schema(as = PermissionCatalogue)]
struct Catalogue {
    /// One after the other, as a matrix shows them.
    resources: Vec<Resource>,
}

/// What permissions are about.
#[derive(Serialize, ToSchema)]
#[schema(as = PermissionResource)]
struct Resource {
    /// First part of the permissions' names.
    name: &'static str,
    /// What people call it.
    label: &'static str,
    /// The record type, if its records are meant.
    record_type: Option<&'static str>,
    /// What can be granted.
    permissions: Vec<Def>,
}

/// A permission.
#[derive(Serialize, ToSchema)]
#[schema(as = Permission)]
struct Def {
    /// Its name.
    name: String,
    /// What people call it, below the name of its resource.
    label: &'static str,
    /// What it allows.
    help: &'static str,
    /// Whether it is granted with a reach; otherwise it is held or not.
    takes_reach: bool,
    /// With which reach the caller holds it, and may therefore grant it; `null` if they do not.
    held: Option<&'static str>,
}

/// The endpoint.
pub fn endpoint() -> Endpoint {
    Endpoint::get("/roles/permissions", "list_permissions", handler)
        .needs([Permission::ROLES_READ])
        .about(super::TAG, "What roles can grant")
        .answers::<Catalogue>(200, "The permissions.")
}

async fn handler(auth: Auth) -> Json<Catalogue> {
    let defs = |resource: &str| {
        let of = access::catalogue().iter().filter(|def| def.permission.resource() == resource);
        of.map(|def| Def {
            name: def.permission.to_string(),
            label: &def.label,
            help: &def.help,
            takes_reach: def.takes_reach,
            held: auth.actor.rights.level(def.permission).map(ReachLevel::as_str),
        })
        .collect()
    };
    let resources = access::resources().iter().map(|resource| Resource {
        name: resource.name,
        label: &resource.label,
        record_type: resource.record_type,
        permissions: defs(resource.name),
    });
    Json(Catalogue { resources: resources.collect() })
}
